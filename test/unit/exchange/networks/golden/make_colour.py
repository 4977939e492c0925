"""Makes colour.onnx, colour-last.onnx and colour.json beside it with torch 2.15.0, zennit 0.5.1, captum 0.9.0 and onnx 1.23.2.

python make_colour.py FOLDER
"""
import json
import sys
from pathlib import Path

import torch
from captum.attr import IntegratedGradients, Occlusion
from make_golden import alpha_beta, epsilon, flat, gradient, plus, relevance, spread
from torch import nn

FOLDER = Path(sys.argv[1])


def colour():
    """Images of 8 x 12 pixels of three channels. zennit divides by sqrt(1 + eps) once more, so eps is small."""
    return nn.Sequential(
        nn.Conv2d(3, 5, 3, stride=(1, 2), padding=1),
        nn.BatchNorm2d(5, eps=1e-12),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(5, 6, 2, padding=1),
        nn.ReLU(),
        nn.AvgPool2d((1, 2)),
        nn.Flatten(),
        nn.Linear(60, 7),
        nn.Tanh(),
        nn.Linear(7, 3),
    )


class ChannelsLast(nn.Module):
    """The same network for images [rows, columns, channels], as TensorFlow has them."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x.permute(0, 3, 1, 2))


def export(network, example, name):
    torch.onnx.export(
        network, (example,), FOLDER / f"{name}.onnx", dynamo=False, input_names=["x"], opset_version=18,
        dynamic_axes={"x": {0: "batch"}},
    )


def pixels(values):
    """Of [N, channels, rows, columns] what an image stores: pixel by pixel."""
    return flat(values.permute(0, 2, 3, 1))


def main():
    torch.manual_seed(12)
    network = spread(colour())
    x = (torch.rand((3, 3, 8, 12)) * 2.4 - 1.2).clamp(-1, 1)
    export(network, torch.zeros((1, 3, 8, 12)), "colour")
    export(ChannelsLast(network).eval(), torch.zeros((1, 8, 12, 3)), "colour-last")
    network, x = network.double(), x.double()
    logits = network(x)
    targets = logits.argmax(1)
    by_rule = {
        "lrp_a1b0:plain": relevance(network, plus, x, targets),
        "lrp_a2b1:plain": relevance(network, alpha_beta, x, targets),
        "lrp_eps:0.25": relevance(network, epsilon, x, targets),
        "gi": x * gradient(network, x, targets),
        "sa": gradient(network, x, targets) ** 2,
        "ig:20": IntegratedGradients(network).attribute(
            x, torch.full_like(x, -1), targets, n_steps=20, method="riemann_middle"
        ),
    }
    # captum gives every channel of a patch the drop of the whole patch.
    dropped = Occlusion(network).attribute(x, (3, 4, 4), (3, 4, 4), baselines=-1, target=targets)[:, :1]
    maps = {name: flat(values.sum(1)) for name, values in {**by_rule, "occlusion": dropped}.items()}
    golden = {"x": pixels(x), "logits": flat(logits), "targets": targets.tolist(), "maps": maps}
    (FOLDER / "colour.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()

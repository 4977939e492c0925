"""Makes the networks and golden values beside it with torch 2.15.0, zennit 0.5.1, onnx 1.23.2, onnxscript 0.7.2 and safetensors.

python make_golden.py FOLDER
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from zennit.attribution import Gradient
from zennit.canonizers import SequentialMergeBatchNorm
from zennit.composites import GuidedBackprop, NameMapComposite
from zennit.rules import AlphaBeta, Epsilon, Norm, Pass, ZBox, ZPlus

FOLDER = Path(sys.argv[1])
CLASSES = 3


def cnn():
    """Strides, padding, batch normalisation, both pools, groups, dilation, a 1 x 1 kernel, tanh; images of 8 x 12."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=(1, 2), padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2, 2),
        nn.Conv2d(4, 6, (2, 3), padding=1, groups=2, dilation=(1, 1)),
        nn.ReLU(),
        nn.Conv2d(6, 5, 2, dilation=2, bias=False),
        nn.ReLU(),
        nn.AvgPool2d((1, 2), 1, (0, 1)),
        nn.Conv2d(5, 4, 1),
        nn.Tanh(),
        nn.Flatten(),
        nn.Linear(24, 7),
        nn.Tanh(),
        nn.Linear(7, CLASSES),
    )


class Residual(nn.Module):
    """Sums of layers and of values, a mean over the image, a class score at the end."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, padding=1)
        self.second = nn.Conv2d(4, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.third = nn.Conv2d(4, 4, 3, padding=1)
        self.last = nn.Linear(4, CLASSES)
        self.gives_shares = True

    def forward(self, x):
        a = torch.relu(self.first(x))
        b = torch.relu(self.norm(self.second(a)) + a)
        c = nn.functional.leaky_relu(self.third(b), 0.1) + b
        logits = self.last(c.mean((2, 3)))
        return torch.softmax(logits, 1) if self.gives_shares else logits


class Recurrent(nn.Module):
    """An LSTM and a GRU cell one after the other, unrolled over 4 steps of 8 rows x 3 columns."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.Linear(24 + 5, 4 * 5)
        self.gates = nn.Linear(5 + 4, 8)
        self.candidate = nn.Linear(5, 4)
        self.recurrent = nn.Linear(4, 4)
        self.last = nn.Linear(4, CLASSES)

    def forward(self, x):
        h = torch.zeros(x.shape[0], 5)
        c = torch.zeros(x.shape[0], 5)
        s = torch.zeros(x.shape[0], 4)
        for t in range(4):
            i, f, g, o = self.lstm(torch.cat([x[:, t], h], 1)).chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            z, r = torch.sigmoid(self.gates(torch.cat([h, s], 1))).chunk(2, 1)
            n = torch.tanh(self.candidate(h) + r * self.recurrent(s))
            s = (1 - z) * n + z * s
        return self.last(s)


def spread(network):
    """Weights that make images differ, biases of both signs, statistics that are not 0 and 1."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.weight.data.mul_(2)
        if getattr(module, "bias", None) is not None:
            module.bias.data.uniform_(-0.4, 0.4)
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.weight.data.uniform_(0.5, 1.5)
            module.running_mean.uniform_(-0.3, 0.3)
            module.running_var.uniform_(0.5, 2)
    return network.eval()


def composite(rule, network):
    layers = [(name, module) for name, module in network.named_modules() if name]
    first = next(name for name, module in layers if isinstance(module, nn.Conv2d))
    rules = []
    for name, module in layers:
        if name == first and rule.__name__ != "epsilon":
            rules.append(([name], ZBox(low=-1.0, high=1.0, stabilizer=1e-12, zero_params="bias")))
        elif isinstance(module, (nn.Conv2d, nn.Linear)):
            rules.append(([name], rule()))
        elif isinstance(module, nn.AvgPool2d):
            rules.append(([name], Norm(stabilizer=1e-12)))
        elif isinstance(module, (nn.ReLU, nn.Tanh)):
            rules.append(([name], Pass()))
    return NameMapComposite(rules, canonizers=[SequentialMergeBatchNorm()])


def plus():
    return ZPlus(stabilizer=1e-12, zero_params="bias")


def alpha_beta():
    return AlphaBeta(alpha=2, beta=1, stabilizer=1e-12, zero_params="bias")


def epsilon():
    return Epsilon(epsilon=0.25)


def start(targets):
    return lambda output: nn.functional.one_hot(targets, CLASSES) * output.relu()


def relevance(network, rule, x, targets):
    with Gradient(model=network, composite=composite(rule, network)) as attributor:
        return attributor(x, start(targets))[1]


def gradient(network, x, targets):
    x = x.clone().requires_grad_()
    chosen = network(x).gather(1, targets[:, None]).sum()
    return torch.autograd.grad(chosen, x)[0]


def flat(tensor):
    return [round(value, 10) for value in tensor.detach().double().flatten().tolist()]


def chain():
    """What a mapping can say."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=(1, 2), padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 5, 2, dilation=(1, 2), bias=False),
        nn.ELU(),
        nn.AvgPool2d((2, 1), 1, (1, 0)),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(20, 6),
        nn.BatchNorm1d(6),
        nn.Tanh(),
        nn.Linear(6, CLASSES),
    )


def save_chain():
    torch.manual_seed(2)
    network = spread(chain())
    state = {name: value for name, value in network.state_dict().items() if value.is_floating_point()}
    save_file(state, FOLDER / "chain.safetensors")
    x = (torch.rand((3, 1, 8, 12)) * 2.4 - 1.2).clamp(-1, 1).double()
    network = network.double()
    logits = network(x)
    targets = logits.argmax(1)
    return {"x": flat(x), "logits": flat(logits), "targets": targets.tolist(), "gradient": flat(gradient(network, x, targets))}


def main():
    golden = {}
    for name, make, shape, seed, dynamo in [
        ("cnn", cnn, (1, 8, 12), 7, True),
        ("residual", Residual, (1, 8, 12), 3, False),
        ("recurrent", Recurrent, (4, 24), 5, False),
    ]:
        torch.manual_seed(seed)
        network = spread(make())
        x = (torch.rand((3, *shape)) * 2.4 - 1.2).clamp(-1, 1)
        example = torch.zeros((2, *shape) if dynamo else (1, *shape))
        batch = {"dynamic_shapes": ({0: torch.export.Dim("batch")},)} if dynamo else {"dynamic_axes": {"x": {0: "batch"}}}
        torch.onnx.export(
            network, (example,), FOLDER / f"{name}.onnx", dynamo=dynamo, input_names=["x"], opset_version=18,
            **batch, **({"external_data": False} if dynamo else {}),
        )
        if name == "residual":
            network.gives_shares = False
        double = network.double()
        if name == "recurrent":
            torch.set_default_dtype(torch.float64)
        x = x.double()
        logits = double(x)
        targets = logits.argmax(1)
        values = {"x": flat(x), "logits": flat(logits), "targets": targets.tolist(), "gradient": flat(gradient(double, x, targets))}
        if name == "cnn":
            values["lrp_a1b0:plain"] = flat(relevance(double, plus, x, targets))
            values["lrp_a2b1:plain"] = flat(relevance(double, alpha_beta, x, targets))
            values["lrp_eps:0.25"] = flat(relevance(double, epsilon, x, targets))
            with GuidedBackprop().context(double) as modified:
                values["guided"] = flat(gradient(modified, x, targets))
        torch.set_default_dtype(torch.float32)
        golden[name] = values
    (FOLDER / "chain.json").write_text(json.dumps(save_chain()) + "\n")
    (FOLDER / "golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()

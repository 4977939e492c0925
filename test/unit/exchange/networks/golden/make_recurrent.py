"""Makes ONNX networks with nodes LSTM, GRU and RNN, and golden values, with torch 2.15.0, onnx 1.23.2, onnxscript 0.7.2,
onnxruntime 1.32.0 and safetensors 0.8.0. The networks of torch come from both of its exporters; those that torch cannot make are written node by
node, and computed by loops over the equations of ONNX's specification. onnxruntime, or ONNX's own evaluator where that lacks
an option, must agree with every one. State dictionaries of some of torch's lie beside them, and the
same networks written out cell by cell.

python make_recurrent.py FOLDER
"""
import json
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from safetensors.torch import save_file
from torch import nn

FOLDER = Path(sys.argv[1]) / "recurrent"
STEPS, INPUTS, UNITS, CLASSES = 4, 8, 3, 3
ORDER = {"LSTM": "iofg", "GRU": "zrg", "RNN": "g"}


class Last(nn.Module):
    """A recurrent layer of torch, and logits of what came out at the last step."""

    def __init__(self, kind, **options):
        super().__init__()
        self.layer = getattr(nn, kind)(INPUTS, UNITS, batch_first=True, **options)
        self.logits = nn.Linear(UNITS * (2 if options.get("bidirectional") else 1), CLASSES)

    def forward(self, x):
        return self.logits(self.layer(x)[0][:, -1])


class States(Last):
    """Logits of the last states of all layers and directions."""

    def __init__(self, kind, **options):
        super().__init__(kind, **options)
        self.logits = nn.Linear(2 * UNITS, CLASSES)

    def forward(self, x):
        states = self.layer(x)[1]
        h = states[0] if isinstance(states, tuple) else states
        return self.logits(torch.cat([h[-2], h[-1]], 1))


class Mean(Last):
    """Logits of the mean over the steps, which stand before the batch."""

    def __init__(self, kind, **options):
        super().__init__(kind, **options)
        self.layer.batch_first = False

    def forward(self, x):
        return self.logits(self.layer(x.transpose(0, 1))[0].mean(0))


class Cells(nn.Module):
    """The layer of a network written out with products, sums and gates, which exporters write down node by node."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        layer, linear = self.network.layer, nn.functional.linear
        h = c = torch.zeros(x.shape[0], UNITS)
        for t in range(STEPS):
            if isinstance(layer, nn.LSTM):
                sums = linear(x[:, t], layer.weight_ih_l0, layer.bias_ih_l0) + linear(h, layer.weight_hh_l0, layer.bias_hh_l0)
                i, f, g, o = sums.chunk(4, 1)
                c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
                h = torch.sigmoid(o) * torch.tanh(c)
            else:
                r, z, n = (linear(x[:, t], weight) for weight in layer.weight_ih_l0.chunk(3))
                r_past, z_past, n_past = (linear(h, weight) for weight in layer.weight_hh_l0.chunk(3))
                z = torch.sigmoid(z + z_past)
                h = (1 - z) * torch.tanh(n + torch.sigmoid(r + r_past) * n_past) + z * h
        return self.network.logits(h)


class Written:
    """A node with options that torch has not, and logits of all its outputs."""

    def __init__(self, kind, *, direction="forward", layout=0, states=(), lengths=False, bias=True, **attributes):
        self.kind, self.direction, self.layout, self.lengths, self.attributes = kind, direction, layout, lengths, attributes
        ways = 2 if direction == "bidirectional" else 1
        blocks = len(ORDER[kind])
        draw = lambda *shape: torch.rand(shape) * 1.6 - 0.8
        self.W, self.R = draw(ways, blocks * UNITS, INPUTS), draw(ways, blocks * UNITS, UNITS)
        self.B = draw(ways, 2 * blocks * UNITS) if bias else None
        self.states = {name: draw(ways, 1, UNITS) for name in states}
        self.outputs = ["Y", "Y_h"] + (["Y_c"] if kind == "LSTM" else [])
        self.V = draw((STEPS + len(self.outputs) - 1) * ways * UNITS, CLASSES)

    def parameters(self):
        return {"W": self.W, "R": self.R, "V": self.V, **({"B": self.B} if self.B is not None else {}), **self.states}

    def save(self, path):
        tensors = {name: value.numpy() for name, value in self.parameters().items()}
        if self.layout == 1:
            tensors.update({name: tensors[name].swapaxes(0, 1) for name in self.states})
        if self.lengths:
            tensors["lengths"] = numpy.full(1, STEPS, "int32")
        given = ["sequence", "W", "R", "B" if self.B is not None else "", "lengths" if self.lengths else "", "h" if "h" in self.states else "", "c" if "c" in self.states else ""]
        while given[-1] == "":
            given.pop()
        nodes = [] if self.layout == 1 else [helper.make_node("Transpose", ["x"], ["sequence"], perm=[1, 0, 2])]
        if self.layout == 1:
            given[0] = "x"
        nodes.append(helper.make_node(self.kind, given, self.outputs, name="the cell", hidden_size=UNITS, direction=self.direction, layout=self.layout, **self.attributes))
        tensors["flat"] = numpy.array([0, -1])
        for name in self.outputs:
            turned = name
            if self.layout == 0:
                turned = f"{name} turned"
                nodes.append(helper.make_node("Transpose", [name], [turned], perm=[2, 0, 1, 3] if name == "Y" else [1, 0, 2]))
            nodes.append(helper.make_node("Reshape", [turned, "flat"], [f"{name} flat"]))
        nodes.append(helper.make_node("Concat", [f"{name} flat" for name in self.outputs], ["all"], axis=1))
        nodes.append(helper.make_node("MatMul", ["all", "V"], ["logits"]))
        value = lambda name, *shape: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, *shape])
        graph = helper.make_graph(nodes, "written", [value("x", STEPS, INPUTS)], [value("logits", CLASSES)], [numpy_helper.from_array(array, name) for name, array in tensors.items()])
        model = helper.make_model(graph, producer_name="heatproof tests", opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
        onnx.checker.check_model(model)
        onnx.save(model, path)

    def __call__(self, x):
        """The equations of the specification; x [batch, steps, inputs]."""
        p = {name: value.double() for name, value in self.parameters().items()}
        blocks, batch = len(ORDER[self.kind]), x.shape[0]
        functions = {"Tanh": torch.tanh, "Relu": torch.relu, "Affine": lambda value: value}
        gates = 0 if self.kind == "RNN" else 1
        names = self.attributes.get("activations", (["Sigmoid"] * gates + ["Tanh"] * (2 if self.kind == "LSTM" else 1)) * 2)
        names = [name.capitalize() for name in names]
        ys, hs, cs = [], [], []
        for way in range(self.W.shape[0]):
            Wb, Rb = p["B"][way].chunk(2) if "B" in p else (torch.zeros(blocks * UNITS).double(),) * 2
            split = lambda value: dict(zip(ORDER[self.kind], value.chunk(blocks)))
            W, R, Wb, Rb = split(p["W"][way]), split(p["R"][way]), split(Wb), split(Rb)
            seen = lambda t, part: x[:, t] @ W[part].T + Wb[part]
            start = lambda name: p[name][way].expand(batch, UNITS) if name in p else torch.zeros(batch, UNITS).double()
            h, c, y = start("h"), start("c"), {}
            own = names[way * (len(names) // self.W.shape[0]):] if len(self.attributes.get("activations", [])) else names
            backwards = self.direction == "reverse" or way == 1
            for t in reversed(range(STEPS)) if backwards else range(STEPS):
                gate = lambda part: torch.sigmoid(seen(t, part) + h @ R[part].T + Rb[part])
                if self.kind == "LSTM":
                    i, o, f = gate("i"), gate("o"), gate("f")
                    c = f * c + i * functions[own[1]](seen(t, "g") + h @ R["g"].T + Rb["g"])
                    h = o * functions[own[2]](c)
                elif self.kind == "GRU":
                    z, r = gate("z"), gate("r")
                    past = r * (h @ R["g"].T + Rb["g"]) if self.attributes.get("linear_before_reset") else (r * h) @ R["g"].T + Rb["g"]
                    h = (1 - z) * functions[own[1]](seen(t, "g") + past) + z * h
                else:
                    h = functions[own[0]](seen(t, "g") + h @ R["g"].T + Rb["g"])
                y[t] = h
            ys.append(torch.stack([y[t] for t in range(STEPS)], 1))
            hs.append(h)
            cs.append(c)
        outputs = [torch.stack(ys, 2).flatten(1), torch.stack(hs, 1).flatten(1)]
        if self.kind == "LSTM":
            outputs.append(torch.stack(cs, 1).flatten(1))
        return torch.cat(outputs, 1) @ p["V"]


def spread(network):
    for parameter in network.parameters():
        parameter.data.uniform_(-0.9, 0.9)
    return network.eval()


def export(network, path, dynamo, dynamic):
    example = torch.zeros(2 if dynamo and dynamic else 1, STEPS, INPUTS)
    batch = {}
    if dynamic:
        batch = {"dynamic_shapes": ({0: torch.export.Dim("batch")},)} if dynamo else {"dynamic_axes": {"x": {0: "batch"}}}
    torch.onnx.export(network, (example,), path, dynamo=dynamo, input_names=["x"], opset_version=18, **batch, **({"external_data": False} if dynamo else {}))
    if dynamo:
        model = onnx.load(path)
        for node in model.graph.node:
            node.ClearField("doc_string")
            node.ClearField("metadata_props")
        onnx.save(model, path)


def evaluated(path, x, layout):
    """What another program makes of the file, one sample after the other."""
    samples = [sample[None].float().numpy() for sample in x]
    if layout == 1:
        network = ReferenceEvaluator(onnx.load(path))
        return numpy.concatenate([network.run(None, {"x": sample})[0] for sample in samples])
    session = onnxruntime.InferenceSession(path)
    return numpy.concatenate([session.run(None, {"x": sample})[0] for sample in samples])


def flat(tensor):
    return [round(value, 9) for value in tensor.detach().double().flatten().tolist()]


NETWORKS = {
    "lstm": lambda: (Last("LSTM"), True, False),
    "lstm_two_ways": lambda: (Last("LSTM", bidirectional=True, num_layers=2, dropout=0.2), False, True),
    "lstm_states": lambda: (States("LSTM", num_layers=2), True, True),
    "gru": lambda: (Last("GRU", bias=False), False, False),
    "gru_two_ways": lambda: (States("GRU", bidirectional=True), True, True),
    "rnn": lambda: (Last("RNN", nonlinearity="relu", num_layers=2), False, True),
    "rnn_in_steps": lambda: (Last("RNN"), True, True),
    "gru_mean": lambda: (Mean("GRU", bidirectional=True), False, True),
    "lstm_written": lambda: (Written("LSTM", direction="reverse", states=("h", "c"), lengths=True, input_forget=0), None, None),
    "lstm_rectified": lambda: (Written("LSTM", direction="bidirectional", states=("c",), activations=["Sigmoid", "Relu", "Affine", "Sigmoid", "Tanh", "Relu"], activation_alpha=[1.0], activation_beta=[0.0]), None, None),
    "lstm_batch_first": lambda: (Written("LSTM", layout=1, states=("h", "c"), bias=False), None, None),
    "gru_written": lambda: (Written("GRU", direction="bidirectional", states=("h",)), None, None),
    "gru_reset_after": lambda: (Written("GRU", direction="reverse", linear_before_reset=1), None, None),
    "rnn_written": lambda: (Written("RNN", direction="bidirectional", states=("h",)), None, None),
}


CELLS = ["lstm", "gru"]
STATES = ["lstm_two_ways", "gru", "gru_two_ways", "rnn"]


def main():
    FOLDER.mkdir(exist_ok=True)
    golden = {}
    for seed, (name, make) in enumerate(NETWORKS.items()):
        torch.manual_seed(seed)
        network, dynamo, dynamic = make()
        path = FOLDER / f"{name}.onnx"
        layout = 0
        if isinstance(network, Written):
            network.save(path)
            layout = network.layout
        else:
            network = spread(network)
            export(network, path, dynamo, dynamic)
            if name in STATES:
                save_file(network.state_dict(), FOLDER / f"{name}.safetensors")
            if name in CELLS:
                export(Cells(network).eval(), FOLDER / f"{name}_cells.onnx", False, False)
            network = network.double()
        x = (torch.rand((3, STEPS, INPUTS)) * 2.4 - 1.2).clamp(-1, 1)
        x = x.round(decimals=4).double().requires_grad_()
        logits = network(x)
        difference = numpy.abs(evaluated(path, x.detach(), layout) - logits.detach().numpy()).max()
        assert difference < 1e-6, (name, difference)
        targets = logits.argmax(1)
        gradient = torch.autograd.grad(logits.gather(1, targets[:, None]).sum(), x)[0]
        golden[name] = {"x": flat(x), "logits": flat(logits), "targets": targets.tolist(), "gradient": flat(gradient)}
        operations = sorted({node.op_type for node in onnx.load(path).graph.node} & set(ORDER))
        print(name, path.stat().st_size, operations, f"{difference:.1e}")
    (FOLDER / "recurrent.json").write_text(json.dumps(golden) + "\n")


main()

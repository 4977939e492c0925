"""A peer for the bench: the same networks and explainers, propagated by hand in PyTorch (float32, CPU).

Reads a weight file of Heatproof, times batches of sequences, and prints JSON. With --maps it also writes the maps,
so that they can be compared with those of `heatproof maps`.

    python3 test/bench/peer_torch.py --model resources/models/deep-mnist-3-digits-maj-seq-12-fold-1.safetensors

Needs torch and numpy, and zennit for --zennit.
"""

import argparse
import json
import statistics
import struct
import time

import numpy
import torch
import torch.nn.functional as functional

FLOOR = 1e-9
SMALLEST = 2.0**-126
METHODS = ("sa", "gb", "dtd", "lrp_a1.5b0.5")


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = numpy.frombuffer(data[start:end], dtype="<f4").reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors, metadata


def ratio(value, denominator):
    return value / (denominator + SMALLEST)


class Layer:
    """A dense layer's weight, cut by its inputs, with the parts that the rules multiply by."""

    def __init__(self, tensors, name, sizes):
        weight = tensors[f"{name}.weight"]
        raw = tensors.get(f"{name}.bias_raw")
        self.bias = tensors[f"{name}.bias"] if raw is None else -functional.softplus(raw)
        self.blocks = torch.split(weight, sizes) if sizes else (weight,)
        self.transposed = [block.t().contiguous() for block in self.blocks]
        self.positive = [block.clamp(min=FLOOR) for block in self.blocks]
        self.negative = [block.clamp(max=-FLOOR) for block in self.blocks]
        self.positive_t = [block.t().contiguous() for block in self.positive]
        self.negative_t = [block.t().contiguous() for block in self.negative]
        self.box_t = weight.abs().t().contiguous()
        self.box_sums = weight.abs().sum(0)


class Kernel:
    """A 'same' convolution's kernel in PyTorch's order, with its parts."""

    def __init__(self, tensors, name):
        self.weight = tensors[f"{name}.weight"].permute(3, 2, 0, 1).contiguous()
        self.bias = -functional.softplus(tensors[f"{name}.bias_raw"])
        self.positive = self.weight.clamp(min=FLOOR)
        self.negative = self.weight.clamp(max=-FLOOR)
        self.box = self.weight.abs()
        self.padding = tuple((side - 1) // 2 for side in self.weight.shape[2:])

    def forward(self, x, weight):
        return functional.conv2d(x, weight, padding=self.padding)

    def back(self, signal, weight):
        return functional.conv_transpose2d(signal, weight, padding=self.padding)


def alpha_beta(layer, part, share_positive, share_negative, coefficient, alpha, beta):
    """Coefficients of a block's inputs, from the coefficients of the layer's outputs."""
    signal = (coefficient * share_positive) @ layer.positive_t[part] * alpha
    if beta:
        signal = signal - (coefficient * share_negative) @ layer.negative_t[part] * beta
    return signal


def pool(x):
    return functional.avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False) * 2


def unpool(signal, like):
    """The transpose of `pool`."""
    height, width = like.shape[2:]
    rows = torch.full((signal.shape[2],), 2.0)
    columns = torch.full((signal.shape[3],), 2.0)
    if height % 2:
        rows[-1] = 1
    if width % 2:
        columns[-1] = 1
    spread = signal * (2 / (rows[:, None] * columns[None, :]))
    spread = spread.repeat_interleave(2, 2).repeat_interleave(2, 3)
    return spread[:, :, :height, :width]


class Seen:
    """What a network sees of every step before any recurrence: pixels through `in1`, perhaps behind two convolutions."""

    def __init__(self, tensors, shape):
        self.shape = shape
        self.kernels = [Kernel(tensors, name) for name in ("conv1", "conv2") if f"{name}.weight" in tensors]
        self.in1 = Layer(tensors, "in1", None)
        if self.kernels:
            first = self.kernels[0]
            ones = torch.ones(1, 1, *shape)
            self.box_sums = first.forward(ones, first.box)
            self.ones = ones

    def forward(self, pixels):
        """pixels: [T*N, rows * columns of a step]"""
        self.pixels = pixels
        values = pixels
        if self.kernels:
            self.images = [pixels.view(-1, 1, *self.shape)]
            self.convolved = []
            self.before_bias = []
            for kernel in self.kernels:
                linear = kernel.forward(self.images[-1], kernel.weight)
                self.before_bias.append(linear)
                self.convolved.append(functional.relu(linear + kernel.bias[:, None, None]))
                self.images.append(pool(self.convolved[-1]))
            values = self.images[-1].permute(0, 2, 3, 1).reshape(len(pixels), -1)
        self.values = values
        self.linear = values @ self.in1.blocks[0]
        self.activation = functional.relu(self.linear + self.in1.bias)
        return self.activation

    def share(self):
        if self.kernels:
            self.shares = [
                (
                    ratio(self.activation, self.values @ self.in1.positive[0]),
                    self.activation / (self.values @ self.in1.negative[0] - SMALLEST),
                )
            ]
            first, second = self.kernels
            box = self.before_bias[0] + self.box_sums
            self.box_share = ratio(self.convolved[0], box)
            self.second_shares = (
                ratio(self.convolved[1], second.forward(self.images[1], second.positive)),
                self.convolved[1] / (second.forward(self.images[1], second.negative) - SMALLEST),
            )
        else:
            self.box_share = ratio(self.activation, self.linear + self.in1.box_sums)

    def to_images(self, signal):
        """[T*N, values] in (row, column, channel) order to the pooled image."""
        pooled = self.images[-1]
        return signal.view(len(signal), pooled.shape[2], pooled.shape[3], pooled.shape[1]).permute(0, 3, 1, 2)

    def gradient(self, signal, guided):
        signal = mask(signal, self.activation, guided)
        signal = signal @ self.in1.transposed[0]
        if not self.kernels:
            return signal
        signal = self.to_images(signal)
        for kernel, convolved in zip(reversed(self.kernels), reversed(self.convolved)):
            signal = mask(unpool(signal, convolved), convolved, guided)
            signal = kernel.back(signal, kernel.weight)
        return signal.reshape(len(self.pixels), -1)

    def relevance(self, coefficient, alpha, beta):
        if not self.kernels:
            flow = coefficient * self.box_share
            return self.pixels * (flow @ self.in1.transposed[0]) + flow @ self.in1.box_t
        coefficient = alpha_beta(self.in1, 0, *self.shares[0], coefficient, alpha, beta)
        first, second = self.kernels
        coefficient = unpool(self.to_images(coefficient), self.convolved[1])
        positive, negative = self.second_shares
        signal = second.back(coefficient * positive, second.positive) * alpha
        if beta:
            signal = signal - second.back(coefficient * negative, second.negative) * beta
        flow = unpool(signal, self.convolved[0]) * self.box_share
        images = self.images[0] * first.back(flow, first.weight) + first.back(flow, first.box)
        return images.reshape(len(self.pixels), -1)


def mask(signal, activation, guided):
    if guided:
        signal = functional.relu(signal)
    return signal * (activation > 0)


class DeepNetwork:
    """`deep` and `convdeep`."""

    def __init__(self, tensors, steps, shape):
        self.steps = steps
        self.seen = Seen(tensors, shape)
        units = tensors["in1.weight"].shape[1]
        self.hidden = Layer(tensors, "hidden", [units, tensors["hidden.weight"].shape[0] - units])
        self.state = Layer(tensors, "state", None)
        self.out1 = Layer(tensors, "out1", None)
        self.logits = Layer(tensors, "logits", None)

    def forward(self, pixels):
        steps, count, _ = pixels.shape
        seen = self.seen.forward(pixels.reshape(steps * count, -1))
        self.inputs = seen.view(steps, count, -1)
        terms = (seen @ self.hidden.blocks[0]).view(steps, count, -1)
        self.hiddens, self.states = [], [None]
        for t in range(steps):
            z = terms[t] + self.hidden.bias
            if t:
                z = z + self.states[t] @ self.hidden.blocks[1]
            self.hiddens.append(functional.relu(z))
            if t + 1 < steps:
                self.states.append(functional.relu(self.hiddens[t] @ self.state.blocks[0] + self.state.bias))
        self.out = functional.relu(self.hiddens[-1] @ self.out1.blocks[0] + self.out1.bias)
        self.f = self.out @ self.logits.blocks[0] + self.logits.bias
        return self.f

    def gradient(self, one_hot, guided):
        signal = one_hot @ self.logits.transposed[0]
        signal = mask(signal, self.out, guided) @ self.out1.transposed[0]
        flows = [None] * self.steps
        for t in reversed(range(self.steps)):
            flows[t] = mask(signal, self.hiddens[t], guided)
            if t:
                signal = mask(flows[t] @ self.hidden.transposed[1], self.states[t], guided)
                signal = signal @ self.state.transposed[0]
        into_inputs = torch.cat(flows) @ self.hidden.transposed[0]
        return self.seen.gradient(into_inputs, guided)

    def share(self):
        self.seen.share()
        count = self.inputs.shape[1]
        shape = (self.steps, count, -1)
        flat = self.inputs.reshape(self.steps * count, -1)
        positive = (flat @ self.hidden.positive[0]).view(shape)
        negative = (flat @ self.hidden.negative[0]).view(shape)
        self.hidden_shares, self.state_shares = [], [None]
        for t in range(self.steps):
            p, n = positive[t], negative[t]
            if t:
                p = p + self.states[t] @ self.hidden.positive[1]
                n = n + self.states[t] @ self.hidden.negative[1]
                self.state_shares.append(both_shares(self.state, self.hiddens[t - 1], self.states[t]))
            self.hidden_shares.append((ratio(self.hiddens[t], p), self.hiddens[t] / (n - SMALLEST)))
        self.out_shares = both_shares(self.out1, self.hiddens[-1], self.out)
        self.logit_shares = both_shares(self.logits, self.out, functional.relu(self.f))

    def relevance(self, one_hot, alpha, beta):
        coefficient = alpha_beta(self.logits, 0, *self.logit_shares, one_hot, alpha, beta)
        coefficient = alpha_beta(self.out1, 0, *self.out_shares, coefficient, alpha, beta)
        positives, negatives = [None] * self.steps, [None] * self.steps
        for t in reversed(range(self.steps)):
            share_positive, share_negative = self.hidden_shares[t]
            positives[t] = coefficient * share_positive
            if beta:
                negatives[t] = coefficient * share_negative
            if t:
                signal = alpha_beta(self.hidden, 1, share_positive, share_negative, coefficient, alpha, beta)
                coefficient = alpha_beta(self.state, 0, *self.state_shares[t], signal, alpha, beta)
        into_inputs = torch.cat(positives) @ self.hidden.positive_t[0] * alpha
        if beta:
            into_inputs = into_inputs - torch.cat(negatives) @ self.hidden.negative_t[0] * beta
        return self.seen.relevance(into_inputs, alpha, beta)


def both_shares(layer, x, activation):
    positive = ratio(activation, x @ layer.positive[0])
    return positive, activation / (x @ layer.negative[0] - SMALLEST)


class GatedNetwork:
    """`rlstm` and `convrlstm`; gates count as constants in `gb` and in relevance."""

    def __init__(self, tensors, steps, shape):
        self.steps = steps
        self.seen = Seen(tensors, shape)
        units = tensors["in1.weight"].shape[1]
        cells = tensors["lstm.g.weight"].shape[1]
        self.gates = {name: Layer(tensors, f"lstm.{name}", [units, cells]) for name in "ifog"}
        # One product for all gates: columns i, f, o, g.
        self.input_block = torch.cat([self.gates[name].blocks[0] for name in "ifog"], 1)
        self.state_block = torch.cat([self.gates[name].blocks[1] for name in "ifog"], 1)
        self.input_block_t = self.input_block.t().contiguous()
        self.state_block_t = self.state_block.t().contiguous()
        self.bias = torch.cat([self.gates[name].bias for name in "ifog"])
        self.logits = Layer(tensors, "logits", None)
        self.cells_count = cells

    def forward(self, pixels):
        steps, count, _ = pixels.shape
        cells = self.cells_count
        self.inputs = self.seen.forward(pixels.reshape(steps * count, -1))
        terms = (self.inputs @ self.input_block).view(steps, count, -1)
        self.i, self.f_gate, self.o, self.g, self.c, self.h = [], [], [], [], [], []
        for t in range(steps):
            z = terms[t] + self.bias
            if t:
                z = z + self.h[-1] @ self.state_block
            gates = torch.sigmoid(z[:, : 3 * cells])
            i, f, o = torch.split(gates, cells, 1)
            g = functional.relu(z[:, 3 * cells :])
            c = i * g + f * self.c[-1] if t else i * g
            self.i.append(i)
            self.f_gate.append(f)
            self.o.append(o)
            self.g.append(g)
            self.c.append(c)
            self.h.append(o * c)
        self.f = self.h[-1] @ self.logits.blocks[0] + self.logits.bias
        return self.f

    def gradient(self, one_hot, guided):
        into_h = one_hot @ self.logits.transposed[0]
        into_c = 0
        flows = [None] * self.steps
        candidate, candidate_state = self.gates["g"].transposed
        for t in reversed(range(self.steps)):
            into_c = into_c + into_h * self.o[t]
            candidate_flow = mask(into_c * self.i[t], self.g[t], guided)
            if guided:
                flows[t] = candidate_flow
                into_h = candidate_flow @ candidate_state
            else:
                i, f, o = self.i[t], self.f_gate[t], self.o[t]
                forget = into_c * self.c[t - 1] * (f - f * f) if t else torch.zeros_like(f)
                flows[t] = torch.cat(
                    [into_c * self.g[t] * (i - i * i), forget, into_h * self.c[t] * (o - o * o), candidate_flow], 1
                )
                into_h = flows[t] @ self.state_block_t
            into_c = into_c * self.f_gate[t]
        into_inputs = torch.cat(flows) @ (candidate if guided else self.input_block_t)
        return self.seen.gradient(into_inputs, guided)

    def share(self):
        self.seen.share()
        layer = self.gates["g"]
        shape = (self.steps, len(self.f), -1)
        positive = (self.inputs @ layer.positive[0]).view(shape)
        negative = (self.inputs @ layer.negative[0]).view(shape)
        self.g_shares = []
        for t in range(self.steps):
            p, n = positive[t], negative[t]
            if t:
                p = p + self.h[t - 1] @ layer.positive[1]
                n = n + self.h[t - 1] @ layer.negative[1]
            self.g_shares.append((ratio(self.g[t], p), self.g[t] / (n - SMALLEST)))
        self.logit_shares = both_shares(self.logits, self.h[-1], functional.relu(self.f))

    def relevance(self, one_hot, alpha, beta):
        layer = self.gates["g"]
        into_h = alpha_beta(self.logits, 0, *self.logit_shares, one_hot, alpha, beta)
        into_c = 0
        positives, negatives = [None] * self.steps, [None] * self.steps
        for t in reversed(range(self.steps)):
            into_c = into_c + into_h * self.o[t]
            coefficient = into_c * self.i[t]
            share_positive, share_negative = self.g_shares[t]
            positives[t] = coefficient * share_positive
            if beta:
                negatives[t] = coefficient * share_negative
            if t:
                into_h = alpha_beta(layer, 1, share_positive, share_negative, coefficient, alpha, beta)
            into_c = into_c * self.f_gate[t]
        into_inputs = torch.cat(positives) @ layer.positive_t[0] * alpha
        if beta:
            into_inputs = into_inputs - torch.cat(negatives) @ layer.negative_t[0] * beta
        return self.seen.relevance(into_inputs, alpha, beta)


NETWORKS = {"deep": DeepNetwork, "convdeep": DeepNetwork, "rlstm": GatedNetwork, "convrlstm": GatedNetwork}


def explain(network, pixels, targets, classes):
    """Forward and the four methods; maps as [T*N, pixels of a step]."""
    logits = network.forward(pixels)
    one_hot = functional.one_hot(targets, classes).float()
    network.share()
    maps = {
        "sa": network.gradient(one_hot, guided=False).square_(),
        "gb": network.gradient(one_hot, guided=True).square_(),
        "dtd": network.relevance(one_hot, 1.0, 0.0),
        "lrp_a1.5b0.5": network.relevance(one_hot, 1.5, 0.5),
    }
    return logits, maps


def to_steps(images, steps):
    """[N, rows, columns] -> [T, N, rows * columns of a step]"""
    count, rows, columns = images.shape
    cut = images.view(count, rows, steps, columns // steps)
    return cut.permute(2, 0, 1, 3).reshape(steps, count, -1).contiguous()


def from_steps(stepped, count, steps, rows, columns):
    cut = stepped.view(steps, count, rows, columns // steps)
    return cut.permute(1, 2, 0, 3).reshape(count, rows, columns)


def milliseconds(work, rounds):
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return {"milliseconds": statistics.median(times), "fastest": min(times), "slowest": max(times)}


def training_step(tensors, kind, steps, shape, images, labels):
    """One step of Adam on a batch of 50, by autograd."""
    parameters = {name: tensor.clone().requires_grad_() for name, tensor in tensors.items()}
    optimiser = torch.optim.Adam(parameters.values(), lr=1e-3)
    pixels = to_steps(images[:50], steps)

    def step():
        with torch.enable_grad():
            optimiser.zero_grad()
            logits = trained_forward(parameters, kind, steps, shape, pixels)
            functional.cross_entropy(logits, labels[:50]).backward()
            optimiser.step()

    return step


def trained_forward(parameters, kind, steps, shape, pixels):
    """The forward pass alone, without the parts of the weights that only explaining needs."""

    def dense(name, *inputs):
        raw = parameters.get(f"{name}.bias_raw")
        bias = parameters[f"{name}.bias"] if raw is None else -functional.softplus(raw)
        return sum(x @ w for x, w in zip(inputs, split_rows(parameters[f"{name}.weight"], inputs))) + bias

    count = pixels.shape[1]
    values = pixels.reshape(steps * count, -1)
    if "conv1.weight" in parameters:
        image = values.view(-1, 1, *shape)
        for name in ("conv1", "conv2"):
            weight = parameters[f"{name}.weight"].permute(3, 2, 0, 1)
            padding = tuple((side - 1) // 2 for side in weight.shape[2:])
            bias = -functional.softplus(parameters[f"{name}.bias_raw"])
            image = pool(functional.relu(functional.conv2d(image, weight, bias, padding=padding)))
        values = image.permute(0, 2, 3, 1).reshape(steps * count, -1)
    seen = functional.dropout(functional.relu(dense("in1", values)), 0.2).view(steps, count, -1)
    if kind is DeepNetwork:
        state = None
        for t in range(steps):
            inputs = (seen[t],) if state is None else (seen[t], state)
            hidden = functional.dropout(functional.relu(dense("hidden", *inputs)), 0.2)
            state = functional.relu(dense("state", hidden)) if t + 1 < steps else None
        return dense("logits", functional.relu(dense("out1", hidden)))
    h = c = None
    for t in range(steps):
        inputs = (seen[t],) if h is None else (seen[t], h)
        i, f, o = (torch.sigmoid(dense(f"lstm.{name}", *inputs)) for name in "ifo")
        written = i * functional.relu(dense("lstm.g", *inputs))
        c = written if c is None else written + f * c
        h = functional.dropout(o * c, 0.2)
    return dense("logits", h)


def split_rows(weight, inputs):
    starts = [0]
    for x in inputs:
        starts.append(starts[-1] + x.shape[1])
    return [weight[start:end] for start, end in zip(starts, starts[1:])]


def zennit_dtd(tensors, steps):
    """`deep`'s deep Taylor maps by zennit: z+ in every layer, z-B at the pixels, biases left out."""
    from zennit.attribution import Gradient
    from zennit.composites import NameMapComposite
    from zennit.rules import ZBox, ZPlus

    def linear(name):
        weight = tensors[f"{name}.weight"]
        layer = torch.nn.Linear(*weight.shape)
        layer.weight.data = weight.t().contiguous()
        layer.bias.data = -functional.softplus(tensors[f"{name}.bias_raw"])
        return layer

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            # A rule remembers the last input of its module, so that every step needs modules of its own.
            for name in ("in1", "out1", "logits"):
                setattr(self, name, linear(name))
            self.hidden = torch.nn.ModuleList(linear("hidden") for _ in range(steps))
            self.state = torch.nn.ModuleList(linear("state") for _ in range(steps - 1))
            self.relu = torch.nn.ReLU()

        def forward(self, pixels):
            count = pixels.shape[1]
            seen = self.relu(self.in1(pixels.reshape(steps * count, -1))).view(steps, count, -1)
            state = torch.zeros(count, self.state[0].out_features)
            for t in range(steps):
                hidden = self.relu(self.hidden[t](torch.cat([seen[t], state], 1)))
                if t + 1 < steps:
                    state = self.relu(self.state[t](hidden))
            return self.logits(self.relu(self.out1(hidden)))

    network = Network()
    names = [name for name, module in network.named_modules() if isinstance(module, torch.nn.Linear)]
    others = [name for name in names if name != "in1"]
    composite = NameMapComposite(
        [(["in1"], ZBox(-1.0, 1.0, zero_params="bias")), (others, ZPlus(zero_params="bias"))]
    )

    def explain_batch(pixels, targets, classes):
        one_hot = functional.one_hot(targets, classes).float()
        with torch.enable_grad(), Gradient(model=network, composite=composite) as attributor:
            _, relevance = attributor(pixels, lambda output: functional.relu(output) * one_hot)
        return relevance.detach()

    return explain_batch


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a .safetensors file of Heatproof")
    parser.add_argument("--input", help="[N, rows, columns] .npy; default: seeded noise images")
    parser.add_argument("--batch", type=int, default=200, help="sequences of a batch")
    parser.add_argument("--maps", help="folder to write logits.npy and METHOD.npy of the first batch to")
    parser.add_argument("--sequences", type=int, default=0, help="also time this many sequences, maps kept")
    parser.add_argument("--zennit", action="store_true", help="also time zennit's deep Taylor maps of `deep`")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)

    tensors, metadata = read_safetensors(options.model)
    steps, rows, columns, classes = (int(metadata[key]) for key in ("steps", "rows", "cols", "classes"))
    kind = NETWORKS[metadata["architecture"]]
    shape = (rows, columns // steps)
    network = kind(tensors, steps, shape)
    if options.input:
        images = torch.from_numpy(numpy.load(options.input)).float()[: options.batch]
    else:
        generator = torch.Generator().manual_seed(1)
        images = torch.rand(options.batch, rows, columns, generator=generator) * 2 - 1
    count = len(images)
    pixels = to_steps(images, steps)
    targets = network.forward(pixels).argmax(1)

    if options.maps:
        logits, maps = explain(network, pixels, targets, classes)
        numpy.save(f"{options.maps}/logits.npy", logits.numpy())
        for method, relevance in maps.items():
            numpy.save(f"{options.maps}/{method}.npy", from_steps(relevance, count, steps, rows, columns).numpy())

    result = {
        "torch": torch.__version__,
        "threads": options.threads,
        "architecture": metadata["architecture"],
        "batch": count,
        "forward": milliseconds(lambda: network.forward(to_steps(images, steps)), options.rounds),
        "four": milliseconds(
            lambda: [
                from_steps(relevance, count, steps, rows, columns).contiguous()
                for relevance in explain(network, to_steps(images, steps), targets, classes)[1].values()
            ],
            options.rounds,
        ),
        "train": milliseconds(training_step(tensors, kind, steps, shape, images, targets), options.rounds),
    }
    if options.zennit and metadata["architecture"] == "deep":
        explain_batch = zennit_dtd(tensors, steps)
        if options.maps:
            relevance = explain_batch(pixels, targets, classes)
            maps = from_steps(relevance.reshape(steps * count, -1), count, steps, rows, columns)
            numpy.save(f"{options.maps}/zennit_dtd.npy", maps.numpy())
        result["zennit_dtd"] = milliseconds(
            lambda: explain_batch(to_steps(images, steps), targets, classes), options.rounds
        )
    if options.sequences:
        kept = []
        start = time.perf_counter()
        for _ in range(-(-options.sequences // count)):
            maps = explain(network, to_steps(images, steps), targets, classes)[1]
            kept.append([from_steps(relevance, count, steps, rows, columns).numpy() for relevance in maps.values()])
        result["sequences"] = options.sequences
        result["sequences_seconds"] = time.perf_counter() - start
    print(json.dumps(result))


if __name__ == "__main__":
    main()

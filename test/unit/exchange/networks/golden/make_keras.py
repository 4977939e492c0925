"""Makes the Keras files and golden values beside it with keras 3.15.1 on torch 2.15.0, and h5py 3.16.0.

KERAS_BACKEND=torch python make_keras.py FOLDER
"""
import json
import sys
import zipfile
from pathlib import Path

import h5py
import keras
import numpy
import torch
from keras import layers

FOLDER = Path(sys.argv[1])
CLASSES = 3


def sequential():
    """Both paddings, a dilation, both pools, two normalisations, tanh and sigmoid; images of 8 x 12."""
    return keras.Sequential([
        layers.InputLayer((8, 12)),
        layers.Reshape((8, 12, 1)),
        layers.Conv2D(4, 3, strides=(2, 2), padding="same", activation="relu", name="first"),
        layers.BatchNormalization(name="norm"),
        layers.Dropout(0.3),
        layers.AveragePooling2D((2, 2), strides=1, padding="same"),
        layers.Conv2D(5, (2, 3), use_bias=False, name="second"),
        layers.BatchNormalization(scale=False, name="norm2"),
        layers.Activation("tanh"),
        layers.MaxPooling2D((2, 2), strides=1, padding="same"),
        layers.Flatten(),
        layers.Dense(6, activation="sigmoid"),
        layers.Dense(5),
        layers.ReLU(),
        layers.Dense(CLASSES, activation="softmax", name="last"),
    ], name="sequential_net")


def functional():
    """A chain written as a function, with a mean over the image and a softmax of its own."""
    given = keras.Input((8, 12, 1), name="image")
    x = layers.Conv2D(4, 3, padding="valid", dilation_rate=2, activation="relu")(given)
    x = layers.BatchNormalization(center=False)(x)
    x = layers.Conv2D(6, 1, activation="tanh")(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(CLASSES)(x)
    return keras.Model(given, layers.Activation("softmax", name="shares")(x), name="functional_net")


def spread(network, seed):
    """Weights that make images differ, biases of both signs, statistics that are not 0 and 1."""
    draw = numpy.random.default_rng(seed)
    for weight in network.weights:
        low, high = {"kernel": (-0.8, 0.8), "recurrent_kernel": (-0.8, 0.8), "gamma": (0.5, 1.5), "moving_variance": (0.5, 2)}.get(weight.name, (-0.4, 0.4))
        if weight.dtype.startswith("float"):
            weight.assign(draw.uniform(low, high, weight.shape).astype("float32"))


def logits_of(network):
    """The same layers in float64, without the softmax at the end."""
    configuration = network.get_config()
    text = json.dumps(configuration).replace('"softmax"', '"linear"').replace('"float32"', '"float64"')
    copy = type(network).from_config(json.loads(text))
    if not copy.built:
        copy.build(network.input_shape)
    copy.set_weights(network.get_weights())
    return copy


def pack(path):
    """The same entries deflated: HDF5 is mostly zeros where networks are small."""
    with zipfile.ZipFile(path) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)


def flat(tensor):
    return [round(value, 8) for value in tensor.detach().cpu().double().flatten().tolist()]


def save_elsewhere():
    """Arrays whose numbers are not in the file that names them, and one that is."""
    with h5py.File(FOLDER / "elsewhere.h5", "w") as file:
        file["here"] = numpy.arange(3, dtype="float32")
        file["linked"] = h5py.ExternalLink("functional.h5", "model_weights/conv2d/conv2d/bias")
        file["circle"] = h5py.SoftLink("/circle")
        file.create_dataset("outside", (3,), "float32", external=[("keras.json", 0, 12)])
        file.create_dataset("huge", (30_000, 40_000), "float32", chunks=(1000, 1000), compression="gzip")
        layout = h5py.VirtualLayout((4,), "float32")
        layout[:] = h5py.VirtualSource("functional.h5", "model_weights/conv2d/conv2d/bias", (4,))
        file.create_virtual_dataset("virtual", layout)


def save(networks):
    """Saves networks and gives the logits and gradients of some images, by name."""
    golden = {}
    for name, extension, make, shape in networks:
        network = make()
        spread(network, len(name))
        network.save(FOLDER / f"{name}.{extension}")
        if extension == "keras":
            pack(FOLDER / f"{name}.keras")
        x = (torch.rand((3, *shape)) * 2.4 - 1.2).clamp(-1, 1)
        double = logits_of(network)
        x = x.double().requires_grad_()
        logits = double(x, training=False)
        targets = logits.argmax(1)
        gradient = torch.autograd.grad(logits.gather(1, targets[:, None]).sum(), x)[0]
        shares = torch.softmax(logits, 1).detach().cpu().numpy()
        assert numpy.abs(network.predict(x.detach().cpu().numpy().astype("float32"), verbose=0) - shares).max() < 1e-5
        golden[name] = {"x": flat(x), "logits": flat(logits), "targets": targets.tolist(), "gradient": flat(gradient)}
    return golden


if __name__ == "__main__":
    save_elsewhere()
    keras.utils.set_random_seed(3)
    golden = save([("sequential", "keras", sequential, (8, 12)), ("functional", "h5", functional, (8, 12, 1))])
    (FOLDER / "keras.json").write_text(json.dumps(golden) + "\n")

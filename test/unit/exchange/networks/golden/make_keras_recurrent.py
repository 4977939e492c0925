"""Makes recurrent networks of Keras and golden values beside make_recurrent.py's, with the programs of make_keras.py.

KERAS_BACKEND=torch python make_keras_recurrent.py FOLDER/recurrent
"""
import json

import keras
from keras import layers
from make_keras import CLASSES, FOLDER, save


def columns():
    """The columns of an image as steps, every way to go through them; images of 4 x 8."""
    return keras.Sequential([
        layers.InputLayer((4, 8)),
        layers.Permute((2, 1)),
        layers.LSTM(3, return_sequences=True),
        layers.Bidirectional(layers.GRU(2, return_sequences=True)),
        layers.SimpleRNN(4, activation="relu", go_backwards=True, return_sequences=True),
        layers.Bidirectional(layers.LSTM(3, recurrent_dropout=0.2), merge_mode="sum"),
        layers.Dense(CLASSES, activation="softmax"),
    ], name="columns_net")


def rows():
    """The rows of an image as steps; a reset gate before the product, a pair whose second layer is written out."""
    given = keras.Input((4, 8), name="image")
    x = layers.GRU(3, reset_after=False, return_sequences=True)(given)
    back = layers.SimpleRNN(2, return_sequences=True, go_backwards=True, use_bias=False)
    x = layers.Bidirectional(layers.SimpleRNN(2, return_sequences=True), backward_layer=back)(x)
    x = layers.LSTM(3, use_bias=False, activation="linear", go_backwards=True)(x)
    return keras.Model(given, layers.Dense(CLASSES, activation="softmax")(x), name="rows_net")


keras.utils.set_random_seed(5)
golden = save([("columns", "keras", columns, (4, 8)), ("rows", "h5", rows, (4, 8))])
(FOLDER / "keras.json").write_text(json.dumps(golden) + "\n")

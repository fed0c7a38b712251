"""The article's model in Keras, compiled; the back end is what KERAS_BACKEND says."""

import keras
from contract import LEARNING_RATE, WIDTHS


def make_model() -> keras.Model:
    """Dense layers with ReLU and a sigmoid at the end; everything else as Keras has it by default."""
    hidden = [keras.layers.Dense(width, activation="relu") for width in WIDTHS[1:-1]]
    output = keras.layers.Dense(WIDTHS[-1], activation="sigmoid")
    model = keras.Sequential([keras.Input((WIDTHS[0],)), *hidden, output])
    model.compile(optimizer=keras.optimizers.Adam(LEARNING_RATE), loss="mse")
    return model

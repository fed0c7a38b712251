"""Keras' own loop, `model.fit`, on the back end that KERAS_BACKEND names: keras_fit.py FOLDER

One call of `fit` for all epochs; a callback waits between them.
"""

import os
import sys

import keras
from contract import BATCH, Turns, read_images
from keras_model import make_model

FOREVER = 1_000_000
BACKENDS = {"tensorflow": ("tensorflow", "tensorflow-cpu"), "jax": ("jax", "jaxlib")}
"""The distributions that a back end may come from."""


class Pause(keras.callbacks.Callback):
    """Waits for the driver before each epoch."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self.turns = turns

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        """Before the first batch is drawn."""
        self.turns.wait()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """After the epoch's loss has been fetched, so that all its steps are done."""
        self.turns.done(loss=logs["loss"] if logs else None)


def main(folder: str) -> None:
    """Train until the driver is done."""
    x = read_images(folder)
    turns = Turns("keras", *BACKENDS[os.environ["KERAS_BACKEND"]])
    make_model().fit(x, x, batch_size=BATCH, epochs=FOREVER, shuffle=True, verbose=0, callbacks=[Pause(turns)])


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A whole Keras training, judged on the test images: keras_quality.py FOLDER EPOCHS SEED

Prints one line of JSON: seconds of `fit`, compilation included and nothing validated, what the first epoch took longer
than the others, and the test MSE.
"""

import statistics
import sys
import time

import keras
from contract import BATCH, Turns, read_images
from keras_model import make_model


class Stopwatch(keras.callbacks.Callback):
    """When each epoch ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Note the time."""
        self.ends.append(time.perf_counter())


def main(folder: str, epochs: str, seed: str) -> None:
    """Train, judge, tell."""
    turns = Turns()
    keras.utils.set_random_seed(int(seed))
    x, x_test = (read_images(folder, part) for part in ("train", "test"))
    model = make_model()
    watch = Stopwatch()
    begin = time.perf_counter()
    model.fit(x, x, batch_size=BATCH, epochs=int(epochs), shuffle=True, verbose=0, callbacks=[watch])
    train_s = time.perf_counter() - begin
    first, *others = (end - start for start, end in zip([begin, *watch.ends], watch.ends, strict=False))
    compile_s = max(0.0, first - statistics.median(others)) if others else 0.0
    reconstruction = model.predict(x_test, batch_size=BATCH, verbose=0)
    test_mse = float(((reconstruction - x_test) ** 2).mean(dtype="float64"))
    turns.say(train_s=train_s, compile_s=compile_s, test_mse=test_mse)


if __name__ == "__main__":
    main(*sys.argv[1:])

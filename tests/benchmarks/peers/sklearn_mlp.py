"""scikit-learn's MLPRegressor, one pass of `partial_fit` per epoch: sklearn_mlp.py FOLDER

It has no sigmoid: its last layer is linear, a little less work than the others'. Its weight decay is switched off.
"""

import sys

from contract import BATCH, LEARNING_RATE, WIDTHS, Turns, read_images
from sklearn.neural_network import MLPRegressor


def main(folder: str) -> None:
    """Train until the driver is done."""
    x = read_images(folder)
    options = {"solver": "adam", "alpha": 0.0, "batch_size": BATCH, "learning_rate_init": LEARNING_RATE}
    model = MLPRegressor(hidden_layer_sizes=WIDTHS[1:-1], activation="relu", shuffle=True, **options)
    turns = Turns("scikit-learn", "numpy")
    while True:
        turns.wait()
        model.partial_fit(x, x)
        turns.done(loss=2 * float(model.loss_))  # its loss has a factor 1/2


if __name__ == "__main__":
    main(*sys.argv[1:])

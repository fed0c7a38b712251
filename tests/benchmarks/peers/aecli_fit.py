"""aecli's own loop on one of its configs, no images held out: aecli_fit.py FOLDER CONFIG IMAGES

Runs in aecli's environment. FOLDER is not read: aecli has MNIST. `data.validation: test` holds nothing out, so that an
epoch is as long as everyone else's; evaluation, checkpoints and pictures are not part of an epoch.
"""

import sys

from contract import Turns


def main(folder: str, name: str, images: str) -> None:
    """Train until the driver is done; a config that has run out of epochs starts anew, off the clock."""
    from aecli.config.load import load_config
    from aecli.training.build import prepare
    from aecli.training.loop import EpochEvent, fit

    config = load_config(name, set=["data.validation=test", f"data.train_size={images}"])
    turns = Turns("aecli", "torch")

    losses = []

    def record(event: object) -> bool:
        if isinstance(event, EpochEvent):
            turns.stop()
            losses.append(event.loss)
            if event.epoch < config.training.epochs:
                turns.done(loss=event.loss)
                turns.wait()
        return False

    while True:
        trainee = prepare(config).trainee
        if losses:
            turns.done(loss=losses[-1])  # only now: the next peer shall not run beside `prepare`
        turns.wait()
        fit(trainee, 1, record)


if __name__ == "__main__":
    main(*sys.argv[1:])

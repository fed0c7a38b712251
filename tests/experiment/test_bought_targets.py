"""A run whose weight looks for what it shall buy: what is trained, stored and told."""

import pytest
from small_config import small_config

import aecli
from aecli.config.load import load_config
from aecli.experiment.record import Nobody
from aecli.experiment.run import train

ASKED = (
    "architecture.widths=[auto, 64]",
    "architecture.code_activation=relu",
    "evaluation.suites=[code]",
    "training.epochs=60",
)


class Listener(Nobody):
    """Keeps the notes."""

    def __init__(self):
        self.notes = []

    def note(self, text, *, severity="note"):
        self.notes.append((severity, text))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return aecli.train(
        small_config(),
        set=[*ASKED, "regularization.activity_l1.target.code.l0=12"],
        out=tmp_path_factory.mktemp("runs"),
    )


def test_the_weight_is_found_and_stored_with_every_epoch(found):
    told = found.summary["targets"]["regularization.activity_l1"]
    assert told["is_reached"]
    assert told["value"] == pytest.approx(12, rel=0.05)
    measured = found.summary["suites"]["test"]["code"]["code"]["active_per_image"]
    assert measured == pytest.approx(told["value"], rel=0.1), "on test images it is as on validation images"
    records = found.metrics
    judged = next(one for one in records if one["epoch"] == found.summary["judged_epoch"])
    assert judged["targets"]["regularization.activity_l1"] == told
    assert judged["terms"]["regularization.activity_l1"]["weight"] == told["weight"]
    assert len({one["targets"]["regularization.activity_l1"]["weight"] for one in records}) > 30


def test_a_target_that_was_not_reached_is_said_and_the_last_epoch_is_judged(tmp_path):
    listener = Listener()
    steps = ["training.epochs=2", "regularization.activity_l1.target.code.l0=12"]
    folder = train(load_config(small_config(), set=[*ASKED, *steps]), out=tmp_path, watcher=listener)
    said = [text for severity, text in listener.notes if severity == "warning" and "was not reached" in text]
    assert len(said) == 1
    assert said[0].startswith("regularization.activity_l1: code.l0 12 was not reached: it is ")
    assert folder.read_summary()["judged_epoch"] == 2

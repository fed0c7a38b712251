"""Progress in a notebook, with a stand-in for IPython that keeps what each place under the cell shows."""

import sys
from types import SimpleNamespace

import pytest

from aecli.config.load import load_config
from aecli.console.notebook import LiveText, NotebookRun, NotebookSweep, in_notebook
from aecli.runs.folder import RunFolder


class Place:
    """What IPython gives for something that it displays."""

    def __init__(self, shown):
        self.texts = [repr(shown)]

    def update(self, shown):
        self.texts.append(repr(shown))


@pytest.fixture
def places(monkeypatch):
    """The places of a notebook's cell, in the order in which they appeared."""
    found = []

    def display(shown, *, display_id):
        assert display_id is True
        found.append(Place(shown))
        return found[-1]

    shell = SimpleNamespace(kernel=object())
    module = SimpleNamespace(get_ipython=lambda: shell, display=SimpleNamespace(display=display))
    monkeypatch.setitem(sys.modules, "IPython", module)
    return found


def test_a_kernel_is_a_notebook_and_a_shell_is_none(places, monkeypatch):
    assert in_notebook()
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: SimpleNamespace())
    assert not in_notebook()
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: None)
    assert not in_notebook()
    monkeypatch.delitem(sys.modules, "IPython")
    assert not in_notebook() and "IPython" not in sys.modules


def test_a_text_is_shown_as_it_is(places):
    live = LiveText()
    live.show("<b>\n1 %")
    live.show("2 %")
    assert [place.texts for place in places] == [["<b>\n1 %", "2 %"]]


def test_a_run_is_one_line_that_moves(places, small, tmp_path, capfd):
    watcher = NotebookRun()
    splits = SimpleNamespace(train=range(300), description={"images": {}})
    watcher.begin(load_config(small), SimpleNamespace(splits=splits), RunFolder(tmp_path), 1)
    times = {"train_s": 0.0, "elapsed_s": 0.0}
    watcher.epoch({"epoch": 0, "objective": None, "validation": {"mse": 0.25}, "is_best": True, **times})
    watcher.step(SimpleNamespace(epoch=1, images=150, loss=0.5))
    watcher.step(SimpleNamespace(epoch=1, images=200, loss=0.5))
    watcher.epoch(
        {"epoch": 1, "objective": 0.5, "validation": {"mse": 0.2}, "is_best": True, "train_s": 1, "elapsed_s": 1}
    )
    watcher.stage("judging ...")
    watcher.close()
    (place,) = places
    last = "epoch 1/3  loss 0.500000  validation mse 0.200000 *  300 images/s  0:02 left"
    assert place.texts[0] == f"{tmp_path}: before training"
    assert "epoch 1/3, 50%  |  epoch 0/3  before training  validation mse 0.250000 *" in place.texts
    assert place.texts[-3:] == [last, f"{last}  |  judging ...", last]
    assert capfd.readouterr() == ("", "")


def test_a_run_that_goes_on_has_no_epoch_before_it(places, small, tmp_path):
    watcher = NotebookRun()
    splits = SimpleNamespace(train=range(300), description={"images": {}})
    watcher.begin(load_config(small), SimpleNamespace(splits=splits), RunFolder(tmp_path), 2)
    watcher.step(SimpleNamespace(epoch=2, images=150, loss=0.5))
    times = {"train_s": 1.0, "elapsed_s": 1.0}
    watcher.epoch({"epoch": 2, "objective": 0.5, "validation": {"mse": 0.2}, "is_best": True, **times})
    watcher.close()
    (place,) = places
    assert place.texts[1:] == ["epoch 2/3, 50%", *["epoch 2/3  loss 0.500000  validation mse 0.200000 *"] * 2]


def test_a_sweep_is_one_line_and_what_went_wrong_stays(places, capsys):
    watcher, trial = NotebookSweep(), SimpleNamespace(label="mae, seed 1")
    watcher.note("measuring the machine ...")
    watcher.begin(4, 1)
    watcher.epoch(trial, 2, 9, {})
    watcher.finished(trial, SimpleNamespace(kind="completed", reason=""), 2)
    watcher.elsewhere(1)
    watcher.finished(trial, SimpleNamespace(kind="diverged", reason="not finite"), 3)
    watcher.close()
    (place,) = places
    assert place.texts[1:3] == ["1/4  mae, seed 1: epoch 2/9", "2/4  mae, seed 1: completed"]
    assert place.texts[-1] == "3/4 trials done"
    assert capsys.readouterr().err == "warning: mae, seed 1: diverged: not finite\n"

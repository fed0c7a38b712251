"""Who watches what Python started: nobody in a script, plain lines where they were asked for, a bar on a terminal."""

import io
import sys

import pytest

import aecli
from aecli.api.progress import is_wanted, teller, watching_run, watching_sweep
from aecli.console.run_watchers import Lines
from aecli.console.sweep_watchers import Silence, SweepLines


class Terminal(io.StringIO):
    """A stream that a human looks at."""

    def isatty(self):
        return True


def test_a_script_is_silent_a_terminal_is_not_and_who_says_so_decides(monkeypatch):
    assert not is_wanted(None) and is_wanted(True)
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert is_wanted(None) and not is_wanted(False)
    monkeypatch.setattr(sys, "stderr", None)
    assert not is_wanted(None)


def test_the_watcher_follows_from_where_it_runs(capsys):
    with watching_run(None, None) as told:
        assert told is None
    with watching_run(None, True) as told:
        assert type(told) is Lines
    mine = Lines()
    with watching_run(mine, False) as told:
        assert told is mine
    for progress, kind in ((None, Silence), (True, SweepLines)):
        with watching_sweep(None, progress) as swept:
            assert type(swept) is kind
    silence = Silence(print)
    with watching_sweep(silence, True) as swept:
        assert swept is silence
    teller(None)("nothing")
    teller(True)("code ...")
    assert capsys.readouterr() == ("", "code ...\n")


@pytest.mark.parametrize("progress", [None, True])
def test_training_tells_of_itself_on_stderr_only_where_it_was_asked(small, tmp_path, capfd, progress):
    aecli.train(small, out=tmp_path, set="training.epochs=1", progress=progress)
    out, err = capfd.readouterr()
    assert out == "" and ("epoch 1/1  loss" in err) is bool(progress)

"""How many threads train: fewer than all only where they are measured to be faster and nobody says how many."""

import pytest
import torch

import aecli
from aecli.config.load import load_config
from aecli.cores import COUNTS
from aecli.experiment.checkpoint import load_checkpoint
from aecli.experiment.record import Nobody
from aecli.training import threads
from aecli.training.build import prepare
from aecli.training.loop import own_torch_state
from aecli.training.threads import (
    choose_threads,
    fastest,
    go_on_with_threads,
    is_open,
    measure_speeds,
    seconds_of_steps,
    time_in_turns,
)


@pytest.fixture
def nobody_says(monkeypatch):
    """A process with two threads on two cores, where neither environment nor caller says how many there shall be."""
    for name in COUNTS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(threads, "usual_thread_counts", lambda: {2})
    monkeypatch.setattr(threads, "usable_cores", lambda: 2)
    with own_torch_state():
        torch.set_num_threads(2)
        yield


@pytest.fixture
def free(small):
    """The small config without a number of threads."""
    return small | {"training": {key: value for key, value in small["training"].items() if key != "threads"}}


def busy(monkeypatch, seconds):
    """Steps take so long with each number of threads, whatever this machine does."""
    monkeypatch.setattr(threads, "seconds_of_steps", lambda trainee, count: seconds[count])


def test_one_thread_trains_where_it_is_faster_and_that_is_said_and_recorded(monkeypatch, nobody_says, free, tmp_path):
    busy(monkeypatch, {1: 0.01, 2: 0.1})
    notes = []

    class Notes(Nobody):
        def note(self, text, *, severity="note"):
            notes.append(text)

    run = aecli.train(free, out=tmp_path, watcher=Notes())
    expected = (
        "training with 1 of 2 threads: measured just now, 2 train 1,280 images/s and 1 12,800; to use all: "
        "--set training.threads=2"
    )
    assert expected in notes
    assert run.folder.read_environment()["threads"] == 1
    assert torch.get_num_threads() == 2, "what the caller had is given back"


@pytest.mark.parametrize("seconds", [{1: 0.1, 2: 0.06}, {1: 0.1, 2: 0.109}], ids=["faster", "hardly slower"])
def test_all_threads_train_where_none_is_clearly_faster(monkeypatch, nobody_says, free, seconds):
    busy(monkeypatch, seconds)
    assert choose_threads(prepare(load_config(free))) is None
    assert torch.get_num_threads() == 2


def test_nothing_is_measured_where_somebody_says_how_many(monkeypatch, nobody_says, free, small):
    cpu = torch.device("cpu")
    assert is_open(load_config(free), cpu)
    assert not is_open(load_config(small), cpu), "the config"
    assert not is_open(load_config(free), torch.device("meta")), "not on the CPU"
    torch.set_num_threads(3)
    assert not is_open(load_config(free), cpu), "the calling program"
    torch.set_num_threads(2)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert not is_open(load_config(free), cpu), "the environment"


def test_measuring_changes_neither_the_weights_nor_any_stream(monkeypatch, nobody_says, free, tmp_path):
    monkeypatch.setattr(threads, "SECONDS", 0.0)
    free |= {"regularization": [{"name": "dropout", "p": 0.2}], "data": free["data"] | {"corruption": "gaussian"}}
    free["training"]["epochs"] = 2
    measured = aecli.train(free, out=tmp_path)
    count = measured.folder.read_environment()["threads"]
    said = aecli.train(free, out=tmp_path, set=[f"training.threads={count}"])
    one, other = (load_checkpoint(run.folder.checkpoints / "last.pt")["model"] for run in (measured, said))
    assert all(one[name].equal(other[name]) for name in one)
    prepared = prepare(load_config(free))
    before = [parameter.clone() for parameter in prepared.trainee.model.parameters()]
    stream = torch.random.get_rng_state()
    choose_threads(prepared)
    assert torch.random.get_rng_state().equal(stream)
    assert all(old.equal(new) for old, new in zip(before, prepared.trainee.model.parameters(), strict=True))


def test_ways_are_timed_in_turns_after_one_round_that_warms_up():
    asked = []

    def seconds_of(count):
        asked.append(count)
        return float(len(asked))

    ticks = iter([0.0, 1.0, 2.0, 9.0])
    assert time_in_turns([2, 1], seconds_of, 5.0, lambda: next(ticks)) == {1: 5.0, 2: 6.0}
    assert asked == [1, 2] * 4
    asked.clear()
    assert time_in_turns([1], seconds_of, 0.0) == {1: 2.0}


def test_steps_are_real_and_a_divergence_leaves_all_threads(nobody_says, free):
    prepared = prepare(load_config(free))
    assert seconds_of_steps(prepared.trainee, 1) > 0
    wild = {"optimization": {"optimizer": {"name": "sgd", "lr": 1e30}}}
    prepared = prepare(load_config(free | wild | {"architecture": {"widths": [784, 8], "output_activation": "linear"}}))
    assert measure_speeds([1, 2], prepared) == {} and fastest({}, 2) == 2


@pytest.mark.parametrize(
    ("before", "may_choose", "now", "said"),
    [
        (1, True, 1, None),
        (2, True, 2, None),
        (1, False, 2, "trained with 1 thread so far, now with 2: the last bits will differ"),
        (8, True, 2, "trained with 8 threads so far, now with 2: the last bits will differ"),
        (None, True, 2, None),
    ],
    ids=["one", "the same", "a sweep's worker", "more than there are cores", "unknown"],
)
def test_who_resumes_keeps_the_threads_of_the_run_or_is_told(nobody_says, free, before, may_choose, now, said):
    prepared = prepare(load_config(free))
    assert go_on_with_threads(prepared, before, may_choose=may_choose) == said
    assert torch.get_num_threads() == now

"""What plan.json says of the looks at a sweep: planned ones, and those before it was extended."""

import json

import pytest
from fake_sweeps import write_run

from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.look_history import history_of_looks
from aecli.sweep.record.sweep_folder import SweepFolder, prepare_sweep_folder


@pytest.fixture
def sweep_to(tmp_path, monkeypatch):
    """A function that takes a sweep up with so many seeds, trains some of them, and returns what plan.json says."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.yaml").write_text("training: {epochs: 3}\n")
    folder, told = SweepFolder(tmp_path / "out"), []

    def take_up(seeds, *, looks=(), trained=None, losses="[mse, mae]"):
        text = f"base: b.yaml\nseeds: {seeds}\ngrid: {{loss: {losses}}}\n" + (f"looks: {list(looks)}\n" * bool(looks))
        (tmp_path / "s.yaml").write_text(text)
        sweep, document, path = load_sweep("s.yaml")
        plan = make_plan(sweep, document, path)
        prepare_sweep_folder(folder.path, plan, text, history_of_looks(folder, plan, sweep.looks, told.append))
        for trial in plan.trials:
            name = trial.digest[:20]
            if (trained is None or trial.config.seed < trained) and not (folder.runs / name).exists():
                write_run(folder, name, "completed", trial.digest)
        record = json.loads(folder.plan.read_text())
        return record["seeds"], record.get("looks"), [one["seeds"] for one in record.get("history", [])]

    take_up.told = told
    return take_up


def test_a_sweep_that_is_not_extended_has_no_history(sweep_to):
    assert sweep_to(4) == sweep_to(4) == (4, None, [])


def test_each_extension_leaves_the_size_at_which_the_sweep_could_be_judged(sweep_to):
    sweep_to(4)
    assert sweep_to(6) == (6, None, [4])
    assert sweep_to(6) == (6, None, [4])
    assert sweep_to(9) == (9, None, [4, 6])


def test_planned_looks_are_kept_beside_the_history(sweep_to):
    assert sweep_to(4, looks=(4, 8)) == (4, [4, 8], [])
    assert sweep_to(8, looks=(4, 8)) == (8, [4, 8], [4])
    assert sweep_to.told == []


@pytest.mark.parametrize(("seeds", "trained"), [(2, 2), (4, 0), (4, 2)], ids=["too few", "none trained", "two trained"])
def test_seeds_by_which_nothing_can_be_judged_are_no_look(seeds, trained, sweep_to):
    sweep_to(seeds, trained=trained)
    assert sweep_to(8) == (8, None, [])


def test_a_sweep_that_was_stopped_halfway_was_judged_by_what_it_had(sweep_to):
    sweep_to(9, trained=5)
    assert sweep_to(12) == (12, None, [5])


def test_one_setting_alone_is_never_judged_and_another_setting_is_no_extension(sweep_to):
    sweep_to(4, losses="[mse]")
    assert sweep_to(6, losses="[mse, mae]") == (6, None, [])
    assert sweep_to(6, losses="[mse, mae, bce]") == (6, None, [])


def test_other_seeds_in_their_place_are_an_extension(sweep_to):
    sweep_to("0-3")
    assert sweep_to("4-9") == (10, None, [4])


LATE = "comes after runs that could be judged, so"


@pytest.mark.parametrize(
    ("first", "then", "kept", "told"),
    [
        ((), (4, 8), None, f"warning: looks: [4, 8] {LATE} each further look has half of what is left"),
        ((4, 8), (4, 6, 8), [4, 8], f"warning: looks: [4, 6, 8] {LATE} [4, 8] stays the plan"),
        ((4, 8), (), [4, 8], f"warning: looks: none {LATE} [4, 8] stays the plan"),
    ],
    ids=["planned late", "another plan", "taken away"],
)
def test_a_plan_after_the_first_look_does_not_count_and_that_is_told(first, then, kept, told, sweep_to):
    sweep_to(4, looks=first)
    assert sweep_to(8, looks=then) == (8, kept, [4])
    assert [line.partition("; ")[0] for line in sweep_to.told] == [told]


def test_looks_may_be_planned_anew_while_nothing_can_be_judged(sweep_to):
    sweep_to(4, looks=(4, 8), trained=2)
    assert sweep_to(5, looks=(5, 10)) == (5, [5, 10], [])
    assert sweep_to.told == []


def test_seeds_that_only_tune_are_no_seeds_of_a_look(sweep_to):
    tune = "[mse, mae]}\ntune: {optimization.optimizer.lr: {choice: [0.1, 0.2]}, seeds: 5, trials: 2"
    assert sweep_to(4, looks=(4, 8), losses=tune) == (4, [4, 8], [])
    assert sweep_to(8, looks=(4, 8), losses=tune) == (8, [4, 8], [4])

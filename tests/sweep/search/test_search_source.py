"""A search: its space, its objectives, what it tries and tells, across restarts and beside other processes."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from one_thread import OneThread, Watcher
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from aecli.config.yaml_source import dump
from aecli.errors import ConfigError, RunFolderError, UsageError
from aecli.runs.files import write_json
from aecli.sweep.planning.distributions import Choice, LogUniform, LogWhole, Uniform, Whole
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.record.sweep_folder import prepare_sweep_folder
from aecli.sweep.schedule import run_trials
from aecli.sweep.search.samplers import from_optuna, to_optuna
from aecli.sweep.search.search_log import drop_torn_line
from aecli.sweep.search.search_result import conclude_search
from aecli.sweep.search.search_rules import plan_search
from aecli.sweep.search.search_source import SearchSource

LR = "optimization.optimizer.lr"
CODE = "architecture.code_activation"


@pytest.fixture
def write_search(tmp_path, small):
    """A function that writes a search around `small`, and returns its file."""

    def write(*, base=None, seeds=None, more=None, **search):
        optimizer = {"optimization": {"optimizer": {"name": "adam", "lr": 1e-3}}}
        (tmp_path / "base.yaml").write_text(dump({**small, **optimizer, **(base or {})}))
        space = {LR: {"log_uniform": [1e-4, 1e-1]}, "training.batch_size": {"int": [16, 64]}}
        asked = {"base": "base.yaml", "search": {"trials": 4, "space": space, **search}, **(more or {})}
        (tmp_path / "find.yaml").write_text(dump(asked | ({"seeds": seeds} if seeds else {})))
        return tmp_path / "find.yaml"

    return write


def open_search(file: Path) -> SearchSource:
    """The search of a file, as a process that starts sees it."""
    asked, document, path = load_sweep(str(file))
    plan = plan_search(asked, document, path)
    folder = prepare_sweep_folder(file.parent / "found", plan, file.read_text())
    return SearchSource(asked, document, path, folder, plan)


def fake_run(source: SearchSource, trial, validation=None, **summary) -> TrialOutcome:
    """A completed run of a trial, whose mse is best at a learning rate of 0.01."""
    lr = trial.config.optimization.optimizer.lr
    path = source.folder.runs / f"{trial.digest[:12]}_s{trial.config.seed}"
    path.mkdir()
    (path / "config.yaml").write_text(dump(trial.config.plain()))
    values = validation or {"mse": abs(lr - 0.01) + trial.config.training.batch_size / 1e4 + trial.config.seed}
    write_json(path / "summary.json", {"validation": values, "train_s": 1 / lr, **summary})
    return TrialOutcome(trial.digest, "completed", str(path))


def finish(file: Path, *, restarts: bool = False, kind=fake_run) -> SearchSource:
    """Try everything, one after the other; with restarts by a new process each time, which finds the trial running."""
    source = open_search(file)
    known = [trial for trial in source.begin() if trial.digest not in source.ended]
    while known or source.has_more():
        known = known or source.more()
        if restarts:
            source = open_search(file)
            known = [trial for trial in source.begin() if trial.digest not in source.ended]
        for trial in known:
            source.tell(kind(source, trial))
        known = []
    return source


def settings(source: SearchSource) -> list[dict]:
    """What was tried, in order."""
    return [source.numbers[one.number].changes for one in source.study.trials()]


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        (Uniform(uniform=(0, 1)), FloatDistribution(0.0, 1.0)),
        (LogUniform(log_uniform=(1e-5, 1e-2)), FloatDistribution(1e-5, 1e-2, log=True)),
        (Whole(int=(2, 9)), IntDistribution(2, 9)),
        (LogWhole(log_int=(2, 512)), IntDistribution(2, 512, log=True)),
        (Choice(choice=["mse", {"name": "huber"}]), CategoricalDistribution((0, 1))),
    ],
    ids=["uniform", "log_uniform", "int", "log_int", "choice"],
)
def test_a_space_is_optunas(space, expected):
    assert to_optuna(space) == expected


def test_a_choice_gives_back_its_section(write_search):
    space = {"loss": {"choice": ["mse", {"name": "huber", "delta": 0.1}]}, LR: {"uniform": [0.001, 0.01]}}
    search = load_sweep(str(write_search(space=space)))[0].search
    assert from_optuna(search, {"loss": 1, LR: 0.5}) == {"loss": {"name": "huber", "delta": 0.1}, LR: 0.5}


HONEST = "a search that looks at the test split has no honest number left"


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("test.mse", f"objective test.mse: {HONEST}; use validation.mse"),
        ("mse", f"objective mse: {HONEST}; use validation.mse"),
        ("test.ssim", f"objective test.ssim: {HONEST}; use validation.ssim"),
        ("test.features.linear_probe", f"objective test.features.linear_probe: {HONEST}; use validation.mse"),
        (
            "train.mse",
            "objective train.mse: a search that looks at the training split rewards learning by heart; use validation.mse",
        ),
        ("validation.sim", 'objective validation.sim: unknown "validation.sim"; did you mean "validation.ssim"?'),
    ],
)
def test_an_objective_that_is_no_honest_one_is_refused_where_it_stands(write_search, objective, expected):
    file = write_search(objective=objective)
    line = next(number for number, text in enumerate(file.read_text().splitlines(), 1) if "objective" in text)
    with pytest.raises(ConfigError) as caught:
        plan_search(*load_sweep(str(file)))
    assert str(caught.value).startswith(f"{file}:{line}:14: search: {expected}")
    assert caught.value.exit_code == 2 and not (file.parent / "found").exists()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            {"more": {"grid": {"loss": ["mse"]}}},
            "grid: cannot be combined with search; put what it varies into search.space",
        ),
        (
            {"base": {"data": {"validation": "test"}}},
            "data.validation: is the test split here, and a search must not look at it; hold out training images: data.validation: 5000",
        ),
        (
            {"sampler": "cmaes", "objective": ["validation.mse", "train_s"]},
            "search.sampler: cmaes has one objective; for several use nsga2 or tpe",
        ),
        (
            {"sampler": "cmaes", "space": {LR: {"uniform": [0.1, 1]}, CODE: {"choice": ["relu", "linear"]}}},
            f"search.sampler: cmaes searches numbers, and {CODE} is a choice; use tpe",
        ),
        (
            {"sampler": "cmaes", "space": {LR: {"uniform": [0.1, 1]}}},
            "search.sampler: cmaes needs two numbers at least; use tpe",
        ),
        (
            {"pruner": "median", "objective": ["validation.mse", "train_s"]},
            "search.pruner: with several objectives no trial is worse than the median; use pruner: none",
        ),
        (
            {"pruner": "median", "seeds": 3},
            "search.pruner: a pruner watches one run, and each setting has 3 seeds; use one seed, or pruner: none",
        ),
        (
            {"pruner": "median", "objective": "validation.ssim"},
            "search.pruner: ssim is not measured after every epoch; set evaluation.select: ssim in the base, or use pruner: none",
        ),
        (
            {"objective": "validation.ssim"},
            "search: objective validation.ssim: is measured by the suite reconstruction; add it to evaluation.suites of the base",
        ),
        ({"objective": ["validation.mse", "validation.mse"]}, "search: objective validation.mse: is named twice"),
        ({"space": {"seed": {"int": [0, 9]}}}, "search.space.seed: seeds are an axis of their own: seeds: 0-9"),
        (
            {"space": {LR: {"uniform": [-1, 1]}}},
            f"optimization.optimizer.lr: must be > 0, got -1.0 (first in the trial {LR}=-1)",
        ),
        ({"space": {"loss": {"choice": ["mse", "hubber"]}}}, 'unknown "hubber"; did you mean "huber"?'),
    ],
    ids=[
        "grid",
        "validation is test",
        "cmaes",
        "cmaes choice",
        "cmaes one",
        "pruner front",
        "pruner seeds",
        "pruner ssim",
        "ssim unmeasured",
        "twice",
        "seed",
        "range",
        "choice",
    ],
)
def test_what_cannot_be_searched_is_refused_before_anything_runs(write_search, asked, expected):
    with pytest.raises(ConfigError) as caught:
        plan_search(*load_sweep(str(write_search(**asked))))
    assert expected in str(caught.value)


@pytest.mark.parametrize("package", ["optuna", "cmaes"])
def test_a_missing_extra_is_named(write_search, package):
    file = write_search(sampler="cmaes")
    code = f"import sys; sys.modules[{package!r}] = None; sys.argv = ['aecli', 'sweep', '--config', {str(file)!r}, '--plan']; from aecli.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=file.parent)
    assert (done.returncode, done.stderr) == (
        2,
        f"error: search needs the package {package}: pip install 'aecli[optuna]'\n",
    )


@pytest.mark.parametrize("sampler", ["tpe", "random", "qmc", "cmaes", "nsga2"])
def test_the_same_seed_tries_the_same_also_when_every_trial_is_cut_off(write_search, tmp_path, sampler):
    file = write_search(sampler=sampler, trials=14)
    first = settings(finish(file))
    (tmp_path / "found").rename(tmp_path / "first")
    assert settings(finish(file, restarts=True)) == first
    assert len({json.dumps(one) for one in first}) > 10
    (tmp_path / "found").rename(tmp_path / "second")
    assert settings(finish(write_search(sampler=sampler, trials=14, seed=1))) != first


def test_tpe_goes_where_it_was_good(write_search):
    tried = [one[LR] for one in settings(finish(write_search(trials=40, space={LR: {"uniform": [0.0001, 1]}})))]
    near = [lr < 0.1 for lr in tried]
    assert sum(near[:10]) <= 3 and sum(near[10:]) >= 10, "by chance it would be 3 of 30"


def test_the_value_is_the_mean_over_the_seeds(write_search):
    source = finish(write_search(seeds=[0, 3], trials=1))
    (one,) = source.study.trials()
    lr, batch = one.params[LR], one.params["training.batch_size"]
    assert one.values == [pytest.approx(abs(lr - 0.01) + batch / 1e4 + 1.5)]
    assert len(source.trials) == source.total == 2


def test_a_metric_of_which_more_is_better_is_maximized(write_search):
    def kind(source, trial):
        return fake_run(source, trial, validation={"psnr_db": trial.config.optimization.optimizer.lr})

    source = finish(write_search(objective="validation.psnr_db", trials=5), kind=kind)
    values = [one.values[0] for one in source.study.trials()]
    assert source.study.study.direction.name == "MAXIMIZE"
    assert conclude_search("find", source).best[0].values == (max(values),)


def test_a_setting_that_the_machine_failed_is_tried_again_by_the_same_command(write_search):
    def full_disk(source, trial):
        return TrialOutcome(trial.digest, "failed", None, "No space left on device", is_machine=True)

    file = write_search(trials=3)
    source = finish(file, kind=full_disk)
    found = conclude_search("find", source)
    assert (found.counts, found.best) == ({"tried": 3, "unfinished": 3}, ())
    again = open_search(file)
    assert len(again.begin()) == 3 and again.ended == {}
    assert conclude_search("find", finish(file)).counts == {"tried": 3, "completed": 3}


def test_a_setting_that_comes_again_is_told_and_not_trained(write_search):
    source = finish(write_search(trials=9, space={CODE: {"choice": ["relu", "linear"]}}))
    assert [len(source.trials), source.count, source.spared, source.total] == [2, 9, 7, 9]
    assert {one.params[CODE]: one.values for one in source.study.trials()}.keys() == {0, 1}
    assert all(one.state.name == "COMPLETE" for one in source.study.trials())


def test_a_trial_that_was_being_made_when_its_process_died_counts_for_nothing(write_search):
    source = open_search(write_search(trials=2))
    source.study.study.ask()  # dead before it had any parameters
    again = finish(write_search(trials=2))
    assert [one.state.name for one in again.study.trials()] == ["COMPLETE", "COMPLETE"]
    assert again.count == 2 and len(again.study.study.trials) == 3


def test_two_processes_share_a_search(write_search):
    file = write_search(trials=2)
    one = open_search(file)
    one.begin()
    (mine,) = one.more()
    other = open_search(file)
    assert [trial.digest for trial in other.begin()] == [mine.digest]
    assert other.known(mine, None) is None
    (second,) = other.more()
    assert second.digest != mine.digest
    one.tell(fake_run(one, mine))
    assert other.known(mine, None).kind == "completed"
    assert [trial.digest for trial in one.more()] == [second.digest], "the last trials of the other are waited for"
    assert one.more() == other.more() == [] and one.count == 2


def test_a_divergence_is_a_result_and_a_failure_is_told_too(write_search):
    def kind(source, trial):
        lr = trial.config.optimization.optimizer.lr
        end = "diverged" if lr > 0.03 else "failed" if lr < 0.0003 else "completed"
        return fake_run(source, trial) if end == "completed" else TrialOutcome(trial.digest, end, None, "why")

    source = finish(write_search(trials=20), kind=kind)
    found = conclude_search("find", source)
    assert found.counts["diverged"] > 0 < found.counts["failed"] and found.counts["tried"] == 20
    assert sum(found.counts.values()) == 40
    again = open_search(source.folder.path.parent / "find.yaml")
    assert {one.kind for one in again.ended.values()} == {"completed", "diverged", "failed"}


def test_several_objectives_give_the_front(write_search):
    file = write_search(objective=["validation.mse", "train_s"], trials=12, sampler="nsga2")
    found = conclude_search("find", finish(file))
    points = [one["values"] for one in json.loads((file.parent / "found" / "search.json").read_text())["trials"]]
    front = [one for one in points if not any(a <= one[0] and b <= one[1] and [a, b] != one for a, b in points)]
    assert sorted(one.values for one in found.best) == sorted(map(tuple, front))
    assert 1 < len(front) < 12
    assert all(one.fresh.name == f"winner-{one.number}.yaml" for one in found.best)


def test_the_winner_gets_seeds_that_the_search_has_not_seen(write_search):
    file = write_search(seeds=[0, 2], trials=3)
    found = conclude_search("find", finish(file))
    winner = found.best[0]
    assert winner.values[0] == min(one.values[0] for one in found.best)
    plan = make_plan(*load_sweep(str(winner.fresh)))
    assert [trial.config.seed for trial in plan.trials] == [1, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert {trial.config.optimization.optimizer.lr for trial in plan.trials} == {winner.changes[LR]}


def test_another_space_under_an_old_search_is_refused(write_search):
    finish(write_search(trials=1))
    with pytest.raises(
        UsageError, match="its search was begun with another search.seed, search.space, and what it has learnt"
    ):
        open_search(write_search(trials=1, seed=5, space={LR: {"uniform": [0.1, 0.2]}}))
    assert finish(write_search(trials=3)).count == 3, "more trials are welcome"


def test_an_objective_that_the_data_does_not_have_is_named(write_search):
    with pytest.raises(
        ConfigError, match="objective validation.mse: is not measured on this data; there are validation.mae, train_s"
    ):
        finish(write_search(trials=1), kind=lambda source, trial: fake_run(source, trial, validation={"mae": 1.0}))


def test_the_shipped_search_can_be_begun():
    asked, document, path = load_sweep("search.yaml")
    assert plan_search(asked, document, path).trials == ()
    assert (asked.search.pruner, asked.search.objective) == ("median", ["validation.mse"])


def test_a_line_that_was_torn_is_cut_off(tmp_path):
    path = tmp_path / "search.log"
    path.write_bytes(b'{"a": 1}\n{"b"')
    drop_torn_line(path)
    assert path.read_bytes() == b'{"a": 1}\n'


def test_a_full_disk_leaves_whole_lines_in_the_log_and_the_search_goes_on_from_them(write_search):
    file = write_search(trials=3)
    source = open_search(file)
    source.begin()
    log = source.folder.path / "search.log"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (log.stat().st_size + 20, before[1])
    )  # a file that cannot grow: half a line
    try:
        with pytest.raises(
            RunFolderError, match=f"^cannot write {log}: File too large; free some space or choose another folder"
        ):
            source.more()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert log.read_bytes().endswith(b"}\n")
    assert finish(file).count == 3


def test_a_pruner_stops_what_is_worse_than_the_median(write_search):
    file = write_search(base={"training": {"epochs": 5, "batch_size": 64, "device": "cpu", "threads": 1}}, trials=8,
                        sampler="random", pruner="median", space={LR: {"log_uniform": [1e-7, 1e-1]}})  # fmt: skip
    source, watcher = open_search(file), Watcher()
    progress = run_trials(source, source.folder, OneThread(source.folder.runs), watcher)
    trials = source.study.trials()
    pruned = [one for one in trials if one.state.name == "PRUNED"]
    assert len(trials) == len(watcher.kinds) == 8 and not progress.failed
    assert 0 < len(pruned) < 4 and watcher.kinds.count("pruned") == len(pruned)
    best = min(one.values[0] for one in trials if one.state.name == "COMPLETE")
    for one in pruned:
        (run,) = source.numbers[one.number].runs
        epochs = len((source.folder.runs / run / "metrics.jsonl").read_text().splitlines()) - 1
        assert epochs == max(one.intermediate_values) < 5, "not an epoch was trained after the last that was needed"
        assert min(one.intermediate_values.values()) > best
    again = open_search(file)
    watcher = Watcher()
    run_trials(again, again.folder, OneThread(source.folder.runs), watcher)
    assert watcher.kinds == [], "what was pruned stays so"

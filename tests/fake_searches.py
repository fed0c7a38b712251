"""Searches whose runs are made up in a moment."""

from pathlib import Path

import pytest

from aecli.config.yaml_source import dump
from aecli.files.json_files import write_json
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.record.sweep_folder import prepare_sweep_folder
from aecli.sweep.search.search_rules import plan_search
from aecli.sweep.search.search_source import SearchSource

ONE_SEED = {"settings": 12, "seeds": 1, "deviations": 1.634, "optimism": None}
"""How lucky the best of equal settings looks, as a search writes it."""
LR = "optimization.optimizer.lr"


CODE = "architecture.code_activation"


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

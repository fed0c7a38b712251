"""A search as a source of trials: what to try next, and what became of it.

The state is the study (`search.log`) and the run folders, nothing else: a process that starts, or starts again after a kill,
reads both and goes on. A trial of the study is one setting; it is trained once with every seed, and its value is the mean.
"""

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aecli.config.yaml_source import Document
from aecli.errors import ConfigError, Problem, UsageError
from aecli.runs.files import write_json
from aecli.runs.folder import RunFolder
from aecli.sweep.engines.work import COMPLETED, DIVERGED, FAILED, PRUNED_WHY, Outcome
from aecli.sweep.engines.work import PRUNED as PRUNED_RUN
from aecli.sweep.planning.document import Sweep
from aecli.sweep.planning.plan import read_base, resolve
from aecli.sweep.planning.trial import Plan, Trial
from aecli.sweep.record.claims import Claims
from aecli.sweep.record.sweep_folder import SweepFolder, describe
from aecli.sweep.search.search_rules import TRAIN_S, corners, metric_of, place
from aecli.sweep.search.study import COMPLETE, FAIL, PRUNED, RUNNING, Study, from_optuna

REFUSED = "refused"
KINDS = {COMPLETE: COMPLETED, PRUNED: PRUNED_RUN}


@dataclass
class Tried:
    """One setting with its runs; the study may have come to it several times."""

    changes: dict[str, Any]
    trials: tuple[Trial, ...]
    numbers: list[int]
    """Of the trials of the study."""
    state: str = RUNNING
    values: list[float] | None = None
    runs: list[str | None] = field(default_factory=list)
    kind: str = ""
    reason: str = ""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """What this process knows of the runs."""
    is_condemned: bool = False
    """The pruner has seen enough."""

    def take(self, one: Any) -> None:
        """Take over what the study says of its end."""
        notes = one.user_attrs
        self.state, self.values, self.runs = one.state.name, one.values, notes.get("runs", [])
        self.kind, self.reason = notes.get("kind", ""), notes.get("reason", "")

    def outcome(self, trial: Trial, runs: Path) -> Outcome:
        """What became of one of the runs, once the setting has ended."""
        name = dict(zip((one.digest for one in self.trials), self.runs, strict=False)).get(trial.digest)
        kind = self.kind or KINDS.get(self.state, FAILED)
        return self.outcomes.get(trial.digest) or Outcome(trial.digest, kind, name and str(runs / name), self.reason)


class Search:
    """The trials of a search, made one after the other.

    Args:
        asked: the sweep.
        document: its YAML.
        path: its file.
        folder: of the sweep; it has to exist.
        plan: the checked plan, without trials.

    Raises:
        UsageError: the folder holds another search.
    """

    accepted = (COMPLETED, PRUNED_RUN, DIVERGED)
    """Ends that are results: a search learns from a divergence as from a number."""

    def __init__(self, asked: Sweep, document: Document, path: Path, folder: SweepFolder, plan: Plan) -> None:
        self.search, self.seeds, self.document, self.folder, self.plan = (
            asked.search,
            list(dict.fromkeys(asked.seeds)),
            document,
            folder,
            plan,
        )
        self.base = read_base(asked, document, path)
        self.claims = Claims(folder.claims)
        self.tried: dict[str, Tried] = {}
        """Digest of the first run -> its setting."""
        self.by_digest: dict[str, Tried] = {}
        self.numbers: dict[int, Tried | None] = {}
        """Number in the study -> its setting; None if that is no config."""
        self.given: set[str] = set()
        self.count = 0
        with self.claims.locked():
            self.study = Study(folder.path / "search.log", self.search)
            self.refuse_another(asked)
            self.refresh()

    def refuse_another(self, asked: Sweep) -> None:
        """One study is one search; only its number of trials may grow."""
        told = asked.search.model_dump(mode="json", exclude={"trials"}) | {"seeds": self.seeds}
        if changed := self.study.refuse_another(told):
            names = ", ".join(key if key == "seeds" else f"search.{key}" for key in changed)
            raise UsageError(
                f"{self.folder.path}: its search was begun with another {names}, and what it has learnt does not fit; undo the "
                f"change, or fork: aecli sweep ... --out {self.folder.path}-2"
            )

    @property
    def total(self) -> int:
        """How many runs there will be, with those that a repeated setting spares."""
        return max(self.search.trials, self.count) * len(self.seeds)

    @property
    def spared(self) -> int:
        """Runs that were not needed: their setting had been tried, or is no config."""
        return (self.count - len(self.tried)) * len(self.seeds)

    @property
    def trials(self) -> list[Trial]:
        """The runs that are known so far."""
        return [trial for tried in self.tried.values() for trial in tried.trials]

    @property
    def ended(self) -> dict[str, Outcome]:
        """What the study says of runs whose setting has ended."""
        over = [tried for tried in self.tried.values() if tried.state != RUNNING]
        return {trial.digest: tried.outcome(trial, self.folder.runs) for tried in over for trial in tried.trials}

    def begin(self) -> list[Trial]:
        """The runs that are known at the start; from now on `more` gives what is new."""
        self.given |= self.tried.keys()
        return self.trials

    def has_more(self) -> bool:
        """Whether something has not been asked for, or not been given out."""
        return self.count < self.search.trials or any(key not in self.given for key in self.tried)

    def more(self) -> list[Trial]:
        """The runs of the next setting; empty if there is none. Settings that other processes chose come along."""
        with self.claims.locked():
            self.refresh()
            while self.count < self.search.trials and all(
                tried.state != RUNNING or key in self.given for key, tried in self.tried.items()
            ):
                self.study.ask(self.count)
                self.refresh()
        fresh = [key for key in self.tried if key not in self.given]
        self.given |= set(fresh)
        return [trial for key in fresh for trial in self.tried[key].trials]

    def refresh(self) -> None:
        """Take note of everything in the study, and end what can be ended; the lock of the folder is ours."""
        self.study.abandon_unfinished()
        before = len(self.tried), self.spared
        trials = self.study.trials()
        self.count = len(trials)
        for one in trials:
            if one.number not in self.numbers:
                self.enrol(one)
            tried = self.numbers[one.number]
            if tried is not None and tried.state == RUNNING and one.state.name != RUNNING:
                tried.take(one)
        for one in trials:  # a setting that came again is told what the first came to
            tried = self.numbers[one.number]
            if tried is not None and one.state.name == RUNNING and tried.state != RUNNING:
                self.end_one(one.number, tried)
        if (len(self.tried), self.spared) != before:
            write_json(
                self.folder.plan,
                describe(Plan(tuple(self.trials), self.plan.base_sha256, 0, 0), self.total - self.spared),
            )

    def enrol(self, one: Any) -> None:
        """Make the runs of a trial of the study, unless there are the same already."""
        changes = from_optuna(self.search, one.params)
        setting = place(self.search, self.document, changes)
        self.numbers[one.number] = None
        try:
            config = resolve(self.base, setting)
        except ConfigError as error:  # two values that do not go together; the ends of the space were checked
            if one.state.name == RUNNING:
                self.study.end(one.number, FAIL, notes={"kind": REFUSED, "reason": str(error)})
            return
        seeded = [config.model_copy(update={"seed": seed}) for seed in self.seeds]
        changes = {key: value for key, (value, _) in setting.items()}
        trials = tuple(Trial(each.digest(), each, changes) for each in seeded)
        tried = self.tried.setdefault(trials[0].digest, Tried(changes, trials, []))
        tried.numbers.append(one.number)
        self.numbers[one.number] = tried
        self.by_digest |= {trial.digest: tried for trial in tried.trials}

    def known(self, trial: Trial, run: RunFolder | None) -> Outcome | None:
        """What has become of a trial that was just claimed, if others have ended it meanwhile, or a kill came before its end.

        Args:
            trial: nobody else works on it now.
            run: of an earlier try.
        """
        tried = self.by_digest[trial.digest]
        with self.claims.locked():
            self.refresh()
            if tried.state == RUNNING and run is not None and self.search.pruner != "none":
                self.catch_up(tried, run)
            return None if tried.state == RUNNING else tried.outcome(trial, self.folder.runs)

    def catch_up(self, tried: Tried, run: RunFolder) -> None:
        """Report the epochs that were trained and not reported before a kill, and end the trial if it had been stopped."""
        number = tried.numbers[0]
        tried.is_condemned = self.study.should_prune(number)
        reported = self.study.reported(number)
        for record in run.read_metrics():
            value = record.get("validation", {}).get(metric_of(self.search.objective[0]))
            if not tried.is_condemned and record["epoch"] not in {0, *reported} and value is not None:
                tried.is_condemned = self.study.report(number, record["epoch"], value)
        if tried.is_condemned:
            tried.outcomes = {
                trial.digest: Outcome(trial.digest, PRUNED_RUN, str(run.path), PRUNED_WHY) for trial in tried.trials
            }
            self.end(tried)

    def epoch(self, digest: str, epoch: int, metrics: dict[str, float]) -> bool:
        """Report an epoch; whether the trial should be stopped. What comes after that is not reported."""
        tried = self.by_digest[digest]
        value = metrics.get(metric_of(self.search.objective[0]))
        if self.search.pruner == "none" or epoch == 0 or value is None or tried.is_condemned or tried.state != RUNNING:
            return False
        tried.is_condemned = self.study.report(tried.numbers[0], epoch, value)
        return tried.is_condemned

    def tell(self, outcome: Outcome) -> None:
        """Take note of the end of a run; the last one of a setting ends its trial in the study."""
        tried = self.by_digest[outcome.digest]
        tried.outcomes[outcome.digest] = outcome
        if tried.state == RUNNING and len(tried.outcomes) == len(tried.trials):
            with self.claims.locked():
                self.refresh()
                if tried.state == RUNNING:
                    self.end(tried)

    def end(self, tried: Tried) -> None:
        """End a setting with what its runs came to; one that was stopped is pruned, even if it was too late to stop it."""
        outcomes = [tried.outcomes[trial.digest] for trial in tried.trials]
        if any(outcome.kind == FAILED and outcome.is_machine for outcome in outcomes):
            return  # says nothing about the setting: it stays open, and the same command goes on with it
        bad = [outcome for outcome in outcomes if outcome.kind in (FAILED, DIVERGED)]
        tried.runs = [outcome.run and Path(outcome.run).name for outcome in outcomes]
        if bad:
            tried.state, tried.reason = FAIL, bad[0].reason
            tried.kind = FAILED if any(outcome.kind == FAILED for outcome in bad) else DIVERGED
        elif tried.is_condemned or any(outcome.kind == PRUNED_RUN for outcome in outcomes):
            tried.state = PRUNED
        else:
            tried.values = [self.mean(name, outcomes) for name in self.search.objective]
            tried.state = COMPLETE if None not in tried.values else FAIL
        for number in tried.numbers:
            self.end_one(number, tried)

    def end_one(self, number: int, tried: Tried) -> None:
        """Write the end of a setting into one trial of the study."""
        notes = {"runs": tried.runs, "kind": tried.kind, "reason": tried.reason}
        self.study.end(
            number, tried.state, tried.values if tried.state == COMPLETE else None, notes=notes, like=tried.numbers[0]
        )

    def mean(self, objective: str, outcomes: list[Outcome]) -> float | None:
        """The mean of an objective over the runs of a setting; None where it is no finite number.

        Raises:
            ConfigError: the runs do not have it at all.
        """
        measured = [measured_by(RunFolder(Path(outcome.run))) for outcome in outcomes]
        if any(metric_of(objective) not in held for held in measured):
            where = self.document.locate(("search", "objective"))
            there = ", ".join(name if name == TRAIN_S else f"validation.{name}" for name in measured[0])
            raise ConfigError(
                [Problem(where, "search", f"objective {objective}: is not measured on this data; there are {there}")]
            )
        values = [held[metric_of(objective)] for held in measured]
        return None if None in values else sum(values) / len(values)


def measured_by(run: RunFolder) -> dict[str, float | None]:
    """What may be an objective, of the checkpoint that was judged: the metrics of its epoch, and those of the suite."""
    summary = run.read_summary()
    epoch = next((one for one in run.read_metrics() if one.get("epoch") == summary.get("judged_epoch")), {})
    return {**epoch.get("validation", {}), **summary.get("validation", {}), TRAIN_S: summary.get(TRAIN_S)}


def expected_trials(asked: Sweep, document: Document, path: Path, folder: SweepFolder, plan: Plan) -> list[Trial]:
    """Stand-ins for the runs that a search will still make, to tell its time and size beforehand: from the ends of its space."""
    base = read_base(asked, document, path)
    ends = [Trial("", resolve(base, setting), {}) for setting in corners(asked.search, document)]
    left = asked.search.trials * len(set(asked.seeds))
    if (folder.path / "search.log").exists() and folder.claims.is_dir():
        source = Search(asked, document, path, folder, plan)
        left = source.total - source.spared - len(source.ended)
    return list(itertools.islice(itertools.cycle(ends), left))

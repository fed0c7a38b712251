"""A search as a source of trials: what to try next, and what became of it.

The state is the study (`search.log`) and the run folders, nothing else: a process that starts, or starts again after a
kill, reads both and goes on. A trial of the study is one setting; it is trained once with every seed, and its value is
the mean.
"""

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.config.yaml_source import Document
from aecli.errors import ConfigError, UsageError, known
from aecli.files.json_files import write_json
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.document import Sweep, search_of
from aecli.sweep.planning.objectives import metric_of
from aecli.sweep.planning.plan import read_base, resolve
from aecli.sweep.planning.trial import Plan, Trial
from aecli.sweep.record.claims import Claims
from aecli.sweep.record.outcome import COMPLETED, DIVERGED, PRUNED_WHY, TrialOutcome
from aecli.sweep.record.outcome import PRUNED as PRUNED_RUN
from aecli.sweep.record.sweep_folder import SweepFolder, plan_record
from aecli.sweep.search.samplers import from_optuna
from aecli.sweep.search.search_rules import corners, place
from aecli.sweep.search.study import COMPLETE, FAIL, RUNNING, Study
from aecli.sweep.search.tried import REFUSED, Tried
from aecli.text import shell_word

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial


class SearchSource:
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

    def __init__(self, asked: Sweep, document: Document, path: Path, folder: SweepFolder, plan: Plan) -> None:
        self.search, self.seeds = search_of(asked), list(dict.fromkeys(asked.seeds))
        self.document, self.folder, self.plan = document, folder, plan
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
        told = self.search.model_dump(mode="json", exclude={"trials"}) | {"seeds": self.seeds}
        if changed := self.study.refuse_another(told):
            names = ", ".join(key if key == "seeds" else f"search.{key}" for key in changed)
            raise UsageError(
                f"{self.folder.path}: its search was begun with another {names}, and what it has learnt does not fit; "
                f"undo the change, or fork: aecli sweep ... --out {shell_word(f'{self.folder.path}-2')}"
            )

    def accepts(self, outcome: TrialOutcome) -> bool:
        """A search learns from a divergence as from a number."""
        return outcome.kind in (COMPLETED, PRUNED_RUN, DIVERGED)

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
    def ended(self) -> dict[str, TrialOutcome]:
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
            plan = Plan(tuple(self.trials), self.plan.base_sha256, 0, 0)
            write_json(self.folder.plan, plan_record(plan, self.total - self.spared))

    def enrol(self, one: "FrozenTrial") -> None:
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

    def known(self, trial: Trial, run: RunFolder | None) -> TrialOutcome | None:
        """What has become of a trial just claimed, if others have ended it meanwhile, or a kill came before its end.

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
        """Report the epochs that were trained and not reported before a kill; end the trial if it had been stopped."""
        number = tried.numbers[0]
        tried.is_condemned = self.study.should_prune(number)
        reported = self.study.reported(number)
        for record in run.read_metrics():
            value = record.get("validation", {}).get(metric_of(self.search.objective[0]))
            if not tried.is_condemned and record["epoch"] not in {0, *reported} and value is not None:
                tried.is_condemned = self.study.report(number, record["epoch"], value)
        if tried.is_condemned:
            tried.outcomes = {
                trial.digest: TrialOutcome(trial.digest, PRUNED_RUN, str(run.path), PRUNED_WHY)
                for trial in tried.trials
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

    def tell(self, outcome: TrialOutcome) -> None:
        """Take note of the end of a run; the last one of a setting ends its trial in the study."""
        tried = self.by_digest[outcome.digest]
        tried.outcomes[outcome.digest] = outcome
        if tried.state == RUNNING and len(tried.outcomes) == len(tried.trials):
            with self.claims.locked():
                self.refresh()
                if tried.state == RUNNING:
                    self.end(tried)

    def end(self, tried: Tried) -> None:
        """End a setting with what its runs came to, if that says something about it."""
        if tried.settle(self.document, self.search.objective):
            for number in tried.numbers:
                self.end_one(number, tried)

    def end_one(self, number: int, tried: Tried) -> None:
        """Write the end of a setting into one trial of the study."""
        notes = {"runs": tried.runs, "kind": tried.kind, "reason": tried.reason}
        values = [known(value) for value in known(tried.values)] if tried.state == COMPLETE else None
        self.study.end(number, tried.state, values, notes=notes, like=tried.numbers[0])


def expected_trials(
    asked: Sweep, document: Document, path: Path, folder: SweepFolder, plan: Plan
) -> tuple[list[Trial], list[Trial]]:
    """Stand-ins, from the ends of its space, for the runs a search will still make, and the runs it has come to."""
    base = read_base(asked, document, path)
    ends = [Trial("", resolve(base, setting), {}) for setting in corners(search_of(asked), document)]
    left, known = search_of(asked).trials * len(set(asked.seeds)), []
    if (folder.path / "search.log").exists() and folder.claims.is_dir():
        source = SearchSource(asked, document, path, folder, plan)
        left, known = source.total - source.spared - len(source.ended), source.trials
    return list(itertools.islice(itertools.cycle(ends), left)), known

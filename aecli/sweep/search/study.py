"""The study of a search: what was tried and what it gave, in `search.log` of the sweep folder. All of Optuna is here.

Optuna's samplers keep their random state in memory, where a kill loses it. So each setting gets a sampler of its own, seeded
by the seed of the search and the number of the setting: with one worker the same seed gives the same settings, also across
a kill. With several workers the order in which trials end decides too.
"""

import hashlib
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from aecli.errors import RunFolderError
from aecli.runs.files import cannot_write
from aecli.sweep.planning.distributions import Choice, LogUniform, LogWhole, Uniform
from aecli.sweep.planning.document import Search
from aecli.sweep.search.search_rules import better

NAME = "search"
ABANDONED = "abandoned"
"""Mark of a trial whose process died while it was being made: it was never tried and counts for nothing."""
RUNNING = "RUNNING"
COMPLETE, PRUNED, FAIL = "COMPLETE", "PRUNED", "FAIL"


class FileLock:
    """A lock of the operating system, which frees it when a process is killed; Optuna's own would be waited for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor: int | None = None

    def acquire(self) -> bool:
        """Wait until it is ours."""
        import fcntl

        self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT)
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        return True

    def release(self) -> None:
        """Give it back."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


def make_lock(path: Path) -> Any:
    """The best lock there is on this system; None is Optuna's default."""
    try:
        import fcntl  # noqa: F401
    except ImportError:  # Windows
        return None
    return FileLock(path.with_name(f"{path.name}.lock"))


def to_optuna(space: Any) -> Any:
    """A distribution of the YAML as Optuna's; a choice is searched by its position, since its values may be sections."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(space, Choice):
        return CategoricalDistribution(tuple(range(len(space.choice))))
    low, high = next(iter(space.model_dump().values()))
    kind = FloatDistribution if isinstance(space, (Uniform, LogUniform)) else IntDistribution
    return kind(low, high, log=isinstance(space, (LogUniform, LogWhole)))


def from_optuna(search: Search, params: dict[str, Any]) -> dict[str, Any]:
    """Key -> value, from the parameters of a trial of the study."""
    return {
        key: space.choice[params[key]] if isinstance(space, Choice) else params[key]
        for key, space in search.space.items()
    }


def seed_of(seed: int, number: int) -> int:
    """The seed of one setting's sampler, in 31 bits."""
    return int.from_bytes(hashlib.sha256(f"{seed} {number}".encode()).digest()[:4], "big") >> 1


def make_sampler(search: Search, number: int) -> Any:
    """The sampler for the setting of this number."""
    from optuna import samplers

    seed = seed_of(search.seed, number)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some are marked experimental
        if search.sampler == "tpe":  # the liar keeps workers from trying the same thing at the same time
            return samplers.TPESampler(seed=seed, constant_liar=True)
        if search.sampler == "qmc":  # one sequence, whose position is in the study
            first = samplers.RandomSampler(seed=seed)
            shared = seed_of(search.seed, -1)
            return samplers.QMCSampler(
                scramble=True, seed=shared, independent_sampler=first, warn_independent_sampling=False
            )
        if search.sampler == "cmaes":
            return samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False)
        if search.sampler == "nsga2":  # Optuna's 50 would leave 50 trials without a second generation
            return samplers.NSGAIISampler(seed=seed, population_size=min(50, max(4, search.trials // 5)))
        return samplers.RandomSampler(seed=seed)


class Study:
    """One search in its file; whoever asks or tells holds the lock of the sweep folder.

    Args:
        path: the file, made if it is missing.
        search: what is searched.
    """

    def __init__(self, path: Path, search: Search) -> None:
        import optuna
        from optuna.storages.journal import JournalFileBackend, JournalStorage

        optuna.logging.set_verbosity(logging.WARNING)
        lock = make_lock(path)
        drop_torn_line(path, lock)
        self.search = search
        self.space = {key: to_optuna(space) for key, space in search.space.items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.storage = JournalStorage(refusing_in_words(JournalFileBackend(str(path), lock_obj=lock), path, lock))
            self.study = optuna.create_study(
                storage=self.storage,
                study_name=NAME,
                directions=["minimize" if better(name) == "lower" else "maximize" for name in search.objective],
                pruner=optuna.pruners.MedianPruner() if search.pruner == "median" else optuna.pruners.NopPruner(),
                load_if_exists=True,
            )
        self.study_id = self.storage.get_study_id_from_name(NAME)

    def trials(self) -> list[Any]:
        """Everything that was tried, by whichever process; what was abandoned is left out."""
        return [trial for trial in self.study.get_trials(deepcopy=False) if ABANDONED not in trial.user_attrs]

    def abandon_unfinished(self) -> None:
        """Put trials aside that a process was making when it died: they lack parameters."""
        for trial in self.trials():
            if trial.state.name == RUNNING and trial.params.keys() != self.space.keys():
                self.end(trial.number, FAIL, notes={ABANDONED: True})

    def ask(self, number: int) -> None:
        """Let the sampler choose the setting of this number, and put it into the study."""
        self.study.sampler = make_sampler(self.search, number)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.study.ask(self.space)

    def id_of(self, number: int) -> int:
        """What the storage calls a trial."""
        return self.storage.get_trial_id_from_study_id_trial_number(self.study_id, number)

    def note(self, number: int, key: str, value: Any) -> None:
        """Write something beside a trial that runs."""
        self.storage.set_trial_user_attr(self.id_of(number), key, value)

    def report(self, number: int, epoch: int, value: float) -> bool:
        """Note the objective after an epoch; return whether the pruner has seen enough."""
        self.storage.set_trial_intermediate_value(self.id_of(number), epoch, value)
        return self.should_prune(number)

    def should_prune(self, number: int) -> bool:
        """Whether the pruner has seen enough of what was reported."""
        trial = self.storage.get_trial(self.id_of(number))
        return bool(trial.intermediate_values) and self.study.pruner.prune(self.study, trial)

    def reported(self, number: int) -> dict[int, float]:
        """Epoch -> what was reported."""
        return self.storage.get_trial(self.id_of(number)).intermediate_values

    def end(
        self,
        number: int,
        state: str,
        values: list[float] | None = None,
        *,
        notes: dict[str, Any],
        like: int | None = None,
    ) -> None:
        """End a trial with notes; one that has ended stays as it is.

        Args:
            number: of the trial.
            state: how it ended.
            values: of the objectives, if it is complete.
            notes: written beside it.
            like: a trial with the same setting, whose reports are taken over.
        """
        from optuna.trial import TrialState

        if self.storage.get_trial(self.id_of(number)).state.is_finished():
            return
        for key, value in notes.items():
            self.note(number, key, value)
        if like not in (None, number):
            for epoch, value in self.reported(like).items():
                self.storage.set_trial_intermediate_value(self.id_of(number), epoch, value)
        self.study.sampler = make_sampler(self.search, number)
        self.study.tell(number, values, state=TrialState[state], skip_if_finished=True)

    def best(self) -> list[Any]:
        """The completed trials, best first; with several objectives the Pareto front."""
        if len(self.search.objective) > 1:
            return sorted(self.study.best_trials, key=lambda trial: trial.values)
        sign = 1 if better(self.search.objective[0]) == "lower" else -1
        return sorted(
            (one for one in self.trials() if one.state.name == COMPLETE), key=lambda one: sign * one.values[0]
        )

    def refuse_another(self, asked: dict[str, Any]) -> list[str]:
        """Remember what is searched, or name what differs from what was remembered."""
        known = self.study.user_attrs.get("asked")
        if known is None:
            self.study.set_user_attr("asked", asked)
            return []
        return [key for key in asked if known.get(key) != asked[key]]


def drop_torn_line(path: Path, lock: Any = None) -> None:
    """Cut off a last line that a full disk or a power cut left half written: nothing can be appended to it.

    Args:
        path: the log.
        lock: of the log, so that it is nobody's who is just writing it; None where there is none.

    Raises:
        RunFolderError: the log cannot be written.
    """
    try:
        if path.exists():
            with held(lock):
                content = path.read_bytes()
                whole = content.rfind(b"\n") + 1
                if whole < len(content):
                    os.truncate(path, whole)
    except OSError as error:
        raise cannot_write(path, error) from error


@contextmanager
def held(lock: Any) -> Iterator[None]:
    """Have a lock while inside."""
    if lock is not None:
        lock.acquire()
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def refusing_in_words(backend: Any, path: Path, lock: Any) -> Any:
    """Optuna's log with our error where it cannot be written; what a full disk left half written is taken back."""
    append = backend.append_logs

    def append_logs(logs: list[dict[str, Any]]) -> None:
        try:
            append(logs)
        except OSError as error:
            with suppress(RunFolderError):
                drop_torn_line(path, lock)
            raise cannot_write(path, error) from error

    backend.append_logs = append_logs
    return backend

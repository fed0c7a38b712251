"""The study of a search: what was tried and what it gave, in `search.log` of the sweep folder."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aecli.sweep.planning.document import Search
from aecli.sweep.planning.objectives import better
from aecli.sweep.search.samplers import make_sampler, to_optuna
from aecli.sweep.search.search_log import drop_torn_line, make_lock, refusing_in_words

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

NAME = "search"
ABANDONED = "abandoned"
"""Mark of a trial whose process died while it was being made: it was never tried and counts for nothing."""
RUNNING = "RUNNING"
COMPLETE, PRUNED, FAIL = "COMPLETE", "PRUNED", "FAIL"


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
            log = JournalFileBackend(str(path), lock_obj=lock)  # type: ignore[arg-type]  # it has what Optuna calls
            self.storage = JournalStorage(refusing_in_words(log, path, lock))
            self.study = optuna.create_study(
                storage=self.storage,
                study_name=NAME,
                directions=["minimize" if better(name) == "lower" else "maximize" for name in search.objective],
                pruner=optuna.pruners.MedianPruner() if search.pruner == "median" else optuna.pruners.NopPruner(),
                load_if_exists=True,
            )
        self.study_id = self.storage.get_study_id_from_name(NAME)

    def trials(self) -> list["FrozenTrial"]:
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

    def note(self, number: int, key: str, value: object) -> None:
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
        values: Sequence[float] | None = None,
        *,
        notes: Mapping[str, object],
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

    def best(self) -> list["FrozenTrial"]:
        """The completed trials, best first; with several objectives the Pareto front."""
        if len(self.search.objective) > 1:
            return sorted(self.study.best_trials, key=lambda trial: trial.values)
        sign = 1 if better(self.search.objective[0]) == "lower" else -1
        return sorted(
            (one for one in self.trials() if one.state.name == COMPLETE), key=lambda one: sign * one.values[0]
        )

    def refuse_another(self, asked: dict[str, object]) -> list[str]:
        """Remember what is searched, or name what differs from what was remembered."""
        known = self.study.user_attrs.get("asked")
        if known is None:
            self.study.set_user_attr("asked", asked)
            return []
        return [key for key in asked if known.get(key) != asked[key]]

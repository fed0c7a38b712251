"""Trials on a Ray cluster: a worker process on every place it has, runs brought home, lost nodes made up for."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aecli import __version__
from aecli.errors import UsageError
from aecli.sweep.engines.messages import TrialDone, TrialEvent
from aecli.sweep.engines.outside import registered_outside
from aecli.sweep.engines.ray_cluster import first_line, places, room_for
from aecli.sweep.engines.ray_node import Greeting, Node, write_off
from aecli.sweep.engines.ray_place import Place, bring_home
from aecli.sweep.engines.train_trial import outcome_of_error
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.archive import pack
from aecli.sweep.record.outcome import FAILED, INTERRUPTED, TrialOutcome

if TYPE_CHECKING:
    from ray import ObjectRef
    from ray.exceptions import RayError, RayTaskError

POLL_S = 0.5
NODE_POLL_S = 1.0
"""Seconds a node waits for news before it answers that there are none; what else is asked of it waits as long."""
LOOK_S = 2.0
"""Seconds between two looks at the size of the cluster."""
LAST_WRITES_S = 3.0
"""Seconds between the loss of a trial and its next try; a process whose node is gone stops within them."""
GRACE_S = 45.0
"""Seconds for checkpoints and their way home after everything was asked to stop; a node gives its worker 30."""
MOST_STILLBORN = 5
"""So many workers may die one after the other before the first is ready."""


class RayEngine:
    """Trains trials on the Ray cluster this process is connected to.

    Args:
        most: how many at the same time, however big the cluster is or becomes.
        threads: CPUs of each.
        runs: the folder of the runs.
        is_gpu: give each trial a GPU.
        may_share: False brings all runs home through Ray, even where nodes see the folder of the runs.

    Raises:
        UsageError: no node is big enough for a trial.
    """

    def __init__(self, most: int, threads: int, runs: Path, *, is_gpu: bool = False, may_share: bool = True) -> None:
        import ray

        self.most, self.threads, self.runs, self.is_gpu = most, threads, runs, is_gpu
        # Ray's types know no actor that is made without a decorator
        self.actor_class: Any = ray.remote(num_cpus=threads, num_gpus=int(is_gpu), max_restarts=0)(Node)
        self.places: list[Place] = []
        self.lost: list[tuple[float, Trial]] = []
        """Trials whose node was lost, and when to say so."""
        self.stillborn = 0
        self.last_look = float("-inf")
        room_for(threads, is_gpu)
        self.token = runs.resolve().parent / f".seen-{secrets.token_hex(8)}" if may_share else None
        if self.token is not None:
            self.token.touch()
        self.grow()

    def grow(self) -> None:
        """Use the room there is: nodes join and leave."""
        if time.monotonic() - self.last_look < LOOK_S:
            return
        self.last_look = time.monotonic()
        while len(self.places) < min(self.most, places(self.threads, self.is_gpu)):
            actor = self.actor_class.remote()
            self.places.append(Place(actor, actor.version.remote()))

    @property
    def free(self) -> int:
        """How many more trials can be submitted now; a place that Ray has not found room for yet does not count."""
        return sum(place.is_ready and place.trial is None for place in self.places)

    @property
    def next_pid(self) -> int:
        """This process: it answers for what its nodes do."""
        return os.getpid()

    def submit(self, trial: Trial, resumable: Path | None) -> None:
        """Give a trial to a place that is free."""
        place = next(place for place in self.places if place.is_ready and place.trial is None)
        place.trial, place.earlier = trial, resumable.name if resumable else None
        archive = pack(resumable) if resumable and not place.is_shared else None
        place.call = place.actor.begin.remote(trial.digest, trial.config.plain(), place.earlier, archive)

    def prune(self, digest: str) -> None:
        """Stop a trial after its current epoch."""
        for place in self.places:
            if place.trial and place.trial.digest == digest:
                place.actor.prune.remote(digest)

    def events(self, timeout_s: float = POLL_S) -> Iterator[TrialEvent]:
        """What happened; waits at most so long."""
        import ray

        self.grow()
        yield from self.overdue()
        waiting = {place.call: place for place in self.places if place.call is not None}
        if not waiting:
            time.sleep(timeout_s)
            return
        ray.wait(list(waiting), num_returns=1, timeout=timeout_s)
        for call in ray.wait(list(waiting), num_returns=len(waiting), timeout=0)[0]:
            place = waiting[call]
            place.call = None
            yield from self.hear(place, call)
            if place.trial is not None and place.call is None and place in self.places:
                place.call = place.actor.events.remote(NODE_POLL_S)

    def hear(self, place: Place, call: "ObjectRef", timeout_s: float | None = None) -> Iterator[TrialEvent]:
        """Take an answer of a place, or its death."""
        import ray

        try:
            answer = ray.get(call, timeout=timeout_s)
        except ray.exceptions.RayTaskError as error:
            yield from self.mishap(place, error)
        except ray.exceptions.RayError as error:
            self.bury(place, error)
        else:
            if isinstance(answer, str):
                self.greet(place, answer)
            elif isinstance(answer, tuple):
                (place.is_shared, place.runs), place.is_ready, self.stillborn = answer, True, 0
            else:
                yield from (bring_home(place, event, self.runs) for event in answer)

    def greet(self, place: Place, version: str) -> None:
        """Tell a node what it needs to know.

        Raises:
            UsageError: it has another version of aecli.
        """
        if version != __version__:
            raise UsageError(
                f"a node of the Ray cluster has aecli {version}, and here it is {__version__}; install the same on both"
            )
        token = self.token.name if self.token else None
        greeting = Greeting(
            str(self.runs.resolve()),
            token,
            directory=str(Path.cwd()),
            threads=self.threads,
            is_gpu=self.is_gpu,
            outside=registered_outside(),
        )
        place.call = place.actor.hello.remote(greeting)

    def mishap(self, place: Place, error: "RayTaskError") -> Iterator[TrialEvent]:
        """Something else than the training went wrong on a node, such as a full disk.

        Raises:
            AecliError: before its first trial.
        """
        cause = getattr(error, "cause", None) or error
        if not place.is_ready:
            raise UsageError(f"a node of the Ray cluster cannot work: {first_line(cause)}")
        trial, place.trial = place.trial, None
        if trial is not None:
            yield TrialDone(outcome_of_error(trial.digest, cause, None))

    def bury(self, place: Place, error: "RayError") -> None:
        """A place is gone; remember the trial that was lost with it.

        Raises:
            UsageError: aecli is not installed there, or one place after the other dies at its start.
        """
        import ray

        self.places.remove(place)
        self.last_look = float("-inf")  # another one may be put in its place at once
        with suppress(Exception):
            ray.kill(place.actor)
        if place.trial is not None:
            self.lost.append((time.monotonic() + LAST_WRITES_S, place.trial))
        if place.is_ready:
            return
        if "No module named" in str(error):
            raise UsageError(
                f"a node of the Ray cluster has no aecli; on each node: pip install 'aecli[ray]=={__version__}'"
            )
        self.stillborn += 1
        if self.stillborn >= MOST_STILLBORN:
            raise UsageError(f"the workers on the Ray cluster die as they start: {first_line(error)}")

    def overdue(self) -> Iterator[TrialEvent]:
        """Tell of lost trials once nothing can write into their runs any more."""
        due = [trial for when, trial in self.lost if when <= time.monotonic()]
        self.lost = [one for one in self.lost if one[1] not in due]
        for trial in due:
            write_off(self.runs, trial.digest)
            reason = "its Ray node was lost"
            yield TrialDone(TrialOutcome(trial.digest, FAILED, None, reason, is_machine=True, is_lost=True))

    def stop(self) -> Iterator[TrialEvent]:
        """Ask every place to stop with a checkpoint, and bring home what there is."""
        deadline = time.monotonic() + GRACE_S
        ready = [place for place in self.places if place.is_ready]
        calls: list[tuple[ObjectRef | None, ObjectRef]] = [(place.call, place.actor.stop.remote()) for place in ready]
        for place, (before, last) in zip(ready, calls, strict=True):
            for call in (before, last):
                if call is not None and place in self.places:
                    yield from self.hear(place, call, max(0.1, deadline - time.monotonic()))
        rest = [trial for _, trial in self.lost] + [place.trial for place in self.places if place.trial]
        self.lost = []
        for trial in rest:
            yield TrialDone(TrialOutcome(trial.digest, INTERRUPTED, None, "stopped"))
        self.close()

    def close(self) -> None:
        """Give the places back to the cluster."""
        import ray

        for place in self.places:
            with suppress(Exception):
                ray.kill(place.actor)
        self.places = []
        if self.token is not None:
            self.token.unlink(missing_ok=True)

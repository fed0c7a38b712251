"""What runs on a node of a Ray cluster: a worker process as on one machine, asked and heard through Ray.

Where the sweep's folder can be seen from the node, runs are made in it; elsewhere in a temporary folder, and come back
as bytes.
"""

import os
import shutil
import socket
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from aecli.files.json_files import read_json
from aecli.runs.folder import RunFolder
from aecli.sweep.engines.local import LocalEngine
from aecli.sweep.engines.messages import EpochDone, TrialEvent
from aecli.sweep.engines.outside import OutsideModules
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.archive import pack, unpack


@dataclass(frozen=True)
class Greeting:
    """What a node has to know before its first trial."""

    runs: str
    """The sweep's folder of runs, as the sweep's process sees it."""
    token: str | None
    """A file beside it that only this sweep has; None: do not look."""
    directory: str
    """Where the sweep was started: relative paths in configs mean files below it."""
    threads: int
    is_gpu: bool
    outside: OutsideModules
    """What has to be imported before a config is read."""


class Node:
    """One place for trials; an actor of Ray."""

    def version(self) -> str:
        """Of aecli on this node."""
        from aecli import __version__

        return __version__

    def hello(self, greeting: Greeting) -> tuple[bool, str]:
        """Get ready.

        Returns: whether it sees the sweep's folder, and the folder in which it makes runs.

        Raises:
            UsageError: a module that registered names where the sweep was started cannot be imported here.
        """
        if Path(greeting.directory).is_dir():
            os.chdir(greeting.directory)
        greeting.outside.load()  # its worker process will be told of what is registered here
        if not greeting.is_gpu:  # Ray gave this actor none, and `device: auto` must not take one from others
            os.environ["CUDA_VISIBLE_DEVICES"] = ""
        runs = Path(greeting.runs)
        self.is_shared = (
            greeting.token is not None and (runs.parent / greeting.token).is_file() and os.access(runs, os.W_OK)
        )
        self.scratch = None if self.is_shared else Path(tempfile.mkdtemp(prefix="aecli-"))
        self.runs = runs if self.scratch is None else self.scratch / "runs"
        self.engine = LocalEngine(1, greeting.threads, self.runs)
        return self.is_shared, str(self.runs)

    def begin(
        self, digest: str, config: dict[str, object], earlier: str | None, archive: bytes | None
    ) -> list[TrialEvent]:
        """Start a trial.

        Args:
            digest: of its config.
            config: as plain data.
            earlier: the name of the run folder of an earlier try.
            archive: that folder, where it cannot be seen from here.

        Returns: nothing yet.
        """
        from aecli.config.load import load_config

        if not self.is_shared:  # the run before has arrived, or this would not have been asked
            shutil.rmtree(self.runs, ignore_errors=True)
        if archive is not None:
            unpack(archive, self.runs)
        self.engine.submit(Trial(digest, load_config(config), {}), self.runs / earlier if earlier else None)
        return []

    def events(self, timeout_s: float) -> list[TrialEvent]:
        """What happened, with the run folder as bytes where a trial ended; waits at most so long."""
        return [self.with_archive(event) for event in self.engine.events(timeout_s)]

    def prune(self, digest: str) -> None:
        """Stop a trial after its current epoch."""
        self.engine.prune(digest)

    def stop(self) -> list[TrialEvent]:
        """Stop with a checkpoint; what became of the trial."""
        told = [self.with_archive(event) for event in self.engine.stop()]
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)
        return told

    def with_archive(self, event: TrialEvent) -> TrialEvent:
        """The end of a trial with its run folder, where that cannot be seen from elsewhere."""
        if isinstance(event, EpochDone):
            return event
        write_off(self.runs, event.outcome.digest)
        folder = None if self.is_shared else next(self.runs.glob("*/config.yaml"), None)
        return replace(event, archive=None if folder is None else pack(folder.parent))


def write_off(runs: Path, digest: str) -> None:
    """Mark the runs of a trial as interrupted whose process is gone, or was on a node that is.

    Elsewhere a run that died with its process would be believed to be alive until its last heartbeat is old enough.
    """
    for path in runs.iterdir() if runs.is_dir() else []:
        status = read_json(path / "status.json") or {}
        if status.get("config_sha256") != digest or status.get("status") != "running":
            continue
        run = RunFolder(path)
        if status.get("host") != socket.gethostname() or run.read_status()["status"] != "running":
            run.write_status("interrupted", reason=f"its process {status.get('pid')} on {status.get('host')} is gone")

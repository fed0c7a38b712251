"""An engine for tests that trains in this process, one trial at a time, and a watcher that remembers how trials ended."""

import queue
import threading
from pathlib import Path

from aecli.sweep.engines.work import Reporter, work


class OneThread:
    """An engine that trains one trial at a time in this process; an epoch waits until it was heard."""

    def __init__(self, runs: Path) -> None:
        self.runs, self.said, self.heard = runs, queue.Queue(), threading.Semaphore(0)
        self.free, self.next_pid, self.pruned = 1, 1, set()

    def submit(self, trial, resumable):
        self.free = 0

        def tell(epoch, epochs, metrics):
            self.said.put(("epoch", trial.digest, epoch, epochs, metrics))
            self.heard.acquire()

        reporter = Reporter(tell, lambda: trial.digest in self.pruned)
        threading.Thread(
            target=lambda: self.said.put(("done", work(trial.digest, trial.config, self.runs, resumable, reporter)))
        ).start()

    def prune(self, digest):
        self.pruned.add(digest)

    def events(self):
        event = self.said.get()
        self.free = int(event[0] == "done")
        yield event
        if event[0] == "epoch":
            self.heard.release()

    def stop(self):
        return iter(())


class Watcher:
    """Remembers how trials ended."""

    def __init__(self):
        self.kinds = []

    def begin(self, total, done):
        pass

    def started(self, trial):
        pass

    def epoch(self, trial, epoch, epochs, metrics):
        pass

    def finished(self, trial, outcome, done):
        self.kinds.append(outcome.kind)

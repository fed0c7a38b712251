"""An engine for tests that trains in this process, one trial at a time, and a watcher that remembers their ends."""

import queue
import threading
from pathlib import Path

from aecli.sweep.engines.messages import EpochDone, TrialDone
from aecli.sweep.engines.train_trial import Reporter, train_trial


class OneThread:
    """An engine that trains one trial at a time in this process; an epoch waits until it was heard."""

    def __init__(self, runs: Path) -> None:
        self.runs, self.said, self.heard = runs, queue.Queue(), threading.Semaphore(0)
        self.free, self.next_pid, self.pruned = 1, 1, set()

    def submit(self, trial, resumable):
        self.free = 0

        def tell(epoch, epochs, metrics):
            self.said.put(EpochDone(trial.digest, epoch, epochs, metrics))
            self.heard.acquire()

        reporter = Reporter(tell, lambda: trial.digest in self.pruned)

        def train():
            self.said.put(TrialDone(train_trial(trial.digest, trial.config, self.runs, resumable, reporter)))

        threading.Thread(target=train).start()

    def prune(self, digest):
        self.pruned.add(digest)

    def events(self):
        event = self.said.get()
        self.free = int(isinstance(event, TrialDone))
        yield event
        if isinstance(event, EpochDone):
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

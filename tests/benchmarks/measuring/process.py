"""One peer's process: started, asked for a turn, ended with all its children."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from textwrap import shorten
from typing import Any

from measuring.roster import PLAIN, Peer

PATIENCE_S = 300
"""For one answer."""
LONGEST = 160
"""Characters of a last line."""
TICKS = os.sysconf("SC_CLK_TCK")


class PeerFailed(Exception):
    """A peer could not be started, or ended, or did not answer; the message is what its row says."""


def environment(variables: dict[str, str]) -> dict[str, str]:
    """The caller's variables without those that set a number of threads: everyone uses all cores, as by default.

    OMP_WAIT_POLICY stays as the caller has it. By default PyTorch's and OpenBLAS' threads spin for a moment at the end
    of a product: the quickest way on an idle machine, and the slowest by far on a busy one.
    """
    kept = {key: value for key, value in os.environ.items() if "NUM_THREADS" not in key}
    return kept | PLAIN | variables


class PeerProcess:
    """A running peer, in a session of its own, so that Ctrl-C reaches only the driver; `close` it in any case.

    Raises:
        PeerFailed: it could not be started.
    """

    def __init__(self, peer: Peer, python: str, folder: Path) -> None:
        self.log = folder / f"{peer.name.replace('/', '_')}.log"
        self.overdue = False
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "start_new_session": True}
        options = {"env": environment(peer.variables)} | ({} if peer.ours else {"cwd": folder})
        self.began = time.perf_counter()
        with self.log.open("w") as log:
            try:
                self.process = subprocess.Popen(peer.command(python, folder), stderr=log, **options, **pipes)
            except OSError as error:
                raise PeerFailed(f"not installed: {python}: {error.strerror}") from error

    def wait_until_ready(self) -> dict[str, Any]:
        """Seconds from its start to its first step, and the versions it runs on.

        Raises:
            PeerFailed: it did not get through its imports and its set-up.
        """
        versions = self.answer("ready")["versions"]
        setup_s = time.perf_counter() - self.began
        self.slept_from = self.clocks()
        return {"setup_s": setup_s, "versions": versions}

    def turn(self) -> dict[str, Any]:
        """Let it run one epoch, and say what it measured, with the share of a core it used while it should sleep.

        Raises:
            PeerFailed: it ended or did not answer.
        """
        idle = self.idle_share()
        with contextlib.suppress(BrokenPipeError):  # the missing answer tells more
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        answer = self.answer("turn")
        self.slept_from = self.clocks()
        return answer | {"idle_cores": idle}

    def answer(self, event: str) -> dict[str, Any]:
        """The next line."""
        late = threading.Timer(PATIENCE_S, self.give_up)
        late.start()
        try:
            line = self.process.stdout.readline()
        finally:
            late.cancel()
        if not line:
            raise PeerFailed(f"no answer within {PATIENCE_S} s" if self.overdue else self.epitaph())
        answer = json.loads(line)
        if answer["event"] != event:
            raise PeerFailed(f"answered {answer['event']} where {event} was due")
        return answer

    def give_up(self) -> None:
        """It takes too long."""
        self.overdue = True
        self.kill()

    def kill(self) -> None:
        """End it and its children, now."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it and wait until it is gone."""
        self.kill()
        self.process.wait()

    def epitaph(self) -> str:
        """Why it ended: the code and the last line it wrote."""
        code = self.process.wait()
        words = [line.strip() for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        cause = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
        return f"{cause}: {shorten(words[-1], LONGEST, placeholder=' ...')}" if words else cause

    def clocks(self) -> tuple[float, float]:
        """Wall and processor seconds so far; the latter of all threads, 0 where there is no /proc."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return time.perf_counter(), 0.0
        return time.perf_counter(), (int(fields[11]) + int(fields[12])) / TICKS

    def idle_share(self) -> float:
        """Cores it kept busy since its last answer; more than .02 means that it spins and disturbs the others."""
        (wall, cpu), (now, used) = self.slept_from, self.clocks()
        return max(0.0, used - cpu) / max(now - wall, 1e-9)

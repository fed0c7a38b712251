"""Interleaved rounds: everyone sleeps but one, who runs one epoch; then the next."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring.process import PeerFailed, PeerProcess
from measuring.roster import Peer

Tell = Callable[[str], None]


@dataclass
class Lane:
    """A peer and what has been measured of it."""

    peer: Peer
    process: PeerProcess | None = None
    ready: dict[str, Any] = field(default_factory=dict)
    turns: list[dict[str, Any]] = field(default_factory=list)
    """The first is the warm-up."""
    failure: str | None = None

    def fail(self, when: str, why: PeerFailed) -> None:
        """Out of the race; what it measured until now is kept in the JSON."""
        self.failure = f"failed {when}: {why}"
        self.process = None


@contextlib.contextmanager
def started(peers: Sequence[Peer], pythons: dict[bool, str], folder: Path, tell: Tell) -> Iterator[list[Lane]]:
    """All peers, started one after the other, each until it is ready; in the end none of them is left.

    Args:
        peers: who takes part.
        pythons: the interpreter of the peers' environment and, under True, of aecli's.
        folder: with the data; the logs go there.
        tell: is told of the progress.
    """
    lanes = [Lane(peer) for peer in peers]
    with contextlib.ExitStack() as stack:
        for lane in lanes:
            try:
                lane.process = PeerProcess(lane.peer, pythons[lane.peer.ours], folder)
                stack.callback(lane.process.close)
                lane.ready = lane.process.wait_until_ready()
                tell(f"{lane.peer.name}: ready after {lane.ready['setup_s']:.1f} s")
            except PeerFailed as why:
                lane.fail("at the start", why)
                tell(f"{lane.peer.name}: {lane.failure}")
        yield lanes


def run_rounds(lanes: Sequence[Lane], rounds: int, tell: Tell) -> None:
    """One warm-up and `rounds` rounds; each starts with another peer, so that nobody always follows the same one."""
    for number in range(rounds + 1):
        first = number % len(lanes)
        for lane in (*lanes[first:], *lanes[:first]):
            take_turn(lane, "warm-up" if number == 0 else f"round {number} of {rounds}", tell)


def take_turn(lane: Lane, when: str, tell: Tell) -> None:
    """One epoch of one peer, if it is still there."""
    if lane.process is None:
        return
    try:
        lane.turns.append(lane.process.turn())
        tell(f"{when}: {lane.peer.name}: {lane.turns[-1]['seconds']:.3f} s")
    except PeerFailed as why:
        lane.fail(f"in {when}", why)
        tell(f"{lane.peer.name}: {lane.failure}")

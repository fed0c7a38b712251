"""Seconds per epoch: the main measurement, from the start of all processes to the three files."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from measuring.machine import describe_occasion
from measuring.picture import draw
from measuring.results import machine_limit, rows_of
from measuring.roster import products, trainers
from measuring.rounds import Tell, run_rounds, started
from measuring.tables import markdown

ROUNDS = 7


def run(options: Namespace, folder: Path, tell: Tell) -> tuple[str, bool]:
    """Measure and write; the table, and whether anyone is in it."""
    rounds = options.rounds or ROUNDS
    result = describe_occasion() | {"rounds": rounds, "reference": options.configs[0], "images": options.images}
    pythons = {True: sys.executable, False: options.peers_python}
    training, multiplying = list(trainers(options.configs, options.images)), list(products())
    with started([*training, *multiplying], pythons, folder, tell) as lanes:
        run_rounds(lanes, rounds, tell)
    result["limit"] = machine_limit(lanes[len(training) :], options.images)
    result["rows"] = rows_of(lanes[: len(training)], result["limit"], options.images)
    measured = any("epoch_s" in row for row in result["rows"])
    text = markdown(result)
    (options.out / "peers.md").write_text(text)
    (options.out / "peers.json").write_text(json.dumps(result, indent=2) + "\n")
    if measured:
        draw(result, options.out / "peers.png")
    return text, measured

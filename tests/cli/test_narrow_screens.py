"""Every command that prints a table, on narrow screens: numbers and headings are whole, and a note names the rest."""

import json
import re
from pathlib import Path

import pytest
from in_process import call_main

import aecli
from aecli import console
from aecli.console.printing import number
from aecli.console.sweep_results import show_sweep_state
from aecli.sweep.record.sweep_folder import SweepFolder
from aecli.sweep.record.sweep_status import SweepState, TrialState

WIDTHS = (40, 60, 80, 120)
WIDE = 400
TABLES = {"comparison", "ranked_table", "dose_response", "recommendation", "runs", "sweep_results", "tuned_verdicts"}
"""Modules whose tables are tried here."""


def tables(text):
    """The lines of every table: its heads, and its rows."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if line.strip() and not line.strip().strip("─"):
            start = max(above for above in range(at) if not lines[above].strip())
            end = next(below for below in range(at, len(lines)) if not lines[below].strip())
            yield lines[start + 1 : at], lines[at + 1 : end]


def check_screens(print_at):
    """Hold what is printed on narrow screens against what is printed on a wide one.

    Args:
        print_at: columns of the screen -> what is printed there.
    """
    wide = print_at(WIDE)
    whole = list(tables(wide))
    words = set(wide.split())
    cells = {cell for _, rows in whole for row in rows for cell in re.split(r" {2,}", row.strip())}
    assert whole and "too narrow" not in wide
    for width in WIDTHS:
        text = print_at(width)
        found = list(tables(text))
        assert 0 < len(found) <= len(whole)
        for heads, rows in found:
            assert max(map(len, heads + rows)) <= width
            assert {word for line in heads for word in line.split()} <= words
            for row in rows:
                _, *others = re.split(r" {2,}", row.rstrip())
                assert {cell for cell in others if re.match(r"[-+(]*\d", cell)} <= cells
                assert {word for word in row.split() if "…" not in word} <= words
        shown, all_of = ({word for heads, _ in some for word in " ".join(heads).split()} for some in (found, whole))
        if shown < all_of:
            assert re.search(r"too narrow for .+: set COLUMNS to \d+, or see \S+", " ".join(text.split()))


@pytest.fixture
def screen(monkeypatch):
    """A function that runs a command on a screen of so many columns."""

    def show(*arguments):
        def print_at(width):
            monkeypatch.setenv("COLUMNS", str(width))
            done = call_main(*map(str, arguments))
            assert done.returncode == 0, done.stderr
            return done.stdout

        return print_at

    return show


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of a net that is small but for its last layer."""
    sets = ["data.train_size=300", "data.validation=100", "architecture.widths=[784, 16, 8]"]
    options = [part for text in sets for part in ("--set", text)]
    done = call_main(*"train -c smoke.yaml".split(), *options, "--out", str(tmp_path_factory.mktemp("runs")))
    return Path(done.stdout.splitlines()[-1])


def test_a_run_is_told_whole_at_every_width(trained, screen):
    print_at = screen("show", trained)
    check_screens(print_at)
    numbers = json.loads((trained / "summary.json").read_text())["test"]
    for width in WIDTHS:
        words = print_at(width).split()
        assert {number(numbers[name]) for name in ("mse", "mae", "psnr_db", "ssim", "fvu")} <= set(words)


def test_every_suite_is_told_whole_at_every_width(trained, monkeypatch, capsys):
    judged = aecli.evaluate(trained, suites=["generalization", "code"], again=True)

    def print_at(width):
        monkeypatch.setenv("COLUMNS", str(width))
        console.stdout.cache_clear()
        for name, numbers in judged.numbers.items():
            console.show_findings(name, numbers, judged.findings[name])
        return capsys.readouterr().out

    check_screens(print_at)
    assert "relative" in print_at(60) and "test" in print_at(40).split()


def test_comparisons_are_told_whole_at_every_width(losses, screen):
    check_screens(screen("compare", losses, "--metric", "mse", "--matrix"))
    check_screens(screen("compare", losses, "--no-fold"))
    check_screens(screen("recommend", losses, "--for", "reconstruction"))


def test_doses_are_told_whole_at_every_width(write_run, tmp_path, screen):
    for dose in (0, 1e-4, 1e-3):
        for seed in range(6):
            chosen = [f"regularization=[{{name: l1_proximal, weight: {dose}}}]"] if dose else []
            write_run(seed=seed, set=chosen, test={"mse": 0.008 * (1 + 0.01 * seed) * (1 + 500 * dose)})
    check_screens(screen("dose", tmp_path / "runs", "--key", "regularization.l1_proximal.weight"))


def test_a_sweep_is_told_whole_at_every_width(monkeypatch, capsys):
    reasons = ["the loss is not finite at epoch 12, step 345", "no space left on /a/disk/with/a/long/name"]
    trials = tuple(
        TrialState(
            f"loss=mse, optimization.optimizer.lr=0.00{number}, seed={number}",
            "failed",
            epoch=12,
            epochs=50,
            reason=reason,
        )
        for number, reason in enumerate(reasons)
    )
    state = SweepState(SweepFolder(Path("out")), "running", trials, 0, 2)

    def print_at(width):
        monkeypatch.setenv("COLUMNS", str(width))
        console.stdout.cache_clear()
        show_sweep_state(state)
        return capsys.readouterr().out

    check_screens(print_at)


def test_every_module_with_a_table_is_tried_here():
    folder = Path(console.__file__).parent
    using = {path.stem for path in folder.glob("*.py") if re.search(r"import .*\btable\b", path.read_text())}
    assert using - {"printing", "tables"} <= TABLES

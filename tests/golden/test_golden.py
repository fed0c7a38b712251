"""What users saw before the rooms were moved they see now: the files in expected/ are what record.py wrote then."""

import json
import math
import re
from pathlib import Path

import pytest
import record

EXPECTED = Path(__file__).parent / "expected"
NUMBER = re.compile(r"[-+]?\d+\.?\d*(?:[eE][-+]?\d+)?")
RECORDERS = {
    "configs": record.record_configs,
    "lists": record.record_help,
    "refusals": record.record_refusals,
    "comparisons": record.record_comparisons,
    "continued": record.record_continued,
    "weights": record.record_weights,
}
FOLLOWS_LIBRARIES = ("help/",)
"""Drawn by libraries whose next version may draw otherwise."""
TOLERANCE = {"continued.json": 2e-2, "weights.json": 1e-3}
"""Relative: weights and what is measured on them are rounded otherwise on other machines."""


def unequal(found: str, expected: str, tolerance: float) -> str | None:
    """The first place where two texts differ by more than the rounding of numbers; None where there is none."""
    for line, (one, other) in enumerate(zip(found.splitlines(), expected.splitlines(), strict=False), 1):
        numbers, others = NUMBER.findall(one), NUMBER.findall(other)
        same_words = NUMBER.sub("#", one) == NUMBER.sub("#", other)
        if not same_words or not all(
            math.isclose(float(a), float(b), rel_tol=tolerance, abs_tol=tolerance)
            for a, b in zip(numbers, others, strict=True)
        ):
            return f"line {line}\nnow:  {one[:300]}\nthen: {other[:300]}"
    return None if len(found.splitlines()) == len(expected.splitlines()) else "one has more lines"


SLOW = {"continued"}
"""What takes more than ten seconds: suites measured anew, a run resumed, a sweep gone on with."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in RECORDERS]
)
def test_nothing_has_changed_since(name, tmp_path):
    RECORDERS[name](tmp_path)
    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    files = [path for path in files if path.parts[0] != "fixtures" and not str(path).startswith(FOLLOWS_LIBRARIES)]
    assert files
    for path in files:
        found, expected = (without_bits((folder / path).read_text()) for folder in (tmp_path, EXPECTED))
        problem = unequal(found, expected, TOLERANCE.get(path.name, 1e-6))
        assert problem is None, f"{path}, {problem}"


def without_bits(text: str) -> str:
    """A record without the digests of weights, which are those of one machine."""
    return re.sub(r'"bits": "[0-9a-f]{64}"', '"bits": ""', text)


def test_everything_that_was_recorded_is_held():
    kept = {path.relative_to(EXPECTED).parts[0] for path in EXPECTED.rglob("*") if path.is_file()}
    assert kept >= {"configs.json", "schema.json", "refusals.json", "comparisons", "continued.json", "weights.json"}
    assert len(json.loads((EXPECTED / "weights.json").read_text())) > 36


def test_a_difference_is_seen():
    assert unequal("a 1.0 b", "a 1.0000001 b", 1e-6) is None
    assert "line 1" in unequal("a 1.0 b", "a 1.1 b", 1e-6)
    assert "line 2" in unequal("a\nb", "a\nc", 1e-6)
    assert unequal("a\nb", "a", 1e-6) == "one has more lines"

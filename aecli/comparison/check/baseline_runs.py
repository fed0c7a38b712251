"""The runs that a check holds a run against: one, or several seeds of one config."""

from collections.abc import Sequence
from pathlib import Path

from aecli.comparison.check.one_run import read_one
from aecli.comparison.evidence.candidates import fold
from aecli.comparison.evidence.collect import expand, real_path, runs_within
from aecli.comparison.evidence.run_record import LeftOut, RunRecord
from aecli.errors import UsageError
from aecli.text import several


def read_baselines(named: Sequence[str | Path], run: RunRecord) -> list[RunRecord]:
    """The baseline runs, one for each seed; of several runs of a seed the latest.

    Args:
        named: run folders, folders of runs, globs, and what means runs in ./runs: a config's name, `tag:NAME`, `last`.
        run: that is checked; among several baselines it does not count.

    Raises:
        UsageError: there is none, one is not complete, or they are of several configs.
    """
    left_out: list[LeftOut] = []
    paths = [path for text in named for found in expand(text) for path in runs_within(found, left_out)]
    folders = list({real_path(path): path for path in paths}.values())
    if left_out and not folders:
        raise UsageError(f"{left_out[0].path}: {left_out[0].reason}")
    others = [folder for folder in folders if real_path(folder) != real_path(run.path)]
    candidates = fold([read_one(folder) for folder in others or folders])[1]
    if len(candidates) > 1:
        labels = several(candidate.label for candidate in candidates)
        raise UsageError(
            f"--baseline: {len(candidates)} configs and not seeds of one: {labels}; name the runs of one of them"
        )
    return list(candidates[0].runs)

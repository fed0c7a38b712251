"""Seeds that a config lost: trainings that diverged, and numbers that are not finite.

Who is compared by the seeds that are left alone seems better than it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.read_run import parse_config, read_file
from aecli.comparison.evidence.run_record import LeftOut
from aecli.comparison.evidence.settings import identity
from aecli.config.yaml_source import MAX_BYTES
from aecli.runs.folder import RunFolder

DIVERGED = "diverged"


def with_lost_seeds(candidates: Sequence[Candidate], left_out: Sequence[LeftOut]) -> list[Candidate]:
    """The candidates, each with the seeds of its config whose training diverged and was not repeated."""
    lost = diverged_seeds(left_out)
    if not lost:
        return list(candidates)
    return [
        replace(one, lost=tuple(sorted(lost.get(identity(one.config), set()) - set(one.seeds)))) for one in candidates
    ]


def diverged_seeds(left_out: Sequence[LeftOut]) -> Mapping[str, set[int]]:
    """Identity of a config -> the seeds with which it diverged; what cannot be read has no part in it."""
    found: dict[str, set[int]] = {}
    for one in left_out:
        if one.kind != "failed" or not one.reason.startswith(DIVERGED):
            continue
        file = RunFolder(one.path).config
        try:
            config = parse_config(read_file(file, MAX_BYTES + 1), file.name)
        except OSError:
            continue
        if config is not None:
            found.setdefault(identity(config), set()).add(config["seed"])
    return found


def seeds_without_number(candidate: Candidate, metric: Measure) -> tuple[int, ...]:
    """The seeds whose run has a metric that is no finite number."""
    if metric.read is not None:
        return ()
    there = candidate.values(metric)
    return tuple(
        run.seed for run in candidate.runs if run.seed not in there and metric.path[-1] in run.part(metric.path[:-1])
    )


def lost_by(candidate: Candidate, metric: Measure) -> tuple[int, ...]:
    """Every seed that a candidate lost by a metric, rising."""
    return tuple(sorted({*candidate.lost, *seeds_without_number(candidate, metric)}))

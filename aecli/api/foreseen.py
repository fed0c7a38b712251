"""What a planned sweep can show when it is judged: the design of a sweep, put to what `compare` knows of its tests."""

from collections import Counter
from collections.abc import Sequence

from aecli.comparison.evidence.settings import exact, identity
from aecli.comparison.power.pilot import find_pilot
from aecli.comparison.power.power import Power, find_power
from aecli.comparison.verdicts.looks import level_of_record, planned_looks, whole_numbers
from aecli.errors import UsageError
from aecli.sweep.record.look_history import history_of_looks
from aecli.sweep.record.sweep_folder import SweepFolder
from aecli.sweep.watching import PlanTold


def foresee(told: PlanTold, pilot: str | Sequence[str] = ()) -> Power | None:
    """What a sweep can show with the seeds that judge, now and at its last planned look.

    Args:
        told: its plan.
        pilot: runs whose spread is expected; those that its folder has already where none are named.

    Returns: None where nothing will be compared: of a single config, and of a search, which chooses by itself.

    Raises:
        UsageError: no run of the pilot can be compared, none has a second seed, or nothing will be compared.
    """
    configs = 0 if told.sweep.search else configs_to_compare(told)
    if configs < 2:
        if pilot:
            what = "a search chooses by itself" if told.sweep.search else "a single config has no difference"
            raise UsageError(f"--pilot: {what}, so there is nothing to foresee; leave it out")
        return None
    return find_power(configs, looks_to_come(told), find_pilot(pilot, told.path))


def configs_to_compare(told: PlanTold) -> int:
    """How many configs will be judged together: of several data sets those of the one with the most."""
    tuning = told.plan.tuning
    trials = [cell.untuned[0] for cell in tuning.cells] if tuning else told.plan.trials
    configs = {identity(config := trial.config.plain()): exact(config["data"]["dataset"]) for trial in trials}
    return max(Counter(configs.values()).values())


def looks_to_come(told: PlanTold) -> list[tuple[int, float]]:
    """Seeds and level of the size that is trained now, and of the last one that is planned."""
    record = history_of_looks(SweepFolder(told.path), told.plan, told.sweep.looks, lambda text: None)
    seeds, planned = whole_numbers([record["seeds"]]), planned_looks(record)
    last = [size for size in planned[-1:] if size > seeds[0]]
    return [(size, level_of_record(record, size).level) for size in (*seeds, *last)]

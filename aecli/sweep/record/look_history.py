"""How often a sweep was judged, or could be, before it was extended: what plan.json says of it beside the trials.

```
"seeds": 20                                  of each setting that judge, now
"looks": [10, 20, 40]                        planned before the first look; left out where none were
"history": [{"seeds": 10, "at": "2026..."}]  sizes at which it could be judged before seeds were added
```

What levels follow from this is not known here.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from aecli.files.json_files import read_json
from aecli.runs.folder import timestamp
from aecli.runs.stored_values import mapping
from aecli.sweep.planning.document import FEWEST_OF_LOOK
from aecli.sweep.planning.trial import Plan
from aecli.sweep.record.run_index import DONE, RunIndex
from aecli.sweep.record.sweep_folder import SweepFolder
from aecli.text import shell_word


def history_of_looks(
    folder: SweepFolder, plan: Plan, planned: Sequence[int], tell: Callable[[str], None]
) -> dict[str, object]:
    """What plan.json says of looks once a plan is taken up.

    Args:
        folder: of the sweep, with the plan so far if there is one.
        plan: the new one.
        planned: numbers of seeds at which it is to be judged, as its YAML says now.
        tell: is told where these come too late.
    """
    old = read_json(folder.plan) or {}
    tuning = plan.tuning.seeds if plan.tuning else ()
    before = [trial for trial in listed(old.get("trials")) if trial.keys() >= {"digest", "seed", "changes"}]
    before = [trial for trial in before if trial["seed"] not in tuning]
    seeds_before, seeds = {trial["seed"] for trial in before}, {trial.config.seed for trial in plan.trials}
    seeds -= set(tuning)
    seen = seeds_that_were_seen(folder, before)
    history = listed(old.get("history"))
    number = len(seeds)
    if seen:
        held = old.get("seeds")
        number = len(seeds - seeds_before) + (held if isinstance(held, int) else len(seeds_before))
        if seeds - seeds_before:
            history = [*history, {"seeds": seen, "at": timestamp()}]
        if list(planned) != (kept := old.get("looks") or []):
            warn_of_late_plan(folder, planned, kept, tell)
            planned = kept
    told = {"looks": list(planned)} if planned else {}
    return {"seeds": number, **told, **({"history": history} if history else {})}


def seeds_that_were_seen(folder: SweepFolder, before: Sequence[dict[str, Any]]) -> int:
    """The most seeds that two settings have by which they can be judged; 0 where these are too few."""
    index = RunIndex(folder)
    index.refresh()
    counts: dict[str, int] = defaultdict(int)
    for trial in before:
        counts[repr(trial["changes"])] += index.best(str(trial["digest"]))[1] in DONE
    most = sorted(counts.values())[-2:]
    return most[0] if len(most) == 2 and most[0] >= FEWEST_OF_LOOK else 0


def warn_of_late_plan(
    folder: SweepFolder, planned: Sequence[int], kept: Sequence[int], tell: Callable[[str], None]
) -> None:
    """Looks that are planned after the first one do not count."""
    what = f"[{', '.join(map(str, kept))}] stays the plan" if kept else "each further look has half of what is left"
    tell(
        f"warning: looks: {list(planned) or 'none'} comes after runs that could be judged, so {what}; a sweep of "
        f"its own can have another: aecli sweep ... --out {shell_word(f'{folder.path}-2')}"
    )


def listed(value: object) -> list[dict[str, Any]]:
    """The mappings in a list of a file that anybody may have edited; none where it is no list."""
    return [mapping(one) for one in value] if isinstance(value, list) else []

"""Runs of a sweep whose data is no longer what they were trained on.

Every run's environment.json has the digest of its data. Whether that is still the digest is told by sizes and times of
the files, and else by reading the data once for all runs on it.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from aecli.components.data.sources import changed_since, is_as_stamped, reads_files
from aecli.config.assemble import plain_parameters
from aecli.config.merge import read_file
from aecli.errors import AecliError, DataError
from aecli.runs.folder import RunFolder
from aecli.sweep.planning.trial import Trial
from aecli.sweep.record.run_index import results
from aecli.sweep.record.sweep_folder import SweepFolder
from aecli.text import shell_word


def refuse_changed_data(folder: SweepFolder, trials: Iterable[Trial], tell: Callable[[str], None]) -> None:
    """One sweep is one state of its data.

    Args:
        folder: of the sweep.
        trials: all of its trials that are known.
        tell: is told once where the data cannot be read, and so cannot be checked.

    Raises:
        DataError: runs that are there were trained on data that has changed since.
    """
    asked = list(trials)
    runs = results(folder, asked)
    changed: dict[str, int] = {}
    unread = ""
    for trial in asked:
        if trial.digest not in runs:
            continue
        term = trial.config.data.dataset
        try:
            what = changed_since(runs[trial.digest][0].data, plain_parameters(term))
        except DataError as error:
            unread = str(error)
            continue
        if what:
            changed[what] = changed.get(what, 0) + 1
    if changed:
        number = sum(changed.values())
        raise DataError(
            f"{', '.join(changed)}: has changed since {number} of the runs in {folder.path} "
            f"{'was' if number == 1 else 'were'} trained on it, and one sweep cannot mix the two; bring the data back, "
            f"remove {folder.path} to train all again, or fork: aecli sweep ... --out {shell_word(f'{folder.path}-2')}"
        )
    if unread:
        tell(f"warning: the data of the runs that are there cannot be checked: {unread.splitlines()[0]}")


def changed_data_of(run: RunFolder) -> str:
    """What has changed of the data of a run, read from its folder alone; empty if nothing has."""
    environment = run.read_environment()
    data = environment.get("data")
    if not isinstance(data, dict) or not reads_files(data.get("dataset")) or is_as_stamped(data.get("sources")):
        return ""
    try:
        dataset = dict(read_file(run.config, str(run.config)).data["data"]["dataset"])
        place = Path(str(environment.get("working_directory") or Path.cwd()))
        what = changed_since(data, {key: value for key, value in dataset.items() if key != "name"}, place)
    except DataError as error:
        return f"{str(error).splitlines()[0]}; its data cannot be checked"
    except (AecliError, KeyError, TypeError, ValueError):  # a config that was broken says nothing
        return ""
    return f"{what} has changed since" if what else ""

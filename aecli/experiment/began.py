"""A run's data is looked for where the command is typed; where it is not there, the run says where it began."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aecli.errors import DataError
from aecli.runs.folder import RunFolder


@contextmanager
def told_where_it_began(folder: RunFolder, verb: str) -> Iterator[None]:
    """Add to an error about data where the run was started, if that is not here.

    Args:
        folder: the run.
        verb: what is to be done there.

    Raises:
        DataError: what was raised inside.
    """
    try:
        yield
    except DataError as error:
        place = folder.read_environment().get("working_directory")
        if place in (None, str(Path.cwd())):
            raise
        raise DataError(f"{error}\nthe run was started in {place}; {verb} it there") from None

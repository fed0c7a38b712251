"""Every error a user can meet, with its exit code.

An AecliError is the user's to solve: its text says what is wrong, why, and what to try, and the command line prints it
without a traceback. Anything else that is raised is a bug and keeps its traceback.
"""

from dataclasses import dataclass
from typing import TypeVar

Value = TypeVar("Value")


class AecliError(Exception):
    """An error that the user can solve; `exit_code` is what the command line returns."""

    exit_code = 1


class UsageError(AecliError):
    """The call itself cannot be carried out: a wrong path, a wrong flag, a folder that is no run."""

    exit_code = 2


class NoSuchRun(UsageError):
    """What was typed for a run means none."""


class DataError(AecliError):
    """Data is missing, incomplete or corrupt."""

    exit_code = 4


class CheckpointError(DataError):
    """A checkpoint cannot be read, or may not be."""


class RunFolderError(AecliError):
    """A run folder cannot be created or written."""


class DivergedError(AecliError):
    """The loss or a metric stopped being a finite number."""

    exit_code = 5


class InterruptedRun(AecliError):
    """A signal ended the training; the run can be resumed."""

    def __init__(self, message: str, signal_number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + signal_number


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a config.

    `where` is `file:line:column`, or the flag that brought the value in; `path` is the dotted key.
    """

    where: str
    path: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, self.path, self.message) if part)


def known(value: Value | None) -> Value:
    """The value, where only a bug could have left it out.

    Raises:
        AssertionError: it is None.
    """
    if value is None:
        raise AssertionError("None where a value has to be known")
    return value


class ConfigError(AecliError):
    """A config is refused; `problems` lists everything that is wrong with it, one line each."""

    exit_code = 2

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

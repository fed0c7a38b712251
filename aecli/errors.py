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


def reason_in_words(error: BaseException) -> str:
    """Why something ended, in one line that also says something where an error has nothing but a number or no text.

    Example:
        >>> reason_in_words(SystemExit(1)), reason_in_words(KeyError("x")), reason_in_words(MemoryError())
        ('the program was asked to end (exit code 1)', "KeyError: 'x'", 'there was not enough memory')
    """
    text = (str(error).strip() or type(error).__name__).splitlines()[0]
    if isinstance(error, AecliError):
        return text
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror
    if isinstance(error, SystemExit):
        return f"the program was asked to end (exit code {text})"
    if isinstance(error, MemoryError):
        return "there was not enough memory"
    return text if text == type(error).__name__ else f"{type(error).__name__}: {text}"


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

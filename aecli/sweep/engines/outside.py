"""Names that were registered outside of the package, for workers: a config with such a name is one only once they are.

The sweep's process knows the modules that registered something. A worker imports them by name before it reads a config.
It looks where the sweep's process found them: the entries of its `sys.path` go along, and count after those of the
worker, so that what is installed on another machine is found there first.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from aecli.errors import UsageError
from aecli.files.writing import reason_of
from aecli.registry import outside_modules

SCRIPTS = ("__main__", "__mp_main__")
"""A script, which cannot be imported by name; worker processes of this machine run it anew if it registered names."""


@dataclass(frozen=True)
class OutsideModules:
    """What a worker has to import."""

    names: tuple[str, ...] = ()
    """Of the modules, in the order in which they registered."""
    folders: tuple[str, ...] = ()
    """Entries of sys.path below which they lie."""

    def load(self) -> None:
        """Import them.

        Raises:
            UsageError: one cannot be imported here.
        """
        sys.path += [folder for folder in self.folders if folder not in sys.path and Path(folder).is_dir()]
        for name in self.names:
            try:
                importlib.import_module(name)
            except Exception as error:  # a module of the user's, and whatever it does
                raise UsageError(
                    f"a worker cannot import {name}, which registered names here: {type(error).__name__}: "
                    f"{reason_of(error)}; install it, or put its folder on PYTHONPATH, where workers run"
                ) from error


def registered_outside() -> OutsideModules:
    """What this process imported from outside of the package that registered a name.

    Raises:
        UsageError: names were registered by text without a file, which no other process can run again.
    """
    if "__main__" in outside_modules() and not hasattr(sys.modules["__main__"], "__file__"):
        raise UsageError(
            "names were registered by code that is in no file, as after python -c, and the workers of a sweep cannot "
            "know them; put the code into a module, and import that"
        )
    names = tuple(name for name in outside_modules() if name not in SCRIPTS)
    return OutsideModules(names, tuple(dict.fromkeys(folder for name in names if (folder := folder_of(name)))))


def folder_of(name: str) -> str | None:
    """The entry of sys.path that a module was found below; None where it has no file."""
    file = getattr(sys.modules.get(name), "__file__", None)
    if file is None:
        return None
    is_package = Path(file).name == "__init__.py"
    return str(Path(file).resolve().parents[name.count(".") + is_package])


@contextmanager
def script_left_out() -> Iterator[None]:
    """A process that is started inside does not run the script anew, unless that registered names.

    Python lets it, so that what the script defines is there; a script without `if __name__ == "__main__":` would begin
    its sweep in every worker.
    """
    script = sys.modules["__main__"]
    if not set(SCRIPTS) & set(outside_modules()):
        sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script

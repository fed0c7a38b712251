"""The configs and sweeps that come with the package, and how the name of one finds its file."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from aecli.errors import ConfigError, Problem
from aecli.registry import unknown_name
from aecli.text import shell_word

STDIN = Path("/dev/stdin")
SWEEPS = "sweeps"
"""The folder of sweeps among the configs."""


def preset_folder() -> Path:
    """The configs that come with the package: inside it once installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "configs"
    return inside if inside.is_dir() else package.parent / "configs"


@cache
def preset_names() -> tuple[str, ...]:
    """Names of the configs that come with the package, such as `mse.yaml`, in alphabetical order."""
    return names_in(preset_folder())


@cache
def sweep_names() -> tuple[str, ...]:
    """Names of the sweeps that come with the package, such as `losses.yaml`, in alphabetical order."""
    return names_in(preset_folder() / SWEEPS)


def names_in(folder: Path) -> tuple[str, ...]:
    """The YAML files in a folder, those of the sweeps in it left out."""
    names = (path.relative_to(folder) for path in folder.rglob("*.yaml"))
    return tuple(sorted(name.as_posix() for name in names if name.parts[0] != SWEEPS))


def find_config(name: str, *, beside: Path | None = None) -> Path:
    """The file of a config: the path as given, then in ./configs/, then among the presets.

    Args:
        name: a path or a name; `.yaml` may be left out.
        beside: the folder of the file that asks for it, searched first.

    Raises:
        ConfigError: there is no such file.
    """
    if found := first_file([*([beside] if beside else []), Path(), Path("configs"), preset_folder()], name):
        return found
    for sweep in {name, f"{name}.yaml"} & set(sweep_names()):
        raise ConfigError(
            [Problem("", "", f'no config "{name}", but a sweep: aecli sweep --config {shell_word(sweep)}')]
        )
    looked = "looked here, in ./configs/ and among the presets"
    raise ConfigError([Problem("", "", f"no config {unknown_name(name, preset_names(), looked)}")])


def find_sweep(name: str) -> Path:
    """The file of a sweep: the path as given, then in ./configs/sweeps/, among the shipped ones, and in ./configs/.

    Args:
        name: a path or a name; `.yaml` may be left out.

    Raises:
        ConfigError: there is no such file.
    """
    folders = [Path(), Path("configs", SWEEPS), preset_folder() / SWEEPS, Path("configs"), preset_folder()]
    if found := first_file(folders, name):
        return found
    looked = "looked here, in ./configs/ and among the shipped sweeps"
    raise ConfigError([Problem("", "", f"no sweep {unknown_name(name, sweep_names(), looked)}")])


def first_file(folders: Sequence[Path], name: str) -> Path | None:
    """The first file of this name, with or without its ending; `-` is what stands on stdin."""
    if name == "-":
        return STDIN
    candidates = (folder / named for folder in folders for named in (name, f"{name}.yaml"))
    return next(filter(is_file, candidates), None)


def is_file(path: Path) -> bool:
    """Whether there is such a file, or a pipe such as /dev/stdin; a name that cannot be one is not."""
    try:
        return path.exists() and not path.is_dir()
    except OSError:  # too long for the file system, or in a folder that may not be read
        return False


def preset_file(name: str) -> Path:
    """The file of a preset, or of a sweep that comes with the package; `.yaml` may be left out.

    Raises:
        ConfigError: there is no such preset.
    """
    for candidate in (name, f"{name}.yaml"):
        if candidate in preset_names():
            return preset_folder() / candidate
        sweep = candidate.removeprefix(f"{SWEEPS}/")
        if sweep in sweep_names() and (sweep != candidate or sweep not in preset_names()):
            return preset_folder() / SWEEPS / sweep
    raise ConfigError([Problem("", "", f"unknown preset {unknown_name(name, preset_names(), 'presets')}")])

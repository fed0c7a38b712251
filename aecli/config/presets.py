"""The configs that come with the package, and how the name of a config finds its file."""

from functools import cache
from pathlib import Path

from aecli.errors import ConfigError, Problem
from aecli.registry import unknown_name


def preset_folder() -> Path:
    """The configs that come with the package: inside it once installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "configs"
    return inside if inside.is_dir() else package.parent / "configs"


@cache
def preset_names() -> tuple[str, ...]:
    """Names of the configs that come with the package, such as `mse.yaml`, in alphabetical order."""
    folder = preset_folder()
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")))


def find_config(name: str, *, beside: Path | None = None) -> Path:
    """The file of a config: the path as given, then in ./configs/, then among the presets.

    Args:
        name: a path or a name; `.yaml` may be left out.
        beside: the folder of the file that asks for it, searched first.

    Raises:
        ConfigError: there is no such file.
    """
    folders = [*([beside] if beside else []), Path(), Path("configs"), preset_folder()]
    for folder in folders:
        for candidate in (folder / name, folder / f"{name}.yaml"):
            if is_file(candidate):
                return candidate
    looked = "looked here, in ./configs/ and among the presets"
    raise ConfigError([Problem("", "", f"no config {unknown_name(name, preset_names(), looked)}")])


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that cannot be one is not."""
    try:
        return path.is_file()
    except OSError:  # too long for the file system, or in a folder that may not be read
        return False


def preset_file(name: str) -> Path:
    """The file of a preset; `.yaml` may be left out.

    Raises:
        ConfigError: there is no such preset.
    """
    for candidate in (name, f"{name}.yaml"):
        if candidate in preset_names():
            return preset_folder() / candidate
    raise ConfigError([Problem("", "", f"unknown preset {unknown_name(name, preset_names(), 'presets')}")])

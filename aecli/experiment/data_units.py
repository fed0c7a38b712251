"""What the rows of a run's data are, as its folder says: for whoever gives others to its model."""

from dataclasses import dataclass
from typing import Any

from aecli.errors import DataError
from aecli.runs.folder import RunFolder


@dataclass(frozen=True)
class Units:
    """What the rows of a run's data are: how many values of which name and shape, and how they are scaled."""

    size: int
    image_shape: tuple[int, int, int] | None
    scaling: dict[str, Any]
    columns: list[str] | None
    label: str | None
    """The column of a table that is no input."""
    unit_range: bool
    """Whether all rows of the run were model values in [0, 1]."""

    @property
    def words(self) -> str:
        """What the rows have to be."""
        flat = f"rows of {self.size} values, (n, {self.size})"
        if self.image_shape is None:
            return flat
        channels, height, width = self.image_shape
        picture = f"(n, {height}, {width})" if channels == 1 else f"(n, {height}, {width}, {channels})"
        return f"{flat}, or pictures, {picture}"


def read_units(folder: RunFolder, label: str | None, size: int) -> Units:
    """What environment.json says of the rows that a run was trained on.

    Args:
        folder: the run.
        label: the column with the classes, if the config names one.
        size: how many values the network takes.

    Raises:
        DataError: it does not say how they were scaled.
    """
    data = folder.read_environment().get("data")
    scaling = data.get("scaling") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(scaling, dict) or "kind" not in scaling:
        raise DataError(f"{folder.environment}: does not say how the data was scaled; bring it back, or train again")
    shape, columns = data.get("image_shape"), data.get("columns")
    return Units(
        size=size,
        image_shape=(shape[0], shape[1], shape[2]) if isinstance(shape, list) and len(shape) == 3 else None,
        scaling=scaling,
        columns=columns if isinstance(columns, list) and len(columns) == size else None,
        label=label,
        unit_range=data.get("unit_range") is True or scaling["kind"] == "bytes",
    )

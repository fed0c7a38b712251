"""The answer of `compare_at` as Python sees it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecli.api.answer import Answer
from aecli.comparison.verdicts import at_point
from aecli.text import counted, several


@dataclass(frozen=True, repr=False)
class Frontiers(Answer, at_point.PointComparison):
    """Strengths that were judged where one number is equal."""

    def brief(self) -> str:
        """`test.fvu = 0.05: 3 frontiers`."""
        told = several(counted(len(one.frontiers), "frontier") for one in self.groups)
        return f"{self.at.name} = {self.value:g}: {told}"

    def show(self) -> None:
        """Print what `aecli compare --at` prints."""
        from aecli.comparison.telling.point_words import point_lines
        from aecli.console.printing import say

        say("\n".join(point_lines(self)))

    def plain(self) -> dict[str, Any]:
        """As data for JSON: `aecli compare --at ... --json`."""
        from aecli.comparison.telling.formats.point_json import point_json

        return point_json(self)

    def plots(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write a picture of the frontiers of each data set into a folder, and return the files.

        Raises:
            UsageError: it is no folder.
            RunFolderError: they cannot be written.
        """
        from aecli.comparison.telling.figures.frontiers import save_frontiers
        from aecli.comparison.telling.figures.plots import check_directory

        check_directory(Path(folder))
        return save_frontiers(self, Path(folder))

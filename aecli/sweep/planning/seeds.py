"""Seeds as they are written in a sweep: `0-9`, `0-4,10`, 5 (which is 0-4) or a list."""

import re
from typing import Annotated

from annotated_types import Ge, MinLen
from pydantic import BeforeValidator, Field

MOST_SEEDS = 100_000
Seed = Annotated[int, Ge(0), Field(le=2**63 - 1)]


def read_seeds(value: object) -> object:
    """`0-9`, `0-4,10`, 5 (which is 0-4) or a list, as a list.

    Raises:
        ValueError: it is none of these.
    """
    if value == 0 and not isinstance(value, (bool, str)):
        raise ValueError("a number of seeds, and 0 are none to run; [0] is seed 0 alone, 10 is 0-9")
    if isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= MOST_SEEDS:
            raise ValueError(f"a number of seeds must be 1 to {MOST_SEEDS:,}, got {value}")
        return list(range(value))
    if not isinstance(value, str):
        return value
    seeds: list[int] = []
    for part in value.split(","):
        match = re.fullmatch(r"\s*(\d{1,18})\s*(?:-\s*(\d{1,18})\s*)?", part)
        if not match or int(match[2] or match[1]) < int(match[1]):
            raise ValueError(f'expected seeds such as 0-9, 0-4,10, 5 or [0, 3, 7], got "{value}"')
        if int(match[2] or match[1]) - int(match[1]) >= MOST_SEEDS:
            raise ValueError(f'more than {MOST_SEEDS:,} seeds in "{value}"')
        seeds += range(int(match[1]), int(match[2] or match[1]) + 1)
    return seeds


Seeds = Annotated[list[Seed], MinLen(1), BeforeValidator(read_seeds)]

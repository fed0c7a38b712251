"""What is tuned within each combination of a sweep: `tune: {optimization.optimizer.lr: {log_uniform: [3e-4, 3e-2]}}`.

Every candidate tries the same points with the same seeds, which are used for nothing else.
"""

from typing import Annotated

from annotated_types import Ge
from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from aecli.config.schema import Config, Section
from aecli.registry import unknown_name
from aecli.sweep.planning.distributions import Space
from aecli.sweep.planning.seeds import Seeds, read_seeds

FIRST_SEED = 1_000_000
"""Of those that are only counted; far from where seeds that judge begin, however many these become."""
DEFAULT_TRIALS = 6


def read_tuning_seeds(value: object) -> object:
    """A number of seeds, as that many from 1,000,000 on; anything else as it is read elsewhere.

    Raises:
        ValueError: these are no seeds.
    """
    seeds = read_seeds(value)
    is_counted = isinstance(value, int) and not isinstance(value, bool) and isinstance(seeds, list)
    return [FIRST_SEED + seed for seed in seeds] if is_counted and isinstance(seeds, list) else seeds


class Tune(Section):
    """Settings that are chosen within each combination; every other key is one of the config with its distribution."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Space] = Field(init=False)

    trials: Annotated[int, Ge(1)] | None = None
    """How many points are tried; 6 if not given, or as many as the choices allow."""
    seeds: Annotated[Seeds, BeforeValidator(read_tuning_seeds)] = Field(default_factory=lambda: [FIRST_SEED])
    """Seeds of every point, which are used for nothing else; a number of them begins at 1,000,000."""
    objective: str = "validation.mse"
    """The validation metric that chooses, the same for every candidate."""
    curve: bool = False
    """Whether the seeds that judge are also trained with what fewer trials choose: a verdict for each budget."""

    @model_validator(mode="before")
    @classmethod
    def knows_its_keys(cls, value: object) -> object:
        """Refuse a word that is neither one of these nor the beginning of a key of the config, or no key at all."""
        if not isinstance(value, dict):
            return value
        own, known = [*cls.model_fields], {*Config.model_fields}
        keys = [str(key) for key in value if key not in own]
        for key in keys:
            if key.partition(".")[0] not in known:
                raise ValueError(f"unknown {unknown_name(key, own, 'keys')}, or one of the config with a distribution")
        if not keys:
            raise ValueError(
                "names nothing to tune; add a key with its distribution, such as "
                "optimization.optimizer.lr: {log_uniform: [3e-4, 3e-2]}"
            )
        return value

    @property
    def space(self) -> dict[str, Space]:
        """Key -> its distribution."""
        return self.__pydantic_extra__

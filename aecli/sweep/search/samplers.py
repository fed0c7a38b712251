"""A search in the terms of Optuna: its space, and the sampler that chooses the setting of a number.

Optuna's samplers keep their random state in memory, where a kill loses it. So each setting gets a sampler of its own,
seeded by the seed of the search and the number of the setting: with one worker the same seed gives the same settings,
also across a kill. With several workers the order in which trials end decides too.
"""

import hashlib
import warnings
from typing import TYPE_CHECKING, Any

from aecli.sweep.planning.distributions import Choice, Distribution, LogUniform, LogWhole, Uniform
from aecli.sweep.planning.document import Search

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler


def to_optuna(space: Distribution) -> "BaseDistribution":
    """A distribution of the YAML as Optuna's; a choice goes by its position, since its values may be sections."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(space, Choice):
        return CategoricalDistribution(tuple(range(len(space.choice))))
    low, high = space.bounds
    is_log = isinstance(space, (LogUniform, LogWhole))
    if isinstance(space, (Uniform, LogUniform)):
        return FloatDistribution(low, high, log=is_log)
    return IntDistribution(int(low), int(high), log=is_log)


def from_optuna(search: Search, params: dict[str, Any]) -> dict[str, object]:
    """Key -> value, from the parameters of a trial of the study."""
    return {
        key: space.choice[params[key]] if isinstance(space, Choice) else params[key]
        for key, space in search.space.items()
    }


def seed_of(seed: int, number: int) -> int:
    """The seed of one setting's sampler, in 31 bits."""
    return int.from_bytes(hashlib.sha256(f"{seed} {number}".encode()).digest()[:4], "big") >> 1


def make_sampler(search: Search, number: int) -> "BaseSampler":
    """The sampler for the setting of this number."""
    from optuna import samplers

    seed = seed_of(search.seed, number)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some are marked experimental
        if search.sampler == "tpe":  # the liar keeps workers from trying the same thing at the same time
            return samplers.TPESampler(seed=seed, constant_liar=True)
        if search.sampler == "qmc":  # one sequence, whose position is in the study
            first = samplers.RandomSampler(seed=seed)
            shared = seed_of(search.seed, -1)
            return samplers.QMCSampler(
                scramble=True, seed=shared, independent_sampler=first, warn_independent_sampling=False
            )
        if search.sampler == "cmaes":
            return samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False)
        if search.sampler == "nsga2":  # Optuna's 50 would leave 50 trials without a second generation
            return samplers.NSGAIISampler(seed=seed, population_size=min(50, max(4, search.trials // 5)))
        return samplers.RandomSampler(seed=seed)

"""Learning rates of losses that are compared: one that is shared and tuned for none, and verdicts that hang on it."""

from collections.abc import Iterator, Mapping, Sequence

from aecli.comparison.evidence.candidates import Candidate
from aecli.comparison.evidence.labels import shorten
from aecli.comparison.evidence.measures import Measure
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.evidence.settings import exact, look_up
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.scene import Facts, Scene
from aecli.comparison.verdicts.verdict import BETTER, WORSE

RATE, LOSS = "optimization.optimizer.lr", "loss"
BAND = Rope(0.01, is_relative=True)
"""Within which a difference is none; only those beyond it can be turned round by another rate."""


def untuned(scene: Scene) -> Iterator[Facts]:
    """Losses share one learning rate that was tuned for none of them, or are judged otherwise at another one."""
    rates: dict[str, set[float]] = {}
    for candidate in scene.candidates:
        if (rate := rate_of(candidate)) is not None:
            rates.setdefault(loss_of(candidate), set()).add(rate)
    shared = [next(iter(of_loss)) for of_loss in rates.values() if len(of_loss) == 1]
    if shared and shared.count(most := max(set(shared), key=shared.count)) > 1:
        yield {"rate": most, "losses": shared.count(most)}
    if sum(len(of_loss) > 1 for of_loss in rates.values()) > 1:
        for metric in scene.metrics:
            turned = turned_round(scene, metric)
            if turned:
                yield {"metric": metric.name, "turned": turned, "baseline": loss_words(scene)[scene.baseline.label]}


def edge_of_range(scene: Scene) -> Iterator[Facts]:
    """What was tuned ended at the lowest or highest value that was tried."""
    for key, values in scene.tuned.edges.items() if scene.tuned else ():
        yield {"key": key, "values": values}


def rate_of(candidate: Candidate) -> float | None:
    """The learning rate of a candidate; None where it was tuned, or the optimizer has none."""
    rate = None if RATE in candidate.tuned else look_up(candidate.config, RATE)
    return float(rate) if isinstance(rate, (int, float)) else None


def loss_of(candidate: Candidate) -> str:
    """Equal for equal losses only."""
    return exact(candidate.config[LOSS])


def loss_words(scene: Scene) -> dict[str, str]:
    """Label -> the loss as far as losses differ."""
    keys = [key for key in scene.factors if is_of_loss(key)]
    short = {key: shorten([one.settings[key] for one in scene.candidates]) for key in keys}
    return {
        one.label: ", ".join(
            short[key][one.settings[key]] if key == LOSS else f"{key}={one.settings[key]}" for key in keys
        )
        for one in scene.candidates
    }


def is_of_loss(key: str) -> bool:
    """Whether a key of the config is the loss or something of it."""
    return key.partition(".")[0] == LOSS


def turned_round(scene: Scene, metric: Measure) -> dict[str, tuple[float, float]]:
    """Losses that are better than the baseline's at one rate and worse at another, with the two rates."""
    found: dict[str, dict[str, float]] = {}
    words = loss_words(scene)
    for rate, alike in by_rate(scene.candidates):
        baseline = next((one for one in alike if loss_of(one) == loss_of(scene.baseline)), None)
        if baseline is None or len(alike) < 2:
            continue
        for verdict in reach_verdicts(alike, baseline, [metric], BAND, was_chosen=False):
            if verdict.kind in (BETTER, WORSE):
                found.setdefault(words[verdict.candidate], {})[verdict.kind] = rate
    return {loss: (kinds[BETTER], kinds[WORSE]) for loss, kinds in found.items() if len(kinds) == 2}


def by_rate(candidates: Sequence[Candidate]) -> Iterator[tuple[float, list[Candidate]]]:
    """Candidates that differ in nothing but the loss, with the rate that they share."""
    alike: dict[tuple[float, str], list[Candidate]] = {}
    for candidate in candidates:
        if (rate := rate_of(candidate)) is not None:
            alike.setdefault((rate, exact(other_settings(candidate.settings))), []).append(candidate)
    for (rate, _), members in alike.items():
        yield rate, members


def other_settings(settings: Mapping[str, str]) -> dict[str, str]:
    """What sets a candidate apart besides its loss and its learning rate."""
    return {key: value for key, value in settings.items() if key != RATE and not is_of_loss(key)}

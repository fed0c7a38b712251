"""Learning-rate schedules: formulas, torch's own schedulers as references, warm-up, purity."""

import math
import random
import warnings

import pytest
import torch

from aecli.components.optimization.schedules import SCHEDULES, Progress, learning_rate_factor

EVERY_SCHEDULE = pytest.mark.parametrize("name", list(SCHEDULES))
EPOCHS, STEPS_PER_EPOCH = 12, 7
STEPS = EPOCHS * STEPS_PER_EPOCH
HISTORY = [5.0, 4.0, 4.0, 4.0, 4.0, 4.0, 3.0, 3.0, 3.5, 3.1, 3.0, 2.9]


def factor(name, progress, **params):
    return SCHEDULES[name].function(progress, **params)


def whole_run(name, *, warmup=0.0, **params):
    """The factor of every step of a run."""
    return [
        learning_rate_factor(
            name, params, warmup=warmup, epochs=EPOCHS, steps_done=step, steps_per_epoch=STEPS_PER_EPOCH,
            history=HISTORY[: step // STEPS_PER_EPOCH],
        )
        for step in range(STEPS)
    ]  # fmt: skip


def torchs_run(make_scheduler, steps=STEPS, metrics=None):
    """The rates of a torch scheduler on top of a rate of 1."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make_scheduler(optimizer)
    rates = []
    for step in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scheduler.step(*([metrics[step]] if metrics else []))
    return rates


def test_these_schedules_are_registered_and_no_others():
    assert set(SCHEDULES) == {"constant", "linear", "cosine", "one_cycle", "step", "plateau"}


# ------------------------------------------------------------------- formulas


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("constant", {}, [1.0, 1.0, 1.0, 1.0]),
        ("linear", {}, [1.0, 0.75, 0.5, 0.0]),
        ("linear", {"end": 0.2}, [1.0, 0.8, 0.6, 0.2]),
        ("cosine", {}, [1.0, (1 + math.sqrt(0.5)) / 2, 0.5, 0.0]),
        ("cosine", {"end": 0.2}, [1.0, 0.2 + 0.4 * (1 + math.sqrt(0.5)), 0.6, 0.2]),
        ("one_cycle", {"peak": 0.5, "start": 0.04, "end": 0.1}, [0.04, 0.52, 1.0, 0.1]),
        ("one_cycle", {"peak": 0.25, "start": 0.04, "end": 0.1}, [0.04, 1.0, 0.1 + 0.45 * 1.5, 0.1]),
        ("step", {"every": 3.0, "factor": 0.1}, [1.0, 0.1, 0.01, 1e-4]),
        ("plateau", {}, [1.0, 1.0, 1.0, 1.0]),
    ],
    ids=lambda value: str(value) if not isinstance(value, list) else "",
)
def test_a_schedule_follows_its_formula(name, params, expected):
    values = [factor(name, Progress(epoch, 12), **params) for epoch in (0, 3, 6, 12)]
    assert values == pytest.approx(expected, abs=1e-12)


def test_a_step_drops_exactly_at_its_epochs():
    values = [factor("step", Progress(epoch / 10, 5), every=0.1, factor=0.5) for epoch in range(20)]
    assert values == [0.5**epoch for epoch in range(20)]
    assert factor("step", Progress(9.999, 50), every=10.0, factor=0.5) == 1.0
    assert factor("step", Progress(10.0, 50), every=10.0, factor=0.5) == 0.5


@pytest.mark.parametrize(
    ("history", "patience", "threshold", "drops"),
    [
        ([], 0, 0.0, 0),
        ([5.0], 0, 0.0, 0),
        ([5.0, 5.0], 0, 0.0, 1),
        ([5.0, 4.0, 3.0], 0, 0.0, 0),
        ([5.0, 4.0, 3.0], 0, 0.5, 2),
        ([5.0, 5.0, 5.0], 2, 0.0, 0),
        ([5.0, 5.0, 5.0, 5.0], 2, 0.0, 1),
        ([5.0, 5.0, 5.0, 4.0, 4.0, 4.0], 2, 0.0, 0),
        ([5.0] * 7, 2, 0.0, 2),
        ([-1.0, -1.5, -2.0], 0, 0.1, 0),
        ([-1.0, -1.01, -1.02], 0, 0.1, 2),
        ([math.inf, 5.0, 4.0], 0, 0.0, 0),
    ],
)
def test_plateau_drops_after_patience_plus_one_epochs_without_improvement(history, patience, threshold, drops):
    params = {"factor": 0.3, "patience": patience, "threshold": threshold}
    assert factor("plateau", Progress(0, 9, history), **params) == pytest.approx(0.3**drops)


# ----------------------------------------------- torch's schedulers, whole runs


@pytest.mark.parametrize(
    ("name", "params", "scheduler"),
    [
        ("constant", {}, lambda o: torch.optim.lr_scheduler.ConstantLR(o, factor=1.0)),
        ("linear", {"end": 0.1}, lambda o: torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.1, total_iters=STEPS)),
        ("cosine", {"end": 0.05}, lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, STEPS, eta_min=0.05)),
        (
            "step",
            {"every": 2.0, "factor": 0.7},
            lambda o: torch.optim.lr_scheduler.StepLR(o, 2 * STEPS_PER_EPOCH, gamma=0.7),
        ),
        # torch reaches the peak one step before its share of the steps, and the end in the last step instead of after
        # it: a run of one step more, and a peak one step later, has the same curve
        (
            "one_cycle",
            {},
            lambda o: torch.optim.lr_scheduler.OneCycleLR(
                o, 1.0, total_steps=STEPS + 1, pct_start=(0.3 * STEPS + 1) / (STEPS + 1), cycle_momentum=False
            ),
        ),
    ],
    ids=["constant", "linear", "cosine", "step", "one_cycle"],
)
def test_a_schedule_equals_torchs_over_a_whole_run(name, params, scheduler):
    ours = whole_run(name, **params)
    assert ours == pytest.approx(torchs_run(scheduler), rel=1e-9, abs=1e-12)
    assert name == "constant" or len(set(ours)) > 5


@pytest.mark.parametrize("patience", [0, 1, 3])
def test_plateau_equals_torchs_on_a_noisy_history(patience):
    generator = random.Random(patience)
    metrics = [1 / (1 + epoch) + 0.05 * generator.random() for epoch in range(60)]
    theirs = torchs_run(
        lambda o: torch.optim.lr_scheduler.ReduceLROnPlateau(
            o, mode="min", factor=0.8, patience=patience, threshold=1e-2, threshold_mode="rel", cooldown=0, eps=0
        ),
        len(metrics),
        metrics,
    )
    ours = [
        factor("plateau", Progress(epoch, 60, metrics[:epoch]), factor=0.8, patience=patience, threshold=1e-2)
        for epoch in range(len(metrics))
    ]
    assert ours == pytest.approx(theirs)
    assert ours[-1] < 0.5


# ------------------------------------------------------------ every schedule


@EVERY_SCHEDULE
def test_a_factor_is_between_zero_and_one_in_every_step(name):
    assert all(0 <= value <= 1 for value in whole_run(name))
    assert all(0 <= value <= 1 for value in whole_run(name, warmup=2.5))


@EVERY_SCHEDULE
def test_the_same_progress_gives_the_same_factor_in_any_order(name):
    forwards = [factor(name, Progress(epoch, 12, HISTORY[:epoch])) for epoch in range(13)]
    backwards = [factor(name, Progress(epoch, 12, HISTORY[:epoch])) for epoch in reversed(range(13))]
    assert forwards == backwards[::-1]


@EVERY_SCHEDULE
def test_every_schedule_but_the_constant_one_moves(name):
    values = whole_run(name, **({"patience": 1} if name == "plateau" else {}))
    assert (len(set(values)) == 1) == (name == "constant")


@EVERY_SCHEDULE
def test_the_warm_up_is_a_straight_line_to_one(name):
    values = whole_run(name, warmup=2.0)
    assert values[:14] == pytest.approx([(step + 1) / 14 for step in range(14)])
    assert values[13] == 1.0


@EVERY_SCHEDULE
def test_the_schedule_starts_when_the_warm_up_ends(name):
    history = HISTORY[:2]
    after = whole_run(name, warmup=2.0)[14]
    assert after == pytest.approx(factor(name, Progress(0.0, 10.0, history)))
    params = {"warmup": 2.0, "epochs": EPOCHS, "steps_per_epoch": STEPS_PER_EPOCH, "history": HISTORY}
    end = learning_rate_factor(name, {}, steps_done=STEPS, **params)
    assert end == pytest.approx(factor(name, Progress(10.0, 10.0, HISTORY)))


@EVERY_SCHEDULE
def test_a_warm_up_may_be_a_fraction_of_an_epoch(name):
    values = whole_run(name, warmup=0.5)  # 3.5 steps, rounded to 4
    assert values[:4] == pytest.approx([0.25, 0.5, 0.75, 1.0])


def test_the_share_of_the_training_stays_between_zero_and_one():
    assert [Progress(epoch, 4).share for epoch in (0, 1, 4, 5)] == [0.0, 0.25, 1.0, 1.0]
    assert Progress(0, 0).share == 1.0


@pytest.mark.parametrize("warmup", [EPOCHS, 3 * EPOCHS])
def test_a_warm_up_that_outlasts_the_training_takes_half_of_it(warmup):
    assert whole_run("constant", warmup=warmup) == whole_run("constant", warmup=EPOCHS / 2)
    assert whole_run("cosine", warmup=warmup)[-1] < 1

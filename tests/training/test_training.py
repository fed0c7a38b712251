"""The training loop: what it computes, what it tells, and that nothing but the seed decides."""

import gc
import math

import pytest
import torch

from aecli.components.optimization.optimizers import OPTIMIZERS
from aecli.config.load import load_config
from aecli.errors import DivergedError
from aecli.training.build import prepare
from aecli.training.loop import EpochEvent, StepEvent, draw_epoch, fit


def train(config: dict, *, set: tuple[str, ...] = ()) -> tuple[dict, list]:
    """Fit a config without a folder; the final weights and the events."""
    prepared = prepare(load_config(config, set=set))
    events = []

    def record(event):
        events.append(event)
        if isinstance(event, EpochEvent):
            prepared.trainee.history.append(1.0 / event.epoch)
        return False

    fit(prepared.trainee, 1, record)
    return {name: value.clone() for name, value in prepared.trainee.model.state_dict().items()}, events


def same(a: dict, b: dict) -> bool:
    """Whether two sets of weights are bitwise equal."""
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


EVERYTHING_RANDOM = (
    "data.corruption=masking",
    "data.contamination=gaussian",
    "regularization=[dropout, contractive]",
)


def test_same_config_and_seed_give_bitwise_the_same_weights(small):
    assert same(train(small, set=EVERYTHING_RANDOM)[0], train(small, set=EVERYTHING_RANDOM)[0])


def test_another_seed_gives_other_weights(small):
    assert not same(train(small)[0], train(small, set=("seed=1",))[0])


def test_the_callers_random_state_does_not_matter(small):
    first = train(small, set=EVERYTHING_RANDOM)[0]
    torch.manual_seed(99)
    torch.rand(1000)
    assert same(first, train(small, set=EVERYTHING_RANDOM)[0])


@pytest.mark.parametrize("set", [(), ("data.corruption=masking",)], ids=["plain", "denoising"])
def test_the_loop_equals_the_method_written_out_by_hand(small, set):
    config = load_config(small, set=set)
    prepared = prepare(config)
    model, images = prepare(config).trainee.model, prepared.splits.train
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    for epoch in (1, 2, 3):
        order, corrupt = draw_epoch(config, epoch, len(images), torch.device("cpu"))
        for rows in order.split(64):
            x = images.values_NP[rows].float() / 255
            loss = torch.nn.functional.mse_loss(model(corrupt(x)).x_hat_BP, x, reduction="none").mean(1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    assert same(train(small, set=set)[0], model.state_dict())


@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_no_memory_of_a_step_is_held_when_it_is_over(small, loss):
    trainee = prepare(load_config(small, set=[f"loss={loss}"])).trainee
    alive = []

    def record(event):
        if isinstance(event, EpochEvent):
            alive.extend(one for one in gc.get_objects() if type(one) is torch.Tensor and one.shape == (44, 784))
        return True

    fit(trainee, 1, record)
    assert len(alive) == 1  # the last batch itself


def test_the_loss_does_not_change_order_or_corruption(small):
    orders = [
        draw_epoch(load_config(small | {"loss": loss}), 2, 300, torch.device("cpu"))[0] for loss in ("mse", "mae")
    ]
    assert torch.equal(*orders)
    assert sorted(orders[0].tolist()) == list(range(300))
    x = torch.rand(4, 784)
    spoilt = []
    for loss in ("mse", "huber"):
        config = load_config(small | {"loss": loss}, set=["data.corruption=salt_and_pepper"])
        spoilt.append(draw_epoch(config, 2, 300, torch.device("cpu"))[1](x))
    assert torch.equal(*spoilt)
    assert not torch.equal(spoilt[0], x)


def test_every_epoch_has_an_order_of_its_own(small):
    config = load_config(small)
    first, second = (draw_epoch(config, epoch, 300, torch.device("cpu"))[0] for epoch in (1, 2))
    assert not torch.equal(first, second)


def test_the_epochs_mean_is_over_images_and_not_over_batches(small):
    """300 images in batches of 64: the last batch has 44. At a vanishing rate the mean is that of one pass."""
    sets = ("optimization.optimizer={name: sgd, lr: 1e-30}", "training.epochs=1")
    prepared = prepare(load_config(small, set=sets))
    x = prepared.splits.train.batch(slice(None))
    with torch.no_grad():
        expected = (prepared.trainee.model(x).x_hat_BP - x).square().mean().item()
    (event,) = [event for event in train(small, set=sets)[1] if isinstance(event, EpochEvent)]
    assert event.loss == pytest.approx(expected, rel=1e-5)
    assert event.raw_T == pytest.approx([expected], rel=1e-5)


def test_events_tell_steps_and_epochs_in_order(small):
    _, events = train(small)
    epochs = [event.epoch for event in events if isinstance(event, EpochEvent)]
    assert epochs == [1, 2, 3]
    steps = [(event.epoch, event.images) for event in events if isinstance(event, StepEvent)]
    assert steps == [(1, 64), (2, 64), (3, 64)]


def test_record_can_stop_the_training(small):
    prepared = prepare(load_config(small))
    seen = []

    def record(event):
        if isinstance(event, EpochEvent):
            seen.append(event.epoch)
        return isinstance(event, EpochEvent) and event.epoch == 2

    fit(prepared.trainee, 1, record)
    assert seen == [1, 2]


def test_a_non_finite_loss_stops_before_the_weights_are_touched(small):
    prepared = prepare(load_config(small))
    with torch.no_grad():
        prepared.trainee.model.encoder[0].weight[0, 0] = math.nan
    before = {name: value.clone() for name, value in prepared.trainee.model.state_dict().items()}
    with pytest.raises(DivergedError, match=r"^the loss became nan in epoch 1, step 1 of 5$"):
        fit(prepared.trainee, 1, lambda event: False)
    after = prepared.trainee.model.state_dict()
    assert all(torch.equal(before[name], after[name]) or before[name].isnan().any() for name in before)
    assert not prepared.trainee.optimizers[0].state


def test_gradient_clipping_bounds_the_step(small):
    sets = ("optimization.optimizer={name: sgd, lr: 1.0}", "training.epochs=1", "training.batch_size=300")
    start = prepare(load_config(small)).trainee.model.state_dict()
    end, _ = train(small, set=(*sets, "optimization.gradient_clip=1e-3"))
    moved = math.sqrt(sum(float((end[name] - start[name]).square().sum()) for name in start))
    assert moved == pytest.approx(1e-3, rel=1e-3)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_lowers_the_loss(small, name):
    _, events = train(small, set=(f"optimization.optimizer.name={name}", "training.epochs=4"))
    losses = [event.loss for event in events if isinstance(event, EpochEvent)]
    assert losses[-1] < losses[0]


def test_the_schedule_moves_the_rate_by_the_step(small):
    _, events = train(small, set=("optimization.schedule={name: linear, end: 0.0}",))
    rates = [event.lr for event in events if isinstance(event, EpochEvent)]
    assert rates == pytest.approx([1e-3 * (1 - step / 15) for step in (4, 9, 14)])


def test_numbers_too_small_to_matter_are_zero_while_training(small):
    """They cost a factor of four in the time of an epoch; torch's default keeps them."""
    tiny = torch.tensor([1e-30])
    torch.set_flush_denormal(False)
    assert (tiny * 1e-10).item() != 0.0
    prepare(load_config(small))
    assert (tiny * 1e-10).item() == 0.0
    torch.set_flush_denormal(False)


def test_the_caller_has_small_numbers_back(small, tmp_path):
    import aecli

    aecli.train(small, out=tmp_path, set=["training.epochs=1"])
    assert (torch.tensor([1e-30]) * 1e-10).item() != 0.0

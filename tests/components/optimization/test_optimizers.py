"""Optimizers: conformance of the whole registry, and each against torch's plain implementation."""

import copy
import math

import pytest
import torch
from torch import nn

from aecli.components.architecture.contract import Network
from aecli.components.optimization.muon import Muon
from aecli.components.optimization.optimizers import OPTIMIZERS, make_optimizers, set_learning_rate

EVERY_OPTIMIZER = pytest.mark.parametrize("name", list(OPTIMIZERS))


class Small(Network):
    """Two layers, which is all that optimizers look at."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(12, 8), nn.LayerNorm(8), nn.Tanh())
        self.decoder = nn.Linear(8, 12)

    def forward(self, x):
        return self.decoder(self.encoder(x))


def small_net():
    torch.manual_seed(0)
    return Small()


def loss_of(net):
    x = torch.rand(64, 12, generator=torch.Generator().manual_seed(1))
    return (net(x) - x).square().mean()


def train(net, optimizers, steps):
    """Take steps; return the loss before each."""
    values = []
    for _ in range(steps):
        for one in optimizers:
            one.zero_grad()
        loss = loss_of(net)
        loss.backward()
        values.append(loss.item())
        for one in optimizers:
            one.step()
    return values


def plain(optimizer, parameters, **settings):
    """torch's reference loop: one parameter at a time, nothing fused."""
    return optimizer(list(parameters), foreach=False, **settings)


class PlainMuon(torch.optim.Optimizer):
    """Muon from the formula, in doubles: the iteration on the matrix itself."""

    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                mean = self.state[weight].setdefault("mean", torch.zeros_like(weight.grad))
                mean += (1 - group["momentum"]) * (weight.grad - mean)
                x = ((1 - group["momentum"]) * weight.grad + group["momentum"] * mean).double()
                x /= x.norm()
                for _ in range(group["steps"]):
                    gram = x @ x.T
                    x = 3.4445 * x - 4.7750 * gram @ x + 2.0315 * gram @ gram @ x
                weight.data *= 1 - group["lr"] * group["weight_decay"]
                weight.data -= (group["lr"] * 0.2 * math.sqrt(max(weight.shape)) * x).float()


def plain_muon(net, *, lr, momentum=0.95, steps=5, weight_decay=0.0, vector_lr=1e-3):
    settings = {"lr": lr, "momentum": momentum, "steps": steps, "weight_decay": weight_decay}
    first, norm, last = net.encoder[0], net.encoder[1], net.decoder
    vectors = [first.bias, norm.weight, norm.bias, last.bias]
    return [PlainMuon([first.weight, last.weight], settings), plain(torch.optim.Adam, vectors, lr=vector_lr)]


REFERENCES = {
    "adam": lambda net: [plain(torch.optim.Adam, net.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8)],
    "adamw": lambda net: [plain(torch.optim.AdamW, net.parameters(), lr=1e-3, weight_decay=1e-2)],
    "sgd": lambda net: [plain(torch.optim.SGD, net.parameters(), lr=0.5)],
    "nesterov": lambda net: [plain(torch.optim.SGD, net.parameters(), lr=0.5, momentum=0.9, nesterov=True)],
    "rmsprop": lambda net: [plain(torch.optim.RMSprop, net.parameters(), lr=1e-3, alpha=0.99, eps=1e-8)],
    "nadam": lambda net: [plain(torch.optim.NAdam, net.parameters(), lr=1e-3)],
    "radam": lambda net: [plain(torch.optim.RAdam, net.parameters(), lr=1e-3)],
    "muon": lambda net: plain_muon(net, lr=0.02),
}
WITH_PARAMETERS = [
    ("adam", {"lr": 0.01, "betas": [0.5, 0.9], "eps": 1e-3}, lambda net: [
        plain(torch.optim.Adam, net.parameters(), lr=0.01, betas=(0.5, 0.9), eps=1e-3)]),
    ("adamw", {"lr": 0.01, "betas": [0.5, 0.9], "eps": 1e-3, "weight_decay": 0.3}, lambda net: [
        plain(torch.optim.AdamW, net.parameters(), lr=0.01, betas=(0.5, 0.9), eps=1e-3, weight_decay=0.3)]),
    ("sgd", {"lr": 0.1, "momentum": 0.8}, lambda net: [
        plain(torch.optim.SGD, net.parameters(), lr=0.1, momentum=0.8)]),
    ("nesterov", {"lr": 0.1, "momentum": 0.8}, lambda net: [
        plain(torch.optim.SGD, net.parameters(), lr=0.1, momentum=0.8, nesterov=True)]),
    ("rmsprop", {"lr": 0.01, "alpha": 0.8, "eps": 1e-3, "momentum": 0.5}, lambda net: [
        plain(torch.optim.RMSprop, net.parameters(), lr=0.01, alpha=0.8, eps=1e-3, momentum=0.5)]),
    ("nadam", {"lr": 0.01, "betas": [0.5, 0.9], "eps": 1e-3}, lambda net: [
        plain(torch.optim.NAdam, net.parameters(), lr=0.01, betas=(0.5, 0.9), eps=1e-3)]),
    ("radam", {"lr": 0.01, "betas": [0.5, 0.9], "eps": 1e-3}, lambda net: [
        plain(torch.optim.RAdam, net.parameters(), lr=0.01, betas=(0.5, 0.9), eps=1e-3)]),
    ("muon", {"lr": 0.1, "momentum": 0.5, "newton_schulz_steps": 3, "weight_decay": 0.1, "vector_lr": 0.01},
     lambda net: plain_muon(net, lr=0.1, momentum=0.5, steps=3, weight_decay=0.1, vector_lr=0.01)),
]  # fmt: skip


def after(make, steps):
    net = small_net()
    train(net, make(net), steps)
    return nn.utils.parameters_to_vector(net.parameters()).detach()


def test_every_registered_optimizer_has_its_references_here():
    assert set(OPTIMIZERS) == set(REFERENCES) == {name for name, _, _ in WITH_PARAMETERS}


@EVERY_OPTIMIZER
@pytest.mark.parametrize("steps", [1, 8])
def test_the_steps_are_those_of_torchs_plain_implementation(name, steps):
    ours = after(lambda net: make_optimizers(name, {}, net), steps)
    atol = 2e-5 if name == "muon" else 2e-6  # its reference computes in doubles
    torch.testing.assert_close(ours, after(REFERENCES[name], steps), rtol=1e-5, atol=atol)
    assert not torch.equal(ours, after(lambda net: [], 0))


@pytest.mark.parametrize(("name", "params", "reference"), WITH_PARAMETERS, ids=[name for name, _, _ in WITH_PARAMETERS])
def test_every_parameter_of_the_yaml_reaches_the_optimizer(name, params, reference):
    assert set(params) == {parameter.name for parameter in OPTIMIZERS[name].parameters}
    ours = after(lambda net: make_optimizers(name, params, net), 8)
    torch.testing.assert_close(ours, after(reference, 8), rtol=1e-5, atol=2e-6)
    for left_out in params:
        fewer = {key: value for key, value in params.items() if key != left_out}
        theirs = after(lambda net, fewer=fewer: make_optimizers(name, fewer, net), 8)
        assert not torch.allclose(theirs, ours, atol=1e-6), left_out


def test_no_two_names_take_the_same_steps():
    ends = {name: after(lambda net, name=name: make_optimizers(name, {"lr": 1e-2}, net), 4) for name in OPTIMIZERS}
    for name, end in ends.items():
        for other in ends:
            if other != name:
                assert (end - ends[other]).abs().max() > 1e-5, (name, other)


@EVERY_OPTIMIZER
def test_the_loss_falls(name):
    values = train(net := small_net(), make_optimizers(name, {}, net), 60)
    assert values[-1] < 0.9 * values[0]
    assert sum(later < earlier for earlier, later in zip(values, values[1:], strict=False)) > 45


@EVERY_OPTIMIZER
def test_every_parameter_of_the_model_is_in_exactly_one_group(name):
    net = small_net()
    owned = [p for one in make_optimizers(name, {}, net) for group in one.param_groups for p in group["params"]]
    assert sorted(map(id, owned)) == sorted(map(id, net.parameters()))


@EVERY_OPTIMIZER
def test_the_learning_rate_is_the_base_rate_times_the_factor(name):
    net = small_net()
    optimizers = make_optimizers(name, {"lr": 0.04}, net)
    groups = [group for one in optimizers for group in one.param_groups]
    base = [group["lr"] for group in groups]
    assert base[0] == 0.04
    assert set_learning_rate(optimizers, 0.5) == pytest.approx(0.02)
    set_learning_rate(optimizers, 0.1)  # of the base, not of the last one
    assert [group["lr"] for group in groups] == pytest.approx([0.1 * rate for rate in base])
    set_learning_rate(optimizers, 0.0)
    before = nn.utils.parameters_to_vector(net.parameters()).clone()
    train(net, optimizers, 1)
    assert torch.equal(nn.utils.parameters_to_vector(net.parameters()), before)


@EVERY_OPTIMIZER
def test_a_restored_state_goes_on_as_if_nothing_had_happened(name):
    net = small_net()
    optimizers = make_optimizers(name, {}, net)
    train(net, optimizers, 3)
    weights = {key: value.clone() for key, value in net.state_dict().items()}
    states = copy.deepcopy([one.state_dict() for one in optimizers])  # torch would share the tensors
    again = small_net()
    again.load_state_dict(weights)
    restored = make_optimizers(name, {}, again)
    for one, state in zip(restored, states, strict=True):
        one.load_state_dict(state)
    train(net, optimizers, 3)
    train(again, restored, 3)
    for key, value in net.state_dict().items():
        assert torch.equal(value, again.state_dict()[key])


# ------------------------------------------------------------------------ muon


def test_muon_takes_all_matrices_and_adam_the_rest():
    net = small_net()
    on_matrices, on_vectors = make_optimizers("muon", {}, net)
    assert isinstance(on_matrices, Muon) and isinstance(on_vectors, torch.optim.Adam)
    assert [p.shape for group in on_matrices.param_groups for p in group["params"]] == [(8, 12), (12, 8)]
    assert [p.ndim for group in on_vectors.param_groups for p in group["params"]] == [1, 1, 1, 1]


def test_muons_first_step_is_almost_orthogonal_and_has_the_size_its_docstring_says():
    net = small_net()
    layer = net.encoder[0]
    before = layer.weight.detach().clone()
    optimizers = make_optimizers("muon", {"lr": 0.02}, net)
    for parameter in net.parameters():
        parameter.grad = torch.randn_like(parameter)
    for one in optimizers:
        one.step()
    update = (before - layer.weight.detach()) / (0.02 * 0.2 * math.sqrt(12))
    singular_values = torch.linalg.svdvals(update)
    assert singular_values.min() > 0.5 and singular_values.max() < 1.3  # Newton-Schulz is this loose by design
    u, _, v = torch.linalg.svd(layer.weight.grad, full_matrices=False)
    alignment = torch.nn.functional.cosine_similarity(update.flatten(), (u @ v).flatten(), dim=0)
    assert alignment > 0.95


def test_muon_moves_a_kernel_as_the_matrix_of_its_units():
    torch.manual_seed(0)
    start, gradient = torch.randn(6, 3, 2, 2), torch.randn(6, 3, 2, 2)
    kernel, matrix = nn.Parameter(start.clone()), nn.Parameter(start.flatten(1).clone())
    kernel.grad, matrix.grad = gradient, gradient.flatten(1)
    for one in (kernel, matrix):
        Muon([one], lr=0.02, momentum=0.9, newton_schulz_steps=5, weight_decay=0.0).step()
    assert torch.equal(kernel.flatten(1), matrix) and not torch.equal(kernel, start)


@pytest.mark.parametrize("shape", [(40, 300), (300, 40), (32, 32), (1, 5)], ids=["wide", "tall", "square", "a row"])
def test_muon_moves_a_matrix_where_torchs_own_muon_does_up_to_its_bfloat16(shape):
    torch.manual_seed(0)
    start, ours, theirs = torch.randn(shape), nn.Parameter(torch.empty(shape)), nn.Parameter(torch.empty(shape))
    ours.data.copy_(start)
    theirs.data.copy_(start)
    settings = {"lr": 0.02, "momentum": 0.9, "weight_decay": 0.1}
    one = Muon([ours], newton_schulz_steps=5, **settings)
    other = torch.optim.Muon([theirs], ns_steps=5, adjust_lr_fn="match_rms_adamw", **settings)
    for _ in range(3):
        ours.grad = torch.randn(shape)
        theirs.grad = ours.grad.clone()
        one.step()
        other.step()
    assert (ours - theirs).norm() < 0.02 * (theirs - start).norm()


def test_muon_is_exact_whatever_the_precision_of_products_is_and_gives_that_back():
    matrix = torch.randn(64, 400, generator=torch.Generator().manual_seed(0))
    results = {}
    for precision in ("highest", "medium"):
        torch.set_float32_matmul_precision(precision)
        try:
            weight = nn.Parameter(torch.zeros_like(matrix))
            weight.grad = matrix.clone()
            Muon([weight], lr=1.0, momentum=0.9, newton_schulz_steps=5, weight_decay=0.0).step()
            results[precision] = weight.detach()
            assert torch.get_float32_matmul_precision() == precision
        finally:
            torch.set_float32_matmul_precision("highest")
    assert torch.equal(results["highest"], results["medium"])


def test_muon_leaves_out_the_optimizer_that_would_have_nothing_to_move():
    net = small_net()
    net.encoder, net.decoder = nn.Linear(12, 12, bias=False), nn.Linear(12, 12, bias=False)
    (only,) = make_optimizers("muon", {}, net)
    assert isinstance(only, Muon)

"""A network out of a run folder: what it was built for, old checkpoints, and hostile ones."""

import json
import shutil

import pytest
import torch

from aecli.errors import CheckpointError
from aecli.experiment.checkpoint import load_checkpoint
from aecli.experiment.restore import LARGEST, built_for, judged_checkpoint, load_model
from aecli.runs.folder import RunFolder

NO_SIZE = "says of no size that its network was built for it"
GOOD = {"size": 784, "image_shape": [1, 28, 28]}
HOSTILE = {
    "no mapping": "784",
    "a list": [784, 1, 28, 28],
    "nothing in it": {},
    "text": GOOD | {"size": "784"},
    "half": GOOD | {"size": 784.0},
    "zero": GOOD | {"size": 0},
    "negative": GOOD | {"size": -784},
    "huge": {"size": LARGEST, "image_shape": None},
    "huger than any integer of the machine": {"size": 10**30, "image_shape": None},
    "a number as shape": GOOD | {"image_shape": 784},
    "a text as shape": GOOD | {"image_shape": "abc"},
    "a mapping as shape": GOOD | {"image_shape": {"0": 1, "1": 28, "2": 28}},
    "an empty shape": GOOD | {"image_shape": []},
    "two sides": GOOD | {"image_shape": [28, 28]},
    "four sides": GOOD | {"image_shape": [1, 28, 28, 1]},
    "a negative side": GOOD | {"image_shape": [1, -28, -28]},
    "a huge side": GOOD | {"image_shape": [1, 28, 10**30]},
    "a side of text": GOOD | {"image_shape": [1, "28", 28]},
    "another size than its shape": GOOD | {"image_shape": [3, 28, 28]},
}


@pytest.fixture
def run(overshot, tmp_path):
    """A copy of a run whose best epoch is not its last."""
    return RunFolder(shutil.copytree(overshot.path, tmp_path / "run"))


def rewrite(folder, name, **changes):
    """Change what a checkpoint holds; None takes it out."""
    path = folder.checkpoints / f"{name}.pt"
    moment = {**torch.load(path, weights_only=True), **changes}
    path.unlink()  # best.pt may be the same file as last.pt
    torch.save({key: value for key, value in moment.items() if value is not None}, path)
    return path


def test_a_checkpoint_says_what_its_network_was_built_for(run, tmp_path):
    moment = load_checkpoint(run.checkpoints / "best.pt")
    assert moment["origin"] == {"family": "dense", **GOOD}
    assert built_for(moment, tmp_path) == (784, (1, 28, 28))


def test_rows_that_are_no_images_have_no_shape(tmp_path):
    assert built_for({"origin": {"size": 7, "image_shape": None}}, tmp_path) == (7, None)


def test_an_older_checkpoint_without_an_origin_gives_the_same_network(overshot, run):
    x_BP = torch.rand(3, 784, generator=torch.Generator().manual_seed(0))
    rewrite(run, "best", origin=None)
    model = load_model(run, overshot.config)
    assert not model.training
    assert torch.equal(model(x_BP).x_hat_BP, overshot.model(x_BP).x_hat_BP)


@pytest.mark.parametrize("origin", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_origin_is_refused_before_anything_is_built(origin, run, overshot):
    path = rewrite(run, "best", origin=origin)
    with pytest.raises(CheckpointError) as refused:
        load_model(run, overshot.config)
    assert str(refused.value) == f"{path}: {NO_SIZE}"


def test_an_origin_of_another_size_than_the_weights_does_not_fit(run, overshot):
    rewrite(run, "best", origin={"size": 100, "image_shape": None})
    with pytest.raises(CheckpointError, match="the checkpoint does not fit the config: "):
        load_model(run, overshot.config)


@pytest.mark.parametrize(
    "model",
    [{}, {"encoder.0.weight": "w"}, {"encoder.0.weight": torch.zeros(3)}],
    ids=["empty", "text", "vector"],
)
def test_an_older_checkpoint_without_a_first_matrix_is_refused(model, run, overshot):
    path = rewrite(run, "best", origin=None, model=model)
    with pytest.raises(CheckpointError) as refused:
        load_model(run, overshot.config)
    assert str(refused.value) == f"{path}: has no encoder"


def test_weights_that_are_a_list_are_refused(run, overshot):
    path = rewrite(run, "best", origin=None, model=[])
    with pytest.raises(CheckpointError) as refused:
        load_model(run, overshot.config)
    assert str(refused.value) == f"{path}: has no weights, or no states of optimizers; it is no checkpoint of aecli"


def test_the_checkpoint_that_was_judged_is_the_one_that_is_loaded(run, overshot):
    assert judged_checkpoint(run, overshot.config) == "best"
    summary = run.read_summary()
    run.summary.write_text(json.dumps(summary | {"judged_epoch": summary["epochs"]}))
    assert judged_checkpoint(run, overshot.config) == "last", "the best one was lost before it was judged"
    run.summary.unlink()
    assert judged_checkpoint(run, overshot.config) == "best", "as the config would judge it"


def test_either_checkpoint_can_be_asked_for(run, overshot):
    weights = [load_model(run, overshot.config, checkpoint=name).state_dict() for name in ("best", "last")]
    assert any(not torch.equal(weights[0][key], weights[1][key]) for key in weights[0])

"""Checkpoints: whole or refused, never executed, and always one that can be read."""

import os
import pickle
import shutil
import zipfile

import pytest
import torch

from aecli.errors import CheckpointError
from aecli.experiment.checkpoint import load_checkpoint, load_latest, save_checkpoint
from aecli.experiment.fitting import restore
from aecli.runs.folder import RunFolder


@pytest.fixture
def folder(tmp_path):
    """A run folder with two epochs saved, the first of which was the best."""
    made = RunFolder(tmp_path)
    made.checkpoints.mkdir()
    save_checkpoint(made, moment(1), is_best=True)
    save_checkpoint(made, moment(2), is_best=False)
    return made


def moment(epoch: int) -> dict:
    """A moment of a training, with weights that tell the epoch."""
    return {
        "epoch": epoch,
        "model": {"w": torch.full((100,), float(epoch))},
        "optimizers": [{"state": {}, "param_groups": []}],
    }


def epochs(folder: RunFolder) -> dict:
    return {path.stem: load_checkpoint(path)["epoch"] for path in folder.checkpoints.iterdir()}


def test_last_previous_and_best_are_whole_moments(folder):
    assert epochs(folder) == {"last": 2, "previous": 1, "best": 1}
    assert torch.equal(load_checkpoint(folder.checkpoints / "best.pt")["model"]["w"], torch.ones(100))


def test_a_new_last_leaves_best_alone(folder):
    save_checkpoint(folder, moment(3), is_best=False)
    assert epochs(folder) == {"last": 3, "previous": 2, "best": 1}


def test_a_checkpoint_cut_in_half_is_refused_and_the_previous_one_taken(folder):
    last = folder.checkpoints / "last.pt"
    os.truncate(last, last.stat().st_size // 2)
    found, refused = load_latest(folder)
    assert found["epoch"] == 1
    assert refused == [f"{last}: is cut off or no checkpoint"]
    assert load_checkpoint(last)["epoch"] == 1, "the readable one becomes the last"


def test_a_kill_between_the_two_renames_loses_nothing(folder):
    (folder.checkpoints / "last.pt").replace(folder.checkpoints / "previous.pt")
    assert load_latest(folder)[0]["epoch"] == 2


def test_a_flipped_bit_is_noticed(folder):
    last = folder.checkpoints / "last.pt"
    with zipfile.ZipFile(last) as archive:
        name = next(name for name in archive.namelist() if name.endswith("data/0"))
    content = bytearray(last.read_bytes())
    content[content.index(torch.full((100,), 2.0).numpy().tobytes()) + 40] ^= 1
    last.write_bytes(content)
    with pytest.raises(CheckpointError) as error:
        load_checkpoint(last)
    assert str(error.value) == f"{last}: is damaged: the checksum of {name} is wrong"


def test_when_nothing_can_be_read_every_file_is_named(folder):
    for name in ("last", "previous"):
        (folder.checkpoints / f"{name}.pt").write_bytes(b"")
    with pytest.raises(CheckpointError) as error:
        load_latest(folder)
    assert str(error.value).splitlines() == [
        f"{folder.checkpoints}/last.pt: is cut off or no checkpoint",
        f"{folder.checkpoints}/previous.pt: is cut off or no checkpoint",
        f"no checkpoint in {folder.checkpoints} can be read; train again",
    ]


def test_a_run_without_checkpoints_has_none(tmp_path):
    (tmp_path / "checkpoints").mkdir()
    assert load_latest(RunFolder(tmp_path)) == (None, [])


class Payload:
    """Writes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (self.path,))


@pytest.mark.parametrize("as_zip", [True, False], ids=["torch zip", "bare pickle"])
def test_a_pickle_payload_is_never_executed(folder, tmp_path, as_zip):
    proof, last = tmp_path / "executed", folder.checkpoints / "last.pt"
    hostile = {**moment(2), "format": 1, "extra": Payload(str(proof))}
    if as_zip:
        torch.save(hostile, last)
    else:
        last.write_bytes(pickle.dumps(hostile))
    with pytest.raises(CheckpointError) as error:
        load_checkpoint(last)
    expected = (
        "holds more than tensors and plain values; it was not executed" if as_zip else "is cut off or no checkpoint"
    )
    assert str(error.value) == f"{last}: {expected}"
    assert not proof.exists()
    if as_zip:  # the payload is real: the unrestricted unpickler runs it
        torch.load(last, weights_only=False)
        assert proof.exists()


def test_a_file_of_another_program_is_refused(folder):
    last = folder.checkpoints / "last.pt"
    torch.save({"weights": torch.ones(3)}, last)
    with pytest.raises(CheckpointError, match="is no checkpoint of aecli$"):
        load_checkpoint(last)
    torch.save([1, 2], last)
    with pytest.raises(CheckpointError, match="is no checkpoint of aecli$"):
        load_checkpoint(last)


def test_a_newer_format_is_refused(folder):
    last = folder.checkpoints / "last.pt"
    torch.save({**moment(2), "format": 2}, last)
    with pytest.raises(CheckpointError, match="has format 2; this version of aecli reads 1$"):
        load_checkpoint(last)


def test_where_there_are_no_hard_links_best_is_a_copy(folder, monkeypatch):
    def no_links(*_, **__):
        raise OSError("not supported")

    monkeypatch.setattr(os, "link", no_links)
    save_checkpoint(folder, moment(3), is_best=True)
    assert epochs(folder) == {"last": 3, "previous": 2, "best": 3}


def test_a_checkpoint_of_another_net_is_refused():
    with pytest.raises(CheckpointError, match=r"^the checkpoint does not fit the config: "):
        restore(moment(1), torch.nn.Linear(3, 3))


def test_no_temporary_file_stays_behind(folder):
    assert sorted(path.name for path in folder.checkpoints.iterdir()) == ["best.pt", "last.pt", "previous.pt"]
    shutil.rmtree(folder.checkpoints)

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aecli.cache import cache_folder
from aecli.components.data import load_dataset, mnist
from aecli.components.data.dataset import content_digest

TRAIN = "train-images-idx3-ubyte"
LABELS = "t10k-labels-idx1-ubyte"  # small: unpacked in no time


@pytest.fixture(scope="module")
def data():
    return load_dataset("mnist", {})


def test_mnist_is_what_everybody_knows_it_to_be(data):
    assert data.train_NP.shape == (60000, 784) and data.test_NP.shape == (10000, 784)
    assert data.train_NP.mean(dtype=np.float64) / 255 == pytest.approx(0.1306604762738429, rel=1e-14)
    assert (data.train_NP == 0).mean() == pytest.approx(0.809, abs=5e-4)
    train_counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.train_labels_N).tolist() == train_counts
    assert np.bincount(data.test_labels_N).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert data.train_labels_N[:5].tolist() == [5, 0, 4, 1, 9]


def test_mnist_has_the_fields_the_program_relies_on(data):
    assert (data.name, data.size, data.image_shape, data.columns) == ("mnist", 784, (1, 28, 28), None)
    assert data.scaling == {"kind": "bytes", "divide_by": 255} and data.rows.unit_range
    assert data.train_NP.dtype == data.test_NP.dtype == np.uint8
    assert data.train_labels_N.dtype == data.test_labels_N.dtype == np.int64


def test_the_images_are_the_mapped_file_and_cannot_be_written(data):
    assert isinstance(data.train_NP, np.memmap) and not data.train_NP.flags.owndata
    assert data.train_NP.base is not None
    with pytest.raises(ValueError, match="read-only"):
        data.train_NP[0, 0] = 1


def test_the_digest_is_that_of_the_arrays(data):
    assert data.sha256 == content_digest(data.train_NP, data.train_labels_N, data.test_NP, data.test_labels_N)


def test_the_digests_are_those_of_the_shipped_files():
    assert {name: hashlib.sha256(mnist.unpack(name)).hexdigest() for name in mnist.SHA256} == mnist.SHA256


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:1000],
        lambda content: b"",
        lambda content: b"\xff" + content[1:],
        lambda content: content + b"0",
    ],
    ids=["truncated", "empty", "one byte wrong", "one byte more"],
)
def test_a_damaged_cache_file_is_unpacked_again(damage, monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path))
    whole = mnist.load_file(LABELS).tobytes()
    path = cache_folder() / "mnist" / LABELS
    path.unlink()
    path.write_bytes(damage(whole))
    assert mnist.load_file(LABELS).tobytes() == whole
    assert path.read_bytes() == whole
    assert [file.name for file in path.parent.iterdir()] == [LABELS]


def below_a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "cache"


def a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("")
    return tmp_path / "file"


def a_folder_in_the_place_of_the_file(tmp_path: Path) -> Path:
    (tmp_path / "mnist" / LABELS).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("make", [below_a_file, a_file, a_folder_in_the_place_of_the_file])
def test_without_a_usable_cache_the_file_is_unpacked_into_memory(make, monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(make(tmp_path)))
    content = mnist.load_file(LABELS)
    assert hashlib.sha256(content).hexdigest() == mnist.SHA256[LABELS]
    assert not isinstance(content, np.memmap)


def test_a_full_disk_falls_back_to_memory_and_leaves_nothing_behind(tmp_path):
    program = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000));"
        "from aecli.components.data import mnist; import numpy;"
        f"content = mnist.load_file({LABELS!r}); print(len(content), isinstance(content, numpy.memmap))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"AECLI_CACHE": str(tmp_path)}, capture_output=True, text=True
    )
    assert (run.stdout, run.stderr) == ("10008 False\n", "")
    assert list((tmp_path / "mnist").iterdir()) == []


def test_the_whole_data_set_loads_without_a_cache(data, monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(below_a_file(tmp_path)))
    loaded = load_dataset("mnist", {})
    assert loaded.sha256 == data.sha256 and np.array_equal(loaded.train_NP, data.train_NP)


def test_two_processes_can_unpack_at_the_same_time(tmp_path):
    program = f"from aecli.components.data import mnist; print(type(mnist.load_file({TRAIN!r})).__name__)"
    environment = os.environ | {"AECLI_CACHE": str(tmp_path)}
    runs = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [run.communicate()[0] for run in runs] == ["memmap\n", "memmap\n"]
    assert [run.returncode for run in runs] == [0, 0]
    assert [path.name for path in (tmp_path / "mnist").iterdir()] == [TRAIN]


def test_a_missing_shipped_file_asks_for_a_new_installation(monkeypatch, tmp_path, refusal):
    monkeypatch.setattr(mnist, "SHIPPED", tmp_path)
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path / "cache"))
    path = tmp_path / f"{TRAIN}.xz"
    assert refusal("mnist") == (
        f"{path}: MNIST as shipped with aecli cannot be read: "
        f"[Errno 2] No such file or directory: '{path}'; reinstall aecli"
    )


def test_a_shipped_file_with_other_content_asks_for_a_new_installation(monkeypatch, tmp_path, refusal):
    wrong = (mnist.SHIPPED / f"{LABELS}.xz").read_bytes()
    monkeypatch.setattr(mnist, "SHIPPED", tmp_path)
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path / "cache"))
    path = tmp_path / f"{TRAIN}.xz"
    path.write_bytes(wrong)
    assert refusal("mnist") == (
        f"{path}: is not the MNIST file shipped with aecli: its SHA-256 differs; reinstall aecli"
    )
    path.write_bytes(wrong[:100])
    assert "cannot be read" in refusal("mnist")

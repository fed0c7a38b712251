"""torchvision's own classes with tiny files; its addresses are replaced by servers on this machine."""

import gzip
import hashlib
import http.server
import pickle
import socket
import tarfile
import threading
import time

import numpy as np
import pytest
import torchvision.datasets
from idx_bytes import idx_bytes

from aecli.cache import cache_folder
from aecli.components.data import download, load_dataset, zoo

RNG = np.random.default_rng(11)
TRAIN, TEST = RNG.integers(0, 256, (5, 28, 28), dtype=np.uint8), RNG.integers(0, 256, (3, 28, 28), dtype=np.uint8)
TRAIN_LABELS, TEST_LABELS = np.arange(5, dtype=np.uint8), np.arange(3, dtype=np.uint8)
MNIST_FILES = {
    "train-images-idx3-ubyte": TRAIN,
    "train-labels-idx1-ubyte": TRAIN_LABELS,
    "t10k-images-idx3-ubyte": TEST,
    "t10k-labels-idx1-ubyte": TEST_LABELS,
}
GZ_NAMES = ", ".join(f"{name}.gz" for name in MNIST_FILES)
CLOSED = "http://127.0.0.1:9/"
REFUSED = "could not be downloaded: [Errno 111] Connection refused"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing leaves this machine; port 9 is closed."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("FashionMNIST", "KMNIST"):
        monkeypatch.setattr(getattr(torchvision.datasets, name), "mirrors", [CLOSED])
    for name in ("EMNIST", "CIFAR10"):
        monkeypatch.setattr(getattr(torchvision.datasets, name), "url", CLOSED + "archive.tar.gz")
    closed = {"train": [(CLOSED + "a", "")], "test": [(CLOSED + "b", "")]}
    monkeypatch.setattr(torchvision.datasets.QMNIST, "resources", closed)


def write(folder, files, compress=False):
    folder.mkdir(parents=True)
    for name, array in files.items():
        content = idx_bytes(array)
        (folder / (f"{name}.gz" if compress else name)).write_bytes(gzip.compress(content) if compress else content)


@pytest.fixture
def server(tmp_path):
    """A server on this machine: its address and the folder it serves."""
    folder = tmp_path / "served"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}/", folder
        running.shutdown()


def offer_fashion_mnist(server, monkeypatch):
    """Let torchvision find tiny files with the right sums on the server."""
    address, folder = server
    resources = []
    for name, array in MNIST_FILES.items():
        content = gzip.compress(idx_bytes(array))
        (folder / f"{name}.gz").write_bytes(content)
        resources.append((f"{name}.gz", hashlib.md5(content).hexdigest()))
    monkeypatch.setattr(torchvision.datasets.FashionMNIST, "mirrors", [address])
    monkeypatch.setattr(torchvision.datasets.FashionMNIST, "resources", resources)


@pytest.mark.parametrize("compress", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize("name, folder", [("fashion_mnist", "FashionMNIST"), ("kmnist", "KMNIST")])
def test_files_where_torchvision_puts_them_are_read(name, folder, compress, tmp_path):
    write(tmp_path / folder / "raw", MNIST_FILES, compress)
    data = load_dataset(name, {"folder": str(tmp_path)})
    assert np.array_equal(data.train_NP, TRAIN.reshape(5, 784)) and np.array_equal(data.test_NP, TEST.reshape(3, 784))
    assert data.train_labels_N.tolist() == [0, 1, 2, 3, 4] and data.train_labels_N.dtype == np.int64
    assert (data.name, data.image_shape, data.scaling["kind"]) == (name, (1, 28, 28), "bytes")


def test_torchvision_reads_the_same_images(tmp_path):
    write(tmp_path / "FashionMNIST" / "raw", MNIST_FILES)
    theirs = torchvision.datasets.FashionMNIST(str(tmp_path), train=True)
    ours = zoo.fashion_mnist(folder=str(tmp_path))
    assert np.array_equal(theirs.data.numpy().reshape(5, 784), ours.train_NP)


def test_without_a_folder_the_cache_is_looked_at(monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path))
    write(tmp_path / "torchvision" / "KMNIST" / "raw", MNIST_FILES)
    assert len(zoo.kmnist().train_NP) == 5


def test_emnist_is_turned_upright(tmp_path):
    files = {
        "emnist-letters-train-images-idx3-ubyte": TRAIN.transpose(0, 2, 1),
        "emnist-letters-train-labels-idx1-ubyte": TRAIN_LABELS + 1,
        "emnist-letters-test-images-idx3-ubyte": TEST.transpose(0, 2, 1),
        "emnist-letters-test-labels-idx1-ubyte": TEST_LABELS + 1,
    }
    write(tmp_path / "EMNIST" / "raw", files)
    data = zoo.emnist(folder=str(tmp_path), split="letters")
    assert np.array_equal(data.train_NP, TRAIN.reshape(5, 784)) and data.test_labels_N.tolist() == [1, 2, 3]


def test_qmnist_labels_are_the_first_of_their_columns(tmp_path):
    def wide(labels):
        return np.column_stack([labels, np.full((len(labels), 7), 99)]).astype(np.int32)

    files = {
        "qmnist-train-images-idx3-ubyte": TRAIN,
        "qmnist-train-labels-idx2-int": wide(TRAIN_LABELS),
        "qmnist-test-images-idx3-ubyte": TEST,
        "qmnist-test-labels-idx2-int": wide(TEST_LABELS),
    }
    write(tmp_path / "QMNIST" / "raw", files)
    assert zoo.qmnist(folder=str(tmp_path)).train_labels_N.tolist() == [0, 1, 2, 3, 4]


def cifar10_batches(monkeypatch, folder):
    """Batches as CIFAR-10 has them, with sums where torchvision checks them; the pixels of all, (N, 3, 32, 32)."""
    folder.mkdir(parents=True)
    sums, pixels = {}, []
    names = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta"]
    for name in names:
        batch = RNG.integers(0, 256, (2, 3072), dtype=np.uint8)
        content = pickle.dumps({"data": batch, "labels": [1, 7], "label_names": ["x"] * 10}, protocol=2)
        (folder / name).write_bytes(content)
        sums[name] = hashlib.md5(content).hexdigest()
        pixels.append(batch.reshape(2, 3, 32, 32))
    monkeypatch.setattr(torchvision.datasets.CIFAR10, "train_list", [[name, sums[name]] for name in names[:5]])
    monkeypatch.setattr(torchvision.datasets.CIFAR10, "test_list", [["test_batch", sums["test_batch"]]])
    meta = {"filename": "batches.meta", "key": "label_names", "md5": sums["batches.meta"]}
    monkeypatch.setattr(torchvision.datasets.CIFAR10, "meta", meta)
    return np.concatenate(pixels[:5]), pixels[5]


def test_cifar10_is_flattened_channels_first(monkeypatch, tmp_path):
    train, test = cifar10_batches(monkeypatch, tmp_path / "cifar-10-batches-py")
    data = zoo.cifar10(folder=str(tmp_path))
    assert data.image_shape == (3, 32, 32)
    assert np.array_equal(data.train_NP, train.reshape(10, 3072)) and np.array_equal(
        data.test_NP, test.reshape(2, 3072)
    )
    assert data.test_labels_N.tolist() == [1, 7]


def test_cifar10_in_grey_is_the_rounded_luminance(monkeypatch, tmp_path):
    train, _ = cifar10_batches(monkeypatch, tmp_path / "cifar-10-batches-py")
    data = zoo.cifar10(folder=str(tmp_path), grey=True)
    luminance = 0.299 * train[:, 0] + 0.587 * train[:, 1] + 0.114 * train[:, 2]
    assert data.image_shape == (1, 32, 32) and data.train_NP.dtype == np.uint8
    assert abs(data.train_NP.reshape(10, 32, 32) - luminance).max() <= 0.5 + 1e-9


def test_cifar10_is_unpacked_from_an_archive_that_is_there(monkeypatch, tmp_path):
    train, _ = cifar10_batches(monkeypatch, tmp_path / "made" / "cifar-10-batches-py")
    archive = tmp_path / "root" / "cifar-10-python.tar.gz"
    archive.parent.mkdir()
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "made" / "cifar-10-batches-py", "cifar-10-batches-py")
    monkeypatch.setattr(torchvision.datasets.CIFAR10, "tgz_md5", hashlib.md5(archive.read_bytes()).hexdigest())
    assert np.array_equal(zoo.cifar10(folder=str(archive.parent)).train_NP, train.reshape(10, 3072))


def test_missing_files_are_downloaded_and_nothing_but_them_is_left(server, monkeypatch, tmp_path, capsys):
    offer_fashion_mnist(server, monkeypatch)
    root = tmp_path / "root"
    data = zoo.fashion_mnist(folder=str(root))
    assert np.array_equal(data.train_NP, TRAIN.reshape(5, 784))
    assert [path.name for path in root.iterdir()] == ["FashionMNIST"]
    assert capsys.readouterr().out == ""
    server[1].joinpath("train-images-idx3-ubyte.gz").unlink()
    assert zoo.fashion_mnist(folder=str(root)).sha256 == data.sha256


def test_damaged_files_are_downloaded_again(server, monkeypatch, tmp_path):
    offer_fashion_mnist(server, monkeypatch)
    raw = tmp_path / "root" / "FashionMNIST" / "raw"
    write(raw, MNIST_FILES)
    (raw / "train-images-idx3-ubyte").write_bytes(idx_bytes(TRAIN)[:100])
    data = zoo.fashion_mnist(folder=str(tmp_path / "root"))
    assert np.array_equal(data.train_NP, TRAIN.reshape(5, 784))


def test_an_interrupted_download_leaves_nothing(server, monkeypatch, tmp_path, refusal):
    offer_fashion_mnist(server, monkeypatch)
    (server[1] / "t10k-images-idx3-ubyte.gz").write_bytes(b"half")
    message = refusal("fashion_mnist", folder=tmp_path / "root")
    assert "File not found or corrupted." in message and "\n" not in message
    assert list((tmp_path / "root").iterdir()) == []


def test_a_file_that_is_not_on_the_server_is_refused(server, monkeypatch, tmp_path, refusal):
    offer_fashion_mnist(server, monkeypatch)
    (server[1] / "train-labels-idx1-ubyte.gz").unlink()
    assert "HTTP Error 404" in refusal("fashion_mnist", folder=tmp_path / "root")


@pytest.mark.parametrize(
    "name, params, folder, files",
    [
        ("fashion_mnist", {}, "FashionMNIST/raw", GZ_NAMES),
        ("kmnist", {}, "KMNIST/raw", GZ_NAMES),
        (
            "qmnist",
            {},
            "QMNIST/raw",
            "qmnist-train-images-idx3-ubyte.gz, qmnist-train-labels-idx2-int.gz, "
            "qmnist-test-images-idx3-ubyte.gz, qmnist-test-labels-idx2-int.gz",
        ),
        (
            "emnist",
            {"split": "digits"},
            "EMNIST/raw",
            "emnist-digits-train-images-idx3-ubyte.gz, emnist-digits-train-labels-idx1-ubyte.gz, "
            "emnist-digits-test-images-idx3-ubyte.gz, emnist-digits-test-labels-idx1-ubyte.gz",
        ),
        ("cifar10", {}, "", "cifar-10-python.tar.gz"),
    ],
    ids=["fashion_mnist", "kmnist", "qmnist", "emnist", "cifar10"],
)
def test_without_a_network_the_message_says_which_files_to_put_where(name, params, folder, files, tmp_path, refusal):
    assert refusal(name, folder=tmp_path, **params) == (
        f"{name}: {REFUSED}; put {files} into {tmp_path / folder}, or set data.dataset.folder to another root folder"
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_without_a_folder_the_message_names_the_cache(refusal):
    assert f"into {cache_folder()}/torchvision/KMNIST/raw, or" in refusal("kmnist", folder=None)


def test_a_truncated_file_is_named_when_it_cannot_be_downloaded_again(tmp_path, refusal):
    raw = tmp_path / "KMNIST" / "raw"
    write(raw, MNIST_FILES, compress=True)
    path = raw / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-100])
    assert refusal("kmnist", folder=tmp_path) == (
        f"{path}: is damaged or incomplete: Compressed file ended before the end-of-stream marker was reached; "
        f"copy or download it again; kmnist: {REFUSED}; put {GZ_NAMES} into {raw}, "
        "or set data.dataset.folder to another root folder"
    )
    archive = tmp_path / "cifar-10-python.tar.gz"
    archive.write_bytes(b"half")
    assert refusal("cifar10", folder=tmp_path).startswith(
        f"{archive}: is damaged or incomplete: its MD5 differs; cifar10: {REFUSED}"
    )


def test_a_truncated_unpacked_file_is_replaced_by_its_archive(tmp_path):
    raw = tmp_path / "KMNIST" / "raw"
    write(raw, MNIST_FILES, compress=True)
    (raw / "train-images-idx3-ubyte").write_bytes(idx_bytes(TRAIN)[:100])
    assert np.array_equal(zoo.kmnist(folder=str(tmp_path)).train_NP, TRAIN.reshape(5, 784))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, refusal):
    (tmp_path / "file").write_text("")
    assert "could not be downloaded: [Errno 20] Not a directory" in refusal("kmnist", folder=tmp_path / "file" / "root")


def test_what_a_download_prints_does_not_reach_stdout(server, capsys):
    with download.downloading(server[0]):
        print("100 %")
    assert capsys.readouterr() == ("", "100 %\n")


def test_a_server_that_never_answers_is_given_up(monkeypatch, tmp_path, refusal):
    monkeypatch.setattr(download, "FIRST_ANSWER_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setattr(torchvision.datasets.KMNIST, "mirrors", [address])
        start = time.perf_counter()
        message = refusal("kmnist", folder=tmp_path)
    assert time.perf_counter() - start < 5
    assert message.startswith("kmnist: could not be downloaded: ") and (
        "timed out" in message or "no answer" in message
    )


def test_a_server_that_falls_silent_is_given_up(monkeypatch, tmp_path, refusal):
    monkeypatch.setattr(download, "SILENCE_S", 0.3)

    class Silent(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200)
            self.end_headers()

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            time.sleep(1.5)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silent) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        monkeypatch.setattr(torchvision.datasets.KMNIST, "mirrors", [f"http://127.0.0.1:{running.server_address[1]}/"])
        assert "timed out" in refusal("kmnist", folder=tmp_path)
        running.shutdown()
    assert socket.getdefaulttimeout() is None

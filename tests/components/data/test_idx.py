"""The IDX format: element types, compression, damage."""

import gzip
import lzma

import numpy as np
import pytest
from idx_bytes import CODES, IMAGES, LABELS, idx_bytes, write

from aecli.components.data import load_dataset
from aecli.components.data.idx import read_idx
from aecli.components.data.idx_folder import idx

RNG = np.random.default_rng(7)


@pytest.mark.parametrize("suffix, compress", [(".gz", gzip.compress), (".xz", lzma.compress)], ids=["gz", "xz"])
def test_compressed_files_give_the_same_data_set(suffix, compress, tmp_path):
    plain, compressed = tmp_path / "plain", tmp_path / "compressed"
    plain.mkdir(), compressed.mkdir()
    write(plain, train=IMAGES, labels=LABELS)
    for path in plain.iterdir():
        (compressed / (path.name + suffix)).write_bytes(compress(path.read_bytes()))
    digests = {load_dataset("idx", {"folder": str(folder)}).sha256 for folder in (plain, compressed)}
    assert len(digests) == 1


@pytest.mark.parametrize("dtype", CODES)
def test_every_element_type_is_read_big_endian(dtype, tmp_path):
    array = np.array([[1, 2, 100], [3, 0, 90]], dtype)
    (tmp_path / "file").write_bytes(idx_bytes(array))
    read = read_idx(tmp_path / "file")
    assert read.dtype == array.dtype and read.dtype.isnative and np.array_equal(read, array)


def test_numbers_that_are_no_bytes_become_scaled_float32(tmp_path):
    write(tmp_path, train=np.array([[[0, 50]], [[100, 150]], [[200, 100]]], np.int16))
    data = load_dataset("idx", {"folder": str(tmp_path), "test_share": 0.3})
    assert data.train_NP.dtype == np.float32 and data.scaling["kind"] == "minmax" and len(data.scaling["scale"]) == 1


def test_colour_images_are_turned_to_channels_first(tmp_path):
    colour = RNG.integers(0, 256, (4, 5, 6, 3), dtype=np.uint8)
    write(tmp_path, train=colour, test=colour[:1])
    data = load_dataset("idx", {"folder": str(tmp_path)})
    assert data.image_shape == (3, 5, 6)
    assert np.array_equal(data.train_NP.reshape(4, 3, 5, 6), colour.transpose(0, 3, 1, 2))


def test_two_dimensions_are_a_table(tmp_path):
    write(tmp_path, train=IMAGES.reshape(6, 12))
    assert load_dataset("idx", {"folder": str(tmp_path)}).image_shape is None


GOOD = idx_bytes(IMAGES)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", 'is no IDX file: it starts with the bytes ""'),
        (b"\x89PNG\r\n", 'is no IDX file: it starts with the bytes "89 50 4e 47"'),
        (b"\0\0\x0a\x03" + GOOD[4:], 'is no IDX file: it starts with the bytes "00 00 0a 03"'),
        (b"\0\0\x08\x00" + GOOD[4:], 'is no IDX file: it starts with the bytes "00 00 08 00"'),
        (GOOD[:10], "is incomplete: it ends within its header; copy or download it again"),
        (GOOD[:-1], "holds 87 bytes, but its header says 88; copy or download it again"),
        (GOOD + b"12", "holds 90 bytes, but its header says 88; copy or download it again"),
        (
            b"\0\0\x08\x03" + b"\xff" * 12,
            f"holds 16 bytes, but its header says {16 + (2**32 - 1) ** 3}; copy or download it again",
        ),
    ],
    ids=["empty", "png", "unknown type", "no dimensions", "short header", "truncated", "trailing", "giant"],
)
def test_what_is_no_whole_idx_file_is_refused(content, message, tmp_path, refusal):
    path = tmp_path / "train-images"
    path.write_bytes(content)
    assert refusal("idx", folder=tmp_path) == f"{path}: {message}"


@pytest.mark.parametrize(
    "suffix, content, reason",
    [
        (".gz", gzip.compress(GOOD)[:-20], "Compressed file ended before the end-of-stream marker was reached"),
        (".gz", gzip.compress(GOOD)[:-8] + b"\0" * 8, "CRC check failed 0x0 != 0x"),
        (".xz", lzma.compress(GOOD)[:-20], "Compressed file ended before the end-of-stream marker was reached"),
    ],
    ids=["gz truncated", "gz wrong sum", "xz truncated"],
)
def test_damaged_compressed_files_are_refused(suffix, content, reason, tmp_path, refusal):
    path = tmp_path / f"train-images{suffix}"
    path.write_bytes(content)
    message = refusal("idx", folder=tmp_path)
    assert message.startswith(f"{path}: is damaged or incomplete: {reason}")
    assert message.endswith("; copy or download it again")


@pytest.mark.parametrize(
    "name, content",
    [
        ("train-images.gz", GOOD),
        ("train-images.xz", gzip.compress(GOOD)),
        ("train-images", lzma.compress(GOOD)),
        ("train-images-idx3-ubyte", gzip.compress(GOOD)),
    ],
    ids=["plain", "gzip called xz", "xz called nothing", "gzip called nothing"],
)
def test_files_are_read_by_what_is_in_them_whatever_they_are_called(name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "train-images").write_bytes(GOOD)
    assert idx(folder=str(tmp_path)).sha256 == idx(folder=str(plain)).sha256

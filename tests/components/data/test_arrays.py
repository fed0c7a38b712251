"""NumPy's files: names of arrays, damage, and pickles, which are never executed."""

import gzip
import io
import os
import pickle
import zipfile

import numpy as np
import pytest
from npy_files import RNG, save

from aecli.components.data.arrays import npy, npz


def test_the_names_of_keras_and_plain_x_and_y_are_read(tmp_path):
    x, y = RNG.integers(0, 256, (6, 3, 3), dtype=np.uint8), np.arange(6)
    np.savez_compressed(tmp_path / "k.npz", x_train=x, y_train=y, x_test=x[:2], y_test=y[:2], extra=np.zeros(3))
    np.savez(tmp_path / "p.npz", x=x, y=y)
    keras = npz(file=str(tmp_path / "k.npz"))
    plain = npz(file=str(tmp_path / "p.npz"))
    assert np.array_equal(keras.train_NP, x.reshape(6, 9)) and keras.test_labels_N.tolist() == [0, 1]
    assert (len(plain.train_NP), len(plain.test_NP)) == (5, 1)


class Payload:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, target):
        self.target = str(target)

    def __reduce__(self):
        return os.mkdir, (self.target,)


def object_npy(path, payload):
    np.save(path, np.array([payload, 1], object), allow_pickle=True)


def bare_pickle(path, payload):
    path.write_bytes(pickle.dumps(payload))


def object_npz(path, payload):
    np.savez(path.with_suffix(""), x=np.array([payload, 1], object))
    path.with_suffix(".npz").rename(path) if path.suffix != ".npz" else None


def pickle_in_npz(path, payload):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", pickle.dumps(payload))


@pytest.mark.parametrize(
    "name, write, message",
    [
        ("npy", object_npy, "holds Python objects, which are never loaded; store numbers"),
        ("npy", bare_pickle, "is not a file that numpy.save wrote; pickles are never loaded"),
        ("npz", bare_pickle, "is not a file that numpy.savez wrote; pickles are never loaded"),
        ("npz", object_npz, "holds Python objects, which are never loaded; store numbers"),
        ("npz", pickle_in_npz, "x: is no array; pickles are never loaded"),
    ],
)
def test_a_pickle_is_refused_and_never_executed(name, write, message, tmp_path, refusal):
    path, executed = tmp_path / f"x.{name}", tmp_path / "executed"
    write(path, Payload(executed))
    assert message in refusal(name, file=path)
    assert not executed.exists()


def npy_bytes(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


TABLE = npy_bytes(np.ones((4, 2)))


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "is not a file that numpy.save wrote; pickles are never loaded"),
        (TABLE + b"x", "has bytes after the array; store one array per file"),
        (gzip.compress(TABLE), "is compressed by gzip; unpack it first"),
        (b"PK\3\4 and so on", "is an archive; read it as name: npz"),
    ],
    ids=["empty", "csv", "trailing", "gzip", "npz"],
)
def test_what_is_no_npy_file_is_refused(content, message, tmp_path, refusal):
    path = tmp_path / "x.npy"
    path.write_bytes(content)
    assert refusal("npy", file=path) == f"{path}: {message}"


def test_every_truncation_and_flipped_byte_of_a_header_is_refused_without_a_traceback(tmp_path, refusal):
    path = tmp_path / "x.npy"
    for length in range(1, len(TABLE)):
        path.write_bytes(TABLE[:length])
        assert refusal("npy", file=path).startswith(f"{path}: is ")
    for position in range(6, 80):
        broken = bytearray(TABLE)
        broken[position] ^= 0x15
        path.write_bytes(broken)
        try:
            npy(file=str(path))  # some flips leave another whole header
        except Exception as error:
            assert type(error).__name__ == "DataError", (position, error)


def test_every_truncation_of_an_archive_is_refused_without_a_traceback(tmp_path, refusal):
    path = tmp_path / "x.npz"
    np.savez_compressed(path, x=np.ones((4, 2)))
    whole = path.read_bytes()
    for length in range(2, len(whole)):
        path.write_bytes(whole[:length])
        expected = "is damaged or incomplete: " if length > 3 else "is not a file that numpy.savez wrote; "
        assert refusal("npz", file=path).startswith(f"{path}: {expected}")
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x15]) + whole[position + 1 :])
        try:
            npz(file=str(path))
        except Exception as error:
            assert type(error).__name__ == "DataError", (position, error)


def test_parts_that_belong_together_are_asked_for(tmp_path, refusal):
    x = save(tmp_path / "x.npy", np.ones((5, 2)))
    assert refusal("npy", file=x, test_labels=x) == f"{x}: test_labels without test_file; name the test rows too"
    path = tmp_path / "x.npz"
    np.savez(path, x=np.ones((5, 2)), y_test=np.ones(5))
    assert refusal("npz", file=path) == f"{path}: holds y_test without x_test; add the test rows too"
    np.savez(path, images=np.ones((5, 2)), labels=np.ones(5))
    assert refusal("npz", file=path) == f"{path}: holds no x_train and no x, but: images, labels; rename the arrays"

"""Arrays are read as far as they are what they claim to be, and never unpickled."""

import io
import zipfile

import numpy as np
import pytest

from aecli.files.arrays import BadArrays, names_in, read_archive
from aecli.files.reading import MIB


@pytest.fixture
def archive(tmp_path):
    """A function that writes an archive of arrays, or of bytes that claim to be some."""

    def write(**members):
        path = tmp_path / "a.npz"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in members.items():
                if not isinstance(content, bytes):
                    buffer = io.BytesIO()
                    np.lib.format.write_array(buffer, np.asanyarray(content))
                    content = buffer.getvalue()
                made.writestr(f"{name}.npy", content)
        return path

    return write


def header(shape, dtype="<f4"):
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"shape": shape, "fortran_order": False, "descr": dtype})
    return buffer.getvalue()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.zeros((0, 4), np.uint8),
        np.array(5),
        np.array(["a", "bc"]),
        np.array([True, False]),
        np.arange(300_000, dtype=">i2"),
    ],
    ids=["matrix", "fortran", "empty", "scalar", "texts", "flags", "big endian"],
)
def test_arrays_come_back_as_numpy_reads_them(array, archive):
    path = archive(x=array, y=[1])
    found = read_archive(path)
    assert list(found) == ["x", "y"]
    assert found["x"].dtype == np.load(path)["x"].dtype and np.array_equal(found["x"], array)
    assert found["x"].flags.writeable
    assert list(read_archive(path, ["y"])) == ["y"]


BROKEN = {
    "no such array": ({"y": [1]}, "has no x"),
    "a claim of 10^13 numbers": (
        {"x": header((10**13,))},
        "x: claims 40,000,000,000,000 bytes of numbers and has fewer",
    ),
    "a negative length": ({"x": header((-3,))}, "x: claims -12 bytes of numbers and has fewer"),
    "objects": ({"x": header((3,), "|O")}, "x: holds Python objects, which are never loaded"),
    "many texts of no length": ({"x": header((10**13,), "|S0")}, "x: holds neither numbers nor texts"),
    "records": ({"x": header((3,), [("a", "<f4"), ("b", "<f4")]) + bytes(24)}, "x: holds neither numbers nor texts"),
    "rows in a type": ({"x": header((3,), ("<f4", (2,))) + bytes(24)}, "x: holds neither numbers nor texts"),
    "a pickle": ({"x": b"\x80\x04N."}, "x: is no array; pickles are never loaded"),
    "nothing": ({"x": b""}, "x: is no array; pickles are never loaded"),
    "a bomb": ({"x": b"\0" * (300 * MIB)}, "has more than 256 MiB of arrays"),
}


@pytest.mark.parametrize(("members", "told"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_as_it_claims_is_refused_with_the_reason(members, told, archive):
    with pytest.raises(BadArrays) as caught:
        read_archive(archive(**members), ["x"])
    assert str(caught.value).startswith(told)


def test_an_archive_that_is_none_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(b"PK\3\4 and nothing more")
    with pytest.raises(BadArrays, match="is damaged or incomplete: "):
        read_archive(path)
    with path.open("rb") as file, pytest.raises(BadArrays, match="is damaged or incomplete: "):
        names_in(file)


def test_a_flipped_bit_is_noticed(archive):
    path = archive(x=np.arange(1000.0))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BadArrays, match="is damaged or incomplete: "):
        read_archive(path)

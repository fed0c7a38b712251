"""Compressed files are read as far as is wanted, and bombs not at all."""

import gzip
import io
import lzma
from pathlib import Path

import pytest

from aecli.files.packed import LOOSEST, WORTH, is_bomb, read_some, read_unpacked

WRITERS = {"plain": bytes, "gzip": gzip.compress, "xz": lzma.compress}
CONTENT = bytes(range(256)) * 100


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_file_is_read_whole_whatever_compressed_it(write, tmp_path):
    (tmp_path / "a").write_bytes(write(CONTENT))
    assert read_unpacked(tmp_path / "a") == CONTENT
    assert read_unpacked(tmp_path / "a", lambda head: len(CONTENT)) == CONTENT


@pytest.mark.parametrize("write", [gzip.compress, lzma.compress], ids=["gzip", "xz"])
def test_of_more_than_is_wanted_one_byte_is_read(write, tmp_path):
    (tmp_path / "a").write_bytes(write(CONTENT))
    assert read_unpacked(tmp_path / "a", lambda head: 5000) == CONTENT[:5001]
    assert read_unpacked(tmp_path / "a", lambda head: 1) == CONTENT[:4096]


class Zeros(io.RawIOBase):
    """A stream without end."""

    taken = 0

    def read(self, size=-1):
        self.taken += size
        return bytes(size)


def test_a_bomb_is_noticed_before_its_memory_is_taken():
    stream = Zeros()
    with pytest.raises(OSError, match="unpacks to more than 100 times its size, as no real data does") as caught:
        read_some(stream, 14_000, None, Path("a.xz"))
    assert caught.value.filename == "a.xz" and stream.taken < 1.1 * WORTH


def test_what_is_small_or_packed_as_images_are_is_no_bomb():
    assert not is_bomb(WORTH, 1) and not is_bomb(LOOSEST * WORTH, WORTH)
    assert is_bomb(WORTH + 1, 1)

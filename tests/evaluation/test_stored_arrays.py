"""The cache of baselines: kept and found again, never trusted when damaged, never needed, and free of pickles."""

import io
import pickle

import numpy as np
import pytest

from aecli.evaluation.stored_arrays import cached_arrays


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


class Counted:
    """Computes arrays and counts how often."""

    def __init__(self, **arrays):
        self.arrays, self.calls = arrays, 0

    def __call__(self):
        self.calls += 1
        return self.arrays


@pytest.fixture
def compute():
    return Counted(
        matrix=np.arange(6.0).reshape(2, 3), names=np.array(["a", "bc"]), one=np.float32(0.1), none=np.zeros((0, 4))
    )


def equal(found, expected):
    return set(found) == set(expected) and all(
        np.array_equal(found[name], expected[name]) and found[name].dtype == expected[name].dtype for name in expected
    )


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_computed_once_is_found_again_as_it_was(folder, compute):
    assert equal(cached_arrays("pca 32 digest", compute), compute.arrays)
    assert equal(cached_arrays("pca 32 digest", compute), compute.arrays)
    assert compute.calls == 1 and len(files(folder)) == 1


def test_another_key_is_computed_by_itself(folder, compute):
    other = Counted(matrix=np.ones(2))
    cached_arrays("pca 32 digest", compute)
    assert equal(cached_arrays("pca 33 digest", other), other.arrays)
    assert equal(cached_arrays("pca 32 digest", compute), compute.arrays)
    assert (compute.calls, other.calls) == (1, 1) and len(files(folder)) == 2


def test_a_key_may_hold_what_no_file_name_can(folder, compute):
    key = "../../é\n" + 1000 * "x"
    assert equal(cached_arrays(key, compute), cached_arrays(key, compute)) and compute.calls == 1
    assert [path.parent for path in files(folder)] == [folder / "baselines"]


def test_the_cache_may_be_deleted_at_any_time(folder, compute):
    cached_arrays("key", compute)
    files(folder)[0].unlink()
    assert equal(cached_arrays("key", compute), compute.arrays) and compute.calls == 2


DAMAGE = {
    "empty": lambda content: b"",
    "cut in the middle": lambda content: content[: len(content) // 2],
    "cut at the end": lambda content: content[:-1],
    "no archive": lambda content: b"not a zip file at all",
    "only the start of an archive": lambda content: b"PK\x03\x04",
    "another number in an array": lambda content: content.replace(np.float64(4).tobytes(), np.float64(7).tobytes(), 1),
    "another format": lambda content: saved(np.ones(3)),
}


def saved(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_computed_anew_and_mended(damage, folder, compute):
    cached_arrays("key", compute)
    (path,) = files(folder)
    content = path.read_bytes()
    path.write_bytes(damage(content))
    assert path.read_bytes() != content
    assert equal(cached_arrays("key", compute), compute.arrays) and compute.calls == 2
    assert equal(cached_arrays("key", compute), compute.arrays) and compute.calls == 2
    assert files(folder) == [path]


def test_no_single_wrong_byte_stops_an_evaluation_or_changes_its_numbers(folder):
    compute = Counted(a=np.arange(6.0))
    cached_arrays("key", compute)
    (path,) = files(folder)
    content = path.read_bytes()
    for place in range(len(content)):
        for value in {0, 1, 255, content[place] ^ 8, content[place] ^ 85} - {content[place]}:
            path.write_bytes(content[:place] + bytes([value]) + content[place + 1 :])
            assert equal(cached_arrays("key", compute), compute.arrays), (place, value)


def test_where_nothing_can_be_written_everything_is_computed(tmp_path, monkeypatch, compute):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path / "file" / "cache"))
    for calls in (1, 2):
        assert equal(cached_arrays("key", compute), compute.arrays) and compute.calls == calls
    assert files(tmp_path) == [tmp_path / "file"]


def test_a_folder_in_the_place_of_the_file_is_left_alone(folder, compute):
    cached_arrays("key", compute)
    (path,) = files(folder)
    path.unlink()
    path.mkdir()
    assert equal(cached_arrays("key", compute), compute.arrays) and path.is_dir()


def test_without_a_home_folder_everything_is_computed(monkeypatch, compute):
    monkeypatch.setattr("aecli.evaluation.stored_arrays.cache_folder", no_home)
    assert equal(cached_arrays("key", compute), compute.arrays) and compute.calls == 1


def no_home():
    raise OSError("no home folder; set AECLI_CACHE to a folder")


class Trap:
    """Says so when it is unpickled."""

    sprung = False

    def __reduce__(self):
        return spring, ()


def spring():
    Trap.sprung = True


def test_a_pickle_in_the_cache_is_never_opened(folder, compute):
    cached_arrays("key", compute)
    (path,) = files(folder)
    buffer = io.BytesIO()
    np.savez(buffer, matrix=np.array([Trap()], dtype=object))
    for content in (buffer.getvalue(), pickle.dumps(Trap()), saved(np.array([Trap()], dtype=object))):
        path.write_bytes(content)
        assert equal(cached_arrays("key", compute), compute.arrays)
    assert not Trap.sprung and compute.calls == 4


def test_arrays_of_objects_are_computed_every_time_rather_than_unpickled(folder):
    compute = Counted(objects=np.array([Trap()], dtype=object))
    for calls in (1, 2):
        assert cached_arrays("key", compute) is compute.arrays and compute.calls == calls
    assert not Trap.sprung


def test_the_trap_can_spring():
    pickle.loads(pickle.dumps(Trap()))
    assert Trap.sprung
    Trap.sprung = False


def test_what_fails_to_compute_leaves_nothing_behind(folder):
    with pytest.raises(ZeroDivisionError):
        cached_arrays("key", lambda: {"a": 1 / 0})
    assert not folder.exists() or files(folder) == []

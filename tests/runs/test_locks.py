"""One at a time works on a run; those who only add may do so together."""

import pytest

from aecli.errors import UsageError
from aecli.runs.locks import locked


def test_a_lock_keeps_others_away_and_shared_ones_do_not(tmp_path):
    busy = pytest.raises(UsageError, match="another process is working on this run")
    with locked(tmp_path), busy, locked(tmp_path, shared=True):
        pass
    with locked(tmp_path, shared=True), locked(tmp_path, shared=True), busy, locked(tmp_path):
        pass
    with locked(tmp_path):
        pass

"""One cache folder for all tests of the data sets, and the text of a refusal."""

from collections.abc import Callable, Iterator

import pytest

from aecli.errors import DataError
from aecli.experiment.data import load_dataset


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Unpack MNIST once per session, and never into the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AECLI_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def refusal() -> Callable[..., str]:
    """Load a data set that must be refused, and return the message."""

    def load(name: str, **params: object) -> str:
        with pytest.raises(DataError) as caught:
            load_dataset(name, {key: str(value) if hasattr(value, "parts") else value for key, value in params.items()})
        assert caught.value.exit_code == 4
        return str(caught.value)

    return load

"""Real images for the tests of instruments."""

import numpy as np
import pytest

from aecli.components.data import load_dataset


@pytest.fixture(scope="module")
def digits(shared_cache):
    """The first 400 test images of MNIST."""
    return load_dataset("mnist", {}).test_NP[:400].astype(np.float32) / np.float32(255)

"""The types of parameters of data sets: what a config may give, and that naming an array imports nothing."""

import subprocess
import sys

import pytest
from pydantic import TypeAdapter, ValidationError

from aecli.components.data.annotations import Scaling, Share, Side


@pytest.mark.parametrize(
    ("kind", "given"),
    [(Share, 1e-6), (Share, 0.999), (Side, 1), (Side, None), (Scaling, "auto"), (Scaling, "standard")],
    ids=str,
)
def test_what_lies_within_the_range_is_accepted(kind, given):
    assert TypeAdapter(kind).validate_python(given) == given


@pytest.mark.parametrize(
    ("kind", "given"), [(Share, 0.0), (Share, 1.0), (Side, 0), (Side, 2.5), (Scaling, "robust")], ids=str
)
def test_what_lies_outside_is_refused(kind, given):
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(given)


def test_naming_an_array_does_not_import_numpy():
    program = "import sys; from aecli.components.data.annotations import Array; print(Array, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == "False"

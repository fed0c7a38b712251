"""Names from outside of the package reach the workers: they import what registered them, or say why they cannot."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aecli.config.yaml_source import dump
from aecli.errors import UsageError
from aecli.sweep.engines.outside import OutsideModules, folder_of, script_left_out

LOSS = '''
from typing import Annotated

from annotated_types import Gt

from aecli.components.loss.registration import loss


@loss()
def fourth_power(x_hat_BP, x_BP, *, scale: Annotated[float, Gt(0)] = 1.0):
    """Fourth power of the error, mean over pixels."""
    return scale * ((x_hat_BP - x_BP) ** 4).mean(1)
'''
SCRIPT = """
import json
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])


class Quiet:
    def __getattr__(self, name):
        return lambda *told: None


if __name__ == "__main__":
    import mine.losses

    if sys.argv[2] == "taken away":
        Path(mine.losses.__file__).unlink()
    from aecli.errors import AecliError
    from aecli.sweep.run_sweep import run_sweep

    try:
        print(json.dumps(run_sweep("s.yaml", out="out", jobs="2x1", watcher=Quiet()).plain()))
    except AecliError as error:
        sys.exit(str(error))
"""


@pytest.fixture
def sweep(tmp_path, small):
    """A function that runs a sweep over a loss of a module that lies elsewhere, in a process of its own."""
    (tmp_path / "elsewhere" / "mine").mkdir(parents=True)
    (tmp_path / "elsewhere" / "mine" / "losses.py").write_text(LOSS)
    (tmp_path / "script.py").write_text(SCRIPT)
    small["training"]["epochs"] = 1
    (tmp_path / "b.yaml").write_text(dump(small))
    losses = ["mse", {"name": "fourth_power", "scale": 2.0}]
    (tmp_path / "s.yaml").write_text(dump({"base": "b.yaml", "grid": {"loss": losses}}))

    def run(what, measured):
        (tmp_path / "out").mkdir()
        if measured:
            begun = {"engine": "local", "workers": 2, "threads": 1, "images_per_s": 1e4}
            (tmp_path / "out" / "status.json").write_text(json.dumps(begun))
        command = [sys.executable, "script.py", str(tmp_path / "elsewhere"), what]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200)

    return run


@pytest.mark.slow
def test_two_workers_train_with_a_loss_that_a_module_elsewhere_registered(sweep, tmp_path):
    done = sweep("there", measured=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["trials"], told["completed"], told["failed"]) == (2, 2, [])
    configs = [path.read_text() for path in (tmp_path / "out" / "runs").glob("*/config.yaml")]
    assert sorted("fourth_power" in text for text in configs) == [False, True]


@pytest.mark.parametrize("measured", [True, False], ids=["as it trains", "as it is measured"])
def test_a_module_that_a_worker_cannot_import_ends_the_sweep_with_its_name(measured, sweep, tmp_path):
    done = sweep("taken away", measured=measured)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        "a worker cannot import mine.losses, which registered names here: ModuleNotFoundError: "
        "No module named 'mine.losses'; install it, or put its folder on PYTHONPATH, where workers run"
    )
    assert not list((tmp_path / "out").glob("runs/*"))


def test_a_module_is_found_below_the_folder_that_goes_along_even_in_a_package(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").touch()
    (tmp_path / "mine" / "deep.py").write_text("print('here')")
    code = "from aecli.sweep.engines.outside import OutsideModules as O; O(('mine.deep',), ({!r}, '/nowhere')).load()"
    done = subprocess.run([sys.executable, "-c", code.format(str(tmp_path))], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "here\n"), done.stderr


@pytest.mark.parametrize("text", ["raise ValueError('registered twice')", "1 +"], ids=["raises", "is no Python"])
def test_a_module_that_fails_is_named_with_what_it_says(text, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "failing_module.py").write_text(text)
    kind = "ValueError: registered twice" if "twice" in text else "SyntaxError: "
    with pytest.raises(UsageError, match=f"^a worker cannot import failing_module, which .*: {kind}"):
        OutsideModules(("failing_module",), (str(tmp_path),)).load()


def test_the_folder_of_a_module_is_the_entry_of_the_path_that_it_was_found_below():
    import json.decoder
    import xml.etree.ElementTree  # noqa: F401  two packages deep

    entry = str(Path(json.__file__).resolve().parents[1])
    assert {folder_of(name) for name in ("json", "json.decoder", "xml.etree.ElementTree")} == {entry}
    assert folder_of("sys") is None and folder_of("never_imported") is None


def test_names_that_no_file_registers_are_refused_before_a_worker_starts():
    code = """
from aecli.components.data.corruptions import corruption
from aecli.sweep.engines.outside import registered_outside

@corruption()
def haze(x_BP, generator):
    return x_BP

registered_outside()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.splitlines()[-1].partition(": ")[2] == (
        "names were registered by code that is in no file, as after python -c, and the workers of a sweep cannot know "
        "them; put the code into a module, and import that"
    )


def test_workers_run_the_script_anew_only_where_it_registered_names():
    script = sys.modules["__main__"]
    with script_left_out():
        assert getattr(sys.modules["__main__"], "__file__", None) is None
    assert sys.modules["__main__"] is script

"""What a release promises: one version, packages that hold everything, honest bounds, and lint that .ci/run repeats."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata, util
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import aecli

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ABOUT = PROJECT["project"]
EXTRAS = ABOUT["optional-dependencies"]
CI = (ROOT / ".ci/run").read_text()
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
TOOLS = {"build", "mypy", "ruff", "twine"}
REQUIREMENTS = [
    *PROJECT["build-system"]["requires"],
    *ABOUT["dependencies"],
    *(one for all in EXTRAS.values() for one in all),
]


def name_of(requirement: str) -> str:
    return re.match(r"[\w.-]+", requirement)[0]


def files_under(folder: str) -> set[str]:
    """Every file of a folder of the checkout that somebody wrote."""
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in found}


def packed_by(kind: str) -> set[str]:
    """What hatchling would put into a package, without building it."""
    builder = pytest.importorskip(f"hatchling.builders.{kind}", reason="needs aecli[dev]")
    plugin = {"wheel": "WheelBuilder", "sdist": "SdistBuilder"}[kind]
    return {file.distribution_path for file in getattr(builder, plugin)(str(ROOT)).recurse_included_files()}


def supported() -> list[tuple[int, int]]:
    """The versions of Python that the classifiers name."""
    found = (re.fullmatch(r"Programming Language :: Python :: (\d+)\.(\d+)", line) for line in ABOUT["classifiers"])
    return [(int(match[1]), int(match[2])) for match in found if match]


def test_the_version_stands_in_one_place():
    assert "version" not in ABOUT and ABOUT["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"] == {"path": "aecli/__init__.py"}
    sources = [ROOT / "pyproject.toml", *(ROOT / "aecli").rglob("*.py")]
    named = [path.name for path in sources if f'"{aecli.__version__}"' in path.read_text()]
    assert named == ["__init__.py"]


def test_the_installed_package_the_module_and_the_changelog_name_the_same_version():
    assert metadata.version("aecli") == aecli.__version__, "what environment.json records; install again"
    assert re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)[0] == aecli.__version__


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "aecli/py.typed").is_file()
    assert "Typing :: Typed" in ABOUT["classifiers"]


def test_the_wheel_holds_every_file_of_the_package_and_every_config():
    configs = {f"aecli/{name}" for name in files_under("configs")}
    assert len(configs) > 40
    assert packed_by("wheel") == files_under("aecli") | configs


def test_the_sdist_holds_what_the_tests_read():
    packed = packed_by("sdist")
    folders = ("aecli", "configs", "tests", ".ci", ".github")
    assert set().union(*map(files_under, folders)) <= packed
    assert {"README.md", "CHANGELOG.md", "LICENSE"} <= packed, "pyproject.toml is always in"
    assert not [name for name in packed if name.startswith("runs/")]


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_every_requirement_has_a_lower_bound_and_no_upper_one(requirement):
    assert re.fullmatch(r"[\w.-]+>=\d+(\.\d+)*", requirement), requirement


@pytest.mark.parametrize("build", ["+cpu", "+cu130", ""])
def test_any_build_of_pytorch_that_is_there_already_is_kept(build):
    """`pip install .` leaves alone what its requirements are content with."""
    wanted = {name_of(line): Requirement(line) for line in ABOUT["dependencies"] if name_of(line).startswith("torch")}
    assert set(wanted) == {"torch", "torchvision"}
    for name, requirement in wanted.items():
        assert requirement.url is None and requirement.marker is None
        oldest = re.search(r">=([\d.]+)", str(requirement))[1]
        for version in (oldest, metadata.version(name).partition("+")[0]):
            assert requirement.specifier.contains(f"{version}{build}"), f"{name} {version}{build}"


def test_the_readme_says_how_to_get_the_small_build_of_pytorch():
    text = (ROOT / "README.md").read_text()
    assert "GPU" in text and "**CPU**" in text and "pytorch.org/get-started" in text


def test_the_extra_for_tests_holds_the_extras_that_have_a_function():
    assert {*EXTRAS["compress"], *EXTRAS["ray"], *EXTRAS["optuna"]} <= set(EXTRAS["test"])


def test_the_classifiers_name_every_python_from_the_oldest_on():
    versions = supported()
    (oldest,) = re.fullmatch(r">=3\.(\d+)", ABOUT["requires-python"]).groups()
    assert versions == [(3, minor) for minor in range(int(oldest), versions[-1][1] + 1)]
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py3{oldest}"


def test_the_workflow_runs_the_oldest_and_the_newest_python_on_linux_and_on_macos():
    job = WORKFLOW["jobs"]["test"]
    ends = [f"{major}.{minor}" for major, minor in (supported()[0], supported()[-1])]
    assert job["strategy"]["matrix"] == {"os": ["ubuntu-latest", "macos-latest"], "python": ends}
    assert job["runs-on"] == "${{ matrix.os }}"
    (python,) = (step["with"]["python-version"] for step in job["steps"] if "setup-python" in step.get("uses", ""))
    assert python == "${{ matrix.python }}"
    assert job["steps"][-1] == {"run": "bash .ci/run", "env": {"PYTHON": "python"}}
    assert f"PYTHON=${{PYTHON:-python{ends[0]}}}" in CI


def test_ci_run_is_a_script_that_bash_can_read():
    done = subprocess.run(["bash", "-n", ROOT / ".ci/run"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_extra_for_developers_holds_what_ci_run_calls():
    called = set(re.findall(rf"(?:-m |^|bin/)({'|'.join(TOOLS)})\b", CI, re.M))
    assert called == TOOLS
    assert called <= set(map(name_of, EXTRAS["dev"]))
    assert "pip install -q -e '.[test,dev]'" in CI


def test_ci_run_does_what_the_readme_says():
    assert "\npip install -q .\n" in CI
    assert "\npip install -q -e '.[test]' && pytest\n" in CI


def test_the_addresses_are_of_one_place():
    urls = ABOUT["urls"]
    assert {"Homepage", "Changelog", "Issues"} <= set(urls)
    assert all(re.fullmatch(r"https://[\w./-]+[\w]", url) for url in urls.values())
    assert all(url.startswith(urls["Homepage"]) for url in urls.values())


def test_the_rooms_that_others_build_on_are_checked_strictly():
    (strict,) = (part for part in PROJECT["tool"]["mypy"]["overrides"] if "disallow_untyped_defs" in part)
    rooms = {"aecli.api", "aecli.components.*", "aecli.comparison.*", "aecli.runs.*", "aecli.registry"}
    assert rooms <= set(strict["module"])
    for name in strict["module"]:
        path = ROOT / name.removesuffix(".*").replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), name
    assert all(strict[rule] for rule in ("disallow_any_generics", "warn_return_any", "strict_equality"))


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_finds_nothing(command):
    if util.find_spec("ruff") is None:
        pytest.skip("needs aecli[dev]")
    done = subprocess.run([sys.executable, "-m", "ruff", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

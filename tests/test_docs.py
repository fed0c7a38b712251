"""The README and the pages: every command works, on smaller data where that saves minutes; links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import aecli
from aecli.cli import app
from aecli.components.catalogue import CATALOGUE
from aecli.config.presets import preset_names, sweep_names
from aecli.pages import FOLDER, page_titles

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CONTRIBUTING = ROOT / ".github/CONTRIBUTING.md"
PAGES = {name: FOLDER / f"{name}.md" for name in page_titles()}
TEXTS = {"README": README.read_text(), **{name: path.read_text() for name, path in PAGES.items()}}
PATHS = {"README": README, "CONTRIBUTING": CONTRIBUTING, **PAGES}
EXAMPLE = "runs/20261122T101502Z_mse_s0_9f3a"
LESS = ["--set", "data.train_size=500", "--set", "data.validation=100", "--set", "training.epochs=2"]
SMALLER = {"base: fast.yaml": "base: smoke.yaml", "seeds: 0-9": "seeds: 0-1"}
DOSES = """
base: smoke.yaml
seeds: 0-1
grid: {regularization: [[], [{name: l1_proximal, weight: 1e-4}], [{name: l1_proximal, weight: 1e-2}]]}
"""
BEFORE = {
    "runs": ["aecli train --config smoke.yaml --set loss.name=mae"],
    "comparing": ["aecli train --config smoke.yaml --set loss.name=mae"],
    "ci": [
        "aecli train --config smoke.yaml --out ci",
        "aecli train --config smoke.yaml --set seed=1 --out baselines/mse_a",
        "aecli train --config smoke.yaml --set seed=2 --out baselines/mse_b",
    ],
    "sweeps": ["aecli sweep --config doses.yaml --out runs/regularization"],
}
"""What a page takes for granted, in small."""
README_BYTES = 10_000
SCREEN = 78
"""Columns of code that a terminal of 80 shows without breaking lines."""
COUNTS = r"\b\d+ (losses|regularizers|optimizers|schedules|presets|configs|suites|metrics|corruptions|commands)\b"


def fences(text: str) -> list[tuple[str, str]]:
    """The language and the content of every block of code."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.S | re.M)


def without_code(text: str) -> str:
    """A text without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)


def commands(text: str) -> list[str]:
    """What a reader is told to type, in order: lines that begin with `aecli` in blocks without a language."""
    blocks = [body.replace("\\\n", "") for language, body in fences(text) if not language]
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines() if line[:6] == "aecli "]


def mentioned(text: str) -> list[str]:
    """Commands within a sentence."""
    return [" ".join(code.split()) for code in re.findall(r"`(aecli [^`]+)`", without_code(text))]


def files(text: str) -> dict[str, str]:
    """The YAML files that a reader is told to write: blocks whose first line is their name."""
    blocks = [body for language, body in fences(text) if language in ("yaml", "yml")]
    return {named[1]: body for body in blocks if (named := re.match(r"# (\S+\.yaml)\n", body))}


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", without_code(text), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "aecli", *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """A folder with a run under the name that the pages use."""
    folder = tmp_path_factory.mktemp("example")
    aecli.train("smoke.yaml", out=folder / "runs").path.rename(folder / EXAMPLE)
    return folder


@pytest.fixture
def folder(example, tmp_path):
    """What a reader of any page has: a run, and images of their own."""
    import numpy as np
    from own_data import write_own_data

    shutil.copytree(example, tmp_path, dirs_exist_ok=True)
    np.save(tmp_path / "images.npy", np.random.default_rng(0).integers(0, 256, (1000, 28, 28), dtype=np.uint8))
    write_own_data(tmp_path)
    return tmp_path


# --------------------------------------------------------------------- commands


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if commands(text)])
def test_every_command_works_in_the_order_in_which_it_stands(name, folder):
    text = TEXTS[name]
    for file, body in files(text).items():
        for full, small in SMALLER.items() if "sweep --config answer" in text else ():
            body = body.replace(full, small)
        (folder / file).write_text(body)
    (folder / "doses.yaml").write_text(DOSES)
    for command in [*BEFORE.get(name, []), *commands(text)]:
        arguments = shlex.split(command)[1:]
        if (arguments[0] == "train" and "smoke.yaml" not in arguments) or arguments[-1] == "losses_fast.yaml":
            arguments += LESS
        if arguments == ["evaluate", EXAMPLE]:  # every suite takes a minute
            arguments += ["--suite", "generalization"]
        done = run(arguments, folder)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout, command


def test_the_commands_of_the_command_line_are_all_shown():
    shown = {command.split()[1] for text in TEXTS.values() for command in [*commands(text), *mentioned(text)]}
    assert shown - {"--install-completion"} == set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_that_is_mentioned_has_these_options(name):
    known = typer.main.get_command(app).commands
    for command in [*commands(TEXTS[name]), *mentioned(TEXTS[name])]:
        _, verb, *arguments = shlex.split(command)
        if verb.startswith("--"):
            continue
        group = [known[verb], *getattr(known[verb], "commands", {}).values()]
        options = {option for one in group for parameter in one.params for option in parameter.opts}
        assert {word for word in arguments if re.match(r"--?[a-z]", word)} <= options, command


@pytest.mark.parametrize("name", TEXTS)
def test_every_config_that_is_mentioned_is_there(name):
    text = TEXTS[name]
    made = [word for command in commands(text) for word in shlex.split(command) if command.startswith("aecli init")]
    known = {*preset_names(), *sweep_names(), *(f"sweeps/{sweep}" for sweep in sweep_names()), *files(text), *made}
    for command in [*commands(text), *mentioned(text)]:
        for config in re.findall(r"--config (\S+)", command):
            assert config in {*known, "runs/NAME/winner.yaml", "NAME", "FILE"}, command


def test_the_readme_has_the_two_commands():
    blocks = [body.strip() for language, body in fences(TEXTS["README"]) if not language and body.startswith("pip")]
    assert blocks == ["pip install . && aecli train --config mse.yaml", "pip install -e '.[test]' && pytest"]


# ------------------------------------------------------------------ YAML, Python


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if files(text)])
def test_every_yaml_file_is_a_config_or_a_sweep(name, tmp_path):
    from aecli.config.load import load_config
    from aecli.sweep.planning.document import load_sweep

    for file, body in files(TEXTS[name]).items():
        (tmp_path / file).write_text(body)
        if re.search(r"^base:", body, re.M):
            load_sweep(str(tmp_path / file))
        else:
            load_config(tmp_path / file)


def python(name: str) -> str:
    """The Python of a page, all blocks in one."""
    return "\n".join(body for language, body in fences(TEXTS[name]) if language == "python")


@pytest.fixture
def nothing_stays_registered():
    """Take out again what a page registers."""
    before = {id(registry): set(registry) for registry in CATALOGUE.values()}
    yield
    for registry in CATALOGUE.values():
        for name in set(registry) - before[id(registry)]:
            registry.forget(name)


@pytest.mark.slow
def test_the_python_page_works(example, monkeypatch, capfd):
    import numpy as np
    import torch

    monkeypatch.chdir(example)
    names = {"images": np.random.default_rng(0).integers(0, 256, (12, 28, 28), dtype=np.uint8)}
    exec(python("python").replace("training.epochs=5", "training.epochs=1"), names)
    assert names["codes"].shape == (12, 32) and names["again"].shape == (12, 28, 28)
    assert names["errors"].shape == names["dots"].shape == (12,) and names["between"].shape == (1, 784)
    assert names["x_hat_BP"].shape == (12, 784)
    assert [row["label"] for row in names["rows"]]
    assert names["loss"](torch.zeros(2, 9), torch.ones(2, 9)).shape == (2,)
    printed = capfd.readouterr()
    assert "2 configs" in printed.out and printed.err == ""


FUNCTION_OF = {"runs": "list_runs", "diff": "diff_configs"}
"""Commands whose function has another name: `runs` is a room, and `diff` says too little by itself."""


def test_the_functions_on_the_python_page_are_there():
    functions = re.findall(r"`(\w+)\([^`]*\)`", TEXTS["python"].partition("| returns |")[2].partition("\n\n")[0])
    known = {FUNCTION_OF.get(name, name) for name in typer.main.get_command(app).commands}
    assert set(functions) >= known and all(callable(getattr(aecli, name)) for name in functions)


def test_what_a_page_registers_is_there_at_once(nothing_stays_registered, tmp_path, monkeypatch, capsys):
    import torch

    monkeypatch.chdir(tmp_path)
    names = {}
    exec(python("extending"), names)
    assert "QuarticLoss(name='quartic', weight=1.0, c=0.5)" in capsys.readouterr().out
    assert aecli.make_loss("quartic", c=0.5)(torch.ones(1, 2), torch.zeros(1, 2)).tolist() == [16.0]
    assert names["run"].model.code_size == 4 and names["run"].summary["test"]["worst_squared"] > 0
    aecli.load_config({"regularization": ["code_variance"]})


def test_every_python_block_is_tried():
    assert {name for name in TEXTS if python(name)} == {"python", "extending"}


# ----------------------------------------------------------------- what is told


def codes(heading: str) -> list[str]:
    """The codes in a table of the page of messages."""
    section = TEXTS["messages"].partition(f"## {heading}")[2].partition("\n## ")[0]
    return re.findall(r"^\| `?([a-z0-9-]+)`? \|", section, re.M)


def test_every_code_of_an_advice_is_explained():
    from aecli.components.data.remarks import SEVERITIES
    from aecli.config.advice import DATA_RULES, OUT_OF_REACH, RULES

    told = [code for code in codes("Advice on a config") if code != "code"]
    assert sorted(told) == sorted({*(code for code, *_ in (*RULES, *DATA_RULES)), OUT_OF_REACH.code, *SEVERITIES})


def test_figures_of_advice_are_those_of_the_page_and_agree_with_each_other():
    from aecli.config.advice import advise
    from aecli.config.load import load_config

    (measured,) = re.findall(r"^## The figures\n(.*?)^## ", TEXTS["messages"], re.S | re.M)
    rows = [row.split(" | ") for row in re.findall(r"^\| (.*) \|$", measured, re.M)[1:]]
    means = {row[0]: row[2] for row in rows}
    for one, mean in ((row[1].split(", "), float(row[2])) for row in rows):
        assert sum(map(float, one)) / len(one) == pytest.approx(mean, abs=5e-5 if mean < 0.01 else 5e-4)
    told = {one.code: one.message for one in advise(load_config({"loss": "mae"}))}
    relu, linear, mae = means.values()
    assert f"test MSE {relu}, against 32 and {linear} with a linear code" in told["dead-code"]
    assert f"test MSE {mae}, against {relu} with mse" in told["mae-collapse"]
    alive = rows[0][3].split(", ")
    assert (
        f"{min(alive)} to {max(alive)} of 32 alive" in told["dead-code"]
        and f"{min(alive)} to {max(alive)} of 32" in TEXTS["messages"]
    )


def test_every_finding_of_a_comparison_is_explained():
    from aecli.comparison.verdicts.lint import RULES

    assert [code for code in codes("Findings of a comparison") if code != "finding"] == [code for code, _ in RULES]


def test_every_exit_code_is_explained():
    from aecli import errors

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.AecliError)]
    assert {str(kind.exit_code) for kind in kinds} <= set(codes("Exit codes"))


def test_no_number_of_registered_names_is_written_by_hand():
    texts = {**TEXTS, "CONTRIBUTING": CONTRIBUTING.read_text(), "CHANGELOG": (ROOT / "CHANGELOG.md").read_text()}
    for name, text in texts.items():
        assert not re.search(COUNTS, without_code(text)), name
    for path in (ROOT / "configs").rglob("*.yaml"):
        assert not re.search(rf"{COUNTS}|\b\d+ runs\b", path.read_text()), path


def test_nothing_is_left_to_fill_in():
    for name, path in PATHS.items():
        assert not re.search(r"@@|TODO|TBD|FIXME", path.read_text()), name


# ------------------------------------------------------------------------- form


@pytest.mark.parametrize("name", PATHS)
def test_every_link_leads_somewhere(name):
    text = without_code(PATHS[name].read_text())
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    assert "](" not in re.sub(r"\]\(([^)\s]+)\)", "", text), "a link that is broken over lines or has spaces"
    for link in links:
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = PATHS[name].parent / path if path else PATHS[name]
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text()), link


def test_the_readme_is_short_and_leads_to_every_page():
    assert len(README.read_bytes()) <= README_BYTES
    assert set(re.findall(r"\(aecli/docs/(\w+)\.md\)", TEXTS["README"])) == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_with_a_title_and_a_short_answer_and_fits_a_terminal(name):
    title, blank, answer, *_ = TEXTS[name].splitlines()
    assert re.match(r"# \w", title) and len(title) <= 65 and not blank and answer[0].isalpha() | answer.startswith("`")
    for language, body in fences(TEXTS[name]):
        assert [line for line in body.splitlines() if len(line) > SCREEN] == [], language


def test_the_tree_is_the_real_tree():
    (tree,) = re.findall(r"```\naecli/\n(.*?)```", CONTRIBUTING.read_text(), re.S)
    named = {line.split()[0].rstrip("/") for line in tree.splitlines() if re.match(r"  \S", line)}
    assert named == {path.name for path in (ROOT / "aecli").iterdir() if not path.name.startswith(("_", "."))}

"""From what the user gave to one Config: files, `extends`, `--set`, shortcuts, and that none of it needs torch."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aecli.components.loss import LOSSES
from aecli.config import presets
from aecli.config.load import check_loss, load_config
from aecli.config.presets import preset_folder, preset_names
from aecli.errors import ConfigError


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a file into an empty working folder."""
    monkeypatch.chdir(tmp_path)

    def write(name, text):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
        return name

    return write


def refused(source, **options):
    with pytest.raises(ConfigError) as caught:
        load_config(source, **options)
    assert caught.value.exit_code == 2
    return str(caught.value).splitlines()


# ------------------------------------------------------------------ torch-free


def test_loading_a_config_imports_nothing_heavy():
    code = (
        "import sys, aecli.config.load, aecli.config.advice, aecli.config.explain\n"
        "config = aecli.config.load.load_config('mse.yaml', set=['loss=bce', 'regularization=[l1]'])\n"
        "aecli.config.advice.advise(config), aecli.config.explain.explain_config(config)\n"
        "aecli.config.explain.json_schema()\n"
        "aecli.config.explain.describe_registry('losses')\n"
        "heavy = 'torch torchvision numpy scipy sklearn matplotlib PIL rich typer ray optuna'.split()\n"
        "print(*[name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


# ------------------------------------------------------------- kinds of source


def test_a_path_a_name_a_mapping_and_a_config_give_the_same(write):
    write("mine.yaml", "seed: 3\nloss: huber\n")
    config = load_config("mine.yaml")
    assert config == load_config(Path("mine.yaml").absolute()) == load_config("mine") == load_config(config)
    assert config == load_config({"name": "mine", "seed": 3, "loss": "huber"})


def test_a_mapping_is_left_as_it_was():
    source = {"loss": {"name": "huber"}, "architecture": {"widths": (784, 8)}}
    config = load_config(source, set=["loss.delta=3", "architecture.widths.1=9"], name="x", seed=1, device="cpu")
    assert source == {"loss": {"name": "huber"}, "architecture": {"widths": (784, 8)}}
    assert config.architecture.widths == (784, 9)


def test_a_mapping_extends_a_preset():
    config = load_config({"extends": "smoke.yaml", "seed": 5})
    assert (config.name, config.seed, config.training.epochs) == ("smoke", 5, 3)


def test_a_problem_in_a_mapping_has_no_line():
    assert refused({"seed": -1}) == ["config: seed: must be >= 0, got -1"]
    assert refused({"extends": 5}) == ["config: extends: expected the name of one YAML file"]
    assert refused({1: 2}) == ["config: [1]: keys should be strings, got 1"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("mine.yaml", "mine"), ("deep/mine.yaml", "mine"), ("my config (2).yaml", "my_config_2_"),
        ("größe.yaml", "gr_e"),
        ("-x.yaml", "x"), (f"{'x' * 90}.yaml", "x" * 64), ("((.yaml", "run"), ("a.b.yaml", "a.b"),
        ("noending", "noending"),
    ],
)  # fmt: skip
def test_a_run_without_a_name_is_called_like_its_file(write, file, name):
    assert load_config(write(file, "seed: 1")).name == name


def test_a_run_is_not_called_like_what_it_extends(write):
    write("base.yaml", "name: base\n")
    assert load_config(write("top.yaml", "extends: base.yaml\n")).name == "top"
    assert load_config(write("named.yaml", "extends: base.yaml\nname: me\n")).name == "me"


# -------------------------------------------------------------------- extends


def test_a_chain_of_files_is_merged_from_the_bottom(write):
    write("a.yaml", "seed: 1\ntraining: {epochs: 1, batch_size: 1}\nloss: {name: huber, delta: 1}\n")
    write("b.yaml", "extends: a.yaml\nseed: 2\ntraining: {epochs: 2}\n")
    write("c.yaml", "extends: b.yaml\ntraining: {threads: 3}\nloss: {weight: 3}\n")
    config = load_config("c.yaml")
    assert (config.seed, config.training.epochs, config.training.batch_size, config.training.threads) == (2, 2, 1, 3)
    assert config.loss_terms[0].model_dump() == {"name": "huber", "delta": 1.0, "weight": 3.0}
    assert config.locate("seed") == "b.yaml:2:7"
    assert config.locate("loss", "delta") == "a.yaml:3:28"
    assert config.locate("loss", "weight") == "c.yaml:3:16"
    assert config.locate("evaluation") == "c.yaml:1:1"


def test_the_file_beside_comes_before_the_preset(write):
    write("deep/mse.yaml", "seed: 77\n")
    write("deep/mine.yaml", "extends: mse.yaml\n")
    assert load_config("deep/mine.yaml").seed == 77
    write("mine.yaml", "extends: deep/mse\n")
    assert load_config("mine.yaml").seed == 77
    write("other.yaml", "extends: mse.yaml\n")
    assert load_config("other.yaml").seed == 0


def test_another_loss_than_that_of_the_base_has_its_own_defaults(write):
    write("base.yaml", "loss: {name: huber, delta: 1, weight: 5}\n")
    config = load_config(write("top.yaml", "extends: base.yaml\nloss: smooth_l1\n"))
    assert config.loss_terms[0].model_dump() == {"name": "smooth_l1", "beta": 0.1, "weight": 1.0}


LOOKED = f"looked here, in ./configs/ and among the presets: {', '.join(preset_names())}"
EXTENDS = {
    "missing": ("seed: 1\nextends: zzz", f'x.yaml:2:10: extends: no config "zzz"; {LOOKED}'),
    "list": ("extends: [mse.yaml]", "x.yaml:1:10: extends: expected the name of one YAML file"),
    "null": ("extends:", "x.yaml:1:9: extends: expected the name of one YAML file"),
    "number": ("extends: 5", "x.yaml:1:10: extends: expected the name of one YAML file"),
    "itself": ("extends: x.yaml", 'x.yaml:1:10: extends: "x.yaml" extends this file in turn; break the circle'),
    "itself by another path": (
        "extends: ./x",
        'x.yaml:1:10: extends: "./x" extends this file in turn; break the circle',
    ),
}


@pytest.mark.parametrize(("text", "line"), EXTENDS.values(), ids=EXTENDS)
def test_a_wrong_base_is_refused_where_it_is_named(write, text, line):
    assert refused(write("x.yaml", text)) == [line]


def test_a_circle_is_refused_where_it_closes(write):
    write("a.yaml", "extends: b.yaml\n")
    write("b.yaml", "seed: 1\nextends: c.yaml\n")
    write("c.yaml", "extends:   a.yaml\n")
    line = 'c.yaml:1:12: extends: "a.yaml" extends this file in turn; break the circle'
    assert refused("a.yaml") == [line]


@pytest.mark.parametrize("base", ["mse.yaml", "mse"])
def test_a_file_may_extend_the_preset_it_is_called_like(write, base):
    write("mse.yaml", f"extends: {base}\ntraining: {{epochs: 3}}\n")
    write("other.yaml", "extends: mse.yaml\nseed: 7\n")
    assert (
        load_config("other.yaml").plain()
        == load_config(preset_folder() / "mse.yaml", set=["training.epochs=3"], seed=7, name="other").plain()
    )


def test_a_circle_through_a_file_that_is_called_like_a_preset_is_one(write):
    write("mse.yaml", "extends: mine.yaml\n")
    write("mine.yaml", "extends: mse.yaml\n")
    assert refused("mse.yaml") == ['mine.yaml:1:10: extends: "mse.yaml" extends this file in turn; break the circle']
    write("huber.yaml", "extends: ./huber.yaml\n")
    assert refused("huber.yaml") == [
        'huber.yaml:1:10: extends: "./huber.yaml" extends this file in turn; break the circle'
    ]


def test_problems_of_all_files_and_flags_are_sorted_by_position(write):
    write("base.yaml", "seed: -1\nloss: {name: huber, delta: 0}\nnonsense: 1\n")
    write("top.yaml", "training:\n  epochs: 0\n  batch_size: 0\nextends: base.yaml\ndata: {train_size: 0}\n")
    lines = refused("top.yaml", set=["architecture.tied=1", "evaluation.checkpoint=1"], device="gpu")
    assert [line.rpartition(": ")[0] if line.startswith("--") else line.split(": ")[0] for line in lines] == [
        "top.yaml:2:11", "top.yaml:3:15", "top.yaml:5:20",
        "base.yaml:1:7", "base.yaml:2:28", "base.yaml:3:1",
        "--set architecture.tied=1: architecture.tied",
        "--device gpu: training.device", "--set evaluation.checkpoint=1: evaluation.checkpoint",
    ]  # fmt: skip


def test_a_syntax_error_in_the_base_names_the_base(write):
    write("base.yaml", "seed: 1\nseed: 2\n")
    line = "base.yaml:2:1: seed: duplicate key; first given at base.yaml:1:1"
    assert refused(write("top.yaml", "extends: base.yaml\n")) == [line]


# --------------------------------------------------------- --set and shortcuts


def test_set_comes_after_the_file_and_shortcuts_after_set(write):
    write("x.yaml", "seed: 1\ntraining: {epochs: 7}\n")
    config = load_config("x.yaml", set=["seed=2", "training.batch_size=5", "name=y"], seed=3, device="cpu")
    assert (config.seed, config.name, config.training.epochs) == (3, "y", 7)
    assert (config.training.batch_size, config.training.device) == (5, "cpu")


def test_a_shortcut_of_none_leaves_the_value_alone(write):
    config = load_config(write("x.yaml", "seed: 1\n"), seed=None, name=None, device=None)
    assert (config.seed, config.name, config.training.device) == (1, "x", "auto")


def test_a_regularizer_is_appended_by_its_name():
    config = load_config("mse.yaml", set=["regularization.l1.weight=1e-7", "regularization.dropout.p=0.2"])
    assert [term.model_dump() for term in config.regularization] == [
        {"name": "l1", "weight": 1e-7, "parameters": "all"}, {"name": "dropout", "p": 0.2},
    ]  # fmt: skip


def test_an_annealing_is_set_as_a_flow_mapping():
    config = load_config("huber.yaml", set=["loss.delta={start: 0.5, end: 0.1, epochs: 3}"])
    assert config.loss_terms[0].delta.at(2) == 0.3


CHOICES = ", ".join(LOSSES)
NAME = "expected letters, digits, dot, dash and underscore, at most 64, starting with a letter or digit"
FLAGS = {
    "seed": ({"seed": -1}, "--seed -1: seed: must be >= 0, got -1"),
    "name": ({"name": "a b"}, f'--name a b: name: {NAME}, got "a b"'),
    "device": ({"device": "gpu"}, '--device gpu: training.device: expected auto, cpu, cuda, cuda:N or mps, got "gpu"'),
    "set value": ({"set": ["seed=-1"]}, "--set seed=-1: seed: must be >= 0, got -1"),
    "set name": (
        {"set": ["loss.name=hubber"]},
        f'--set loss.name=hubber: loss.name: unknown "hubber"; did you mean "huber"? choices: {CHOICES}',
    ),
    "set name alone": (
        {"set": ["loss=hubber"]},
        f'--set loss=hubber: loss.name: unknown "hubber"; did you mean "huber"? choices: {CHOICES}'
    ),
    "set unknown key": (
        {"set": ["loss.delta=1"]}, '--set loss.delta=1: loss.delta: unknown key "delta" of mse; it belongs to huber'
    ),
    "set unknown section": (
        {"set": ["trainin.epochs=1"]},
        '--set trainin.epochs=1: trainin: unknown key "trainin"; did you mean "training"? keys: name, seed, data, '
        'architecture, '
        "loss, regularization, optimization, training, evaluation, extends",
    ),
    "set through text": ({"set": ["name.x=1"]}, "--set name.x=1: name: expected text, got a mapping"),
    "set null": ({"set": ["seed="]}, "--set seed=: seed: expected a whole number, got null"),
    "set text for a number": (
        {"set": ["training.epochs=ten"]},
        '--set training.epochs=ten: training.epochs: expected a whole number, got "ten"'
    ),
    "set breaks a rule across fields": (
        {"set": ["regularization.k_sparse.k=40"]},
        "--set regularization.k_sparse.k=40: regularization[0].k: must be less than the code size 32, got 40",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("options", "line"), FLAGS.values(), ids=FLAGS)
def test_a_wrong_flag_is_refused_by_its_name(options, line):
    assert refused(preset_folder() / "mse.yaml", **options) == [line]


def test_a_device_cannot_be_put_into_a_section_that_is_none(write):
    assert refused(write("x.yaml", "training: fast"), device="cpu") == [
        'x.yaml:1:11: training: expected a mapping, got "fast"'
    ]  # fmt: skip


def test_the_folder_of_a_file_is_shown_relative_to_where_one_is(write, tmp_path):
    write("deep/x.yaml", "seed: -1")
    for source in ("deep/x.yaml", tmp_path / "deep/x.yaml", "./deep/x.yaml"):
        assert refused(source) == ["deep/x.yaml:1:7: seed: must be >= 0, got -1"]


# ------------------------------------------------------------------ check_loss


def test_the_parameters_of_a_loss_are_checked_and_completed():
    assert check_loss("huber", {}) == {"delta": 0.1}
    assert check_loss("huber", {"delta": 1}) == {"delta": 1.0}
    assert check_loss("mse", {}) == {}


@pytest.mark.parametrize(
    ("name", "params", "line"),
    [
        ("hubber", {}, f'name: unknown "hubber"; did you mean "huber"? choices: {CHOICES}'),
        ("huber", {"dleta": 1}, 'dleta: unknown key "dleta"; did you mean "delta"? keys: name, weight, delta'),
        ("huber", {"delta": 0}, "delta: must be > 0, got 0"),
    ],
    ids=["name", "key", "range"],
)
def test_a_wrong_loss_is_refused(name, params, line):
    with pytest.raises(ConfigError) as caught:
        check_loss(name, params)
    assert str(caught.value) == line


@pytest.mark.parametrize("name", ["pipe", "-"])
def test_a_pipe_is_read_and_has_no_name_of_its_own(name, write, monkeypatch):
    text = b"extends: smoke.yaml\nseed: 3\n"
    if name == "-":
        path = write("stdin", text.decode())
        monkeypatch.setattr(presets, "STDIN", Path(path).resolve())
    else:
        os.mkfifo(name)
        threading.Thread(target=Path(name).write_bytes, args=[text], daemon=True).start()
    config = load_config(name)
    assert (config.seed, config.training.epochs) == (3, 3)
    assert config.name == ("stdin" if name == "-" else "run")


def test_a_pipe_without_an_end_is_not_read_to_it():
    assert refused("/dev/zero") == ["/dev/zero: larger than 100,000 bytes; a config is a few hundred"]
    assert "is empty" in refused("/dev/null")[0]

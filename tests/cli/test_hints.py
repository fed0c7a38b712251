"""What is said to a command line that cannot be parsed: what was meant, with the command to type."""

import pytest
from in_process import call_main

from aecli.cli.hints import assignment, longest

HINTS = [
    ("train -c mse.yaml --epochs 3", "no option --epochs; it is a key of the config: --set training.epochs=3"),
    ("train -c mse.yaml --lr=0.1 -q", "no option --lr; it is a key of the config: --set optimization.optimizer.lr=0.1"),
    ("train -c mse.yaml --learning-rate 1", "it is a key of the config: --set optimization.optimizer.lr=1"),
    ("train -c mse.yaml -epochs 3", "no option -epochs; it is a key of the config: --set training.epochs=3"),
    ("train -c mse.yaml --batch-size 9", "it is a key of the config: --set training.batch_size=9"),
    ("train -c mse.yaml --batch_size=9", "it is a key of the config: --set training.batch_size=9"),
    ("train -c mse.yaml --loss huber", "it is a key of the config: --set loss=huber"),
    ("train -c mse.yaml --data mnist", "it is a key of the config: --set data.dataset=mnist"),
    ("train -c mse.yaml --latent-dim 16", "--set 'architecture.widths=[auto, 128, 64, 16]'"),
    ("train -c mse.yaml --weight-decay .1", "--set regularization.weight_decay.weight=.1"),
    ("train -c mse.yaml --epochs", "it is a key of the config: --set training.epochs=VALUE"),
    ("train -c mse.yaml --output-dir x", "no option --output-dir; it is aecli train -c mse.yaml --out x"),
    ("validate mse.yaml --seed 3", "no option --seed; it is a key of the config: --set seed=3"),
    ("show mse.yaml --epochs 3", "no option --epochs; it is a key of the config: --set training.epochs=3"),
    ("sweep -c losses.yaml --epochs 3", "no option --epochs; it is a key of the config: --set training.epochs=3"),
    ("sweep -c losses.yaml --seed 3", "--seed: the seeds of a sweep stand in its file: seeds: 0-9"),
    ("sweep -c losses.yaml --set seed=3", "seeds in losses.yaml sets seed in the trials; change it there"),
    ("sweep -c losses.yaml --set loss=mse", "grid in losses.yaml sets loss in the trials; change it there"),
    ("compare runs --epochs 3", "no option --epochs; it is a key of the config: --where training.epochs=3"),
    ("train mse.yaml -q", "write it as: aecli train --config mse.yaml -q"),
    ("sweep losses.yaml --plan", "write it as: aecli sweep --config losses.yaml --plan"),
    ("train --seed 3 my|cfg.yaml", "write it as: aecli train --seed 3 --config 'my cfg.yaml'"),
    ("train a.yaml b.yaml", "2 configs, and train takes one: one command for each, or a sweep over them"),
    ("train -c a.yaml b.yaml", "b.yaml: train takes one config, and --config names it already"),
    ("train", "name a config: aecli train --config mse.yaml"),
    ("validate --config mse.yaml", "--config: the file stands alone: aecli validate mse.yaml"),
    ("show -c mse.yaml --json", "-c: the file stands alone: aecli show mse.yaml --json"),
    ("train -c a.yaml -c b.yaml", "--config is given 2 times, and one counts: give one"),
    ("train -c a.yaml --config=b.yaml", "--config is given 2 times, and one counts: give one"),
    ("sweep -c a.yaml -c b.yaml", "--config is given 2 times, and one counts: give one"),
    ("train -c a.yaml --seed 1 --seed 2", "--seed is given 2 times, and one counts: give one"),
    ("compare runs --baseline a --baseline b", "--baseline is given 2 times, and one counts: give one"),
    ("recommend runs", "--for: name one goal or more"),
    ("train -c mse.yaml --set epochs=3", 'unknown key "epochs"; here it is training.epochs'),
    ("train -c mse.yaml --set learning_rate=3", 'unknown key "learning_rate"; here it is optimization.optimizer.lr'),
]


@pytest.mark.parametrize(("typed", "told"), HINTS, ids=[typed for typed, _ in HINTS])
def test_a_hint_says_what_to_type(typed, told, tmp_path):
    done = call_main(*[word.replace("|", " ") for word in typed.split()], cwd=tmp_path)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "typed", ["train -c mse.yaml --sed 3", "train -c mse.yaml --training 3", "check x --epochs 3", "train -qe"]
)
def test_what_nobody_can_guess_keeps_the_usual_message(typed):
    done = call_main(*typed.split())
    assert done.returncode == 2 and "No such option" in done.stderr


def test_options_that_may_be_repeated_are_and_flags_do_not_count():
    done = call_main(*"show mse.yaml --set seed=1 --set training.epochs=2 --json --json".split())
    assert done.returncode == 0 and '"epochs": 2' in done.stdout


def test_what_is_suggested_is_an_assignment():
    assert assignment("training.epochs", "3") == "training.epochs=3"
    assert assignment("architecture.widths", "[784, 9]") == "architecture.widths=[784, 9]"
    assert longest(["-c", "--config"]) == "--config"

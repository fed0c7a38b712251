"""What may be tuned: one refusal for each rule, with its place, before anything is trained."""

import pytest

from aecli.config.load import load_config
from aecli.errors import ConfigError
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.planning.tune import Tune
from aecli.sweep.planning.tuning_rules import config_problems, refuse_tuning_by
from aecli.sweep.search.search_rules import plan_search

LR = "optimization.optimizer.lr: {log_uniform: [3e-4, 3e-2]}"
CHOICE = "optimization.optimizer.lr: {choice: [0.1, 0.2]}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            f"tune: {{{LR}, seeds: [4, 5, 6]}}",
            "tune.seeds: 4 is a seed that judges too; a number, such as seeds: 3, takes",
        ),
        (
            f"tune: {{{LR}, seeds: 0-1}}",
            "tune.seeds: 0, 1 are seeds that judge too; a number, such as seeds: 2, takes",
        ),
        (f"tune: {{{CHOICE}, trials: 3}}", "tune.trials: 3 trials, and there are only 2 different points"),
        (f"tune: {{{LR}, trials: 0}}", "tune.trials: must be >= 1, got 0"),
        ("tune: {loss: {choice: [mse]}}", "tune.loss: is varied by grid too"),
        (f"list: [{{optimization.optimizer.lr: 1}}]\ntune: {{{LR}}}", "lr: is varied by list too"),
        (
            "tune: {optimization.optimizer.lrr: {uniform: [1, 2]}}",
            'optimizer.lrr: unknown key "lrr"; did you mean "lr"?',
        ),
        ("tune: {optimization.optimizer.lr: {normal: [1, 2]}}", "optimizer.lr: expected one of {uniform: [low, high]}"),
        (
            f"tune: {{{LR}, trails: 6}}",
            'tune: unknown "trails"; did you mean "trials"? keys: trials, seeds, objective, curve, or',
        ),
        ("tune: {seed: {int: [1, 2]}}", "tune.seed: seeds are an axis of their own: seeds: 0-9"),
        (
            "tune: {data.train_size: {int: [9, 99]}}",
            "tune.data.train_size: data says what is judged, and candidates are",
        ),
        (f"tune: {{{LR}, objective: test.mse}}", "tune.objective: a tuning that looks at the test split has no honest"),
        (f"tune: {{{LR}, objective: train_s}}", "tune.objective: train_s says nothing about how good a config is; use"),
        (f"tune: {{{LR}, objective: loss}}", 'tune.objective: unknown "loss"; choices: validation.mse, validation.mae'),
        (
            f"base: keras.yaml\ntune: {{{LR}}}",
            "data.validation: is the test split here, and a tuning must not look at it",
        ),
        (
            f"tune: {{{LR}}}\nexclude: [{{optimization.optimizer.lr: 0.003}}]",
            "exclude: optimization.optimizer.lr is tuned, with the same points for every candidate; take it out of",
        ),
    ],
)
def test_what_cannot_be_tuned_is_refused_where_it_stands(text, problem, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(f"seeds: 0-4\ngrid: {{loss: [mse, mae]}}\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        make_plan(*load_sweep("s.yaml"))
    (message,) = map(str, caught.value.problems)
    assert problem in message and not list(tmp_path.glob("runs"))


def test_a_search_tunes_no_candidates(tmp_path, monkeypatch):
    pytest.importorskip("optuna")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(f"search: {{space: {{training.batch_size: {{int: [8, 64]}}}}}}\ntune: {{{LR}}}\n")
    with pytest.raises(ConfigError) as caught:
        plan_search(*load_sweep("s.yaml"))
    assert str(caught.value) == (
        "s.yaml:2:1: tune: cannot be combined with search; to tune each candidate alike, write the candidates as a "
        "grid or a list in place of the search"
    )


def test_every_run_will_have_the_objective(tmp_path):
    (tmp_path / "s.yaml").write_text(f"tune: {{{LR}, objective: validation.ssim}}\n")
    _, document, _ = load_sweep(str(tmp_path / "s.yaml"))
    tune = Tune.model_validate(document.data["tune"])
    without = load_config({"evaluation": {"suites": []}})
    (problem,) = config_problems(tune, [without], document)
    assert "validation.ssim: is measured by the suite reconstruction; add it to evaluation.suites" in problem.message
    assert not list(config_problems(tune, [load_config({"evaluation": {"suites": ["reconstruction"]}})], document))
    assert refuse_tuning_by("validation.ssim") == ""


def test_set_changes_the_rate_at_which_the_untuned_are_trained(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(f"tune: {{{LR}}}\n")
    plan = make_plan(*load_sweep("s.yaml", set=["optimization.optimizer.lr=7e-3"]))
    (cell,) = plan.tuning.cells
    assert {trial.config.optimization.optimizer.lr for trial in cell.untuned} == {7e-3}
    assert [of_point[0].config.optimization.optimizer.lr for of_point in cell.tried][:3] == [0.003, 0.0003, 0.03]

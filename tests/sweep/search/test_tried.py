"""What a setting comes to, from what its runs came to."""

import pytest
from fake_searches import LR, fake_run, finish

from aecli.errors import ConfigError
from aecli.sweep.record.outcome import TrialOutcome
from aecli.sweep.search.search_result import conclude_search
from aecli.sweep.search.tried import Tried


def test_the_value_is_the_mean_over_the_seeds(write_search):
    source = finish(write_search(seeds=[0, 3], trials=1))
    (one,) = source.study.trials()
    lr, batch = one.params[LR], one.params["training.batch_size"]
    assert one.values == [pytest.approx(abs(lr - 0.01) + batch / 1e4 + 1.5)]
    assert len(source.trials) == source.total == 2


def test_a_metric_of_which_more_is_better_is_maximized(write_search):
    def kind(source, trial):
        return fake_run(source, trial, validation={"psnr_db": trial.config.optimization.optimizer.lr})

    source = finish(write_search(objective="validation.psnr_db", trials=5), kind=kind)
    values = [one.values[0] for one in source.study.trials()]
    assert source.study.study.direction.name == "MAXIMIZE"
    assert conclude_search("find", source).best[0].values == (max(values),)


def test_an_objective_that_the_data_does_not_have_is_named(write_search):
    with pytest.raises(
        ConfigError, match="objective validation.mse: is not measured on this data; there are validation.mae, train_s"
    ):
        finish(write_search(trials=1), kind=lambda source, trial: fake_run(source, trial, validation={"mae": 1.0}))


@pytest.mark.parametrize(
    ("kinds", "condemned", "state", "kind"),
    [
        (["failed", "diverged"], False, "FAIL", "failed"),
        (["completed", "diverged"], False, "FAIL", "diverged"),
        (["completed", "pruned"], False, "PRUNED", ""),
        (["completed", "completed"], True, "PRUNED", ""),
    ],
)
def test_the_worst_run_of_a_setting_decides(kinds, condemned, state, kind, plan_around):
    trials = plan_around().trials[:2]
    tried = Tried({}, trials, [0], is_condemned=condemned)
    for trial, end in zip(trials, kinds, strict=True):
        tried.outcomes[trial.digest] = TrialOutcome(trial.digest, end, f"runs/{end}")
    assert tried.settle(None, ["validation.mse"])
    assert (tried.state, tried.kind, tried.runs) == (state, kind, kinds)

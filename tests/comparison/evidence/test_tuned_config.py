"""What was tuned is no choice between candidates."""

from aecli.comparison.evidence.tuned_config import without_tuned

CONFIG = {
    "loss": {"name": "huber", "delta": 0.1},
    "optimization": {"optimizer": {"name": "adam", "lr": 0.1}},
    "regularization": [{"name": "l1", "weight": 1}, {"name": "l2", "weight": 2}],
}


def test_a_tuned_value_is_replaced_wherever_it_stands_and_the_config_is_left():
    made = without_tuned(CONFIG, ["loss.delta", "regularization.l2.weight", "training.epochs"])
    assert made["loss"] == {"name": "huber", "delta": "tuned"}
    assert made["regularization"] == [{"name": "l1", "weight": 1}, {"name": "l2", "weight": "tuned"}]
    assert CONFIG["loss"]["delta"] == 0.1 and CONFIG["regularization"][1]["weight"] == 2
    assert without_tuned(CONFIG, ()) == CONFIG


def test_a_tuned_section_keeps_a_name():
    made = without_tuned(CONFIG, ["optimization.optimizer", "regularization"])
    assert made["optimization"]["optimizer"] == made["regularization"] == {"name": "tuned"}

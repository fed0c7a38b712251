"""What rules of advice share: extremes of numbers that change, and the keys of terms."""

from aecli.config.assemble import Anneal
from aecli.config.findings import largest, loss_path, regularizers, smallest
from aecli.config.load import load_config


def test_a_number_that_changes_has_its_extremes_at_its_ends_in_either_direction():
    for start, end in ((0.1, 0.5), (0.5, 0.1)):
        value = Anneal(start=start, end=end, epochs=3)
        assert (smallest(value), largest(value)) == (0.1, 0.5)
    assert (smallest(0.3), largest(0.3)) == (0.3, 0.3)


def test_a_loss_has_a_number_in_its_key_only_beside_others():
    assert loss_path(load_config({"loss": "mse"}), 0) == "loss"
    assert loss_path(load_config({"loss": ["mse", "mae"]}), 1) == "loss[1]"


def test_terms_are_found_by_their_names_with_their_places():
    config = load_config({"regularization": ["l1", "dropout", "l2"]})
    assert [(key, term.name) for key, term in regularizers(config, "l2", "l1")] == [
        ("regularization[0]", "l1"),
        ("regularization[2]", "l2"),
    ]
    assert list(regularizers(config, "contractive")) == []

"""What limits a dose-response, in words."""

from aecli.comparison.dose.dose import UntrainedGoal, dose_response
from aecli.comparison.dose.dose_notes import note_lines, untrained_words
from aecli.comparison.evidence.measures import measure


def test_a_key_that_moves_with_the_dose_is_said_to_be_part_of_it(write_seeds, tmp_path):
    for size, epochs in ((250, 1000), (1000, 500)):
        write_seeds([0.008, 0.009], set=[f"data.train_size={size}", f"training.epochs={epochs}"])
    (tmp_path / "sweep.yaml").write_text("zip: {data.train_size: [250, 1000], training.epochs: [1000, 500]}")
    (group,) = dose_response([tmp_path / "runs"], key="data.train_size").groups
    assert note_lines(group, "data.train_size")[0] == (
        "zipped: training.epochs moves with data.train_size in the sweep (1000 at 250, 500 at 1000); "
        "each dose is both, and which of them acts cannot be said"
    )


def test_a_reference_that_learned_nothing_is_told_with_both_numbers():
    note = untrained_words(UntrainedGoal(metric=measure("mse"), own=0.0712345, mean_image=0.0675))
    assert note.startswith(
        "untrained: the reference is not better than the mean image by test.mse (0.07123, 0.0675); what was not learned"
    )

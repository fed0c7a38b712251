"""Labels of figures are short, unique and never a formula."""

from fake_figures import group_of

from aecli.comparison.telling.figures.figure_parts import LABEL, figure_labels, fold_label


def test_long_labels_are_folded_and_stay_apart(write_run, tmp_path):
    for number in range(2):
        write_run(
            set=[
                f"data.corruption={{name: masking, share: 0.1234567{number}}}",
                f"data.train_size={1000 + number}",
                "training.batch_size=64",
            ]
        )
    write_run()
    candidates = group_of(tmp_path).candidates
    shown = figure_labels(candidates)
    assert len(set(shown.values())) == 3
    assert all(len(line) <= LABEL for text in shown.values() for line in text.split("\n"))
    assert all(text.count("\n") <= 1 for text in shown.values())


def test_dollars_in_a_label_are_no_formula():
    assert fold_label(r"$\frac{1$") == r"\$\frac{1\$"

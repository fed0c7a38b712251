"""A comparison on the screen: the ranked list, verdicts where seeds allow them, findings, explanations when asked."""

from aecli.comparison.telling.table import make_table
from aecli.comparison.verdicts.compare import compare
from aecli.console.comparison import show_comparison


def test_everything_is_shown_the_baseline_first(write_seeds, tmp_path, capsys):
    base = [0.0080, 0.0082, 0.0079, 0.0081, 0.0083, 0.0078]
    write_seeds(base)
    write_seeds([value * 1.5 for value in base], set=["loss.name=mae"])
    comparison = compare([str(tmp_path / "runs")], metrics=["test.mse"])
    show_comparison(comparison, [make_table(group) for group in comparison.groups], matrix=False)
    out = capsys.readouterr().out
    assert out.startswith("mnist, 10,000 test images: 12 runs, 2 configs\n")
    assert "mae" in out and "worse" in out and "equivalent within 1%" in out.replace("1 %", "1%")


def shown(folder, capsys, **options):
    comparison = compare([str(folder)], metrics=["test.mse"])
    capsys.readouterr()
    show_comparison(comparison, [make_table(group) for group in comparison.groups], **options)
    return capsys.readouterr().out


def test_a_bad_config_with_two_seeds_is_neither_first_nor_what_others_are_held_against(write_seeds, tmp_path, capsys):
    for loss, values in (("mse", [0.05]), ("bce", [0.04]), ("huber", [0.07, 0.08]), ("mae", [0.09])):
        write_seeds(values, set=[f"loss.name={loss}"])
    (group,) = compare([str(tmp_path / "runs")]).groups
    assert group.baseline.label == "bce", "one that has two seeds alone is not the best"
    lines = shown(tmp_path / "runs", capsys).splitlines()
    heads = next(at for at, line in enumerate(lines) if line.split()[:2] == ["config", "seeds"])
    rows = [line.split() for line in lines[heads + 2 :]]
    assert [row[0] for row in rows[:4]] == ["bce", "mse", "huber", "mae"]
    assert rows[0][2:6] == ["0.04", "*", "mean", "image"] and "nothing" in rows[2]
    assert "no verdict on what they were trained with: one seed of bce, mse and mae, so these are single nets" in (
        "\n".join(lines)
    )
    before = next(at for at, line in enumerate(lines) if line.startswith(group.findings[0].code))
    assert before <= 25


def test_findings_stand_once_and_what_they_forbid_is_told_when_asked(write_seeds, tmp_path, capsys):
    write_seeds([0.010, 0.011, 0.012])
    write_seeds([0.020, 0.021], set=["loss.name=mae", "training.epochs=5"], summary={"epochs": 5})
    short, long = (shown(tmp_path / "runs", capsys, explain=explain) for explain in (False, True))
    for code in ("two-factors", "unequal-epochs", "missing-cells", "own-referee", "few-seeds"):
        assert short.count(f"{code}: ") == long.count(f"{code}: ") == 1
    assert "which of them made the difference cannot be said" not in short
    assert "which of them made the difference cannot be said" in long
    assert short.rstrip().endswith("--explain: what each finding forbids to conclude, and what the verdicts rest on")
    assert "2 common seeds cannot decide" not in short and "2 common seeds cannot decide" in long
    assert "--explain" not in long


def test_an_undecided_verdict_says_how_many_seeds_would_decide_and_a_column_has_one_unit(write_seeds, tmp_path, capsys):
    base = [0.0080, 0.0082, 0.0079, 0.0081, 0.0083, 0.0078]
    write_seeds(base)
    write_seeds(
        [value * (1 + shift) for value, shift in zip(base, (0.2, -0.1) * 3, strict=True)], set=["loss.name=bce"]
    )
    write_seeds([value * 2 for value in base], set=["loss.name=mae"])
    out = shown(tmp_path / "runs", capsys)
    verdicts = [line for line in out.splitlines() if line.split()[1:2] in (["undecided"], ["worse"])]
    assert len(verdicts) == 2 and all(" % " in line for line in verdicts)
    assert verdicts[0].rstrip().endswith("seeds") and "would decide" in out, "of the one that is open"


def test_labels_with_commas_are_in_quotes_in_every_sentence(write_run, tmp_path, capsys):
    for loss in ("mse", "mae"):
        for rate in ("0.1", "0.2"):
            write_run(set=[f"loss.name={loss}", f"optimization.optimizer.lr={rate}"], test={"mse": 0.05 + float(rate)})
    out = shown(tmp_path / "runs", capsys, explain=True)
    sentences = [line for line in out.splitlines() if ": " in line or ". " in line]
    for label in ("mse, lr=0.1", "mae, lr=0.2"):
        assert any(f'"{label}"' in line for line in sentences)
        assert not any(f" {label} " in line for line in sentences)

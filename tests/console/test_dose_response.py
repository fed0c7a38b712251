"""A dose-response on the screen: the doses of a goal, with columns left out where they do not fit."""

from aecli.comparison.dose.dose import dose_response
from aecli.console.dose_response import STYLES, draw_table, show_dose_response, step_row

KEY = "regularization.l1_proximal.weight"


def responses(write_run, tmp_path):
    for dose, factor in ((0, 1.0), (1e-4, 1.0), (1e-3, 1.5)):
        for seed in range(8):
            chosen = [f"regularization=[{{name: l1_proximal, weight: {dose}}}]"] if dose else []
            write_run(seed=seed, set=chosen, test={"mse": 0.008 * (1 + 0.01 * seed) * factor * (1 + 1e-4 * (seed % 2))})
    return dose_response([str(tmp_path / "runs")], key=KEY, metrics=["test.mse"])


def test_every_dose_is_a_row_and_the_verdict_stays_longest(write_run, tmp_path):
    (group,) = responses(write_run, tmp_path).groups
    (response,) = group.responses
    made = draw_table(response)
    assert len(made.fit(120).kept) == 7 and made.fit(70).kept == (0, 1, 2, 3, 4) and made.fit(20).kept == (0, 1)
    rows = [step_row(step) for step in response.steps]
    assert [row[0] for row in rows] == ["0", "0.0001", "0.001"] and rows[0][3:5] == ["", rows[0][4]]
    assert [str(row[4]) for row in rows] == ["reference", "equivalent", "worse"]
    assert {str(row[4]) for row in rows} <= STYLES.keys()


def test_the_answer_comes_first(write_run, tmp_path, capsys):
    show_dose_response(responses(write_run, tmp_path))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{KEY} on mnist, 10,000 test images: 3 doses, 24 runs")

"""A comparison as Markdown."""

from fake_formats import made

from aecli.comparison.telling.formats.markdown import write_markdown


def test_markdown_is_a_table_with_verdicts_and_the_best_in_bold(three_losses):
    lines = write_markdown(*made(three_losses)).splitlines()
    assert lines[:5] == [
        "**mnist, 10,000 test images**",
        "",
        "| config | seeds | mse ↓ | ahead of | loss |",
        "| --- | ---: | ---: | --- | --- |",
        "| mse | 3 | **0.00810 ±0.00025** | pca 32 | mse |",
    ]
    assert any(line.startswith("- mae is worse than mse by test.mse: ") for line in lines)
    assert any(line.startswith("- few-seeds: ") for line in lines)

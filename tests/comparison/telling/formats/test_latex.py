"""A comparison as LaTeX."""

import re

from fake_formats import made

from aecli.comparison.telling.formats.latex import latex_text, write_latex


def test_latex_has_a_rule_before_the_baselines_and_balanced_braces(three_losses):
    text = write_latex(*made(three_losses))
    assert r"mse & 3 & \textbf{0.00810 $\pm$0.00025} & pca 32 & mse \\" in text
    assert "\\midrule\nmean image &" in text
    assert text.count(r"\begin{tabular}{lrrll}") == 1
    bare = text.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")


def test_latex_escapes_everything_it_would_obey():
    assert latex_text("a_b & 5 % $x$ #1 {y} ~ ^ \\") == (
        r"a\_b \& 5 \% \$x\$ \#1 \{y\} \textasciitilde{} \textasciicircum{} \textbackslash{}"
    )


def test_latex_takes_no_cell_for_an_argument(write_run, tmp_path):
    for sizes in ("[128,32]", "[64,32]"):
        write_run(set=[f"architecture.widths={sizes}"])
    text = write_latex(*made(tmp_path / "runs"))
    assert "& {}[128, 32]" in text
    assert not re.search(r"(\\\\|rule)\s*[\[*]", text)

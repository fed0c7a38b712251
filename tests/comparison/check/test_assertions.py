"""Expressions: what is read, what is refused, and that nothing is ever run."""

import random

import pytest

from aecli.comparison.check.assertions import (
    GRAMMAR,
    LONGEST,
    Assertion,
    parse_assertion,
    parse_number,
    parse_tolerance,
)
from aecli.errors import UsageError


@pytest.mark.parametrize(
    ("text", "metric", "op", "limit"),
    [
        ("test.mse<=0.009", "test.mse", "<=", "0.009"),
        ("  test.mse  >=  -1e-3 ", "test.mse", ">=", "-1e-3"),
        ("generalization.gap<2%", "generalization.gap", "<", "2%"),
        ("generalization.gap> 2 %", "generalization.gap", ">", "2 %"),
        ("epochs==50", "epochs", "==", "50"),
        ("epochs!=+5.", "epochs", "!=", "+5."),
        ("mse<.5E+2", "mse", "<", ".5E+2"),
        ("test.mse < baselines.pca_32.test.mse", "test.mse", "<", "baselines.pca_32.test.mse"),
        ("denoising.kinds.gaussian 0.3.mse.model<1", "denoising.kinds.gaussian 0.3.mse.model", "<", "1"),
        (
            "suites.test#last.code.skill<suites.test@a-b.code.skill",
            "suites.test#last.code.skill",
            "<",
            "suites.test@a-b.code.skill",
        ),
        ("test.mse", "test.mse", "", ""),
    ],
)
def test_an_expression_is_a_metric_an_operator_and_a_number_or_a_metric(text, metric, op, limit):
    assert parse_assertion(text) == Assertion(metric, op, limit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "<=",
        "<=1",
        "mse<=",
        "mse=1",
        "mse=<1",
        "mse<==1",
        "mse<>1",
        "0<mse<1",
        "mse<mae<1",
        "0.009>=mse",
        "mse<=1 and mae<=1, or not",
        "mse<=0.00.9",
        "mse<=1e",
        "mse<=1e999",
        "mse<=%",
        "mse<=5%%",
        "mse<=1_000",
        "mse<=0x10",
        "mse<=٣",
        "mse<=-mae",
        "mse<=2*mae",
        "mse<=1\n",
        "mse\t<=1",
        "m\x00se<=1",
        "m\x1b[31mse<=1",
        "\u202emse<=1",
        "\udcffmse<=1",
        "__import__('os').system('true')",
        "__import__('os').system('true')<=1",
        "mse<=(lambda: 1)()",
        "mse<=${HOME}",
        "mse<=`id`",
        "[mse for mse in ()]<=1",
    ],
    ids=ascii,
)
def test_anything_else_is_refused_in_one_printable_line(text):
    with pytest.raises(UsageError) as refused:
        parse_assertion(text)
    message = str(refused.value)
    assert message.endswith(f'": {GRAMMAR}')
    assert message.startswith('--assert "')
    assert message.isprintable()


def test_the_refusal_says_how_it_is_written():
    with pytest.raises(UsageError) as refused:
        parse_assertion("m\nse=1")
    assert str(refused.value) == (
        '--assert "m\\nse=1": write METRIC OP NUMBER or METRIC OP METRIC, such as test.mse<=0.009; '
        "OP is <= < >= > == or !=, NUMBER is like 0.009, 1e-3 or 2%"
    )


def test_what_is_very_long_is_refused_in_few_characters():
    parse_assertion("m" * (LONGEST - 3) + "<=1")
    for text in ("m" * (LONGEST - 2) + "<=1", "<" * 1_000_000, "mse<=" + "9" * 1_000_000):
        with pytest.raises(UsageError) as refused:
            parse_assertion(text)
        assert len(str(refused.value)) < 300


def test_numbers_are_what_python_reads():
    chance = random.Random(0)
    for _ in range(2000):
        value = chance.choice((-1, 1)) * chance.random() * 10 ** chance.randint(-12, 12)
        text = chance.choice((f"{value!r}", f"{value:.3e}", f"{value:f}", f"{value:+g}", f"{int(value)}"))
        assert parse_number(text) == float(text)
        assert parse_number(f"{text}%") == float(text) / 100


@pytest.mark.parametrize(
    ("text", "size", "is_relative"),
    [("2%", 0.02, True), (" 2 % ", 0.02, True), ("0", 0.0, False), ("0%", 0.0, True), ("5e-4", 0.0005, False)],
)
def test_a_tolerance_is_a_share_or_a_number(text, size, is_relative):
    tolerance = parse_tolerance(text)
    assert (tolerance.size, tolerance.is_relative) == (size, is_relative)


@pytest.mark.parametrize("text", ["-1%", "-0.001", "nan", "inf", "1e999", "two", "", "2%%", "1\n"], ids=ascii)
def test_any_other_tolerance_is_refused(text):
    with pytest.raises(UsageError) as refused:
        parse_tolerance(text)
    shown = "1\\n" if text == "1\n" else text
    assert (
        str(refused.value)
        == f'--tolerance "{shown}": write a share of the baseline such as 2%, or a number >= 0 in units of the metric'
    )

"""YAML text to data with positions: the scalars of YAML 1.2, and everything that is refused."""

import math
import time

import pytest
import yaml

from aecli.config.yaml_source import MAX_BYTES, dotted, dump, parse, read_scalar
from aecli.errors import ConfigError


def refused(text):
    """The lines of the refusal."""
    with pytest.raises(ConfigError) as caught:
        parse(text, "x.yaml")
    return str(caught.value).splitlines()


# -------------------------------------------------------------------- scalars

SCALARS = {
    "1": 1, "+5": 5, "-0": 0, "05": 5, "0o17": 15, "0x1F": 31, "1" * 300: int("1" * 300),
    "1.0": 1.0, "5.": 5.0, ".5": 0.5, "-.5": -0.5, "1e-3": 0.001, "1E+2": 100.0, "1.e3": 1000.0, "4.2e1": 42.0,
    ".inf": math.inf, "-.inf": -math.inf, "+.INF": math.inf, "1e999": math.inf, "1" * 301: float("1" * 301),
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
    "no": "no", "yes": "yes", "on": "on", "off": "off", "y": "y", "n": "n", "No": "No", "tRue": "tRue", "nUll": "nUll",
    "1_000": "1_000", "12:30:45": "12:30:45", "2024-01-01": "2024-01-01", "0b11": "0b11", "0o8": "0o8", "0xG": "0xG",
    "-0x1F": "-0x1F", ".": ".", "e5": "e5", "1e": "1e", "1.2.3": "1.2.3", "inf": "inf", "nan": "nan", "١": "١",
    "5 epochs": "5 epochs",
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), SCALARS.items(), ids=[text[:12] or "nothing" for text in SCALARS])
def test_a_plain_scalar_is_read_as_in_yaml_1_2(text, value):
    read = parse(f"a: {text}", "x.yaml").data["a"]
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_nan_is_a_number(text):
    assert math.isnan(parse(f"a: {text}", "x.yaml").data["a"])


@pytest.mark.parametrize("text", ["5", "1e-3", "true", "null", "~", "no", ""])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_what_is_quoted_stays_text(text, quote):
    assert parse(f"a: {quote}{text}{quote}", "x.yaml").data == {"a": text}


def test_a_block_scalar_is_text():
    assert parse("a: |\n  5\nb: >-\n  6\n  7", "x.yaml").data == {"a": "5\n", "b": "6 7"}


def test_a_version_directive_changes_nothing():
    assert parse("%YAML 1.1\n---\na: no", "x.yaml").data == {"a": "no"}


@pytest.mark.parametrize("text", ["", "# only a comment", "---\n", "~"])
def test_an_empty_document_is_null(text):
    assert parse(text, "x.yaml").data is None


@pytest.mark.parametrize(("text", "data"), [("- a\n- 1", ["a", 1]), ("mse", "mse")], ids=["list", "scalar"])
def test_the_top_may_be_anything(text, data):
    assert parse(text, "x.yaml").data == data


def test_keys_are_text_as_they_stand():
    assert parse("1: a\nnull: b\n~: c\ntrue: d\n1e3: e", "x.yaml").data == {
        "1": "a", "null": "b", "~": "c", "true": "d", "1e3": "e"
    }  # fmt: skip


# ------------------------------------------------------------------ positions

PLACES = """\
# a comment
name: mse
loss:
  - {name: mse, weight: 1}
  -   name: ssim
      weight: 2
widths: [784,
         [1, 2]]
empty:
"""
POSITIONS = {
    ("name",): ("2:1", "2:7"),
    ("loss",): ("3:1", "4:3"),
    ("loss", 0): (None, "4:5"),
    ("loss", 0, "weight"): ("4:17", "4:25"),
    ("loss", 1): (None, "5:7"),
    ("loss", 1, "name"): ("5:7", "5:13"),
    ("loss", 1, "weight"): ("6:7", "6:15"),
    ("widths",): ("7:1", "7:9"),
    ("widths", 0): (None, "7:10"),
    ("widths", 1): (None, "8:10"),
    ("widths", 1, 1): (None, "8:14"),
    ("empty",): ("9:1", "9:7"),
}


@pytest.mark.parametrize(("path", "places"), POSITIONS.items(), ids=[dotted(path) for path in POSITIONS])
def test_every_key_and_value_has_its_line_and_column(path, places):
    document = parse(PLACES, "x.yaml")
    key, value = places
    assert document.locate(path) == f"x.yaml:{value}"
    if key:
        assert document.locate(path, key=True) == f"x.yaml:{key}"


def test_what_is_missing_is_located_at_the_nearest_thing_around_it():
    document = parse(PLACES, "x.yaml")
    assert document.locate(("loss", 1, "delta", "start")) == "x.yaml:5:7"
    assert document.locate(("nothing", "at all")) == "x.yaml:2:1"


def test_a_document_without_positions_is_located_by_its_name():
    assert parse("", "x.yaml").locate(("a",)) == "x.yaml"


@pytest.mark.parametrize(
    ("path", "text"),
    [((), ""), (("a",), "a"), (("a", 0, "b"), "a[0].b"), (("a", 0, 1), "a[0][1]"), ((0, "a"), "[0].a")],
)
def test_a_path_is_written_with_dots_and_brackets(path, text):
    assert dotted(path) == text


# ------------------------------------------------------------------- refusals

TAGS = "YAML tags are not allowed here: "
REFUSALS = {
    "tag of a number": ("a: !!int 3", f'1:4: a: {TAGS}"!!int"; write the plain value'),
    "tag of text": ("a: !!str 3", f'1:4: a: {TAGS}"!!str"; write the plain value'),
    "tag of a mapping": ("a: !!map {b: 1}", f'1:4: a: {TAGS}"!!map"; write the plain value'),
    "tag of a list": ("a: [!!set {b}]", f'1:5: a[0]: {TAGS}"!!set"; write the plain value'),
    "tag of one's own": ("a: !custom x", f'1:4: a: {TAGS}"!custom"; write the plain value'),
    "tag of a key": ("!custom a: 1", f'1:1: a: {TAGS}"!custom"; write the plain value'),
    "merge key": ("a: {<<: {b: 1}}", "1:5: a.<<: merge keys are not YAML 1.2; write the keys out, or use extends"),
    "duplicate key": ("a: 1\nb: 2\na: 3", "3:1: a: duplicate key; first given at x.yaml:1:1"),
    "duplicate key in flow style": ("a: [1, {b: 1, b: 2}]", "1:15: a[1].b: duplicate key; first given at x.yaml:1:9"),
    "duplicate key through an alias": ("&a a: 1\n*a : 2", "1:1: a: duplicate key; first given at x.yaml:1:1"),
    "list as key": ("? [a]\n: x", "1:3: a key must be plain text"),
    "mapping as key": ("b:\n  {a: 1}: x", "2:3: b: a key must be plain text"),
    "several documents": (
        "a: 1\n---\nb: 2", "2:1: not valid YAML: expected a single document in the stream but found another document"
    ),
    "undefined alias": ("a: *x", "1:4: not valid YAML: found undefined alias 'x'"),
    "open bracket": (
        "a: [1", "1:6: not valid YAML: while parsing a flow sequence expected ',' or ']', but got '<stream end>'"
    ),
    "tab before a key": ("a:\n\tb: 1", "2:1: not valid YAML: a tab cannot stand here; indent with spaces"),
    "tab after a colon": ("a:\tb", "1:3: not valid YAML: a tab cannot stand here; indent with spaces"),
    "control character": ("a: 1\nb: x\x01y", "2:5: not valid YAML: character U+0001 is not allowed"),
    "null character": ("\x00", "1:1: not valid YAML: character U+0000 is not allowed"),
    "half a surrogate": ("a: \ud800", "1:4: not valid YAML: character U+D800 is not allowed"),
    "recursive list": ("a: &x [*x]", "1:4: nested deeper than 50 levels, aliases counted each time"),
    "recursive mapping": ("a: &x {b: *x}", "1:4: nested deeper than 50 levels, aliases counted each time"),
    "51 levels": ("[" * 52 + "]" * 52, "1:52: nested deeper than 50 levels, aliases counted each time"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_says_where_and_why(text, line):
    assert refused(text) == [f"x.yaml:{line}"]


def test_fifty_levels_are_read():
    data = parse("[" * 51 + "]" * 51, "x.yaml").data
    for _ in range(50):
        (data,) = data
    assert data == []


def test_all_tags_and_duplicates_are_reported_at_once():
    assert [line.split(": ")[0] for line in refused("a: !x 1\nb: {c: !y 1, c: 2}\na: 3")] == [
        "x.yaml:1:4", "x.yaml:2:8", "x.yaml:2:14", "x.yaml:3:1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["!!python/object/apply:os.mkdir [made]", "a: !!python/object/apply:os.mkdir [made]", "!!python/name:os.mkdir : 1"],
    ids=["top", "value", "key"],
)
def test_no_tag_runs_code(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (line,) = refused(text)
    assert TAGS in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["[", "{a: ", "- "], ids=["list", "mapping", "block"])
def test_bottomless_nesting_is_refused_without_a_recursion_error(text):
    assert refused(text * 10_000) == ["x.yaml: nested deeper than 50 levels"]


def test_an_alias_stands_for_its_anchor():
    document = parse("a: &x {b: [1, 2]}\nc: *x", "x.yaml")
    assert document.data == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}
    assert document.data["a"] is not document.data["c"]
    assert document.locate(("c", "b", 1)) == "x.yaml:1:15"


def billion_laughs(levels):
    """Each of the lists holds the one before ten times."""
    lines = ["a0: &a0 [" + ",".join("x" * 10) + "]"]
    lines += [f"a{n}: &a{n} [" + ",".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, levels)]
    return "\n".join(lines)


def test_a_billion_laughs_are_refused_at_once():
    start = time.perf_counter()
    (line,) = refused(billion_laughs(9))
    assert line.endswith(": more than 20,000 values, aliases counted each time")
    assert time.perf_counter() - start < 2


def test_a_thousand_laughs_are_allowed():
    data = parse(billion_laughs(3), "x.yaml").data
    assert data["a2"] == [[["x"] * 10] * 10] * 10


@pytest.mark.parametrize(
    "text", ["#" * (MAX_BYTES + 1), "a: [" + "1," * 500_000 + "]"], ids=["comments", "a million values"]
)
def test_a_huge_text_is_refused_before_it_is_read(text):
    start = time.perf_counter()
    assert refused(text) == ["x.yaml: larger than 100,000 bytes; a config is a few hundred"]
    assert time.perf_counter() - start < 0.5


def test_more_values_than_a_config_can_have_are_refused():
    (line,) = refused("[" + "1," * 20_000 + "]")
    assert line == "x.yaml:1:40000: more than 20,000 values, aliases counted each time"


# -------------------------------------------------------------------- writing

TEXTS = ["mse", "1e-3", "1e3", "0o17", "0x1F", "5", ".5", ".inf", "null", "~", "", "true", "no", "y", "- a", "a: b",
    "#x",
         "a #b", "x\ny", "tab\there", "größe", "'", '"', " a ", "!x", "*x", "[", "{}", "a, b", "2024-01-01", "x" * 5000,
         "\x1b[31m", "%", "@", "---"]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=[repr(text)[:12] for text in TEXTS])
def test_text_that_is_written_reads_back_as_text(text):
    written = dump([text], flow=True)
    assert "\n" not in written
    assert parse(f"a: {written} # comment", "x.yaml").data == {"a": [text]}
    assert parse(dump({"a": text, "b": {text: text}}), "x.yaml").data == {"a": text, "b": {text: text}}


@pytest.mark.parametrize("value", [0, -7, 1e-7, 0.1, 1e300, -math.inf, True, None, [], [1, [2.0, "x"]]], ids=repr)
def test_values_that_are_written_read_back(value):
    read = parse(f"a: {dump(value, flow=True)}", "x.yaml").data["a"]
    assert read == value
    assert type(read) is type(value)


def test_pyyamls_own_writer_would_not_do():
    assert read_scalar(yaml.safe_dump("1e-3").split()[0]) == 0.001

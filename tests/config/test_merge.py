"""One config out of several sources: what `extends` and `--set` do to values and to their positions."""

import pytest

from aecli.config.load import load_config
from aecli.config.merge import apply_set, merge, read_file
from aecli.config.yaml_source import dotted, parse
from aecli.errors import ConfigError


def merged(base, top):
    return merge(parse(base, "base.yaml"), parse(top, "top.yaml"))


def assigned(text, *assignments):
    return apply_set(parse(text, "x.yaml"), list(assignments)).data


def refused(text, *assignments):
    with pytest.raises(ConfigError) as caught:
        assigned(text, *assignments)
    return str(caught.value).splitlines()


# -------------------------------------------------------------------- extends

MERGES = {
    "other keys stay": ("a: {b: 1, c: 2}\nd: 3", "a: {c: 4}", {"a": {"b": 1, "c": 4}, "d": 3}),
    "new keys come": ("a: 1", "b: {c: 2}", {"a": 1, "b": {"c": 2}}),
    "deep": ("a: {b: {c: 1, d: 2}}", "a: {b: {d: 3}}", {"a": {"b": {"c": 1, "d": 3}}}),
    "a list is replaced": ("a: [1, 2, 3]", "a: [4]", {"a": [4]}),
    "a list of mappings is replaced": ("a: [{name: l1, weight: 1}]", "a: [{name: l1}]", {"a": [{"name": "l1"}]}),
    "an empty list replaces": ("a: [1]", "a: []", {"a": []}),
    "null replaces a mapping": ("a: {b: 1}", "a: null", {"a": None}),
    "a mapping replaces null": ("a: null", "a: {b: 1}", {"a": {"b": 1}}),
    "a list replaces a mapping": ("loss: {name: mse}", "loss: [mae]", {"loss": ["mae"]}),
    "a mapping replaces a list": ("loss: [mae]", "loss: {name: mse}", {"loss": {"name": "mse"}}),
    "a number replaces a mapping": ("c: {start: 1, end: 2}", "c: 3", {"c": 3}),
    "an annealing is merged": ("c: {start: 1, end: 2}", "c: {end: 3}", {"c": {"start": 1, "end": 3}}),
    "the same name keeps": (
        "loss: {name: huber, delta: 1}", "loss: {name: huber, weight: 2}",
        {"loss": {"name": "huber", "delta": 1, "weight": 2}}
    ),
    "no name keeps": ("loss: {name: huber, delta: 1}", "loss: {delta: 2}", {"loss": {"name": "huber", "delta": 2}}),
    "another name starts afresh": (
        "loss: {name: huber, delta: 1, weight: 2}", "loss: {name: tukey, c: 3}", {"loss": {"name": "tukey", "c": 3}}
    ),
    "another name alone starts afresh": ("loss: {name: huber, delta: 1}", "loss: mae", {"loss": {"name": "mae"}}),
    "the same name alone keeps": ("loss: {name: huber, delta: 1}", "loss: huber",
        {"loss": {"name": "huber", "delta": 1}}),
    "parameters for a name alone": ("loss: huber", "loss: {delta: 1}", {"loss": {"name": "huber", "delta": 1}}),
    "another name over a name alone": ("loss: huber", "loss: {name: tukey, c: 1}", {"loss": {"name": "tukey", "c": 1}}),
    "name alone over name alone": ("loss: huber", "loss: mae", {"loss": "mae"}),
    "the name of the run is no name of a mapping": (
        "name: a\nloss: {name: huber, delta: 1}", "name: b", {"name": "b", "loss": {"name": "huber", "delta": 1}}
    ),
    "text over a section is text": ("data: {validation: 1}", "data: mnist", {"data": "mnist"}),
    "inside a section": (
        "optimization: {optimizer: {name: adam, lr: 1}, schedule: {name: cosine}}",
        "optimization: {optimizer: sgd}",
        {"optimization": {"optimizer": {"name": "sgd"}, "schedule": {"name": "cosine"}}},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "top", "data"), MERGES.values(), ids=MERGES)
def test_top_is_merged_over_base(base, top, data):
    assert merged(base, top).data == data


def test_merging_changes_neither_of_the_two():
    base, top = parse("a: {b: [1], c: {d: 1}}", "base.yaml"), parse("a: {c: {e: [2]}}", "top.yaml")
    document = merge(base, top)
    document.data["a"]["b"].append(5)
    document.data["a"]["c"]["e"].append(5)
    assert base.data == {"a": {"b": [1], "c": {"d": 1}}}
    assert top.data == {"a": {"c": {"e": [2]}}}
    assert ("a", "c", "e") not in base.values


BASE = "name: base\nloss: {name: huber, delta: 1, weight: 2}\ndata: {corruption: gaussian}\nlist: [1, 2]\n"
TOP = "\n\nloss: {delta: 5}\ndata: {corruption: {std: 1}}\nlist: [7]\n"
PLACES = {
    ("name",): "base.yaml:1:7",
    ("loss",): "top.yaml:3:7",
    ("loss", "name"): "base.yaml:2:14",
    ("loss", "delta"): "top.yaml:3:15",
    ("loss", "weight"): "base.yaml:2:39",
    ("data", "corruption"): "top.yaml:4:20",
    ("data", "corruption", "name"): "base.yaml:3:20",
    ("data", "corruption", "std"): "top.yaml:4:26",
    ("list", 0): "top.yaml:5:8",
    ("list", 1): "top.yaml:5:7",  # gone, so the list itself
    ("nowhere",): "top.yaml:3:1",
}


@pytest.mark.parametrize(("path", "place"), PLACES.items(), ids=[dotted(path) for path in PLACES])
def test_a_position_points_to_the_file_the_value_comes_from(path, place):
    assert merged(BASE, TOP).locate(path) == place


def test_the_position_of_a_key_points_to_its_file():
    document = merged(BASE, TOP)
    assert document.locate(("loss", "delta"), key=True) == "top.yaml:3:8"
    assert document.locate(("loss", "weight"), key=True) == "base.yaml:2:31"


@pytest.mark.parametrize("top", ["loss: tukey", "loss: {name: tukey}"], ids=["alone", "mapping"])
def test_another_name_leaves_no_position_of_the_old_parameters(top):
    document = merged(BASE, top)
    assert document.locate(("loss", "delta")) == "top.yaml:1:7"
    assert document.locate(("loss", "delta"), key=True) == "top.yaml:1:7"


# ---------------------------------------------------------------------- --set

HUBER = "loss: {name: huber, delta: 0.2, weight: 3}"
SETS = {
    "a value": ("a: {b: 1, c: 2}", ["a.b=5"], {"a": {"b": 5, "c": 2}}),
    "a new key": ("a: {}", ["a.b=5"], {"a": {"b": 5}}),
    "nested creation": ("a: 1", ["b.c.d=5"], {"a": 1, "b": {"c": {"d": 5}}}),
    "creation under null": ("a: null", ["a.b.c=5"], {"a": {"b": {"c": 5}}}),
    "spaces around the key": ("a: 1", [" a =5"], {"a": 5}),
    "an equals sign in the value": ("a: 1", ["a=b=c"], {"a": "b=c"}),
    "the last one wins": ("a: 1", ["a=2", "a=3"], {"a": 3}),
    "number": ("a: 1", ["a=1e-3"], {"a": 0.001}),
    "null": ("a: 1", ["a=null"], {"a": None}),
    "nothing is null": ("a: 1", ["a="], {"a": None}),
    "text": ("a: 1", ["a=no"], {"a": "no"}),
    "quoted": ("a: 1", ["a='5'"], {"a": "5"}),
    "flow list": ("a: 1", ["a=[1, x, {b: 2}]"], {"a": [1, "x", {"b": 2}]}),
    "flow mapping": ("a: 1", ["a={b: 2}"], {"a": {"b": 2}}),
    "a flow mapping replaces": (HUBER, ["loss={name: huber}"], {"loss": {"name": "huber"}}),
    "into a name alone": ("loss: huber", ["loss.delta=1"], {"loss": {"name": "huber", "delta": 1}}),
    "item by position": ("a: [1, 2]", ["a.1=5"], {"a": [1, 5]}),
    "inside an item by position": ("a: [{b: 1}, {b: 2}]", ["a.1.b=5"], {"a": [{"b": 1}, {"b": 5}]}),
    "inside an item by name": (
        "a: [{name: l1}, {name: l2}]", ["a.l2.weight=5"], {"a": [{"name": "l1"}, {"name": "l2", "weight": 5}]}
    ),
    "inside an item that is a name alone": ("a: [l1, l2]", ["a.l2.weight=5"],
        {"a": ["l1", {"name": "l2", "weight": 5}]}),
    "appended by name": (
        "regularization: [l2]", ["regularization.l1.weight=1e-7"],
        {"regularization": ["l2", {"name": "l1", "weight": 1e-7}]}
    ),
    "appended by name to nothing": (
        "a: 1", ["regularization.l1.weight=1", "regularization.l1.parameters=all"],
        {"a": 1, "regularization": [{"name": "l1", "weight": 1, "parameters": "all"}]},
    ),
    "the same name keeps": (HUBER, ["loss.name=huber"], {"loss": {"name": "huber", "delta": 0.2, "weight": 3}}),
    "another name drops the file's parameters": (HUBER, ["loss.name=tukey"], {"loss": {"name": "tukey"}}),
    "another name alone does so too": (HUBER, ["loss=tukey"], {"loss": {"name": "tukey"}}),
    "the same name alone keeps": (HUBER, ["loss=huber"], {"loss": {"name": "huber", "delta": 0.2, "weight": 3}}),
    "another name of an item": ("a: [{name: l1, weight: 1}]", ["a.0.name=l2"], {"a": [{"name": "l2"}]}),
    "another name alone of an item": ("a: [{name: l1, weight: 1}]", ["a.0=l2"], {"a": [{"name": "l2"}]}),
    "the run's name drops nothing": ("name: a\nb: 1", ["name=c"], {"name": "c", "b": 1}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "assignments", "data"), SETS.values(), ids=SETS)
def test_set_changes_the_data(text, assignments, data):
    assert assigned(text, *assignments) == data


@pytest.mark.parametrize(
    ("assignments", "loss"),
    [
        (["loss.c=1", "loss.name=tukey"], {"name": "tukey", "c": 1}),
        (["loss.c=1", "loss=tukey"], {"name": "tukey", "c": 1}),
        (["loss.weight=9", "loss.name=tukey"], {"name": "tukey", "weight": 9}),
        (["loss.c.start=1", "loss.c.end=2", "loss.name=tukey"], {"name": "tukey", "c": {"start": 1, "end": 2}}),
        (["loss.c={start: 1}", "loss.name=tukey"], {"name": "tukey", "c": {"start": 1}}),
    ],
    ids=["parameter", "name alone", "overridden parameter", "nested", "flow mapping"],
)
def test_another_name_keeps_what_was_set_in_any_order(assignments, loss):
    for order in (assignments, assignments[::-1]):
        data = assigned(HUBER, *order)
        assert data == {"loss": loss}


def test_another_name_keeps_only_what_was_set_of_a_nested_parameter():
    text = "loss: {name: cauchy, c: {start: 1, end: 2, epochs: 9}}"
    for assignments in (["loss.c.start=7", "loss.name=tukey"], ["loss.name=tukey", "loss.c.start=7"]):
        assert assigned(text, *assignments) == {"loss": {"name": "tukey", "c": {"start": 7}}}


def test_set_leaves_the_document_as_it_was():
    document = parse("a: {b: [1]}", "x.yaml")
    apply_set(document, ["a.b.0=5", "a.c=1"])
    assert document.data == {"a": {"b": [1]}}
    assert document.locate(("a", "b", 0)) == "x.yaml:1:9"


def test_a_position_says_which_flag_it_was():
    document = apply_set(parse("loss: huber\na: {b: 1}", "x.yaml"), ["loss.delta=-1", "a.b=2", "c.d=3"])
    assert document.locate(("loss", "delta")) == "--set loss.delta=-1"
    assert document.locate(("loss",)) == "--set loss.delta=-1"
    assert document.locate(("loss", "name")) == "x.yaml:1:7"
    assert document.locate(("a", "b")) == "--set a.b=2"
    assert document.locate(("a", "b"), key=True) == "--set a.b=2"
    assert document.locate(("a",)) == "x.yaml:2:4"
    assert document.locate(("c",)) == "--set c.d=3"


HOW = "write it as --set section.key=value, for example --set loss.name=huber"
REFUSALS = {
    "no equals sign": ("loss", f"--set loss: {HOW}"),
    "no key": ("=1", f"--set =1: {HOW}"),
    "an empty part": ("a..b=1", f"--set a..b=1: {HOW}"),
    "a dot at the end": ("a.=1", f"--set a.=1: {HOW}"),
    "too deep": (f"{'a.' * 50}b=1", f"--set {'a.' * 50}b=1: {HOW}"),
    "not YAML": (
        "a=[", "--set a=[: a: not valid YAML: while parsing a flow node expected the node content, but found '<stream "
            "end>'"
    ),
    "a tag": ("a=!!int 1", '--set a=!!int 1: a: YAML tags are not allowed here: "!!int"; write the plain value'),
    "a duplicate key": ("a={b: 1, b: 2}",
        "--set a={b: 1, b: 2}: a: duplicate key; first given at --set a={b: 1, b: 2}:1:2"),
    "through a number": ("n.x=1", "--set n.x=1: n: has the value 0.2, so nothing can be set inside it"),
    "through a boolean": ("t.x.y=1", "--set t.x.y=1: t: has the value true, so nothing can be set inside it"),
    "no such position": ("l.2=1", '--set l.2=1: l: has no item "2"; give its position or its name'),
    "no such item": ("l.x=1", '--set l.x=1: l: has no item "x"; give its position or its name'),
    "digits that are none": ("l.²=1", '--set l.²=1: l: has no item "²"; give its position or its name'),
    "through no such position": ("l.2.x=1", "--set l.2.x=1: l: has no item 2; there are 2, counted from 0"),
    "extends": ("extends=mse.yaml",
        "--set extends=mse.yaml: extends: stands in a file only; name that file instead"),
}  # fmt: skip


@pytest.mark.parametrize(("assignment", "line"), REFUSALS.values(), ids=REFUSALS)
def test_an_assignment_is_refused(assignment, line):
    assert refused("n: 0.2\nt: true\nl: [1, 2]", assignment) == [line]


def test_all_refused_assignments_are_reported_at_once():
    assert [line.split(": ")[0] for line in refused("a: 1", "x", "a=2", "a.b=1", "b=[")] == [
        "--set x", "--set a.b=1", "--set b=["
    ]  # fmt: skip


# ---------------------------------------------------------------------- files

FILES = {
    "empty": (b"", "x.yaml: is empty; `aecli init mse.yaml` writes a config to start from"),
    "comments only": (b"# nothing\n", "x.yaml: is empty; `aecli init mse.yaml` writes a config to start from"),
    "list": (b"\n- mse\n", "x.yaml:2:1: holds a list; expected sections such as `loss:`"),
    "scalar": (b"mse", "x.yaml:1:1: holds a single value; expected sections such as `loss:`"),
    "latin-1": (b"name: gr\xf6\xdfe", "x.yaml: is not UTF-8 text, so it is no YAML file"),
    "utf-16": ("name: mse".encode("utf-16"), "x.yaml: is not UTF-8 text, so it is no YAML file"),
    "huge": (b"# " + b"x" * 20_000_000, "x.yaml: larger than 100,000 bytes; a config is a few hundred"),
}


@pytest.mark.parametrize(("content", "line"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_config_is_refused(content, line, tmp_path):
    (tmp_path / "x.yaml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_file(tmp_path / "x.yaml", "x.yaml")
    assert str(caught.value) == line


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"^x.yaml: cannot be read: No such file or directory$"):
        read_file(tmp_path / "x.yaml", "x.yaml")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(newline, tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbf" + f"loss: mse{newline}seed: 3{newline}".encode())
    document = read_file(tmp_path / "x.yaml", "x.yaml")
    assert document.data == {"loss": "mse", "seed": 3}
    assert document.locate(("loss",), key=True) == "x.yaml:1:1"
    assert document.locate(("seed",)) == "x.yaml:2:7"


def test_what_set_begins_where_the_file_had_null_is_found_at_the_flag():
    with pytest.raises(ConfigError) as error:
        load_config("mse.yaml", set=["data.corruption.share=.3"])
    assert str(error.value) == "--set data.corruption.share=.3: data.corruption.name: is required: which one?"


# ---------------------------------------------------------------------- families of networks


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        ("architecture: {tied: true}", "architecture: {name: other, size: 3}", {"name": "other", "size": 3}),
        (
            "architecture: {tied: true}",
            "architecture: {name: dense, init: torch}",
            {"tied": True, "name": "dense", "init": "torch"},
        ),
        ("architecture: {name: other, size: 3}", "architecture: {size: 4}", {"name": "other", "size": 4}),
        (
            "architecture: {name: other, size: 3}",
            "architecture: {name: dense, tied: true}",
            {"name": "dense", "tied": True},
        ),
        ("architecture: {tied: true}", "architecture: other", {"name": "other"}),
        ("architecture: {tied: true}", "architecture: dense", {"name": "dense", "tied": True}),
    ],
    ids=[
        "another family",
        "the same, named",
        "keys of the named one",
        "back to dense",
        "a name alone",
        "the same name alone",
    ],
)
def test_keys_of_the_unnamed_family_mean_nothing_to_another_one(below, above, expected):
    merged = merge(parse(below, "below.yaml"), parse(above, "above.yaml"))
    assert merged.data["architecture"] == expected


def test_another_family_by_set_drops_the_keys_of_the_unnamed_one():
    document = apply_set(
        parse("architecture: {tied: true}", "x.yaml"), ["architecture.name=other", "architecture.size=3"]
    )
    assert document.data["architecture"] == {"name": "other", "size": 3}

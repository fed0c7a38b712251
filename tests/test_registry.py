"""The registry: what it reads from signatures and docstrings, and that every registered function says enough."""

import inspect
import subprocess
import sys
from dataclasses import dataclass
from typing import Annotated, Literal

import pytest
from annotated_types import Ge, Gt, Interval, Le, Lt
from pydantic import TypeAdapter

from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.data import DATASETS
from aecli.components.data.corruptions import CORRUPTIONS
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES
from aecli.components.loss import LOSSES
from aecli.components.optimization.optimizers import OPTIMIZERS
from aecli.components.optimization.schedules import SCHEDULES
from aecli.components.regularization import REGULARIZERS
from aecli.docstrings import read_arguments, read_docstring
from aecli.evaluation.instruments.severity import MOTIONS, SEVERITY_CORRUPTIONS
from aecli.registry import Context, Facts, Registry, describe_range, unknown_name

REGISTRIES = [LOSSES, REGULARIZERS, OPTIMIZERS, SCHEDULES, CORRUPTIONS, ACTIVATIONS, METRICS, SUITES, DATASETS]
REGISTRIES += [SEVERITY_CORRUPTIONS, MOTIONS]
EVERY_ENTRY = pytest.mark.parametrize(
    ("registry", "name"),
    [(registry, name) for registry in REGISTRIES for name in registry],
    ids=[f"{registry.noun}-{name}" for registry in REGISTRIES for name in registry],
)


@dataclass(frozen=True, kw_only=True)
class Diet(Facts):
    """For whom a recipe is."""

    vegan: bool = False


def recipes():
    registry = Registry("recipe")

    @registry.register(Diet(vegan=True))
    def soup(pot, *, salt: Annotated[float, Gt(0)] = 0.5, size: Literal["big", "small"] = "big",
             shape: Annotated[tuple[int, int] | None, Context] = None, guests: int):  # fmt: skip
        """Warm and wet.

        water + salt,
        stirred

        Args:
            pot: the vessel.
            salt: grams of salt;
                less is more.
            size: of the spoon.
            shape: filled in by the cook.
            guests: people: how many.

        Returns: soup.
        Note: hot, so
            take care.
        Source: Grandmother 1950,
            page 3
        Example:
            >>> 1 + 1
            2
        """

    @registry.register(Diet(), name="else")
    def otherwise():
        """Nothing at all."""

    return registry, soup


# -------------------------------------------------------------------- what is read


def test_an_entry_has_what_its_docstring_says():
    registry, soup = recipes()
    entry = registry["soup"]
    assert entry.function is soup
    assert entry.summary == "Warm and wet."
    assert entry.formula == "water + salt, stirred"
    assert entry.note == "hot, so take care."
    assert entry.source == "Grandmother 1950, page 3"


def test_keyword_only_parameters_are_the_schema_and_context_is_hidden():
    registry, _ = recipes()
    parameters = registry["soup"].parameters
    assert [(one.name, one.doc, one.range) for one in parameters] == [
        ("salt", "grams of salt; less is more.", "> 0"),
        ("size", "of the spoon.", "big | small"),
        ("guests", "people: how many.", "whole number"),
    ]
    assert [one.default for one in parameters] == [0.5, "big", parameters[0].empty]


def test_a_function_may_be_registered_under_a_word_of_python():
    registry, _ = recipes()
    assert list(registry) == ["soup", "else"]
    assert registry["else"].summary == "Nothing at all."
    assert (registry["else"].formula, registry["else"].note, registry["else"].source) == ("", "", "")


def test_facts_are_what_the_registration_said():
    registry, _ = recipes()
    assert registry["soup"].facts.vegan and not registry["else"].facts.vegan
    assert registry["soup"].facts.told() == {}


def test_a_name_that_is_taken_is_refused():
    registry, soup = recipes()
    with pytest.raises(ValueError, match="^recipe 'soup' is registered twice$"):
        registry.register(Diet())(soup)
    assert registry["soup"].facts.vegan and len(registry) == 2


def test_registering_gives_the_function_back_unchanged():
    registry, soup = recipes()

    def stew():
        """Thick."""

    assert registry.register(Diet())(stew) is stew
    assert soup.__name__ == "soup"


def test_a_docstring_without_sections_is_all_summary_and_formula():
    assert read_docstring("One line.") == ("One line.", "", {})
    assert read_docstring("One line.\n\na\nb") == ("One line.", "a b", {})
    assert read_docstring("") == ("", "", {})


# ------------------------------------------------------------------- what is missing


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sop", 'unknown recipe "sop"; did you mean "soup"? choices: soup, else'),
        ("bread", 'unknown recipe "bread"; choices: soup, else'),
    ],
)
def test_an_unknown_name_is_refused_with_the_choices_and_the_closest(name, message):
    registry, _ = recipes()
    assert name not in registry
    assert registry.get(name) is None
    with pytest.raises(KeyError) as refused:
        registry[name]
    assert refused.value.args == (message,)


def test_a_message_about_an_unknown_name_may_label_its_choices():
    assert unknown_name("a", ["b", "c"], "keys") == '"a"; keys: b, c'
    assert unknown_name(3, ["b"]) == '"3"; choices: b'


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (float, "number"),
        (int, "whole number"),
        (bool, "true | false"),
        (str, "text"),
        (str | None, "text | null"),
        (Literal["mean", "sum"], "mean | sum"),
        (Annotated[float, Gt(0)], "> 0"),
        (Annotated[float, Ge(0), Lt(1)], ">= 0 and < 1"),
        (Annotated[float, Le(2), "may be infinite"], "<= 2"),
        (Annotated[float, Interval(ge=0, le=0.5)], ">= 0 and <= 0.5"),
        (Annotated[float, "no bound"], "number"),
        (tuple[float, int], "[number, whole number]"),
        (tuple[Annotated[float, Ge(0)], Annotated[float, Ge(0)]] | None, "[>= 0, >= 0] | null"),
    ],
    ids=str,
)
def test_a_range_is_said_in_words(annotation, words):
    assert describe_range(annotation) == words


# ---------------------------------------------------------- every registered function


def test_no_two_registries_share_a_noun_and_none_is_empty():
    assert len({registry.noun for registry in REGISTRIES}) == len(REGISTRIES)
    assert all(len(registry) > 0 for registry in REGISTRIES)


@EVERY_ENTRY
def test_a_registered_function_says_what_it_is_in_one_line(registry, name):
    entry = registry[name]
    assert entry.name == name
    assert entry.summary.endswith(".") and len(entry.summary) <= 120
    assert entry.summary[0].isupper() or entry.summary[0].isdigit()


@EVERY_ENTRY
def test_a_registered_function_gives_its_formula(registry, name):
    assert registry[name].formula


@EVERY_ENTRY
def test_every_parameter_is_documented_and_has_a_range_and_a_default(registry, name):
    for parameter in registry[name].parameters:
        assert parameter.doc, parameter.name
        assert parameter.range, parameter.name
        # only a data set of the user's own cannot be found without being told where
        assert parameter.default is not parameter.empty or parameter.name in ("file", "folder"), parameter.name


@EVERY_ENTRY
def test_every_default_lies_in_its_own_range(registry, name):
    for parameter in registry[name].parameters:
        if parameter.default is not parameter.empty:
            assert TypeAdapter(parameter.annotation).validate_python(parameter.default) == parameter.default


@EVERY_ENTRY
def test_a_docstring_documents_only_arguments_that_exist(registry, name):
    function = registry[name].function
    documented = read_arguments(read_docstring(inspect.getdoc(function))[2].get("Args", ""))
    assert set(documented) <= set(inspect.signature(function).parameters)


def test_reading_every_registry_imports_neither_torch_nor_numpy():
    modules = sorted({entry.function.__module__ for registry in REGISTRIES for entry in registry.values()})
    code = f"import sys, {', '.join(modules)}; print([name for name in ('torch', 'numpy') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_the_version_changes_with_every_registration_and_with_what_is_forgotten():
    registry, _ = recipes()
    before = registry.version
    registry.register(Diet())(lambda: None)
    assert registry.version != before
    before = registry.version
    registry.forget("<lambda>")
    assert registry.version != before and list(registry) == ["soup", "else"]

"""The page of words: what aecli prints and a newcomer cannot know is explained there."""

import re

import pytest

import aecli
from aecli.comparison.dose.steps import FREE
from aecli.comparison.opinions import DOSE_GOALS
from aecli.comparison.verdicts import verdict
from aecli.components.evaluation.metrics import METRICS
from aecli.components.evaluation.suites import SUITES
from aecli.errors import UsageError
from aecli.pages import FOLDER, WORD, docs, explain_word, explained_words

ASKED_FOR = "fvu rope skill dose cliff excess net seed probe alive dead equivalent Holm KLT nat regret referee".split()
HEADS = [
    "seeds won",
    "p",
    "seeds",
    "difference",
    "95 % interval",
    "wins",
    "regret",
    "behind",
    "train_s",
]
ROWS = ["mean image", "pca", "effective dimension", "hoyer", "lifetime sparsity", "correlation"]
STATES = ["running", "completed", "interrupted", "failed", "diverged"]
PRINTED = {
    *ASKED_FOR,
    *HEADS,
    *ROWS,
    *STATES,
    *METRICS,
    *DOSE_GOALS,
    *FREE,
    *(f"{name}.{short}" for name, entry in SUITES.items() for short in (*entry.facts.measures, "skill")),
    *(verdict.BETTER, verdict.WORSE, verdict.EQUIVALENT, verdict.UNDECIDED, verdict.NOT_MEASURED),
}


def test_every_word_that_is_printed_is_explained():
    assert sorted(word for word in PRINTED if explain_word(word) is None) == []


def test_every_suites_own_word_is_explained_by_itself_and_not_by_another_ones():
    shorts = [short for entry in SUITES.values() for short in entry.facts.measures]
    assert len(shorts) > 10 and all(
        f"**{short}" in explain_word(short) or f", {short}" in explain_word(short) for short in shorts
    )


def test_the_page_is_in_alphabetical_order_and_explains_each_word_once():
    heads = [item[1].replace("\\", "") for item in WORD.finditer(docs("words"))]
    assert heads == sorted(heads, key=lambda head: (head[0].isalpha(), head.lower()))
    words = [word.lower() for head in heads for word in dict.fromkeys(head.lower().split(", "))]
    assert len(words) == len(set(words)) > 100
    items = [line for line in docs("words").splitlines() if line.startswith("- ")]
    assert len(items) == len(heads), "every item is one that can be looked up"


def test_what_an_item_refers_to_is_there():
    for text in explained_words().values():
        for word in re.findall(r"see ([a-z]+)[.,]", text):
            assert explain_word(word), text


@pytest.mark.parametrize(
    "asked", [("words", "fvu"), ("fvu",), ("words", "FVU"), ("words", "test.fvu"), ("words.md", "fvu")]
)
def test_one_word_alone_is_shown_however_it_is_asked_for(asked):
    text = aecli.docs(*asked)
    assert text.startswith("- **fvu**: fraction of variance unexplained") and text.count("\n- ") == 0
    assert text in (FOLDER / "words.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (("words", "rop"), 'unknown word "rop"; did you mean "rope"? aecli docs words has all'),
        (("words", "qqq"), 'unknown word "qqq"; aecli docs words has all'),
        (("comparing", "rope"), "a word is looked up in the page words: aecli docs words rope"),
        (("skil",), 'unknown page "skil"; pages: .*; did you mean "skill"[?]'),
        (("comparin",), 'unknown page "comparin"; did you mean "comparing"? pages: '),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest(asked, message):
    with pytest.raises(UsageError, match=message if ".*" in message else None) as caught:
        docs(*asked)
    assert ".*" in message or str(caught.value).startswith(message)

"""How a component that breaks a rule is told: all that is wrong, one sentence each."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import ParamSpec

from aecli.registry import Entry, FactsT

Given = ParamSpec("Given")


class NonConformance(AssertionError):
    """A component breaks rules that the rest of the program relies on.

    Attributes:
        problems: one sentence for each of them.
    """

    def __init__(self, what: str, problems: list[str]) -> None:
        super().__init__("\n".join([f"{what} breaks {len(problems)} of the rules:", *(f"- {one}" for one in problems)]))
        self.problems = problems


def rules(kind: str) -> Callable[[Callable[Given, Iterator[str]]], Callable[Given, None]]:
    """Decorator: from a function that yields what is wrong with the component of a name to one that raises it."""

    def decorate(find: Callable[Given, Iterator[str]]) -> Callable[Given, None]:
        @wraps(find)
        def check(*args: Given.args, **kwargs: Given.kwargs) -> None:
            if problems := list(find(*args, **kwargs)):
                raise NonConformance(f"{kind} {args[0]!r}", problems)

        return check

    return decorate


def undocumented(entry: Entry[FactsT]) -> Iterator[str]:
    """What `aecli list` and the JSON Schema would have to leave empty."""
    if not entry.summary.endswith("."):
        yield "its docstring does not begin with one sentence that ends in a full stop; `aecli list` shows it"
    if not entry.formula:
        yield "its docstring has no formula: a paragraph of its own after the first line"
    if not entry.use:
        yield "its docstring has no line `Use when: ...`; `aecli list` tells by it which one to take"
    for parameter in entry.parameters:
        if not parameter.doc:
            yield f"its docstring does not say under Args what {parameter.name} means"


def raised(error: Exception) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"

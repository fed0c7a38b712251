"""Suites: what can be measured on a trained model, one function each.

A suite takes a `Subject` and returns JSON-ready sections of summary.json.
"""

from typing import TYPE_CHECKING, Any

from aecli.registry import Registry

if TYPE_CHECKING:
    from aecli.evaluation.subject import Subject

SUITES = Registry("suite")
suite = SUITES.register


@suite()
def reconstruction(subject: "Subject") -> dict[str, Any]:
    """Loss-neutral metrics on train, validation and test, beside the baselines.

    every metric of `aecli list metrics` that means something on the data
    """
    from aecli.evaluation.reconstruction import judge_reconstruction

    return judge_reconstruction(subject)

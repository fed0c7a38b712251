"""What suites say of themselves, and the scale of skills."""

import pytest

from aecli.components.evaluation.suites import SUITES, skill_score


def test_every_suite_says_its_version_and_its_skill():
    for name, entry in SUITES.items():
        assert entry.facts.version >= 1, name
        assert entry.formula.startswith("skill: "), name


def test_the_names_for_the_shell_are_all_suites():
    from aecli.cli.evaluate_command import SUITE_NAMES

    assert list(SUITE_NAMES) == list(SUITES)


@pytest.mark.parametrize(("value", "skill"), [(4.0, 0.0), (2.0, 1.0), (3.0, 0.5), (5.0, -0.5), (1.0, 1.5)])
def test_the_skill_is_0_at_the_trivial_baseline_and_1_at_the_reference(value, skill):
    assert skill_score(value, trivial=4.0, reference=2.0) == skill


def test_a_skill_without_a_scale_is_none():
    assert skill_score(1.0, trivial=2.0, reference=2.0) is None

"""What a run lacks, and the command that measures it."""

from aecli.comparison.evidence.collect import collect
from aecli.comparison.recommendation.goal_terms import terms_of
from aecli.comparison.recommendation.missing import command_for, why_missing


def test_what_is_missing_comes_with_the_command_that_measures_it(write_run):
    path = write_run(
        suites={"validation": {"denoising": {"skill": 0.5}, "features": {"skipped": "no labels", "skill": None}}}
    )
    (run,) = collect([path]).runs
    terms = [
        term
        for goal in ("denoising", "classification", "compression", "sparsity", "reconstruction")
        for term in terms_of(goal, "validation")
    ]
    assert why_missing(run, terms) == (
        "features gave no features.linear_probe on the validation split: no labels; "
        "compression.skill was not measured on the validation split; "
        "sparsity.skill was not measured on the validation split; "
        "mae was not measured on the validation split; ssim was not measured on the validation split"
    )
    assert (
        command_for(run, terms)
        == f"aecli evaluate {path} --suite compression --suite sparsity --suite reconstruction --split validation"
    )
    assert command_for(run, terms_of("classification", "validation")) == "", "what was skipped would be skipped again"
    assert command_for(run, terms_of("denoising", "test")) == f"aecli evaluate {path} --suite denoising"

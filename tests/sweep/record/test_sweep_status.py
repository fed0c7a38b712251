"""How far a sweep is, as its folder tells it."""

import os

import pytest
from fake_sweeps import SWEEP

from aecli.errors import UsageError
from aecli.sweep.record.sweep_folder import SweepFolder, prepare_sweep_folder
from aecli.sweep.record.sweep_status import read_sweep


def test_a_sweep_whose_process_is_gone_is_interrupted(planned_sweep):
    planned_sweep.write_status("running", pid=2**22 + 1, host=os.uname().nodename)
    assert SweepFolder(planned_sweep.path).read_status()["status"] == "interrupted"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"trials": 3}', '{"trials": [{"seed": 1}]}', "\x00"])
def test_a_damaged_plan_is_written_anew_and_told_of_in_the_status(content, planned_sweep, plan_around):
    planned_sweep.plan.write_text(content)
    with pytest.raises(UsageError) as caught:
        read_sweep(planned_sweep.path)
    assert str(caught.value) == f"{planned_sweep.plan}: is damaged; the command that began the sweep writes it anew"
    prepare_sweep_folder(planned_sweep.path, plan_around(), SWEEP)
    assert len(read_sweep(planned_sweep.path).trials) == 4

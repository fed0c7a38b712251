"""What a training waits for before its first step."""

import subprocess
import sys

FIRST_STEP = """
import sys
from aecli.config.load import load_config
from aecli.training.build import prepare
prepare(load_config(sys.argv[1], set=["training.device=cpu"]))  # one whole step
heavy = {"torch._dynamo", "torchvision", "scipy", "sklearn", "matplotlib"} & set(sys.modules)
print(*sorted(heavy))
"""


def test_the_first_step_imports_neither_the_compiler_nor_what_judges_and_draws():
    done = subprocess.run([sys.executable, "-c", FIRST_STEP, "muon.yaml"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

"""What `aecli` offers, for type checkers and editors; at run time __init__.py finds it at its first use."""

from aecli.api.answers import Check as Check
from aecli.api.answers import Comparison as Comparison
from aecli.api.answers import DoseResponse as DoseResponse
from aecli.api.answers import Recommendation as Recommendation
from aecli.api.answers import Report as Report
from aecli.api.configs import init as init
from aecli.api.configs import schema as schema
from aecli.api.configs import show as show
from aecli.api.configs import validate as validate
from aecli.api.frontiers import Frontiers as Frontiers
from aecli.api.judged import Judged as Judged
from aecli.api.listed import diff_configs as diff_configs
from aecli.api.listed import list_runs as list_runs
from aecli.api.names import list as list
from aecli.api.questions import check as check
from aecli.api.questions import compare as compare
from aecli.api.questions import compare_at as compare_at
from aecli.api.questions import dose as dose
from aecli.api.questions import recommend as recommend
from aecli.api.questions import report as report
from aecli.api.run import Run as Run
from aecli.api.runs import evaluate as evaluate
from aecli.api.runs import load as load
from aecli.api.runs import make_loss as make_loss
from aecli.api.runs import resume as resume
from aecli.api.runs import train as train
from aecli.api.sweeps import plan_sweep as plan_sweep
from aecli.api.sweeps import sweep as sweep
from aecli.api.sweeps import sweep_status as sweep_status
from aecli.api.swept import SweepPlan as SweepPlan
from aecli.api.swept import SweepState as SweepState
from aecli.api.swept import Swept as Swept
from aecli.config.load import load_config as load_config
from aecli.config.schema import Config as Config
from aecli.errors import AecliError as AecliError
from aecli.errors import CheckpointError as CheckpointError
from aecli.errors import ConfigError as ConfigError
from aecli.errors import DataError as DataError
from aecli.errors import DivergedError as DivergedError
from aecli.errors import InterruptedRun as InterruptedRun
from aecli.errors import RunFolderError as RunFolderError
from aecli.errors import UsageError as UsageError
from aecli.experiment.prune import prune as prune
from aecli.pages import docs as docs

__version__: str

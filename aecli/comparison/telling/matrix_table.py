"""The referee matrix as a table of texts."""

from aecli.comparison.evidence.measures import Measure
from aecli.comparison.telling.digits import DASH, LARGE
from aecli.comparison.telling.table import LABEL, Cell, Column, Row, Table
from aecli.comparison.verdicts.matrix import Matrix
from aecli.components.evaluation.scales import DECIBEL, RATIO

MATRIX_TITLE = "referees: mean and regret; in parentheses where the loss judges itself"


def show_regret(metric: Measure, amount: float | None) -> str:
    """`+11 %`, `-1.5 dB`, `-0.012`; nothing for the best."""
    if not amount:
        return ""
    sign = "+" if metric.better == "lower" else "-"
    if metric.scale == RATIO:
        return f"{sign}{amount * 100:.0f} %" if 0.995 <= amount < LARGE else f"{sign}{amount * 100:.2g} %"
    return f"{sign}{amount:.2g} {DECIBEL if metric.scale == DECIBEL else ''}".strip()


def matrix_table(matrix: Matrix) -> Table:
    """The matrix as a table of texts: `0.0111 +11 %`."""
    rows = []
    for label, cells in matrix.rows:
        texts = []
        for metric, cell in zip(matrix.metrics, cells, strict=True):
            mean = DASH if cell.estimate is None else f"{cell.estimate.mean:.4g}"
            cost = show_regret(metric, cell.regret) or ("best" if cell.regret == 0 else "")
            texts.append(f"{f'({mean})' if cell.is_own else mean} {cost}".rstrip())
        rows.append(Row("candidate", label, tuple(map(Cell, [label, *texts]))))
    columns = (LABEL, *(Column(one.name, one.title, "metric") for one in matrix.metrics))
    return Table(columns=columns, measures=matrix.metrics, rows=tuple(rows))

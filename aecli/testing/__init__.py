"""Conformance checks for authors of losses, regularizers, metrics, corruptions and families of networks.

Register the component, then check it by its name in a test of your own:

    from aecli.testing import check_loss
    import my_losses

    def test_my_loss_keeps_the_rules():
        check_loss("my_loss")

A check raises `NonConformance`, whose message has a sentence for each rule that is broken. The components of this
package are held to the same checks.
"""

from aecli.testing.corruptions import check_corruption
from aecli.testing.losses import check_loss
from aecli.testing.metrics import check_metric
from aecli.testing.networks import check_architecture
from aecli.testing.regularizers import check_regularizer
from aecli.testing.report import NonConformance

__all__ = [
    "NonConformance",
    "check_architecture",
    "check_corruption",
    "check_loss",
    "check_metric",
    "check_regularizer",
]

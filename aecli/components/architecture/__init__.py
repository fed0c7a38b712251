"""Families of networks, each behind one contract, and activations."""

from aecli.components.architecture import dense  # noqa: F401  registers the family
from aecli.components.architecture.activations import ACTIVATIONS
from aecli.components.architecture.registration import (
    ARCHITECTURES,
    ArchitectureFacts,
    NetworkTraits,
    Site,
    architecture,
)

__all__ = ["ACTIVATIONS", "ARCHITECTURES", "ArchitectureFacts", "NetworkTraits", "Site", "architecture"]

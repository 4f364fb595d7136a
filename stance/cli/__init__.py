"""The command line: thin commands, one call each."""

from stance.cli import card, fit, label, models
from stance.cli.fit import train
from stance.cli.group import stance

__all__ = ["card", "fit", "label", "models", "stance", "train"]

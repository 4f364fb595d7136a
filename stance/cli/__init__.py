"""The command line: thin commands, one call each."""

from stance.cli import annotate, fit, label
from stance.cli.fit import train
from stance.cli.group import stance

__all__ = ["annotate", "fit", "label", "stance", "train"]

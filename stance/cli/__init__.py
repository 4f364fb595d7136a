"""The command line: thin commands, one call each."""

from stance.cli import audit, fit, label, queue
from stance.cli.fit import train
from stance.cli.group import stance

__all__ = ["audit", "fit", "label", "queue", "stance", "train"]

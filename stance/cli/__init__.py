"""The command line: thin commands, one call each."""

from stance.cli import fit, label, queue
from stance.cli.fit import train
from stance.cli.group import stance

__all__ = ["fit", "label", "queue", "stance", "train"]

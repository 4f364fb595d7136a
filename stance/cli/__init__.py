"""The command line: thin commands, one call each."""

from stance.cli import fit, label, report
from stance.cli.fit import train
from stance.cli.group import stance

__all__ = ["fit", "label", "report", "stance", "train"]

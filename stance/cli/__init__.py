"""The command line: thin commands, one call each."""

from stance.cli import annotate, audit, fit, label, queue, report
from stance.cli.fit import train
from stance.cli.group import stance

__all__ = ["annotate", "audit", "fit", "label", "queue", "report", "stance", "train"]

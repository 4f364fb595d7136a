"""The command line: thin commands, one call each."""

from stance.cli import annotate, audit, card, fit, label, models, queue, report, retrain
from stance.cli.fit import train
from stance.cli.group import stance

__all__ = [
    "annotate",
    "audit",
    "card",
    "fit",
    "label",
    "models",
    "queue",
    "report",
    "retrain",
    "stance",
    "train",
]

"""The command line: thin commands, one call each."""

from stance.cli import fit, label, models, retrain
from stance.cli.fit import train
from stance.cli.group import stance

__all__ = ["fit", "label", "models", "retrain", "stance", "train"]

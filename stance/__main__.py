"""``python -m stance`` is the same as ``stance``."""

from stance.cli import stance

stance(prog_name="stance")

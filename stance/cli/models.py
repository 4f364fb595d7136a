"""Commands for models: card."""

from __future__ import annotations

from stance.cli.base import examples
from stance.cli.group import Group, stance


@stance.group(
    cls=Group,
    epilog=examples("stance models card", "stance models card --model mine.parquet"),
)
def models() -> None:
    """Say what a model is, how good it is and what it is for."""

"""The command that prints a model card."""

from __future__ import annotations

import click

from stance.cli import options
from stance.cli.base import chosen_model, examples
from stance.cli.models import models


@models.command(epilog=examples("stance models card", "stance models card --model mine.parquet"))
@options.model
@options.trust
def card(model_path: str | None, trust: bool) -> None:
    """Print a model's card as Markdown: data, scores, uses.

    Of the shipped model it also has the scores on the reference quotes, by register, what its
    probabilities are worth, and known failures; of a model of your own, the scores that its
    training gave it.
    """
    from stance.card import render_card, shipped_figures

    model = chosen_model(model_path, trust)
    click.echo(render_card(model, shipped_figures(model)), nl=False)

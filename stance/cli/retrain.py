"""The command that makes a better model of the user's annotations: retrain."""

from __future__ import annotations

import sys
from typing import Any

import click

from stance.cli import options
from stance.cli.base import examples, results_console, say
from stance.cli.group import stance


@stance.command(
    epilog=examples(
        "stance retrain annotations.csv --dry-run",
        "stance retrain project.json round-2.xlsx --map hostile=accusatory --own-codebook",
    )
)
@click.argument("annotations", nargs=-1, required=True, metavar="ANNOTATIONS...")
@options.annotation_reading
@click.option("--own-codebook", is_flag=True, help="The labels follow a codebook of your own.")
@click.option("--dry-run", is_flag=True, help="Fit and compare, but publish nothing.")
@click.option("--force", is_flag=True, help="Publish what is refused; that stays on record.")
@options.quiet
def retrain(
    annotations: tuple[str, ...],
    reading: dict[str, Any],
    own_codebook: bool,
    dry_run: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Make the current model better with new annotations.

    ANNOTATIONS are exports of Label Studio, doccano, Prodigy or Argilla, or tables with a row
    for each annotation or a column for each annotator.

    They join those of earlier rounds and the shipped training set. The new model is compared
    with the current one on quotes that neither has seen, and becomes current only if it is
    no worse; otherwise the exit code is 3 and nothing changes. "stance models rollback" brings
    the model before it back.

    With --own-codebook only your own quotes decide, and the shipped labels do not count.
    """
    from stance.retraining import retrain as run
    from stance.terminal import gate_table

    tell = (lambda message: None) if quiet else say
    done = run(
        annotations,
        own_codebook=own_codebook,
        dry_run=dry_run,
        force=force,
        on_stage=lambda stage: tell(f"{stage} ..."),
        **reading,
    )
    for problem in done.imported.told:
        tell(f"left out: {problem}")
    if (proposal := done.proposal) is None:
        say("nothing new: every quote came before with the same stance; the current model stays")
        return
    results_console().print(gate_table(proposal.conditions))
    left_out = f", {n} left out: in the held-out set" if (n := proposal.count("left out")) else ""
    ties = f", {done.ties} left out: their annotators disagree" if done.ties else ""
    tell(
        f"{proposal.new:,} quotes in this round{left_out}{ties}; of all rounds "
        f"{proposal.count('training'):,} to learn from, {proposal.count('heldout'):,} to compare on"
    )
    if done.version is not None:
        forced = "against the gate, which refused it: --force; " if proposal.refusal else ""
        say(
            f"version {done.version} is current, {forced}"
            "stance models rollback brings the one before it back"
        )
    elif proposal.refusal:
        say(f"refused, the current model stays: {proposal.refusal}")
    else:
        say("nothing published: --dry-run")
    sys.exit(done.exit_code)

"""The command that makes a better model of the user's annotations: retrain."""

from __future__ import annotations

import sys

import click

from stance.cli import options
from stance.cli.base import examples, results_console, say
from stance.cli.group import stance


@stance.command(
    epilog=examples(
        "stance retrain annotations.csv --dry-run",
        "stance retrain round-1.csv round-2.xlsx --own-codebook",
    )
)
@click.argument("annotations", nargs=-1, required=True, metavar="ANNOTATIONS...")
@options.input_format
@options.text_column
@options.sheet
@options.stance_column
@options.skip_bad
@click.option("--own-codebook", is_flag=True, help="The labels follow a codebook of your own.")
@click.option("--dry-run", is_flag=True, help="Fit and compare, but publish nothing.")
@click.option("--force", is_flag=True, help="Publish what is refused; that stays on record.")
@options.jobs
@options.quiet
def retrain(
    annotations: tuple[str, ...],
    input_format: str | None,
    text_column: str | None,
    sheet: str | None,
    stance_column: str | None,
    skip_bad: bool,
    own_codebook: bool,
    dry_run: bool,
    force: bool,
    jobs: int | None,
    quiet: bool,
) -> None:
    """Make the current model better with new annotations.

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
        n_jobs=jobs,
        on_stage=lambda stage: tell(f"{stage} ..."),
        format=input_format,
        text_column=text_column,
        sheet=sheet,
        stance_column=stance_column,
        skip_bad=skip_bad,
    )
    for problem in done.skipped:
        tell(f"left out: {problem}")
    proposal = done.proposal
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

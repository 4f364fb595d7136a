"""What people see in a terminal: tables of labels, scores and reasons."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from stance.annotations import Agreement, Annotation, Consensus
from stance.codebook import STANCES
from stance.comparing import Change, Move
from stance.evaluation import Scores
from stance.gate import HELD_OUT, OWN_FIFTH, Condition
from stance.model import Explanation
from stance.store import Version

if TYPE_CHECKING:
    from stance.audit import Suspect

STYLES: Final = {"accusatory": "red", "conciliatory": "green", "neutral": "cyan"}

# A quote must not be able to steer the terminal it is shown in.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_STRONGEST: Final = 12


def printable(text: str) -> str:
    """Put a space for each line end and control character of a text."""
    return _CONTROLS.sub(" ", text)


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")


def _stance(stance: str | None) -> Text:
    return Text(stance or "", style=STYLES.get(stance or "", ""))


def labels_table(
    rows: Iterable[tuple[str | None, float, bool, str, str]], *, left_out: int = 0
) -> RenderableType:
    """Lay out labelled quotes.

    Parameters
    ----------
    rows : iterable of tuple
        Stance, probability, review, speaker and text of each quote.
    left_out : int, default 0
        How many more quotes there are, to be told below.

    Returns
    -------
    rich renderable
        The table.
    """
    rows = list(rows)
    with_speaker = any(speaker for *_, speaker, _ in rows)
    table = _table()
    table.add_column("stance", no_wrap=True)
    table.add_column("prob.", justify="right", no_wrap=True)
    table.add_column("review", no_wrap=True)
    if with_speaker:
        table.add_column("speaker", max_width=24)
    table.add_column("quote", ratio=1)
    for stance, probability, review, speaker, text in rows:
        table.add_row(
            _stance(stance),
            f"{probability:.2f}",
            Text("look" if review else "", style="yellow"),
            *([Text(printable(speaker))] if with_speaker else []),
            Text(printable(text)),
        )
    if not left_out:
        return table
    more = Text(f"... and {left_out:,} more; write them all with --output FILE", style="dim")
    return Group(table, more)


def suspects_table(suspects: Sequence[Suspect], *, left_out: int = 0) -> RenderableType:
    """Lay out annotations that look wrong.

    Parameters
    ----------
    suspects : sequence of Suspect
        Worst first.
    left_out : int, default 0
        How many more there are, to be told below.

    Returns
    -------
    rich renderable
        The table.
    """
    table = _table()
    for name in ("given", "suggested"):
        table.add_column(name, no_wrap=True)
    table.add_column("prob.", justify="right", no_wrap=True)
    table.add_column("where", overflow="fold")
    table.add_column("words against", max_width=30)
    table.add_column("quote", ratio=1)
    for suspect in suspects:
        table.add_row(
            _stance(suspect.stance),
            _stance(suspect.suggested),
            f"{max(suspect.probabilities):.2f}",
            Text(printable(f"{suspect.file}:{suspect.row}")),
            Text(printable("; ".join(suspect.against))),
            Text(printable(suspect.text)),
        )
    if not left_out:
        return table
    more = Text(f"... and {left_out:,} more; write them all with --output FILE", style="dim")
    return Group(table, more)


def scores_table(scores: Scores) -> RenderableType:
    """Lay out scores.

    Parameters
    ----------
    scores : Scores
        What to show.

    Returns
    -------
    rich renderable
        A table by stance, and the figures over all below it.
    """
    table = _table()
    table.add_column("stance")
    for name in ("precision", "recall", "F1", "support"):
        table.add_column(name, justify="right")
    for stance, s in scores.per_stance.items():
        table.add_row(
            _stance(stance),
            f"{s.precision:.3f}",
            f"{s.recall:.3f}",
            f"{s.f1:.3f}",
            f"{s.support:,}",
        )
    low, high = scores.macro_f1_interval
    lines = [
        f"macro-F1           {scores.macro_f1:.3f}  (95% interval {low:.3f} to {high:.3f})",
        f"accuracy           {scores.accuracy:.3f}  on {scores.n:,} quotes",
        f"calibration error  {scores.calibration_error:.3f}  (15 bins)",
        f"without review     {scores.coverage:.1%} of quotes (probability "
        f"{scores.threshold:.2f} or more)",
        f"accuracy of these  {scores.covered_accuracy:.3f}" if scores.coverage else "",
    ]
    return Group(table, Text("\n".join(lines).rstrip()))


def gate_table(conditions: Iterable[Condition]) -> RenderableType:
    """Lay out what the gate looked at.

    Parameters
    ----------
    conditions : iterable of Condition
        Its conditions, in the order to be shown.

    Returns
    -------
    rich renderable
        A table, a row for each, that says which failed.
    """
    table = _table()
    table.add_column("condition")
    for name in ("current", "candidate", "found"):
        table.add_column(name, justify="right")
    table.add_column("asked for")
    table.add_column("")
    for c in conditions:
        paired = c.current is not None and c.candidate is not None
        table.add_row(
            c.what,
            f"{c.current:.3f}" if c.current is not None else "",
            f"{c.candidate:.3f}" if c.candidate is not None else "",
            f"{c.found:+.3f}" if paired else f"{c.found:.2f}",
            c.limit,
            Text("ok", style="green") if c.met else Text("FAILED", style="bold red"),
        )
    return table


def versions_table(versions: Iterable[Version], current: int) -> RenderableType:
    """Lay out the versions of the store; the current one gets a star."""
    table = _table()
    table.add_column("")
    for name in ("version", "parent"):
        table.add_column(name, justify="right")
    for name in ("made", "your quotes", f"macro-F1, {HELD_OUT}", OWN_FIFTH, "fingerprint", ""):
        table.add_column(name)
    for v in versions:
        yours = v.record.get("annotations", {})
        gate = {condition["what"]: condition for condition in v.record.get("gate", [])}
        table.add_row(
            "*" if v.number == current else "",
            str(v.number),
            "" if v.parent is None else str(v.parent),
            v.made or "shipped",
            str(yours.get("training", 0) + yours.get("heldout", 0)) if yours else "",
            *(_before_after(gate.get(f"macro-F1 on {where}")) for where in (HELD_OUT, OWN_FIFTH)),
            v.record["training"]["fingerprint"][:12],
            Text("forced", style="yellow") if v.record.get("refused") else "",
        )
    return table


def _before_after(condition: dict[str, Any] | None) -> str:
    if condition is None:
        return ""
    return f"{condition['current']:.3f} to {condition['candidate']:.3f}"


def moves_table(moves: Iterable[Move]) -> RenderableType:
    """Lay out the terms whose weights moved."""
    table = _table()
    table.add_column("term")
    for stance in STANCES:
        table.add_column(Text(stance, style=STYLES[stance]), justify="right")
    for move in moves:
        table.add_row(Text(printable(move.term)), *_weights(move.by))
    return table


def changes_table(changes: Iterable[Change], *, left_out: int = 0) -> RenderableType:
    """Lay out the quotes that two models label differently."""
    table = _table()
    for name in ("before", "after"):
        table.add_column(name, no_wrap=True)
    table.add_column("quote", ratio=1)
    for c in changes:
        table.add_row(
            Text.assemble(_stance(c.before), f" {c.before_probability:.2f}"),
            Text.assemble(_stance(c.after), f" {c.after_probability:.2f}"),
            Text(printable(c.text)),
        )
    if left_out <= 0:
        return table
    return Group(table, Text(f"... and {left_out:,} more", style="dim"))


def explanation_view(why: Explanation) -> RenderableType:
    """Lay out why a quote got its stance.

    Parameters
    ----------
    why : Explanation
        What to show.

    Returns
    -------
    rich renderable
        The quote with the words marked that speak for its stance, and the strongest terms.
    """
    chosen = STANCES.index(why.stance)
    quote = Text(printable(why.text))
    for c in why.contributions:
        if c.weights[chosen] > max(c.weights[i] for i in range(3) if i != chosen):
            quote.stylize(f"bold {STYLES[why.stance]} underline", c.start, c.end)
    table = _table()
    table.add_column("term")
    for stance in STANCES:
        table.add_column(Text(stance, style=STYLES[stance]), justify="right")
    table.add_row(Text("(before any word)", style="dim"), *_weights(why.baseline))
    terms = [(_times(term, n), weights) for term, (n, weights) in _by_term(why).items()]
    terms.sort(key=lambda term: -max(abs(weight) for weight in term[1]))
    for name, weights in terms[:_STRONGEST]:
        table.add_row(Text(name), *_weights(weights))
    rest = [weights for _, weights in terms[_STRONGEST:]]
    if rest:
        sums = [sum(weights) for weights in zip(*rest, strict=True)]
        table.add_row(Text(f"({len(rest)} more)", style="dim"), *_weights(sums))
    table.add_row(Text("sum", style="bold"), *_weights(why.scores), end_section=True)
    table.add_row(Text("probability", style="bold"), *(f"{p:.2f}" for p in why.probabilities))
    return Group(Text.assemble(_stance(why.stance), "  ", quote), table)


def _by_term(why: Explanation) -> dict[str, tuple[int, tuple[float, ...]]]:
    """Sum the contributions of each term over its occurrences."""
    sums: dict[str, tuple[int, tuple[float, ...]]] = {}
    for c in why.contributions:
        # Of a cue the kind is the term; people want to see its words.
        cue = f"{printable(why.text[c.start : c.end])}  " if c.term.startswith("<") else ""
        n, weights = sums.get(cue + c.term, (0, (0.0, 0.0, 0.0)))
        sums[cue + c.term] = (n + 1, tuple(a + b for a, b in zip(weights, c.weights, strict=True)))
    return sums


def _times(term: str, n: int) -> str:
    return term if n == 1 else f"{term} ({n} times)"


def _weights(values: Iterable[float]) -> Iterator[str]:
    return (f"{value:+.2f}" for value in values)


def agreement_view(found: Agreement, merged: Consensus) -> RenderableType:
    """Lay out how far annotators agree, and the quotes without a majority.

    Parameters
    ----------
    found : Agreement
        The measures.
    merged : Consensus
        What is agreed, and the ties.

    Returns
    -------
    rich renderable
        A line of totals, tables of stances and of pairs of annotators, and the ties.
    """
    alpha = "undefined" if math.isnan(found.alpha) else f"{found.alpha:.3f}"
    parts: list[RenderableType] = [
        f"{found.quotes:,} quotes, {found.shared:,} judged more than once, by "
        f"{found.annotators:,} annotators; Krippendorff's alpha {alpha}"
    ]
    if found.shared:
        stances = _table()
        stances.add_column("stance", no_wrap=True)
        stances.add_column("second agrees", justify="right")
        for stance, share in found.per_stance.items():
            stances.add_row(_stance(stance), "-" if math.isnan(share) else f"{share:.1%}")
        mixed = _table()
        mixed.add_column("confused", no_wrap=True)
        mixed.add_column("pairs", justify="right")
        for (one, other), n in found.confusions.items():
            mixed.add_row(f"{one} / {other}", f"{n:,}")
        parts += [stances, mixed]
    if found.pairs:
        pairs = _table()
        pairs.add_column("annotators")
        for column in ("quotes", "agreed", "Cohen's kappa"):
            pairs.add_column(column, justify="right")
        for pair in found.pairs:
            kappa = "-" if math.isnan(pair.kappa) else f"{pair.kappa:.3f}"
            who = printable(" / ".join(pair.annotators))
            pairs.add_row(who, f"{pair.quotes:,}", f"{pair.agreed:.1%}", kappa)
        parts.append(pairs)
    if merged.ties:
        quotes = "1 quote has" if len(merged.ties) == 1 else f"{len(merged.ties):,} quotes have"
        parts.append(f"{quotes} no majority:")
        parts += [_tie(tie) for tie in merged.ties]
    return Group(*parts)


def _tie(annotations: list[Annotation]) -> Text:
    votes = ", ".join(f"{one.annotator} {one.stance}" for one in annotations)
    return Text(printable(f"  {annotations[0].text} ({votes})"))

"""The page itself: figures, charts and quotes put into the template."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from stance.codebook import STANCES
from stance.errors import StanceError
from stance.files import whole_file
from stance.model import Model
from stance.reasons import Mark, marks
from stance.report import figures
from stance.report.reading import Labelled

_MOST_SUGGESTED = 500
_SURE = 0.9


@dataclass(frozen=True)
class Report:
    """What came of a report.

    Attributes
    ----------
    quotes : int
        Quotes on the page.
    differing : int
        How many of their labels are not the ones that the model gives, whose words are
        marked: corrected by people, or by another model.
    rejected : int
        Rows that could not be shown.
    """

    quotes: int
    differing: int
    rejected: int

    @property
    def exit_code(self) -> int:
        """0 where all rows are shown, 4 where some were rejected."""
        return 4 if self.rejected else 0


def write_report(
    quotes: Labelled, output: str, model: Model, *, title: str = "Stances of quotes"
) -> Report:
    """Write labelled quotes as one HTML page that needs nothing else.

    Parameters
    ----------
    quotes : Labelled
        What `read_labelled` gave.
    output : str
        Where to. The same quotes and model give the same page.
    model : Model
        The model that labelled the quotes; it says which words to mark.
    title : str, default "Stances of quotes"
        The heading.

    Returns
    -------
    Report
        What came of it.

    Raises
    ------
    StanceError
        If there is no quote, the extra ``report`` is not installed, or the place cannot be
        written to.
    """
    if not len(quotes):
        raise StanceError("there is no quote to report on", path=quotes.files[0])
    differing = 0
    marked: list[list[Mark]] = []
    for why, stance in zip(model.explain_many(quotes.text), quotes.stance, strict=True):
        marked.append(marks(why))
        differing += bool(stance) and stance != why.stance
    page = _page(quotes, marked, differing, title)
    with whole_file(output) as part, open(part, "w", encoding="utf-8", newline="\n") as file:
        file.write(page)
    return Report(len(quotes), differing, len(quotes.rejects))


def _page(quotes: Labelled, marked: list[list[Mark]], differing: int, title: str) -> str:
    time = figures.timeline(quotes.date, quotes.stance)
    sure = figures.sureness(quotes.probability, quotes.review)
    try:
        import jinja2

        from stance.report.charts import WIDTHS, by_sureness, over_time

        drawn_time = (
            {name: over_time(time, width) for name, width in WIDTHS.items()} if time else {}
        )
        drawn_sure = (
            {name: by_sureness(sure, width) for name, width in WIDTHS.items()} if sure else {}
        )
    except ImportError as error:
        raise StanceError(
            f"a report needs {error.name}; install it: pip install 'diplomatic-stance[report]'",
            usage=True,
        ) from error
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_own),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = _own("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("page.html.j2").render(
        title=title,
        stances=STANCES,
        style=_own("page.css"),
        script=script,
        script_hash=digest,
        data=_packed(_columns(quotes, marked)),
        overall=figures.overall(quotes),
        to_review=sum(quotes.review),
        n_speakers=len({name for name in quotes.speaker if name}),
        days=sorted(day for day in quotes.date if day is not None),
        unread_dates=quotes.unread_dates,
        time=time,
        time_charts=drawn_time,
        sure_charts=drawn_sure,
        very_sure=sum(p is not None and p >= _SURE for p in quotes.probability),
        tables=list(_tables(quotes)),
        most_bars=figures.MOST_BARS,
        suggested={
            name: [bar.names[0] for bar in found[:_MOST_SUGGESTED]]
            for name in ("speaker", "topic", "source")
            if (found := figures.bars(quotes.stance, getattr(quotes, name)))
        },
        files=quotes.files,
        rejected=len(quotes.rejects),
        differing=differing,
        version=version("diplomatic-stance"),
    )


def _own(name: str) -> str:
    return files("stance.report").joinpath(name).read_text(encoding="utf-8")


def _tables(quotes: Labelled) -> Iterator[tuple[str, tuple[str, ...], list[figures.Bar]]]:
    """Give heading, columns and bars of each table there is something for."""
    if any(quotes.speaker):
        yield "Stance by speaker", ("speaker",), figures.bars(quotes.stance, quotes.speaker)
    grouping = [name for name in ("topic", "source") if figures.is_repeated(getattr(quotes, name))]
    for name in grouping:
        yield f"Stance by {name}", (name,), figures.bars(quotes.stance, getattr(quotes, name))
    if grouping and figures.is_repeated(quotes.speaker):
        name = grouping[0]
        pairs = figures.bars(quotes.stance, quotes.speaker, getattr(quotes, name))
        if repeated := [pair for pair in pairs if pair.n > 1]:
            yield f"Stance by speaker and {name}", ("speaker", name), repeated


def _columns(quotes: Labelled, marked: Sequence[Iterable[Mark]]) -> dict[str, Any]:
    """Give the quotes as the page's script reads them; stances are numbers, 3 left open."""
    numbers = {name: i for i, name in enumerate((*STANCES, ""))}
    dates = ["" if day is None else day.isoformat() for day in quotes.date]
    probabilities = (-1 if p is None else round(p * 10_000) for p in quotes.probability)
    return {
        "text": quotes.text,
        "stance": [numbers[stance] for stance in quotes.stance],
        "probability": list(probabilities),
        "review": [int(look) for look in quotes.review],
        "marks": [
            _places(text, of_text) for text, of_text in zip(quotes.text, marked, strict=True)
        ],
        "speaker": _interned(quotes.speaker),
        "topic": _interned(quotes.topic),
        "source": _interned(quotes.source),
        "date": _interned(dates),
    }


def _interned(column: Sequence[str]) -> dict[str, list[Any]]:
    """Name each value once; the first is the empty text."""
    places = {"": 0}
    of_quote = [places.setdefault(value, len(places)) for value in column]
    return {"values": list(places), "of": of_quote}


def _places(text: str, found: Iterable[Mark]) -> list[int]:
    """Give gap, length and stance of each mark in turn, counted as JavaScript counts."""
    result = []
    at = 0
    for mark in found:
        result += [_units(text[at : mark.start]), _units(text[mark.start : mark.end])]
        result.append(STANCES.index(mark.stance))
        at = mark.end
    return result


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _packed(columns: dict[str, Any]) -> str:
    dumped = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(dumped.encode(), 9)).decode()

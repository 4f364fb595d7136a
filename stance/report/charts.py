"""Charts as SVG, drawn by Vega-Lite when the page is made: no script is needed to see them.

Colours are names of the page's style sheet, so that one drawing serves light and dark. Only
dates, stances and counts are drawn; no text of the data reaches a chart.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from stance.codebook import STANCES
from stance.report.figures import Timeline

if TYPE_CHECKING:
    import altair as alt

WIDTHS: Final = {"wide": 560, "narrow": 300}
_HEIGHT: Final = 190
_UNITS: Final = {"week": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}
_SIZE: Final = re.compile(r'^<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)"')


def over_time(timeline: Timeline, width: int) -> str:
    """Draw the stances by week, month or year.

    Parameters
    ----------
    timeline : Timeline
        What was counted.
    width : int
        Of the drawing, in pixels.

    Returns
    -------
    str
        An SVG element.
    """
    import altair as alt

    shown = _UNITS[timeline.unit]
    rows = [
        {
            "start": day.isoformat(),
            "end": _following(day, timeline.unit).isoformat(),
            "stance": stance,
            "from": low,
            "to": low + n,
            "says": f"{timeline.unit} of {day.strftime(shown)}: {n:,} {stance}",
        }
        for (day, stance), n, low in _stacked(timeline.counts)
    ]
    chart = (
        alt.Chart(alt.InlineData(rows))
        .mark_rect(stroke="var(--paper)", strokeWidth=1)
        .encode(
            x=alt.X("start:T", title=None, axis=alt.Axis(labelOverlap=True, tickCount=5)),
            x2="end:T",
            y=_quotes(),
            y2="to:Q",
            color=_colours(list(STANCES), [f"var(--{stance})" for stance in STANCES], "stance"),
            description="says:N",
        )
    )
    return _svg(chart, width)


def by_sureness(counts: dict[tuple[int, bool], int], width: int) -> str:
    """Draw how probable the labels are.

    Parameters
    ----------
    counts : dict
        As `stance.report.figures.sureness` gives them.
    width : int
        Of the drawing, in pixels.

    Returns
    -------
    str
        An SVG element.
    """
    import altair as alt

    kinds = ["labelled", "to review"]
    rows = [
        {
            "low": low / 100,
            "high": (low + 5) / 100,
            "kind": kinds[look],
            "from": bottom,
            "to": bottom + n,
            "says": f"probability {low / 100:.2f} to {(low + 5) / 100:.2f}: {n:,} {kinds[look]}",
        }
        for (low, look), n, bottom in _stacked(counts)
    ]
    lowest = min(low for low, _ in counts) / 100
    scale = alt.Scale(domain=[min(0.3, lowest), 1], nice=False)
    chart = (
        alt.Chart(alt.InlineData(rows))
        .mark_rect(stroke="var(--paper)", strokeWidth=1)
        .encode(
            x=alt.X("low:Q", title="probability of the label", scale=scale, axis=_tenths()),
            x2="high:Q",
            y=_quotes(),
            y2="to:Q",
            color=_colours(kinds, ["var(--sure)", "var(--look)"], "kind"),
            description="says:N",
        )
    )
    return _svg(chart, width)


def _tenths() -> alt.Axis:
    import altair as alt

    return alt.Axis(format=".1f", tickCount=7)


def _quotes() -> alt.Y:
    import altair as alt

    return alt.Y("from:Q", title="quotes", axis=alt.Axis(tickMinStep=1, tickCount=4))


def _stacked(counts: Mapping[tuple[Any, Any], int]) -> Iterator[tuple[tuple[Any, Any], int, int]]:
    """Give each count with the sum of those below it in the same place."""
    tops: dict[Any, int] = {}
    for (place, kind), n in counts.items():
        yield (place, kind), n, tops.get(place, 0)
        tops[place] = tops.get(place, 0) + n


def _colours(domain: list[str], colours: list[str], field: str) -> alt.Color:
    import altair as alt

    # The page has its own legend.
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=domain, range=colours), legend=None)


def _svg(chart: Any, width: int) -> str:
    import vl_convert

    ink, line = "var(--muted)", "var(--line)"
    chart = (
        chart.properties(
            width=width, height=_HEIGHT, background="transparent", autosize=_fit(), padding=2
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=ink,
            titleColor=ink,
            gridColor=line,
            domainColor=line,
            tickColor=line,
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            labelFont="sans-serif",
            titleFont="sans-serif",
        )
        .configure_axisX(grid=False)
        .configure_axisY(domain=False, ticks=False)
    )
    drawn: str = vl_convert.vegalite_to_svg(chart.to_dict())
    # Its size is the page's affair.
    return _SIZE.sub(r"<svg \1", drawn, count=1)


def _fit() -> alt.AutoSizeParams:
    import altair as alt

    return alt.AutoSizeParams(type="fit", contains="padding")


def _following(day: datetime.date, unit: str) -> datetime.date:
    if unit == "week":
        days = 7
    elif unit == "month":
        days = ((day.replace(day=28) + datetime.timedelta(4)).replace(day=1) - day).days
    else:
        days = 366 if day.replace(month=12, day=31).timetuple().tm_yday == 366 else 365
    # The calendar ends with the year 9999.
    return datetime.date.fromordinal(min(day.toordinal() + days, datetime.date.max.toordinal()))

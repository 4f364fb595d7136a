"""What the report counts: shares of the stances, overall and by speaker, topic and time."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from stance.codebook import STANCES
from stance.report.reading import Labelled

MOST_BARS: Final = 12
_LONGEST_BY_WEEK: Final = 200
_LONGEST_BY_MONTH: Final = 3660
_BINS: Final = 20


@dataclass(frozen=True)
class Bar:
    """How many quotes of one kind got each stance.

    Attributes
    ----------
    names : tuple of str
        What the kind is called: a speaker, or a speaker and a topic.
    counts : tuple of int
        In the order of `STANCES`, then those left open.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        """All quotes of the kind."""
        return sum(self.counts)


def overall(quotes: Labelled) -> Bar:
    """Count the stances of all quotes."""
    return Bar((), _counts(quotes.stance))


def bars(stances: Sequence[str], *columns: Sequence[str]) -> list[Bar]:
    """Count the stances for each value of a column, or each pair of two.

    Parameters
    ----------
    stances : sequence of str
        The stance of each quote.
    *columns : sequence of str
        The columns; quotes that are empty in one of them are left out.

    Returns
    -------
    list of Bar
        Most quotes first, then by name.

    Examples
    --------
    >>> bars(["neutral", "neutral", "accusatory"], ["Ana", "Bo", "Bo"])[0]
    Bar(names=('Bo',), counts=(1, 0, 1, 0))
    """
    counted: dict[tuple[str, ...], list[str]] = {}
    for stance, *names in zip(stances, *columns, strict=True):
        if all(names):
            counted.setdefault(tuple(names), []).append(stance)
    found = [Bar(names, _counts(of_kind)) for names, of_kind in counted.items()]
    return sorted(found, key=lambda bar: (-bar.n, bar.names))


def _counts(stances: Iterable[str]) -> tuple[int, ...]:
    counted = Counter(stances)
    return tuple(counted[stance] for stance in (*STANCES, ""))


def is_repeated(column: Sequence[str]) -> bool:
    """Tell whether a column groups quotes: more than one value, each twice on average."""
    values = [value for value in column if value]
    return 1 < len(set(values)) <= len(values) / 2


@dataclass(frozen=True)
class Timeline:
    """How many quotes of each stance fall into each stretch of time.

    Attributes
    ----------
    unit : str
        ``week``, ``month`` or ``year``.
    counts : dict
        From first day of the stretch and stance to the number of quotes; without zeros.
    """

    unit: str
    counts: dict[tuple[datetime.date, str], int]


def timeline(dates: Sequence[datetime.date | None], stances: Sequence[str]) -> Timeline | None:
    """Count the stances by week, month or year, whichever the span asks for.

    Parameters
    ----------
    dates : sequence of datetime.date or None
        The date of each quote.
    stances : sequence of str
        The stance of each.

    Returns
    -------
    Timeline or None
        None where fewer than two dates are known.

    Examples
    --------
    >>> day = datetime.date(2025, 3, 6)
    >>> timeline([day, datetime.date(2025, 3, 20), None], ["neutral"] * 3)
    ... # doctest: +NORMALIZE_WHITESPACE
    Timeline(unit='week', counts={(datetime.date(2025, 3, 3), 'neutral'): 1,
                                  (datetime.date(2025, 3, 17), 'neutral'): 1})
    """
    known = [date for date in dates if date is not None]
    if len(set(known)) < 2:
        return None
    days = (max(known) - min(known)).days
    unit = "week" if days <= _LONGEST_BY_WEEK else "month" if days <= _LONGEST_BY_MONTH else "year"
    counted = Counter(
        (_beginning(date, unit), stance)
        for date, stance in zip(dates, stances, strict=True)
        if date is not None and stance
    )
    return Timeline(unit, dict(sorted(counted.items()))) if counted else None


def _beginning(date: datetime.date, unit: str) -> datetime.date:
    if unit == "week":
        # Weeks begin on Monday; the first one of the calendar has none.
        return date - datetime.timedelta(min(date.weekday(), date.toordinal() - 1))
    return date.replace(day=1) if unit == "month" else date.replace(month=1, day=1)


def sureness(
    probabilities: Sequence[float | None], review: Sequence[bool]
) -> dict[tuple[int, bool], int]:
    """Count the quotes by how probable their stance is.

    Parameters
    ----------
    probabilities : sequence of float or None
        The probability of each label, in [0, 1].
    review : sequence of bool
        Whether a person should look at it.

    Returns
    -------
    dict
        From the lower end of a bin, in per cent and in steps of 5, and whether a person
        should look, to the number of quotes.

    Examples
    --------
    >>> sureness([0.98, 1.0, 0.4, None], [False, False, True, True])
    {(40, True): 1, (95, False): 2}
    """
    counted = Counter(
        # 1 belongs to the last bin; a probability such as 0.15 must not fall below itself.
        (100 // _BINS * min(int(probability * _BINS + 1e-9), _BINS - 1), look)
        for probability, look in zip(probabilities, review, strict=True)
        if probability is not None
    )
    return dict(sorted(counted.items()))

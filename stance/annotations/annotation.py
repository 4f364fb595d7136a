"""What an annotation is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

# What an export may say of a quote besides.
ABOUT: Final = ("speaker", "source", "round")


@dataclass(frozen=True, order=True)
class Annotation:
    """One person's judgement of one quote.

    Attributes
    ----------
    text : str
        The quote.
    stance : str
        One of `stance.codebook.STANCES`.
    annotator : str
        Who judged; where the export does not say, the name of its file without the ending.
    round, speaker, source : str
        What else the export says of it; empty where it says nothing.
    file : str
        The file it stands in.
    row : int
        Line (CSV, JSONL), row (spreadsheets) or record (JSON) there, counted from 1.
    """

    text: str
    stance: str
    annotator: str
    round: str
    speaker: str
    source: str
    file: str
    row: int


# The order of annotations as a key, which sorts faster than their comparison does.
in_order: Final = attrgetter(*(field.name for field in fields(Annotation)))


@dataclass(frozen=True)
class Entry:
    """What an export holds for one annotation, before it is checked.

    Attributes
    ----------
    text : object
        The quote, if the export is sound.
    label : object
        As the tool writes it: a name, a list of one, ``{"choices": [...]}``, JSON of these.
    annotator : str
        Empty where the export does not say.
    about : dict of str to str
        Speaker, source and round, where the export has them.
    row : int
        Where it stands.
    left_out : str
        Why it does not count: cancelled, skipped, ignored, rejected, draft; else empty.
    """

    text: object
    label: object
    annotator: str
    about: dict[str, str]
    row: int
    left_out: str = ""

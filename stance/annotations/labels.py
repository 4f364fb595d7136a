"""Labels as tools write them, matched with the codebook."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from stance.codebook import STANCES, match_stance
from stance.errors import StanceError

STANCE_COLUMNS: Final = ("stance", "label")

_MOST_PROBLEMS: Final = 20

# What programs write into a cell without a label.
_MISSING: Final = {"nan", "none", "null", "na", "n/a", "#n/a", "<na>"}
# The number of a choice, before or after its name: "1. accusatory", "Accusatory (1)".
_NUMBERED: Final = re.compile(r"^\(?\d+\s*[-.:)]\s*|\s*[(\[]\d+[)\]]$")


def label_of(value: object, mapping: Mapping[str, str]) -> str | None:
    """Find the stance that a tool's label means.

    Parameters
    ----------
    value : object
        A name, perhaps with the number of the choice; a list of at most one;
        ``{"choices": [...]}``; or JSON of these.
    mapping : mapping of str to str
        Stances by other names, in lower case.

    Returns
    -------
    str or None
        One of `STANCES`; None if nothing was chosen, also where that is written ``nan``.

    Raises
    ------
    StanceError
        If the label is none of them, or there are several.

    Examples
    --------
    >>> label_of(["Accusatory"], {}), label_of("hostile", {"hostile": "accusatory"})
    ('accusatory', 'accusatory')
    """
    if isinstance(value, str) and value.strip()[:1] in {"[", "{"}:
        with suppress(ValueError, RecursionError):
            value = json.loads(value)
    if isinstance(value, dict) and "choices" in value:
        value = value["choices"]
    if isinstance(value, list):
        if len(value) > 1:
            raise StanceError(f"has {len(value)} labels; a quote has one stance")
        value = value[0] if value else None
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise StanceError(f"its label is no name, but {json.dumps(value)[:40]}")
    name = value.strip().lower()
    if name in mapping or name in STANCES:
        return mapping.get(name, name)
    if name in _MISSING:
        return None
    # doccano joins several labels so.
    if "#" in value:
        raise StanceError(f'has several labels, "{value}"; a quote has one stance')
    bare = _NUMBERED.sub("", name)
    return match_stance(mapping.get(bare, bare if bare in STANCES else value))


def read_mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    """Read what ``--map`` was given, ``name=stance`` each.

    Raises
    ------
    StanceError
        If a pair has no equals sign, or names no stance.

    Examples
    --------
    >>> read_mapping(("Hostile=accusatory",))
    {'hostile': 'accusatory'}
    """
    mapping = {}
    for pair in pairs:
        name, sign, stance = pair.rpartition("=")
        if not sign or not name.strip():
            raise StanceError(f'--map takes NAME=STANCE, not "{pair}"', usage=True)
        try:
            mapping[name.strip().lower()] = match_stance(stance)
        except StanceError as error:
            raise StanceError(f"--map {pair}: {error}", usage=True) from None
    return mapping


def told_at_once(problems: Sequence[str]) -> str:
    """Put problems into one message: the first 20, how many more, and what to do.

    Examples
    --------
    >>> print(told_at_once(["a.csv:2: has no text"]))
    a.csv:2: has no text
    mend them, or leave them out with --skip-bad
    """
    left = len(problems) - _MOST_PROBLEMS
    shown = [*problems[:_MOST_PROBLEMS], *([f"... and {left} more"] if left > 0 else [])]
    return "\n".join([*shown, "mend them, or leave them out with --skip-bad"])

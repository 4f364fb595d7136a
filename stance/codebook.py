"""The stances, in their fixed order, and what they mean.

The full rules for annotators are in ``data/codebook.md``.
"""

from __future__ import annotations

from typing import Final

from stance.errors import StanceError

STANCES: Final = ("accusatory", "conciliatory", "neutral")

DEFINITIONS: Final = {
    "accusatory": "blames, condemns, threatens, rejects, or lays wrongdoing on another party",
    "conciliatory": "lowers tension or builds ties with another party",
    "neutral": "does neither: facts, positions, analysis, concern without a culprit",
}


def match_stance(label: str) -> str:
    """Find the stance a label means, whatever its case and outer spaces.

    Parameters
    ----------
    label : str
        A label as a person or a tool wrote it.

    Returns
    -------
    str
        One of `STANCES`.

    Raises
    ------
    StanceError
        If the label is none of them.

    Examples
    --------
    >>> match_stance(" Accusatory ")
    'accusatory'
    """
    stance = label.strip().lower()
    if stance not in STANCES:
        raise StanceError(f'unknown stance "{label}"; use {", ".join(STANCES)}')
    return stance

"""The one error that people see."""

from __future__ import annotations

from os import PathLike, fspath


class StanceError(Exception):
    """A problem a person can mend: what is wrong, where, and what to do.

    Parameters
    ----------
    message : str
        One line; says what is wrong and what to do about it.
    path : str or path-like, optional
        The file at fault.
    row : int, optional
        Line (text formats) or row (spreadsheets) in that file, counted from 1.
    usage : bool, default False
        True if the call is at fault rather than the data.

    Examples
    --------
    >>> str(StanceError('column "text" is empty', path="quotes.csv", row=17))
    'quotes.csv:17: column "text" is empty'
    >>> StanceError("no such option", usage=True).exit_code
    2
    """

    def __init__(
        self,
        message: str,
        *,
        path: str | PathLike[str] | None = None,
        row: int | None = None,
        usage: bool = False,
    ) -> None:
        place = "" if path is None else fspath(path) + ("" if row is None else f":{row}") + ": "
        super().__init__(place + message)
        self.usage = usage

    @property
    def exit_code(self) -> int:
        """2 where the call is at fault, 1 where the data are."""
        return 2 if self.usage else 1

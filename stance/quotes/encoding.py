"""From the bytes of a text file to its characters."""

from __future__ import annotations

import codecs
import io
import re
from typing import BinaryIO, TextIO

from stance.errors import StanceError

_CHUNK = 1 << 20
_SURROGATE = re.compile("[\ud800-\udfff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(stream: BinaryIO) -> str:
    """Tell the encoding of a text.

    A byte order mark decides; else UTF-8 if the whole text is that; else Windows-1252 if
    that fits; else what charset-normalizer finds. Text that is UTF-8 but for a few bytes
    counts as UTF-8.

    Parameters
    ----------
    stream : seekable binary file
        Read from its beginning, and left there.

    Returns
    -------
    str
        A name that Python's codecs know.

    Examples
    --------
    >>> detect_encoding(io.BytesIO("“déjà vu”".encode("cp1252")))
    'cp1252'
    """
    stream.seek(0)
    chunk = stream.read(_CHUNK)
    try:
        return _from_marks(chunk) or _from_bytes(chunk, stream)
    finally:
        stream.seek(0)


def named_encoding(stream: BinaryIO, encoding: str) -> str:
    """Find the codec for an encoding that a person named.

    Parameters
    ----------
    stream : seekable binary file
        The text, whose byte order mark may be there or not; left at its beginning.
    encoding : str
        The encoding's name, in any spelling that Python's codecs know.

    Returns
    -------
    str
        The codec's own name.

    Raises
    ------
    StanceError
        If there is no such encoding.

    Examples
    --------
    >>> named_encoding(io.BytesIO(b"text"), "Windows-1252")
    'cp1252'
    """
    try:
        name = codecs.lookup(encoding).name
        # Some codecs are not for texts, or only for whole ones.
        b"a\n".decode(name, errors="replace")
    except (LookupError, ValueError):
        raise StanceError(f'there is no encoding "{encoding}"', usage=True) from None
    stream.seek(0)
    start = stream.read(4)
    stream.seek(0)
    for bom, marked in _BOMS:
        if start.startswith(bom) and name.startswith(marked.removesuffix("-sig")):
            return marked
    return f"{name}-le" if name in {"utf-16", "utf-32"} else name


def _from_marks(start: bytes) -> str | None:
    for bom, name in _BOMS:
        if start.startswith(bom):
            return name
    # English in UTF-16 without a mark has a zero in every other byte.
    even, odd = start[0:4096:2].count(0), start[1:4096:2].count(0)
    if (even + odd) * 4 > len(start[:4096]):
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _from_bytes(chunk: bytes, stream: BinaryIO) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    sound_before = 0
    while True:
        following = stream.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not following)
        except UnicodeDecodeError:
            break
        sound_before += not text.isascii()
        if not following:
            return "utf-8"
        chunk = following
    text = chunk.decode("utf-8", errors="surrogateescape")
    broken = sum("\udc80" <= character <= "\udcff" for character in text)
    sound = sum(character > "\x7f" for character in text) - broken
    if sound_before or sound > broken:
        return "utf-8"
    try:
        chunk.decode("cp1252")
        return "cp1252"
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(chunk[:65536]).best()
        return "utf-8" if best is None else best.encoding


def read_text(stream: BinaryIO, encoding: str) -> TextIO:
    """Read a byte stream as text, line ends as they are.

    Parameters
    ----------
    stream : binary file
        Read from where it stands.
    encoding : str
        From `detect_encoding` or `named_encoding`.

    Returns
    -------
    TextIO
        Its characters. A byte that cannot be decoded comes as a lone surrogate (UTF-8) or
        as U+FFFD (other encodings), so that its row can be told; see `is_undecodable`.
    """
    errors = "surrogateescape" if encoding in {"utf-8", "utf-8-sig"} else "replace"
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")


def is_undecodable(text: str, encoding: str) -> bool:
    """Tell whether a text from `read_text` holds a byte that could not be decoded."""
    if text.isascii():
        return False
    if not encoding.startswith("utf-8") and "\ufffd" in text:
        return True
    return _SURROGATE.search(text) is not None


def printable(text: str) -> str:
    """Spell the undecodable bytes of a text from `read_text` by backslash and number."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()


def is_spreadsheet_encoding(encoding: str) -> bool:
    """Tell whether an encoding is one that spreadsheet programs write and plain tools do not."""
    return encoding not in {"utf-8", "ascii"}

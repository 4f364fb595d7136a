"""Articles: plain text, and the text of HTML pages."""

from __future__ import annotations

import io
import re
from typing import cast

from stance.errors import StanceError
from stance.quotes.encoding import detect_encoding, named_encoding, read_text
from stance.quotes.reading import open_binary, readable

_PAGE = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S
)


def read_article(path: str, *, encoding: str | None = None, name: str | None = None) -> str:
    """Read the text of an article.

    Parameters
    ----------
    path : str
        Plain text or an HTML page, told apart by how it begins; ``-`` is the standard input.
    encoding : str, optional
        Of plain text; detected where not given. A page names its own.

    name : str, optional
        What to call it in messages; its path where not given.

    Returns
    -------
    str
        The text; of a page without menus, adverts and links around it.

    Raises
    ------
    StanceError
        If it cannot be read, or a page holds no article.
    """
    name = "standard input" if path == "-" else name or path
    with open_binary(path, name) as stream, readable(name, "txt"):
        if _PAGE.match(stream.read(4096).removeprefix(b"\xef\xbb\xbf")):
            stream.seek(0)
            return _page_text(stream.read(), name)
        codec = named_encoding(stream, encoding) if encoding else detect_encoding(stream)
        stream.seek(0)
        decoded = read_text(stream, codec)
        text = decoded.read()
        cast(io.TextIOWrapper, decoded).detach()
    # A byte that is no character is shown as one that stands for it.
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _page_text(page: bytes, name: str) -> str:
    try:
        import trafilatura
    except ImportError:
        raise StanceError(
            "is an HTML page; to read pages: pip install 'diplomatic-stance[html]'", path=name
        ) from None
    text = trafilatura.extract(
        page, include_comments=False, include_tables=False, include_links=False
    )
    if not text:
        raise StanceError("no article is found in this page", path=name)
    return str(text)

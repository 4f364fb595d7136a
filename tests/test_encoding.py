from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import StanceError
from stance.quotes.encoding import (
    detect_encoding,
    is_spreadsheet_encoding,
    is_undecodable,
    named_encoding,
    printable,
    read_text,
)

SMART = "“We won’t,” he said – “never…” €5 café"
MILLIONS = "plain words, one line after another\n" * 100_000


def decoded(data: bytes, encoding: str) -> str:
    return read_text(io.BytesIO(data), encoding).read()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"", "utf-8"),
        (b"plain", "utf-8"),
        (SMART.encode(), "utf-8"),
        (SMART.encode("utf-8-sig"), "utf-8-sig"),
        (b"\xef\xbb\xbfplain", "utf-8-sig"),
        (SMART.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + SMART.encode("utf-16-be"), "utf-16"),
        (SMART.encode("utf-16-le"), "utf-16-le"),
        (SMART.encode("utf-16-be"), "utf-16-be"),
        (SMART.encode("utf-32"), "utf-32"),
        (SMART.encode("cp1252"), "cp1252"),
        ("naïve".encode("cp1252"), "cp1252"),
        # The first byte that is not ASCII comes after several MB.
        ((MILLIONS + SMART).encode("cp1252"), "cp1252"),
        ((MILLIONS + SMART).encode(), "utf-8"),
        ((SMART + MILLIONS).encode("cp1252"), "cp1252"),
        # UTF-8 but for one byte, before or after.
        (SMART.encode() + b"\nbroken \xff\n", "utf-8"),
        ((SMART + MILLIONS).encode() + b"broken \xff\n", "utf-8"),
        # A character cut in two by the end of a piece that is read at once.
        (b"a" * ((1 << 20) - 1) + "é".encode() + b"a" * 10, "utf-8"),
        (b"a" * ((1 << 20) - 1) + "é".encode("cp1252") + b"a" * 10, "cp1252"),
        # A character cut in two by the end of the text.
        (SMART.encode() + "é".encode()[:1], "utf-8"),
    ],
)
def test_detection(data: bytes, encoding: str) -> None:
    stream = io.BytesIO(data)
    assert detect_encoding(stream) == encoding
    assert stream.tell() == 0


def test_what_is_neither_utf_8_nor_cp1252_is_left_to_the_detector() -> None:
    data = "Мы не согласны с этим решением и будем возражать. ".encode("koi8_r") * 20
    assert b"\x81" not in data
    detected = detect_encoding(io.BytesIO(data + b"\x81\x8d\x8f"))
    assert detected != "cp1252"
    assert is_spreadsheet_encoding(detected) == (detected not in {"utf-8", "ascii"})


@pytest.mark.parametrize(
    ("name", "data", "encoding"),
    [
        ("UTF-8", b"a", "utf-8"),
        ("utf8", b"a", "utf-8"),
        ("UTF8", b"\xef\xbb\xbfa", "utf-8-sig"),
        ("utf-8-sig", b"a", "utf-8-sig"),
        ("Windows-1252", b"a", "cp1252"),
        ("latin1", b"a", "iso8859-1"),
        ("utf-16", b"\xff\xfea\0", "utf-16"),
        ("utf-16", b"a\0", "utf-16-le"),
        ("UTF-16-LE", b"\xff\xfea\0", "utf-16"),
        ("utf-16-be", b"\0a", "utf-16-be"),
        ("utf-32", b"a\0\0\0", "utf-32-le"),
        # The bytes of one encoding's mark are letters in another.
        ("latin1", b"\xef\xbb\xbfa", "iso8859-1"),
    ],
)
def test_named_encodings(name: str, data: bytes, encoding: str) -> None:
    stream = io.BytesIO(data)
    assert named_encoding(stream, name) == encoding
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("utf-16-le", b"\xff\xfea\0", "a"),
        ("utf-16-be", b"\xfe\xff\0a", "a"),
        ("utf-16", b"a\0", "a"),
        ("utf8", b"\xef\xbb\xbfa", "a"),
    ],
)
def test_a_mark_is_no_part_of_the_text(name: str, data: bytes, text: str) -> None:
    assert decoded(data, named_encoding(io.BytesIO(data), name)) == text


@pytest.mark.parametrize("name", ["klingon", "hex", "base64", "rot13", "idna", "undefined", "a\0"])
def test_no_such_encoding(name: str) -> None:
    with pytest.raises(StanceError) as raised:
        named_encoding(io.BytesIO(), name)
    assert str(raised.value) == f'there is no encoding "{name}"'
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("data", "encoding", "undecodable"),
    [
        (b"plain", "utf-8", False),
        (SMART.encode(), "utf-8", False),
        (b"a \xff", "utf-8", True),
        (b"a \xff", "utf-8-sig", True),
        ("a \ufffd".encode(), "utf-8", False),
        (b"a \x81", "cp1252", True),
        (SMART.encode("cp1252"), "cp1252", False),
        (b"a\0b", "utf-16-le", True),
        (b"+2AA-", "utf-7", True),
    ],
)
def test_undecodable_bytes_are_seen(data: bytes, encoding: str, undecodable: bool) -> None:
    assert is_undecodable(decoded(data, encoding), encoding) is undecodable


def test_line_ends_stay() -> None:
    assert decoded(b"a\r\nb\rc\nd", "utf-8") == "a\r\nb\rc\nd"


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        (b"caf\xc3\xa9 \xff".decode("utf-8", "surrogateescape"), "café \\xff"),
        ("\ud800", "\\ud800"),
        (SMART, SMART),
    ],
)
def test_undecodable_bytes_are_spelt_out(text: str, spelt: str) -> None:
    assert printable(text) == spelt


@given(st.text())
def test_utf_8_is_always_known(text: str) -> None:
    data = b"\xef\xbb\xbf" + text.encode()
    assert decoded(data, detect_encoding(io.BytesIO(data))) == text
    assert not is_undecodable(text, "utf-8")
    assert printable(text) == text


@given(st.text(alphabet=[chr(i) for i in range(32, 127)] + list("“”‘’–—…€")))
def test_cp1252_prose_is_known(text: str) -> None:
    data = ("“" + text).encode("cp1252")
    assert decoded(data, detect_encoding(io.BytesIO(data))) == "“" + text


@given(st.binary())
def test_any_bytes_can_be_read(data: bytes) -> None:
    encoding = detect_encoding(io.BytesIO(data))
    text = decoded(data, encoding)
    printable(text).encode()
    if not is_undecodable(text, encoding) and encoding == "utf-8":
        assert text.encode() == data

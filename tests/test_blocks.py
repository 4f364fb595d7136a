"""CSV by blocks gives what CSV by records gives."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.quotes import Batch, blocks, delimited
from stance.quotes.blocks import Source, next_block, parse_block
from stance.quotes.writing import spelt_rows

pieces = st.one_of(
    st.sampled_from(
        ["a", "text", "NA", "", " ", "é", "\u2028", "\ufeff", ",", "\n", "\r\n", "\r", "\0"]
    ),
    st.sampled_from(['"', '""', '","', "\udcff", ",", "\n"]),
    st.sampled_from(["x,y\n", '"p, q",r\n', '"two\nlines",s\r\n', "null,\n"]),
)


def read(content: bytes, *, block_bytes: int, batch_rows: int, fast: bool) -> Any:
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8", "surrogateescape", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", block_bytes)
        if not fast:
            patch.setattr(delimited, "_source", lambda text, encoding: None)
        parsed = delimited.parse_delimited(
            text,
            name="x.csv",
            encoding="utf-8",
            delimiter=",",
            text_column=None,
            batch_rows=batch_rows,
        )
        rows: list[tuple[Any, ...]] = []
        rejects = []
        for given in parsed.chunks:
            chunk = given() if callable(given) else given
            columns = [column.to_pylist() for column in chunk.table.columns]
            rows += zip(chunk.rows, *columns, strict=True)
            rejects += chunk.rejects
    return parsed.columns, rows, sorted(rejects, key=lambda reject: reject.row)


@given(st.lists(pieces, max_size=60), st.integers(1, 80), st.integers(1, 5))
def test_messy_files_are_read_as_record_by_record(
    made: list[str], block_bytes: int, batch_rows: int
) -> None:
    content = ("a,b\n" + "".join(made)).encode("utf-8", "surrogateescape")
    by_block = read(content, block_bytes=block_bytes, batch_rows=batch_rows, fast=True)
    assert by_block == read(content, block_bytes=1, batch_rows=10, fast=False)


@given(
    st.lists(st.lists(st.text("a\",\n;é '", max_size=6), min_size=2, max_size=2), max_size=30),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.integers(1, 200),
)
def test_written_files_come_back(
    rows: list[list[str]], line_end: str, quoting: Any, block_bytes: int
) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=line_end, quoting=quoting).writerows([["a", "b"], *rows])
    _, found, rejects = read(
        out.getvalue().encode(), block_bytes=block_bytes, batch_rows=3, fast=True
    )
    assert [list(fields) for _, *fields in found] == rows
    assert not rejects


def test_sound_files_never_go_record_by_record() -> None:
    source = Source(io.BytesIO(b'NA,"say ""no"""\r\n\r\n"two\r\nlines",\r\n1,2'))
    block = next_block(source, ",")
    assert block is not None
    fields = parse_block(block, 2, ",")
    assert fields is not None
    assert list(zip(*(column.to_pylist() for column in fields.table.columns), strict=True)) == [
        ("NA", 'say "no"'),
        ("two\r\nlines", ""),
        ("1", "2"),
    ]
    assert fields.lines == [1, 3, 5]


@pytest.mark.parametrize(
    "content",
    [b'a "b" c,d\n', b'"a"b,c\n', b"a,b\rc,d\n", b'"a,b\n', b"", b"\xef\xbb\xbfa,b\n"],
)
def test_odd_blocks_are_left(content: bytes) -> None:
    source = Source(io.BytesIO(content))
    assert next_block(source, ",") is None
    assert source.line == 0
    assert "".join(source.lines()).encode("utf-8", "surrogateescape") == content


@pytest.mark.parametrize("content", [b"a\n", b"a,\xff\n", b"a,b\nc\n"])
def test_blocks_of_other_records_are_not_parsed(content: bytes) -> None:
    block = next_block(Source(io.BytesIO(content)), ",")
    assert block == content
    assert parse_block(block, 2, ",") is None


@pytest.mark.parametrize(
    ("content", "copied"),
    [
        (b'a,"b,c"\n"d ""e""",f', ['a,"b,c"', '"d ""e""",f']),
        (b'a,"b\nc"\r\n,\r\n', ['a,"b\nc"', ","]),
        (b'a,"b"\n', None),
        (b"a,b\r\nc,d\n", None),
        (b"a,b\n\nc,d\n", None),
    ],
)
def test_records_are_copied_only_where_spelling_them_gives_the_same(
    content: bytes, copied: list[str] | None
) -> None:
    fields = parse_block(content, 2, ",")
    assert fields is not None
    assert (fields.spelt.to_pylist() if fields.spelt else None) == copied


field = st.text("a\",\n;é '\r", max_size=6)


@given(st.lists(st.tuples(field, field), min_size=1, max_size=20), st.sampled_from([0, 1]))
def test_copied_records_are_what_would_be_spelt(rows: list[tuple[str, str]], quoting: Any) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=quoting).writerows(rows)
    block = next_block(Source(io.BytesIO(out.getvalue().encode())), ",")
    fields = None if block is None else parse_block(block, 2, ",")
    if fields is None or fields.spelt is None:
        return
    batch = Batch(fields.table, fields.lines, None, [], fields.table.column(0).combine_chunks())
    spelt = spelt_rows(batch, pa.table({}), "csv", ",")
    assert "".join(f"{row}\n" for row in fields.spelt.to_pylist()) == spelt.decode()

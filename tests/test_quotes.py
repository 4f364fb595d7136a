from __future__ import annotations

import csv
import datetime
import gzip
import json
import os
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance import StanceError
from stance.model import LABEL_COLUMNS
from stance.quotes import LONGEST_TEXT, create_quotes, file_format, open_quotes
from stance.quotes.records import Batch, ending, listed

LABELS = pa.table(
    {
        "stance": pa.array(["accusatory", None]),
        "probability": [0.70004, 0.5],
        "accusatory": [0.70004, 0.5],
        "conciliatory": [0.19998, 0.3],
        "neutral": [0.09998, 0.2],
        "review": [False, True],
    }
)
EMPTY = 'column "text" is empty'


def read(path: Path, **settings: Any) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """The rows of a file with their number and quote, and the rejects."""
    rows: list[dict[str, Any]] = []
    rejects: list[tuple[int, str]] = []
    with open_quotes(str(path), **settings) as file:
        for batch in file.batches:
            assert batch.table.column_names == file.columns
            assert len(batch.rows) == len(batch.text) == batch.table.num_rows
            rejects += [(reject.row, reject.reason) for reject in batch.rejects]
            assert all(reject.file == str(path) for reject in batch.rejects)
            for n, text in zip(batch.rows, batch.text.to_pylist(), strict=True):
                rows.append({"row": n, "text": text})
    return rows, rejects


def texts(path: Path, **settings: Any) -> list[str]:
    rows, rejects = read(path, **settings)
    assert rejects == []
    return [row["text"] for row in rows]


def refusal(path: Path | str, **settings: Any) -> tuple[str, int]:
    """What is said of a file that cannot be read, without its folder, and the exit code."""
    with pytest.raises(StanceError) as raised, open_quotes(str(path), **settings) as file:
        list(file.batches)
    folder = str(Path(path).parent) + "/"
    return str(raised.value).replace(folder, ""), raised.value.exit_code


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def changed(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """The same workbook with the bytes of its first sheet changed."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            is_sheet = entry.filename == "xl/worksheets/sheet1.xml"
            new.writestr(entry.filename, change(content) if is_sheet else content)
    return target


@pytest.mark.parametrize(
    ("path", "format"),
    [
        ("a.csv", "csv"),
        ("a.CSV", "csv"),
        ("a.csv.gz", "csv"),
        ("a.TSV.GZ", "tsv"),
        ("a.tab", "tsv"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson.gz", "jsonl"),
        ("a.parquet", "parquet"),
        ("a.pq", "parquet"),
        ("a.xlsx", "xlsx"),
        ("a.txt", "txt"),
        ("a.b/c.txt.gz", "txt"),
        ("a.parquet.gz", None),
        ("a.xlsx.gz", None),
        ("a.json", None),
        ("a.xls", None),
        ("a.gz", None),
        ("a.csv/b", None),
        ("csv", None),
        ("", None),
    ],
)
def test_formats_by_ending(path: str, format: str | None) -> None:
    assert file_format(path) == format


@pytest.mark.parametrize(
    ("path", "found"),
    [("a.CSV", ".csv"), ("a.json.gz", ".json.gz"), ("a.gz", ".gz"), ("a", ""), ("x.d/a", "")],
)
def test_endings(path: str, found: str) -> None:
    assert ending(path) == found


def test_many_columns_are_listed_in_part() -> None:
    assert listed(["a"] * 31) == ", ".join(['"a"'] * 30) + " and 1 more"
    assert listed(["x" * 100]) == f'"{"x" * 60}"'


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separators_are_found(tmp_path: Path, delimiter: str, line_end: str) -> None:
    rows = [["id", "text"], ["007", "They, they; lied"], ["NA", 'He said "no"']]
    path = tmp_path / "a.csv"
    with open(path, "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    with open_quotes(str(path)) as file:
        assert (file.delimiter, file.columns) == (delimiter, ["id", "text"])
        (batch,) = file.batches
    assert batch.table.to_pylist() == [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert batch.rows == [2, 3]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("id;text\n1;a, b, c\n2;d, e, f\n", ["id", "text"]),
        ("text\nOne, two; three | four\n", ["text"]),
        ('"te;xt",text\na,b\n', ["te;xt", "text"]),
        ("a|b;text\n1|2;x\n", ["a|b", "text"]),
    ],
)
def test_the_header_tells_the_separator(tmp_path: Path, content: str, columns: list[str]) -> None:
    with open_quotes(str(written(tmp_path / "a.csv", content))) as file:
        assert file.columns == columns


def test_a_tsv_is_split_at_tabs_only(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "a,b;c\ttext\n1\tx, y\n")
    assert texts(path) == ["x, y"]


def test_one_column_with_a_separator_in_its_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "what|said\nThey lied\n")
    assert texts(path, text_column="what|said") == ["They lied"]


@pytest.mark.parametrize(
    ("content", "rows", "rejects"),
    [
        # quotes with line ends inside, and the line on which each row begins
        ('text,n\n"a\nb",1\n"c\r\nd",2\n', [(2, "a\nb"), (4, "c\r\nd")], []),
        ('text,n\n"say ""no""",1\n', [(2, 'say "no"')], []),
        ('text,n\nsay "no",1\n', [(2, 'say "no"')], []),
        # blank lines are no rows
        ("\n\ntext,n\n\na,1\n\n\nb,2\n\n", [(5, "a"), (8, "b")], []),
        # nothing is read as a missing value
        ("text,n\nNA,1\nnull,2\nNone,3\n", [(2, "NA"), (3, "null"), (4, "None")], []),
        ("text,n\n,1\n \u3000,2\na,3\n", [(4, "a")], [(2, EMPTY), (3, EMPTY)]),
        (
            "text,n\na\nb,1\nc,2,3\n",
            [(3, "b")],
            [
                (2, "has 1 fields where the header has 2"),
                (4, "has 3 fields where the header has 2"),
            ],
        ),
        # spaces belong to the text
        ("text,n\n  a  ,1\n", [(2, "  a  ")], []),
        ("text,n\na,1", [(2, "a")], []),
        ("text,n\n", [], []),
        ("text,n", [], []),
        # a mark left open swallows no rows
        (
            'text,n\na,1\n"b,2\nc,3\n',
            [(2, "a")],
            [(3, "a quotation mark is left open, up to the last line (4)")],
        ),
        (
            'n,text\n1,a\n2,"b\n3,c\n',
            [(2, "a")],
            [(3, "a quotation mark is left open, up to the last line (4)")],
        ),
        ('n,text\n1,"a"', [(2, "a")], []),
        (
            f"text,n\n{'x' * (LONGEST_TEXT + 1)},1\n{'y' * LONGEST_TEXT},2\n",
            [(3, "y" * LONGEST_TEXT)],
            [(2, 'column "text" is longer than 100,000 characters')],
        ),
        ("text,n\n\0a,1\n", [(2, "\0a")], []),
    ],
)
def test_rows_of_csv(
    tmp_path: Path, content: str, rows: list[tuple[int, str]], rejects: list[tuple[int, str]]
) -> None:
    found, rejected = read(written(tmp_path / "a.csv", content))
    assert [(row["row"], row["text"]) for row in found] == rows
    assert rejected == rejects


def test_a_field_beyond_the_limit_of_csv(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    path = written(tmp_path / "a.csv", f"id,text\n1,a\n2,{'x' * (limit + 1)}\n3,c\n")
    rows, rejects = read(path)
    assert [row["row"] for row in rows] == [2, 4]
    assert rejects == [
        (
            3,
            f"a field is longer than {limit:,} characters (up to line 3); "
            "is a quotation mark left open?",
        )
    ]


def test_a_mark_left_open_in_a_long_file_costs_some_rows_only(tmp_path: Path) -> None:
    lines = ["id,text", '0,"open', *(f"{i},quote number {i}" for i in range(1, 20_000))]
    rows, rejects = read(written(tmp_path / "a.csv", "\n".join(lines) + "\n"))
    assert rejects[0][0] == 2
    assert "is a quotation mark left open?" in rejects[0][1]
    swallowed = re.search(r"up to line (\d+)", rejects[0][1])
    assert swallowed is not None
    assert rows[0]["row"] == int(swallowed[1]) + 1
    assert rows[-1] == {"row": 20_001, "text": "quote number 19999"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; its first row must name the columns"),
        (b"\n\n", "is empty; its first row must name the columns"),
        (b",,\n", "is empty; its first row must name the columns"),
        (b"\xef\xbb\xbf", "is empty; its first row must name the columns"),
        (b'"text\na\n', "a quotation mark in its header row is left open"),
        (
            b"x" * 200_000,
            f"its header row cannot be read: field larger than field limit "
            f"({csv.field_size_limit()})",
        ),
        (
            b"text,caf\xff\n" + "é é".encode(),
            "its header row holds bytes that are not utf-8; say which with --encoding",
        ),
        (b"text,text\na,b\n", 'two columns are called "text"; rename one'),
    ],
)
def test_csv_without_a_header(tmp_path: Path, content: bytes, message: str) -> None:
    assert refusal(written(tmp_path / "a.csv", content)) == (f"a.csv: {message}", 1)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ("TEXT,n", "TEXT"),
        (" Quote ,n", " Quote "),
        ("content,quote", "quote"),
        ("statement,quotation", "quotation"),
        ("Text,text", "Text"),
        ("n,Content", "Content"),
    ],
)
def test_the_text_column_is_found(tmp_path: Path, columns: str, found: str) -> None:
    with open_quotes(str(written(tmp_path / "a.csv", columns + "\na,b\n"))) as file:
        assert file.text_column == found


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {},
            "no column is called text or quote or quotation or statement or content; "
            'there are: "id", "two\\nlines"; name the one with the quotes with --text-column',
        ),
        ({"text_column": "said"}, 'no column "said"; there are: "id", "two\\nlines"'),
        ({"text_column": "ID"}, 'no column "ID"; there are: "id", "two\\nlines"'),
        (
            {"text_column": "id", "reserved": ["stance", "id"]},
            'has a column "id" already; rename it, or add --prefix model_ to write "model_id"',
        ),
    ],
)
def test_columns_that_do_not_fit(tmp_path: Path, settings: dict[str, Any], message: str) -> None:
    path = written(tmp_path / "a.csv", 'id,"two\nlines"\n1,a\n')
    assert refusal(path, **settings) == (f"a.csv: {message}", 2)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "a.json",
            '".json" is none of {}; write one record a line (.jsonl), for instance '
            "with: jq -c '.[]'",
        ),
        (
            "a.json.gz",
            '".json.gz" is none of {}; write one record a line (.jsonl), for '
            "instance with: jq -c '.[]'",
        ),
        ("a.XLS", '".xls" is none of {}; save it as .xlsx'),
        ("a.ods", '".ods" is none of {}; save it as .xlsx'),
        ("a.docx", '".docx" is none of {}; save it as plain text (.txt), a quote a line'),
        ("a.pdf", '".pdf" is none of {}; save it as plain text (.txt), a quote a line'),
        ("a.parquet.gz", '".parquet.gz" is none of {}; decompress it'),
        ("a.dat", '".dat" is none of {}; name its format with --format'),
        ("a", '"" is none of {}; name its format with --format'),
    ],
)
def test_unknown_endings(tmp_path: Path, name: str, message: str) -> None:
    known = ".csv, .tsv, .jsonl, .parquet, .xlsx, .txt"
    expected = f"{name}: {message.format(known)}", 2
    assert refusal(written(tmp_path / name, "text\na\n")) == expected


def test_the_format_can_be_said(tmp_path: Path) -> None:
    assert texts(written(tmp_path / "a.dat", "text\na\n"), format="csv") == ["a"]
    assert texts(written(tmp_path / "b.csv", "text\na\n"), format="txt") == ["text", "a"]


@pytest.mark.parametrize("name", ["none.csv", "none.xls", "none", "no/folder.csv"])
def test_missing_files(tmp_path: Path, name: str) -> None:
    message, exit_code = refusal(tmp_path / name)
    assert (message.split("/")[-1], exit_code) == (f"{name.split('/')[-1]}: no such file", 2)


@pytest.mark.parametrize("name", ["folder.csv", "folder.parquet", "folder.xlsx"])
def test_folders(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert refusal(tmp_path / name) == (f"{name}: is a folder; name the files in it", 2)


def test_a_pipe_may_be_named(tmp_path: Path) -> None:
    for content in (b"text\nThey lied\n", gzip.compress(b"text\nThey lied\n")):
        end, its_writer = os.pipe()
        os.write(its_writer, content)
        os.close(its_writer)
        assert texts(Path(f"/dev/fd/{end}"), format="csv") == ["They lied"]
        os.close(end)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has such a file")
def test_a_file_that_opens_but_cannot_be_read() -> None:
    message = "mem: cannot be read: Input/output error"
    assert refusal("/proc/self/mem", format="csv") == (message, 1)


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    name = "x" * 300 + ".csv"
    assert refusal(tmp_path / name) == (f"{name}: cannot be read: File name too long", 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_that_may_not_be_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text\na\n")
    path.chmod(0)
    assert refusal(path) == ("a.csv: cannot be read: Permission denied", 1)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.txt"])
def test_text_formats_may_be_compressed(tmp_path: Path, name: str) -> None:
    content = '{"text": "They lied"}\n' if "json" in name else "text\nThey lied\n"
    expected = ["text", "They lied"] if "txt" in name else ["They lied"]
    packed = gzip.compress(content.encode())
    assert texts(written(tmp_path / f"{name}.gz", packed)) == expected
    # Whatever the name says.
    assert texts(written(tmp_path / name, packed)) == expected
    assert texts(written(tmp_path / f"plain-{name}.gz", content)) == expected


@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl.gz", "a.txt.gz"])
@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_gzip_cut_short(tmp_path: Path, name: str, kept: float) -> None:
    lines = [json.dumps({"text": os.urandom(20).hex()}) for _ in range(5000)]
    packed = gzip.compress("\n".join(["text", *lines]).encode())
    path = written(tmp_path / name, packed[: int(len(packed) * kept)])
    assert refusal(path) == (f"{name}: is not whole gzip data; is it cut short?", 1)


def test_gzip_with_a_wrong_byte(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(os.urandom(5000)))
    packed[2000] ^= 255
    path = written(tmp_path / "a.csv.gz", bytes(packed))
    assert refusal(path) == ("a.csv.gz: is not whole gzip data; is it cut short?", 1)


@pytest.mark.parametrize("name", ["a.parquet", "a.xlsx"])
def test_formats_that_are_not_compressed_again(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, gzip.compress(b"PAR1"))
    assert refusal(path) == (f"{name}: is compressed; decompress it", 1)


def parquet_bytes(tmp_path: Path) -> bytearray:
    path = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"text": [os.urandom(20).hex() for _ in range(2000)]}), path)
    return bytearray(path.read_bytes())


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"text\na\n",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data[:4] + b"\xff" * 40 + data[44:],
        lambda data: data[:1000] + bytes(4000) + data[5000:],
        lambda data: data[:-60] + b"\xff" * 40 + data[-20:],
    ],
    ids=["empty", "csv", "half", "tail", "page header", "page", "footer"],
)
def test_damaged_parquet(tmp_path: Path, damage: Callable[[bytearray], bytes]) -> None:
    path = written(tmp_path / "a.parquet", bytes(damage(parquet_bytes(tmp_path))))
    assert refusal(path) == ("a.parquet: cannot be read as Parquet; is it cut short?", 1)


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
)
def test_texts_of_parquet(tmp_path: Path, kind: pa.DataType) -> None:
    column = pa.array(["They lied", None, " "], pa.string()).cast(kind)
    pq.write_table(pa.table({"text": column}), tmp_path / "a.parquet")
    rows, rejects = read(tmp_path / "a.parquet")
    assert rows == [{"row": 1, "text": "They lied"}]
    assert rejects == [(2, EMPTY), (3, EMPTY)]


def test_columns_of_parquet_that_hold_no_text(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [1, None]}), tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet") == (
        [],
        [(1, 'column "text" holds no text'), (2, EMPTY)],
    )


@pytest.mark.parametrize("column", ["text", "note"])
def test_texts_of_parquet_that_are_no_utf_8(tmp_path: Path, column: str) -> None:
    held = pa.array([b"fine", b"caf\xff", b"fine"], pa.binary())
    broken = pa.StringArray.from_buffers(3, held.buffers()[1], held.buffers()[2])
    table = {"text": pa.array(["a", "b", "c"]), "note": pa.array(["d", "e", "f"])}
    pq.write_table(pa.table(table | {column: broken}), tmp_path / "a.parquet")
    rows, rejects = read(tmp_path / "a.parquet")
    assert [row["row"] for row in rows] == [1, 3]
    assert rejects == [(2, "holds bytes that are not utf-8")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "is no JSON"),
        ('{"text": "a",}', "is no JSON"),
        ('{"text": "a"} {"text": "b"}', "is no JSON"),
        ("[1]", "is no JSON object"),
        ('"text"', "is no JSON object"),
        ("null", "is no JSON object"),
        ("{}", EMPTY),
        ('{"text": null}', EMPTY),
        ('{"text": ""}', EMPTY),
        ('{"text": " \\n"}', EMPTY),
        ('{"text": 5}', 'column "text" holds no text'),
        ('{"text": ' + "1" * 5000 + "}", 'column "text" holds no text'),
        ('{"text": ["a"]}', 'column "text" holds no text'),
        ('{"text": true}', 'column "text" holds no text'),
        ('{"text": NaN}', 'column "text" holds no text'),
        ('{"text": "a", "m": ' + "[" * 100_000 + "}", "is nested too deeply"),
        ('{"text": "a", "\\ud800": 1}', "has a field whose name is no Unicode text"),
        (f'{{"text": "{"x" * 100_001}"}}', 'column "text" is longer than 100,000 characters'),
    ],
)
def test_lines_of_jsonl_that_are_rejected(tmp_path: Path, line: str, reason: str) -> None:
    path = written(tmp_path / "a.jsonl", f'{{"text": "one"}}\n\n{line}\n{{"text": "two"}}\n')
    assert read(path) == (
        [{"row": 1, "text": "one"}, {"row": 4, "text": "two"}],
        [(3, reason)],
    )


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('{"text": "a", "text": "b"}', "b"),
        ('  {"text": "a"}\t', "a"),
        ('{"text": "\\u00e9\\ud83d\\ude00"}', "é😀"),
        ('{"text": "one\u2028line"}', "one\u2028line"),
        ('{"text": "half \\ud800"}', "half \ufffd"),
        ('{"m": ' + "[" * 600 + "]" * 600 + ', "text": "a"}', "a"),
        ('{"m": [' + "1" * 5000 + '], "text": "a"}', "a"),
        ('{"m": {"text": "inner"} , "text" :"a"}', "a"),
        ('{"m": "}, {\\"text\\": 1", "text": "a"}', "a"),
    ],
)
def test_lines_of_jsonl_that_are_read(tmp_path: Path, line: str, text: str) -> None:
    with open_quotes(str(written(tmp_path / "a.jsonl", line + "\n"))) as file:
        (batch,) = file.batches
    assert batch.text.to_pylist() == [text]
    assert batch.lines == [line.strip()]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty; each line must be one JSON object"),
        ("\n \n", "is empty; each line must be one JSON object"),
        ('[{"text": "a"}]', "its first line is no JSON object; each line must be one JSON object"),
        ('[\n{"text"', "its first line is no JSON; each line must be one JSON object"),
    ],
)
def test_files_that_are_no_jsonl(tmp_path: Path, content: str, message: str) -> None:
    assert refusal(written(tmp_path / "a.jsonl", content)) == (f"a.jsonl: {message}", 1)


def test_fields_that_come_late(tmp_path: Path) -> None:
    lines = ['{"text": "a"}', '{"text": "b", "late": 1}', '{"text": "c", "stance": "mine"}']
    path = written(tmp_path / "a.jsonl", "\n".join(lines))
    with open_quotes(str(path), batch_rows=1) as file:
        assert file.columns == ["text", "late", "stance"]
    assert refusal(path, reserved=["stance"], batch_rows=1)[1] == 2
    rows, rejects = read(path, reserved=["stance"], batch_rows=1, all_columns=False)
    assert [row["row"] for row in rows] == [1, 2]
    assert rejects == [(3, 'has a field "stance" already; rename it, or add --prefix')]


def test_plain_text(tmp_path: Path) -> None:
    content = b"They lied\r\n\n \n  two spaces  \rUnit\x1fmark\n" + "é é é\n".encode() + b"\xff"
    rows, rejects = read(written(tmp_path / "a.txt", content))
    assert [(row["row"], row["text"]) for row in rows] == [
        (1, "They lied"),
        (4, "  two spaces  "),
        (5, "Unit\x1fmark"),
        (6, "é é é"),
    ]
    assert rejects == [(7, "holds bytes that are not utf-8")]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.txt"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("utf-16", b""),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-16-be", b"\xfe\xff"),
        ("cp1252", b""),
    ],
)
def test_encodings(tmp_path: Path, name: str, encoding: str, mark: bytes) -> None:
    quotes = ["“We won’t” – he said…", "“And then?”"]
    lines = [json.dumps({"text": quote}, ensure_ascii=False) for quote in quotes]
    lines = lines if "json" in name else quotes if "txt" in name else ["text", *quotes]
    path = written(tmp_path / name, mark + "\r\n".join(lines).encode(encoding))
    assert texts(path) == quotes
    assert texts(path, encoding=encoding.upper()) == quotes


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.txt"])
@pytest.mark.parametrize("encoding", [None, "utf-8", "UTF8"])
def test_one_broken_byte_costs_one_row(tmp_path: Path, name: str, encoding: str | None) -> None:
    quotes = ["“first”".encode(), b"caf\xff", "“last”".encode()]
    lines = [b'{"text": "' + q + b'"}' for q in quotes] if "json" in name else [b"text", *quotes]
    path = written(tmp_path / name, b"\n".join(lines))
    rows, rejects = read(path, encoding=encoding)
    assert [row["text"] for row in rows if row["text"] != "text"] == ["“first”", "“last”"]
    assert rejects == [(2 if "json" in name else 3, "holds bytes that are not utf-8")]


def test_the_record_of_a_reject_shows_the_broken_byte(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv", "text,n\n“fine”,1\ncaf\\,2\n".encode().replace(b"\\", b"\xff")
    )
    with open_quotes(str(path)) as file:
        (batch,) = file.batches
    assert [reject.record for reject in batch.rejects] == ["caf\\xff,2"]


@pytest.mark.parametrize(
    ("encoding", "content"),
    [("latin1", "É".encode("latin1")), ("koi8-r", "Мы".encode("koi8-r")), ("utf-7", b"+AMk-")],
)
def test_an_encoding_that_is_said(tmp_path: Path, encoding: str, content: bytes) -> None:
    path = written(tmp_path / "a.txt", content)
    assert texts(path, encoding=encoding) == [content.decode(encoding)]


def test_an_unknown_encoding(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text\na\n")
    assert refusal(path, encoding="klingon") == ('there is no encoding "klingon"', 2)


def test_a_wrong_encoding_rejects_rows(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "text,n\nfine,1\n\u0081,2\n".encode("latin1"))
    rows, rejects = read(path, encoding="windows-1252")
    assert [row["text"] for row in rows] == ["fine"]
    assert rejects == [(3, "holds bytes that are not cp1252")]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"text\na\n", False),
        ("a.csv", b"\xef\xbb\xbftext\na\n", True),
        ("a.csv", "text\n“a”\n".encode("cp1252"), True),
        ("a.csv", "text\na\n".encode("utf-16"), True),
        ("a.jsonl", b'\xef\xbb\xbf{"text": "a"}', False),
    ],
)
def test_files_of_spreadsheets(tmp_path: Path, name: str, content: bytes, expected: bool) -> None:
    with open_quotes(str(written(tmp_path / name, content))) as file:
        assert file.for_spreadsheet is expected


# ------------------------------------------------------------------------------- Excel


def test_cells_of_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows: list[list[Any]] = [
        ["id", "text", "n"],
        [7, "They lied", 1.5],
        [None, None, None],
        ["007", 5, datetime.date(2016, 10, 12)],
        [True, " ", None],
        ["a", None, datetime.datetime(2016, 10, 12, 14, 30)],
        ["b", "We welcome", datetime.time(14, 30)],
        ["c", "short row"],
    ]
    for row in rows:
        book.active.append(row)
    book.active["A2"].number_format = "000"
    book.save(tmp_path / "a.xlsx")
    found, rejects = read(tmp_path / "a.xlsx")
    assert [row["row"] for row in found] == [2, 7, 8]
    assert rejects == [(4, 'column "text" holds no text'), (5, EMPTY), (6, EMPTY)]
    with open_quotes(str(tmp_path / "a.xlsx")) as file:
        records = [json.loads(reject.record) for batch in file.batches for reject in batch.rejects]
    assert records == [
        {"id": "007", "text": 5, "n": "2016-10-12"},
        {"id": True, "text": " ", "n": None},
        {"id": "a", "text": None, "n": "2016-10-12T14:30:00"},
    ]


def test_names_of_columns_of_excel(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", [[], [5, None, "text", datetime.date(2016, 10, 12)], [1, 2, "a", 3]]
    )
    with open_quotes(str(path)) as file:
        assert file.columns == ["5", "column 2", "text", "2016-10-12"]


def test_a_cell_beside_the_table_is_not_lost(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["id", "text"], [1, "a", "stray"], [2, "b", None]])
    rows, rejects = read(path)
    assert [row["row"] for row in rows] == [3]
    assert rejects == [(2, "has 3 cells where the header has 2")]
    with open_quotes(str(path)) as file:
        (batch,) = file.batches
    assert batch.rejects[0].record == '["1", "a", "stray"]'


def test_a_sheet_that_gives_a_wrong_size(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["id", "text"], [1, "a"], [2, "b"]])
    smaller = changed(path, lambda sheet: sheet.replace(b'ref="A1:B3"', b'ref="A1"'))
    assert smaller.read_bytes() != path.read_bytes()
    assert texts(smaller) == ["a", "b"]


def test_what_excel_escapes(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", [["text"], ["a_x000D_\nb"], ["_x005F_x0041_"], ["_xD800_"]]
    )
    assert texts(path) == ["a\r\nb", "_x0041_", "_xD800_"]


def test_values_that_openpyxl_warns_of(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["text", "on"], ["a", datetime.date(2016, 10, 12)]])
    far = changed(path, lambda sheet: re.sub(rb"<v>42655(\.0)?</v>", b"<v>99999999999</v>", sheet))
    assert far.read_bytes() != path.read_bytes()
    assert texts(far) == ["a"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda sheet: sheet[: len(sheet) // 2],
        lambda sheet: sheet[:-40],
        lambda sheet: b"",
        lambda sheet: sheet.replace(b"<v>12345</v>", b"<v>x</v>"),
        lambda sheet: sheet.replace(b"<v>12345</v>", b"<v>" + b"1" * 5000 + b"</v>"),
    ],
    ids=["half", "tail", "empty", "no number", "huge number"],
)
def test_damaged_sheets(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = workbook(tmp_path / "a.xlsx", [["text", "n"], ["a", 1], ["b", 12345]])
    assert refusal(changed(path, damage)) == (
        "changed.xlsx: cannot be read as an Excel workbook (.xlsx)",
        1,
    )


@pytest.mark.parametrize("content", [b"", b"text\na\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200])
def test_files_that_are_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path / "a.xlsx", content)
    assert refusal(path) == ("a.xlsx: cannot be read as an Excel workbook (.xlsx)", 1)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as file:
        file.writestr("a.txt", "a")
    assert refusal(tmp_path / "a.xlsx") == (
        "a.xlsx: cannot be read as an Excel workbook (.xlsx)",
        1,
    )


@pytest.mark.parametrize("rows", [[], [[None, None]], [[], []]])
def test_an_empty_sheet(tmp_path: Path, rows: list[list[Any]]) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", rows)) == (
        "a.xlsx: the sheet is empty; its first row must name the columns",
        1,
    )


def test_a_sheet_of_a_header_only(tmp_path: Path) -> None:
    assert texts(workbook(tmp_path / "a.xlsx", [["id", "text"]])) == []


# ----------------------------------------------------------------------------- writing


def batch_of(**columns: list[Any]) -> Batch:
    table = pa.table(columns)
    text = table.column("text").combine_chunks()
    return Batch(table, list(range(1, len(text) + 1)), None, [], text)


def write_labelled(path: Path, batch: Batch, **settings: Any) -> None:
    columns = [*batch.table.column_names, *LABEL_COLUMNS]
    with create_quotes(str(path), columns=columns, **settings) as write:
        write(batch, LABELS.slice(0, batch.table.num_rows))


TWO = batch_of(id=["007", None], text=["They lied", 'say "no"\nnow'])
HEADER = "stance,probability,accusatory,conciliatory,neutral,review"


@pytest.mark.parametrize(
    ("settings", "content"),
    [
        (
            {"format": "csv"},
            f"id,text,{HEADER}\n"
            "007,They lied,accusatory,0.7000,0.7000,0.2000,0.1000,false\n"
            ',"say ""no""\nnow",,0.5000,0.5000,0.3000,0.2000,true\n',
        ),
        (
            {"format": "csv", "delimiter": ";", "for_spreadsheet": True},
            f"\ufeffid;text;{HEADER.replace(',', ';')}\n"
            "007;They lied;accusatory;0.7000;0.7000;0.2000;0.1000;false\n"
            ';"say ""no""\nnow";;0.5000;0.5000;0.3000;0.2000;true\n',
        ),
        (
            {"format": "tsv", "delimiter": ";"},
            "id\ttext\t" + HEADER.replace(",", "\t") + "\n"
            "007\tThey lied\taccusatory\t0.7000\t0.7000\t0.2000\t0.1000\tfalse\n"
            '\t"say ""no""\nnow"\t\t0.5000\t0.5000\t0.3000\t0.2000\ttrue\n',
        ),
        (
            {"format": "jsonl"},
            '{"id": "007", "text": "They lied", "stance": "accusatory", "probability": 0.7000, '
            '"accusatory": 0.7000, "conciliatory": 0.2000, "neutral": 0.1000, "review": false}\n'
            '{"id": null, "text": "say \\"no\\"\\nnow", "stance": null, "probability": 0.5000, '
            '"accusatory": 0.5000, "conciliatory": 0.3000, "neutral": 0.2000, "review": true}\n',
        ),
    ],
)
def test_text_formats_are_written(tmp_path: Path, settings: dict[str, Any], content: str) -> None:
    write_labelled(tmp_path / "a.out", TWO, **settings)
    assert (tmp_path / "a.out").read_bytes().decode() == content
    write_labelled(tmp_path / "a.out.gz", TWO, **settings)
    packed = (tmp_path / "a.out.gz").read_bytes()
    assert gzip.decompress(packed).decode() == content
    write_labelled(tmp_path / "b.out.gz", TWO, **settings)
    assert (tmp_path / "b.out.gz").read_bytes() == packed


def test_parquet_keeps_types(tmp_path: Path) -> None:
    batch = batch_of(
        text=["a", "b"],
        n=pa.array([1, None], pa.int16()),
        on=pa.array([datetime.date(2016, 10, 12), None]),
        many=[[1], []],
        of=pa.array(["x", "y"]).dictionary_encode(),
    )
    write_labelled(tmp_path / "a.parquet", batch, format="parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.select(batch.table.column_names).equals(batch.table)
    assert table.column_names == [*batch.table.column_names, *LABEL_COLUMNS]
    assert table["probability"].to_pylist() == LABELS["probability"].to_pylist()


def test_values_of_parquet_in_text_formats(tmp_path: Path) -> None:
    columns: dict[str, Any] = {
        "text": ["a", "b"],
        "n": pa.array([1, None], pa.int64()),
        "x": [1.5, float("nan")],
        "on": [datetime.date(2016, 10, 12), None],
        "at": pa.array([1, 10**18 + 1], pa.timestamp("ns")),
        "far": pa.array([2**61, 0], pa.timestamp("ms")),
        "many": [[1.5, float("inf")], None],
        "raw": [b"ab", b"\xff"],
        "nothing": pa.nulls(2),
    }
    batch = batch_of(**columns)
    write_labelled(tmp_path / "a.jsonl", batch, format="jsonl")
    lines = (tmp_path / "a.jsonl").read_text().splitlines()
    first, second = (json.loads(line, parse_constant=pytest.fail) for line in lines)
    assert [first[name] for name in ("n", "x", "on", "at", "many")] == [
        1,
        1.5,
        "2016-10-12",
        "1970-01-01 00:00:00.000000001",
        [1.5, None],
    ]
    assert [second[name] for name in ("n", "x", "on", "at", "many", "nothing")] == [
        None,
        None,
        None,
        "2001-09-09 01:46:40.000000001",
        None,
        None,
    ]
    write_labelled(tmp_path / "a.csv", batch, format="csv")
    row = next(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))
    assert [row[name] for name in ("n", "x", "on", "at", "nothing")] == [
        "1",
        "1.5",
        "2016-10-12",
        "1970-01-01 00:00:00.000000001",
        "",
    ]


def test_excel_is_written(tmp_path: Path) -> None:
    batch = batch_of(
        text=["=1+1", "+A1"],
        at=["@x", "-5"],
        n=pa.array([7, None], pa.int64()),
        x=[1.5, float("nan")],
        yes=[True, False],
        control=["a\0b\r", "_x0041_ \uffff"],
    )
    write_labelled(tmp_path / "a.xlsx", batch, format="xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    rows = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [(name, "s") for name in [*batch.table.column_names, *LABEL_COLUMNS]]
    assert rows[1] == [
        ("=1+1", "s"),
        ("@x", "s"),
        (7, "n"),
        (1.5, "n"),
        (True, "b"),
        ("a_x0000_b_x000D_", "s"),
        ("accusatory", "s"),
        (0.7, "n"),
        (0.7, "n"),
        (0.2, "n"),
        (0.1, "n"),
        (False, "b"),
    ]
    assert rows[2][:6] == [
        ("+A1", "s"),
        ("-5", "s"),
        (None, "n"),
        ("nan", "s"),
        (False, "b"),
        ("_x005F_x0041_ _xFFFF_", "s"),
    ]
    assert rows[2][6] == (None, "n")
    write_labelled(tmp_path / "b.xlsx", batch, format="xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_text_too_long_for_excel(tmp_path: Path) -> None:
    with pytest.raises(StanceError) as raised:
        write_labelled(tmp_path / "a.xlsx", batch_of(text=["x" * 32_768]), format="xlsx")
    assert str(raised.value) == (
        f"{tmp_path}/a.xlsx: a text is longer than the 32,767 characters of an Excel cell; "
        "write .csv or .parquet"
    )
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_excel_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stance.quotes.spreadsheet.MOST_ROWS", 2)
    with pytest.raises(StanceError) as raised:
        write_labelled(tmp_path / "a.xlsx", TWO, format="xlsx")
    assert str(raised.value) == (
        f"{tmp_path}/a.xlsx: Excel holds no more than 2 rows; write .csv or .parquet"
    )


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_formats_whose_columns_have_one_name_each(tmp_path: Path, format: str) -> None:
    with (
        pytest.raises(StanceError) as raised,
        create_quotes(str(tmp_path / "a"), format=format, columns=["id", "text", "id"]),
    ):
        pytest.fail("was opened")
    assert str(raised.value) == 'two columns are called "id"; rename one, or write csv'


@pytest.mark.parametrize("format", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_a_failure_leaves_what_stood_there(tmp_path: Path, format: str) -> None:
    path = written(tmp_path / "a.out", "precious")
    columns = ["id", "text", *LABEL_COLUMNS]
    failing = create_quotes(str(path), format=format, columns=columns)
    failing.__enter__()(TWO, LABELS)
    error = ZeroDivisionError()
    assert not failing.__exit__(ZeroDivisionError, error, None)
    assert path.read_text() == "precious"
    assert [p.name for p in tmp_path.iterdir()] == ["a.out"]


@pytest.mark.parametrize("format", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_no_rows(tmp_path: Path, format: str) -> None:
    path = tmp_path / "a.out"
    with create_quotes(str(path), format=format, columns=["text", *LABEL_COLUMNS]):
        pass
    if format == "jsonl":
        assert path.read_bytes() == b""
        return
    with open_quotes(str(path), format=format) as file:
        assert file.columns == ["text", *LABEL_COLUMNS]
        assert sum(batch.table.num_rows for batch in file.batches) == 0


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, message in [
        ("folder", "is a folder; name a file in it"),
        ("pipe", "is no ordinary file; write to another name"),
        ("none/a.csv", "its folder does not exist"),
        ("x" * 300, "cannot be written: File name too long"),
    ]:
        with (
            pytest.raises(StanceError) as raised,
            create_quotes(str(tmp_path / name), format="csv", columns=["text"]),
        ):
            pytest.fail("was opened")
        assert str(raised.value) == f"{tmp_path}/{name}: {message}"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "pipe"]


# ------------------------------------------------------------ sheets and standard input


def book_of(sheets: dict[str, list[list[Any]]], path: str = "a.xlsx") -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def texts_of(path: str, **settings: Any) -> list[str]:
    with open_quotes(path, **settings) as file:
        return [text for batch in file.batches for text in batch.text.to_pylist()]


def test_the_only_filled_sheet_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book_of({"Sheet1": [], "Data": [["text"], ["We hope."]], "Sheet3": [[None]]})
    assert texts_of("a.xlsx") == ["We hope."]


def test_of_several_sheets_one_must_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    book_of({"Notes": [["About"]], "Data": [["text"], ["We hope."]]})
    with pytest.raises(StanceError) as raised:
        texts_of("a.xlsx")
    assert str(raised.value) == (
        'a.xlsx: has several sheets: "Notes", "Data"; name the one to read with --sheet'
    )
    assert texts_of("a.xlsx", sheet="Data") == ["We hope."]
    with pytest.raises(StanceError) as raised:
        texts_of("a.xlsx", sheet="data")
    assert str(raised.value) == 'a.xlsx: no sheet "data"; there are: "Notes", "Data"'


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet", "xlsx"])
def test_the_format_of_the_standard_input_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    path = tmp_path / f"a.{format}"
    if format == "parquet":
        pq.write_table(pa.table({"text": ["We hope."]}), path)
    elif format == "xlsx":
        book_of({"Data": [["text"], ["We hope."]]}, str(path))
    else:
        path.write_text("text\nWe hope.\n" if format == "csv" else '{"text": "We hope."}\n')
    with path.open("rb") as stream, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", type("Stdin", (), {"buffer": stream}))
        assert texts_of("-") == ["We hope."]

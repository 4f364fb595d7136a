from __future__ import annotations

import csv
import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell
from tiny import tiny_model

from stance import StanceError
from stance.labelling import (
    Labelled,
    Labeller,
    label_files,
    label_texts,
    labelled_rows,
    output_format,
)
from stance.model import LABEL_COLUMNS
from stance.quotes import Reject

Rows = list[list[str]]

MODEL = tiny_model()
LABELLER = Labeller(MODEL)
FORMATS = ["csv", "tsv", "jsonl", "parquet", "xlsx"]

# ---------------------------------------------------- readers and writers of others' making


def write_csv(path: Path, rows: Rows, delimiter: str = ",") -> None:
    with open(path, "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)


def write_tsv(path: Path, rows: Rows) -> None:
    write_csv(path, rows, "\t")


def write_jsonl(path: Path, rows: Rows) -> None:
    header, *body = rows
    lines = [json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in body]
    path.write_bytes("\n".join(lines).encode())


def write_parquet(path: Path, rows: Rows) -> None:
    header, *body = rows
    columns = [pa.array([row[i] for row in body], pa.string()) for i in range(len(header))]
    pq.write_table(pa.Table.from_arrays(columns, names=header), path)


def write_xlsx(path: Path, rows: Rows) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        made = [WriteOnlyCell(sheet, escaped(value)) for value in row]
        for cell in made:
            cell.data_type = "s"
        sheet.append(made)
    book.save(path)


def read_csv(path: Path, delimiter: str = ",") -> Rows:
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.reader(stream, delimiter=delimiter, strict=True))


def read_tsv(path: Path) -> Rows:
    return read_csv(path, "\t")


def read_jsonl(path: Path) -> Rows:
    lines = path.read_bytes().decode().split("\n")
    assert lines.pop() == ""
    records = [json.loads(line) for line in lines]
    return [list(records[0]), *(list(map(shown, record.values())) for record in records)]


def read_parquet(path: Path) -> Rows:
    table = pq.read_table(path)
    columns = [column.to_pylist() for column in table.columns]
    return [table.column_names, *([shown(v) for v in row] for row in zip(*columns, strict=True))]


def read_xlsx(path: Path) -> Rows:
    sheet = openpyxl.load_workbook(path).active
    return [[unescaped(shown(value)) for value in row] for row in sheet.iter_rows(values_only=True)]


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.4f}" if isinstance(value, float) else "" if value is None else str(value)


def escaped(text: str) -> str:
    """As Excel writes it: ECMA-376, part 1, 22.9.2.19."""
    text = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return re.sub("[\0-\x08\x0b-\x1f\ufffe\uffff]", lambda m: f"_x{ord(m[0]):04X}_", text)


def unescaped(text: str) -> str:
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


WRITERS: dict[str, Callable[[Path, Rows], None]] = {
    "csv": write_csv,
    "tsv": write_tsv,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
    "xlsx": write_xlsx,
}
READERS: dict[str, Callable[[Path], Rows]] = {
    "csv": read_csv,
    "tsv": read_tsv,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "xlsx": read_xlsx,
}

NASTY = [
    "",
    " ",
    "NA",
    "null",
    "None",
    "nan",
    "007",
    "12345678901234567890123",
    "1e5",
    "1.10",
    "2016-10-12",
    "true",
    "=1+1",
    "+A1",
    "@x",
    '"',
    '""',
    'say "no"',
    "a,b",
    "a;b|c\td",
    "a\nb",
    "a\r\nb",
    "a\rb",
    " lead",
    "trail ",
    "\u2028",
    "a\u2029b\x85c",
    "😀é“”",
    "\0",
    "\x1f",
    "\ufffe\uffff\ufffd",
    "_x0041_",
    "\ufeff",
    "#N/A",
    "'quoted'",
    "\\",
    "{}",
    "They lied",
    "We welcome it",
]
CELLS = st.sampled_from(NASTY) | st.text(max_size=12)
NAMES = st.sampled_from([name for name in NASTY if name.strip()]) | st.text(min_size=1, max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """A header row with a column called text, and rows of cells."""
    others = draw(
        st.lists(
            NAMES.filter(lambda name: name not in {*LABEL_COLUMNS, "text"}),
            max_size=3,
            unique=True,
        )
    )
    header = draw(st.permutations(["text", *others]))
    # It would be the file's byte order mark.
    header[0] = header[0].removeprefix("\ufeff") or "x"
    body = draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=5))
    return [header, *body]


PAIRS = [(name, name) for name in FORMATS] + [
    pair for name in FORMATS[1:] for pair in (("csv", name), (name, "csv"))
]


@pytest.mark.parametrize(("source", "target"), PAIRS)
@settings(max_examples=30, deadline=None)
@given(rows=tables())
def test_nothing_is_lost(source: str, target: str, rows: Rows) -> None:
    header, *body = rows
    if source == "xlsx":
        # Excel has no rows of empty cells.
        body = [row for row in body if any(row)]
    if len(set(header)) < len(header) or (source == "jsonl" and not body):
        return
    at = header.index("text")
    wanted = [row for row in body if row[at].strip()]
    with tempfile.TemporaryDirectory() as folder:
        path, output = Path(folder) / f"in.{source}", Path(folder) / f"out.{target}"
        WRITERS[source](path, [header, *body])
        labeller = Labeller(MODEL, text_column="text", encoding="utf-8")
        told: list[Reject] = []
        result = label_files([str(path)], str(output), labeller, on_reject=told.append)
        assert (result.rows, result.rejected) == (len(wanted), len(body) - len(wanted))
        assert result.exit_code == (4 if result.rejected else 0)
        if wanted or target != "jsonl":
            if (source, target) == ("xlsx", "csv"):
                # By this mark Excel knows UTF-8.
                assert output.read_bytes().startswith(b"\xef\xbb\xbf")
                output.write_bytes(output.read_bytes()[3:])
            labelled_header, *labelled = READERS[target](output)
            assert labelled_header == [*header, *LABEL_COLUMNS]
            assert [row[: len(header)] for row in labelled] == wanted
            expected = MODEL.predict([row[at] for row in wanted])
            assert [row[-6] for row in labelled] == expected["stance"].to_pylist()
            assert [row[-1] for row in labelled] == [
                shown(review) for review in expected["review"].to_pylist()
            ]
        else:
            assert output.read_bytes() == b""
        rejects = Path(f"{output}.rejects.jsonl")
        assert rejects.exists() == bool(result.rejected)
        if told:
            lines = rejects.read_text(encoding="utf-8").split("\n")[:-1]
            assert [json.loads(line)["row"] for line in lines] == [reject.row for reject in told]
            assert {reject.reason for reject in told} == {'column "text" is empty'}
            assert {reject.file for reject in told} == {str(path)}
        made = {"in", "out"} | ({"rejects"} if told else set())
        assert len(list(Path(folder).iterdir())) == len(made)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None)
@given(
    records=st.lists(
        st.dictionaries(NAMES.filter(lambda name: name not in LABEL_COLUMNS), JSON, max_size=3).map(
            lambda record: record | {"text": "They lied"}
        ),
        min_size=1,
        max_size=4,
    ),
    spaced=st.booleans(),
    escaped=st.booleans(),
)
def test_records_of_jsonl_stay_byte_for_byte(
    records: list[dict[str, Any]], spaced: bool, escaped: bool
) -> None:
    separators = (" , ", " : ") if spaced else (",", ":")
    lines = [json.dumps(r, ensure_ascii=escaped, separators=separators) for r in records]
    with tempfile.TemporaryDirectory() as folder:
        path, output = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        path.write_bytes("\n".join(lines).encode())
        label_files([str(path)], str(output), LABELLER)
        labelled = output.read_bytes().decode().split("\n")
        assert labelled.pop() == ""
        assert [new[: len(old) - 1] for old, new in zip(lines, labelled, strict=True)] == [
            line[:-1] for line in lines
        ]
        added = [list(json.loads(line).items())[-6:] for line in labelled]
        assert {tuple(name for name, _ in fields) for fields in added} == {LABEL_COLUMNS}
        # Every other format can hold them.
        for target in ("csv", "parquet", "xlsx"):
            result = label_files([str(path)], f"{folder}/out.{target}", LABELLER)
            assert (result.rows, result.rejected) == (len(records), 0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text().filter(lambda line: line.strip()), min_size=1, max_size=6))
def test_plain_text_is_labelled_line_by_line(quotes: list[str]) -> None:
    quotes = [re.sub("[\r\n]", " ", quote) for quote in quotes]
    quotes = [quote for quote in quotes if quote.strip() and not quote.startswith("\ufeff")]
    with tempfile.TemporaryDirectory() as folder:
        path, output = Path(folder) / "in.txt", Path(folder) / "out.csv"
        path.write_bytes("\n".join(quotes).encode())
        label_files([str(path)], str(output), Labeller(MODEL, encoding="utf-8"))
        header, *labelled = read_csv(output)
        assert header == ["text", *LABEL_COLUMNS]
        assert [row[0] for row in labelled] == quotes


# ------------------------------------------------------------------------- plain examples


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(name: str, content: str) -> str:
    Path(name).write_bytes(content.encode())
    return name


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def refusal(inputs: Sequence[str], output: str, **settings: Any) -> tuple[str, int]:
    with pytest.raises(StanceError) as raised:
        label_files(inputs, output, LABELLER, **settings)
    return str(raised.value), raised.value.exit_code


QUOTES = "id,text\n1,They lied.\n2,We welcome it.\n3,It rains.\n"


def test_a_labelled_file() -> None:
    result = label_files([written("a.csv", QUOTES)], "out.csv", LABELLER)
    assert result == Labelled(
        rows=3,
        by_stance={"accusatory": 1, "conciliatory": 1, "neutral": 1},
        review=1,
        rejected=0,
    )
    assert result.exit_code == 0
    # Of e^4, e^-2 and e^-1, of e^-2, e^4 and e^-1, and of 1, 1 and e; each row sums to 1.
    assert Path("out.csv").read_text() == (
        "id,text,stance,probability,accusatory,conciliatory,neutral,review\n"
        "1,They lied.,accusatory,0.9908,0.9908,0.0025,0.0067,false\n"
        "2,We welcome it.,conciliatory,0.9908,0.0025,0.9908,0.0067,false\n"
        "3,It rains.,neutral,0.5762,0.2119,0.2119,0.5762,true\n"
    )


def test_abstaining_leaves_the_stance_open() -> None:
    labeller = Labeller(MODEL, abstain=True, prefix="m_")
    result = label_files([written("a.csv", QUOTES)], "out.csv", labeller)
    assert result.by_stance == {"accusatory": 1, "conciliatory": 1, "neutral": 0}
    assert (result.rows, result.review) == (3, 1)
    with open("out.csv") as stream:
        assert [row["m_stance"] for row in csv.DictReader(stream)] == [
            "accusatory",
            "conciliatory",
            "",
        ]


@pytest.mark.parametrize(("threshold", "review"), [(0.0, 0), (0.7, 1), (1.0, 3)])
def test_the_threshold_can_be_set(threshold: float, review: int) -> None:
    labeller = Labeller(MODEL, threshold=threshold)
    assert label_files([written("a.csv", QUOTES)], "out.csv", labeller).review == review


@pytest.mark.parametrize(
    ("inputs", "output", "wanted", "given_format", "expected"),
    [
        (["a.csv"], "o.jsonl", None, None, "jsonl"),
        (["a.csv"], "o.jsonl", "csv", None, "csv"),
        (["a.csv"], "o.TSV.gz", None, None, "tsv"),
        (["a.csv"], "o.pq", None, None, "parquet"),
        (["a.tsv"], "-", None, None, "tsv"),
        (["a.jsonl", "b.csv"], "-", None, None, "jsonl"),
        (["a.parquet"], "-", None, None, "csv"),
        (["a.xlsx"], "-", None, None, "csv"),
        (["a.txt"], "-", None, None, "csv"),
        (["-"], "-", None, None, "csv"),
        (["-"], "-", None, "jsonl", "jsonl"),
        (["a.dat"], "-", None, "tsv", "tsv"),
        (["a.csv"], "-", "parquet", None, "parquet"),
        (["a.csv"], "no-ending", "csv", None, "csv"),
    ],
)
def test_output_formats(
    inputs: list[str], output: str, wanted: str | None, given_format: str | None, expected: str
) -> None:
    assert output_format(inputs, output, wanted, given_format) == expected


@pytest.mark.parametrize(
    ("output", "ending"),
    [("o.txt", ".txt"), ("o.json", ".json"), ("o", ""), ("o.parquet.gz", ".parquet.gz")],
)
def test_endings_that_labels_cannot_have(output: str, ending: str) -> None:
    assert refusal([written("a.csv", QUOTES)], output) == (
        f'{output}: labels cannot be written as "{ending}"; end the name with one of '
        ".csv, .tsv, .jsonl, .parquet, .xlsx, or add --output-format",
        2,
    )
    assert files() == ["a.csv"]


REJECTED = "id,text\n1,They lied.\n2,\n3\n4,It rains.\n"


def test_rejects_go_to_a_file() -> None:
    told: list[Reject] = []
    counted: list[int] = []
    result = label_files(
        [written("a.csv", REJECTED)],
        "out.csv",
        LABELLER,
        on_reject=told.append,
        on_rows=counted.append,
    )
    assert (result.rows, result.rejected, result.exit_code) == (2, 2, 4)
    assert sum(counted) == 4
    lines = Path("out.csv.rejects.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            "file": "a.csv",
            "row": 3,
            "reason": 'column "text" is empty',
            "record": '{"id": "2", "text": ""}',
        },
        {
            "file": "a.csv",
            "row": 4,
            "reason": "has 1 fields where the header has 2",
            "record": "3",
        },
    ]
    assert [str(reject) for reject in told] == [
        'a.csv:3: column "text" is empty',
        "a.csv:4: has 1 fields where the header has 2",
    ]
    assert files() == ["a.csv", "out.csv", "out.csv.rejects.jsonl"]


def test_rejects_of_an_earlier_run_are_removed() -> None:
    label_files([written("a.csv", REJECTED)], "out.csv", LABELLER)
    label_files([written("a.csv", QUOTES)], "out.csv", LABELLER)
    assert files() == ["a.csv", "out.csv"]


def test_a_failure_leaves_everything_as_it_was() -> None:
    label_files([written("a.csv", REJECTED)], "out.csv", LABELLER)
    before = {name: Path(name).read_bytes() for name in files()}
    broken = '{"text": "a"}\n' * 9_000 + '{"text": ""}\n{"text": "' + "x" * 40_000 + '"}\n'
    before["b.jsonl"] = broken.encode()
    written("b.jsonl", broken)
    message, exit_code = refusal(["b.jsonl"], "out.csv", format="xlsx")
    assert "a text is longer than the 32,767 characters" in message
    assert exit_code == 1
    assert {name: Path(name).read_bytes() for name in files()} == before


def test_a_disk_that_fills_up(monkeypatch: pytest.MonkeyPatch) -> None:
    written("out.csv", "precious")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("stance.pieces.spelt_rows", full)
    assert refusal([written("a.csv", QUOTES)], "out.csv") == (
        "out.csv: cannot be written: No space left on device",
        1,
    )
    assert Path("out.csv").read_text() == "precious"
    assert files() == ["a.csv", "out.csv"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "no such file"),
        ("a.csv", "", "is empty; its first row must name the columns"),
        ("a.csv", "id,said\n1,a\n", "no column is called"),
        ("a.csv", "text,review\na,b\n", 'has a column "review" already'),
        ("a.json", "[]", '".json" is none of'),
        ("a.parquet", "PAR1", "cannot be read as Parquet"),
        ("a.xlsx", "PK", "cannot be read as an Excel workbook"),
        ("a.csv.gz", "\x1f\x8b", ""),
    ],
)
@pytest.mark.parametrize("output", ["out.csv", "out.parquet", "out.xlsx", "out.jsonl"])
def test_bad_input_writes_nothing(
    name: str, content: str | None, message: str, output: str
) -> None:
    if content is not None:
        Path(name).write_bytes(content.encode("latin1"))
    written("out.csv", "precious")
    before = files()
    said, exit_code = refusal([name], output)
    assert said.startswith(f"{name}: {message}")
    assert exit_code in {1, 2}
    assert files() == before
    assert Path("out.csv").read_text() == "precious"


def test_a_missing_input_where_the_output_exists() -> None:
    written("out.csv", "precious")
    assert refusal(["none.csv"], "out.csv") == ("none.csv: no such file", 2)


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("a.csv", "a.csv"),
        ("a.csv", "./a.csv"),
        ("a.csv", "link.csv"),
        ("out.csv.rejects.jsonl", "out.csv"),
        ("out.csv.part", "out.csv"),
        ("out.csv.rejects.jsonl.part", "out.csv"),
    ],
)
def test_the_input_is_not_written_over(name: str, output: str) -> None:
    written(name, QUOTES)
    os.symlink("a.csv", "link.csv")
    before = files()
    with pytest.raises(StanceError) as raised:
        label_files([name], output, Labeller(MODEL, format="csv"))
    assert str(raised.value) == f"{name}: would be written over; give the output another name"
    assert raised.value.exit_code == 2
    assert Path(name).read_text() == QUOTES
    assert files() == before


@pytest.mark.parametrize("output", ["out.csv", "-"])
def test_the_standard_input_is_read_once(output: str) -> None:
    assert refusal(["-", "-"], output) == ("the standard input can be read only once", 2)


def test_a_folder_in_the_place_of_the_rejects() -> None:
    Path("out.csv.rejects.jsonl").mkdir()
    message, exit_code = refusal([written("a.csv", REJECTED)], "out.csv")
    assert message == "out.csv.rejects.jsonl: is a folder where rejects would be written; move it"
    assert exit_code == 1
    assert files() == ["a.csv", "out.csv.rejects.jsonl"]


def test_several_files() -> None:
    inputs = [written(name, QUOTES) for name in ("a.csv", "b.csv")]
    inputs.append(written("c.tsv", QUOTES.replace(",", "\t")))
    result = label_files(inputs, "out.csv", LABELLER)
    assert (result.rows, result.by_stance["accusatory"], result.review) == (9, 3, 3)
    assert [row[0] for row in read_csv(Path("out.csv"))] == ["id", *"123123123"]


@pytest.mark.parametrize("header", ["id,text,more", "text,id", "ID,text", "text"])
def test_several_files_with_other_columns(header: str) -> None:
    written("a.csv", QUOTES)
    row = ",".join(["x"] * len(header.split(",")))
    written("b.csv", f"{header}\n{row}\n")
    assert refusal(["a.csv", "b.csv"], "out.csv") == (
        "b.csv: its columns are not those of a.csv, in that order; label them one at a time",
        2,
    )
    assert files() == ["a.csv", "b.csv"]
    # Records of JSON need not be alike.
    assert label_files(["a.csv", "b.csv"], "out.jsonl", LABELLER).rows == 4


def test_several_files_with_other_types() -> None:
    pq.write_table(pa.table({"text": ["a"], "n": [1]}), "a.parquet")
    pq.write_table(pa.table({"text": ["b"], "n": ["007"]}), "b.parquet")
    assert refusal(["a.parquet", "b.parquet"], "out.parquet") == (
        'out.parquet: column "n" is int64 in one file and string in another; '
        "label them one at a time",
        1,
    )
    assert label_files(["a.parquet", "b.parquet"], "out.csv", LABELLER).rows == 2
    assert [row[1] for row in read_csv(Path("out.csv"))] == ["n", "1", "007"]


@pytest.mark.parametrize(
    ("content", "output", "start", "delimiter"),
    [
        (b"\xef\xbb\xbfid;text\n1;a\n", "o.csv", b"\xef\xbb\xbfid;text;stance", ";"),
        ("id;text\n1;“a”\n".encode("cp1252"), "o.csv", b"\xef\xbb\xbfid;text;stance", ";"),
        ("id\ttext\n1\ta\n".encode("utf-16"), "o.csv", b"\xef\xbb\xbfid\ttext\tstance", "\t"),
        (b"id|text\n1|a\n", "o.csv", b"id|text|stance", "|"),
        (b"id|text\n1|a\n", "o.tsv", b"id\ttext\tstance", ","),
    ],
)
def test_what_spreadsheets_need_stays(
    content: bytes, output: str, start: bytes, delimiter: str
) -> None:
    Path("a.csv").write_bytes(content)
    label_files(["a.csv"], output, LABELLER)
    assert Path(output).read_bytes().startswith(start)
    # What was written can be labelled again.
    label_files([output], "again.csv", Labeller(MODEL, prefix="second_"))
    rows = read_csv(Path("again.csv"), delimiter)
    assert len(rows[0]) == 14


def test_mixed_values_of_jsonl_in_other_formats() -> None:
    line = (
        '{"text": "a", "n": 1.10, "big": 12345678901234567890, "no": null, "yes": true, '
        '"s": "007", "in": {"x": 1.10, "y": [1]}, "odd": {"excel": "z", "format": "0"}, '
        '"nan": NaN, "e": 1E400}\n'
    )
    written("a.jsonl", line + '{"text": "b"}\n')
    values = ["1.10", "12345678901234567890", "", "true", "007"]
    rest = ['{"x": 1.10, "y": [1]}', '{"excel": "z", "format": "0"}', "NaN", "1E400"]
    for output in ("o.csv", "o.parquet"):
        label_files(["a.jsonl"], output, LABELLER)
        first, second = READERS[output[2:]](Path(output))[1:]
        assert first[1:10] == [*values, *rest]
        assert second[1:10] == [""] * 9
    label_files(["a.jsonl"], "o.xlsx", LABELLER)
    sheet = openpyxl.load_workbook("o.xlsx").active
    first = [cell.value for cell in sheet[2]]
    assert first[1:6] == [1.1, "12345678901234567890", None, True, "007"]
    assert first[6:9] == rest[:3]


def test_half_a_character_in_every_format() -> None:
    written("a.jsonl", '{"text": "They lied \\ud800", "n": "\\udfff", "m": ["\\ud800"]}\n')
    for target in FORMATS:
        assert label_files(["a.jsonl"], f"o.{target}", LABELLER).rows == 1
    for target in ("csv", "tsv", "parquet", "xlsx"):
        row = READERS[target](Path(f"o.{target}"))[1]
        assert row[:3] == ["They lied \ufffd", "\ufffd", '["\\ud800"]']


def test_values_of_excel_stay_in_excel() -> None:
    book = openpyxl.load_workbook(workbook_of_values())
    label_files(["values.xlsx"], "o.xlsx", LABELLER)
    labelled = openpyxl.load_workbook("o.xlsx").active
    before = [[(c.value, c.number_format) for c in row] for row in book.active.iter_rows()]
    after = [[(c.value, c.number_format) for c in row[:8]] for row in labelled.iter_rows()]
    assert after == before
    assert labelled.freeze_panes == "A2"
    Path("second").mkdir()
    label_files(["values.xlsx"], "second/o.xlsx", LABELLER)
    assert Path("second/o.xlsx").read_bytes() == Path("o.xlsx").read_bytes()


def test_values_of_excel_in_csv_and_jsonl() -> None:
    workbook_of_values()
    label_files(["values.xlsx"], "o.csv", LABELLER)
    assert read_csv(Path("o.csv"))[1][:8] == [
        "007",
        "They lied",
        "2016-10-12",
        "2016-10-12T14:30:00",
        "true",
        "",
        "0.125",
        "0042",
    ]
    label_files(["values.xlsx"], "o.jsonl", LABELLER)
    record = json.loads(Path("o.jsonl").read_text())
    assert [record[name] for name in ("id", "on", "yes", "none", "x", "s")] == [
        "007",
        "2016-10-12",
        True,
        None,
        0.125,
        "0042",
    ]


def workbook_of_values() -> str:
    import datetime

    book = openpyxl.Workbook()
    book.active.append(["id", "text", "on", "at", "yes", "none", "x", "s"])
    on = datetime.datetime(2016, 10, 12)
    book.active.append(
        [7, "They lied", on, on.replace(hour=14, minute=30), True, None, 0.125, "0042"]
    )
    book.active["A2"].number_format = "000"
    book.active["C2"].number_format = "yyyy-mm-dd"
    book.save("values.xlsx")
    return "values.xlsx"


def test_more_rows_than_a_batch() -> None:
    n = 20_000
    lines = ["id,text"] + [f"{i},{'' if i % 1000 == 7 else f'They lied {i}'}" for i in range(n)]
    result = label_files([written("a.csv", "\n".join(lines))], "o.csv", LABELLER)
    assert (result.rows, result.rejected) == (n - 20, 20)
    ids = [int(row[0]) for row in read_csv(Path("o.csv"))[1:]]
    assert ids == [i for i in range(n) if i % 1000 != 7]
    rejects = [json.loads(line) for line in Path("o.csv.rejects.jsonl").read_text().splitlines()]
    assert [reject["row"] for reject in rejects] == [i + 2 for i in range(n) if i % 1000 == 7]


def test_single_quotes() -> None:
    label_texts(["They lied", 'say "no"'], "o.jsonl", LABELLER)
    records = [json.loads(line) for line in Path("o.jsonl").read_text().splitlines()]
    assert [list(record) for record in records] == [["text", *LABEL_COLUMNS]] * 2
    assert [record["text"] for record in records] == ["They lied", 'say "no"']
    assert [record["stance"] for record in records] == ["accusatory", "neutral"]


@pytest.mark.parametrize("texts", [[""], ["a", " \n"]])
def test_empty_single_quotes(texts: list[str]) -> None:
    with pytest.raises(StanceError) as raised:
        label_texts(texts, "o.csv", LABELLER)
    assert (str(raised.value), raised.value.exit_code) == ("--text is empty", 2)
    assert files() == []


def test_rows_for_showing() -> None:
    written("a.csv", "Speaker,text,speaker\nValls,They lied,x\n,,\n")
    rejects: list[Reject] = []
    rows = list(labelled_rows(["a.csv"], [], LABELLER, on_reject=rejects.append))
    assert [(row[0], *row[2:]) for row in rows] == [("accusatory", False, "Valls", "They lied")]
    assert [str(reject) for reject in rejects] == ['a.csv:3: column "text" is empty']
    (row,) = labelled_rows([], ["It rains"], LABELLER, on_reject=rejects.append)
    assert (row[0], *row[2:]) == ("neutral", True, "", "It rains")

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tiny import tiny_model

from stance import STANCES, load_model, store
from stance.cli import stance

COMMANDS = sorted(stance.commands)
GROUPS = {name: group for name, group in stance.commands.items() if isinstance(group, click.Group)}
SUBCOMMANDS = sorted(f"{name} {sub}" for name, group in GROUPS.items() for sub in group.commands)
HEADER = "stance,probability,accusatory,conciliatory,neutral,review"
LIED = "accusatory,0.9908,0.9908,0.0025,0.0067,false"
WELCOME = "conciliatory,0.9908,0.0025,0.9908,0.0067,false"
RAINS = "neutral,0.5762,0.2119,0.2119,0.5762,true"
QUOTES = "id,text\n1,They lied.\n2,We welcome it.\n3,It rains.\n"
LABELLED = (
    f"id,text,{HEADER}\n1,They lied.,{LIED}\n2,We welcome it.,{WELCOME}\n3,It rains.,{RAINS}\n"
)
COUNTED = "3 quotes labelled: 1 accusatory, 1 conciliatory, 1 neutral; 1 to review\n"

OPENINGS = {
    "accusatory": ["They lied about", "They lied again over", "He lied to hide", "You lied on"],
    "conciliatory": ["We welcome talks on", "I welcome", "Both welcome", "You are welcome to"],
    "neutral": ["The session covers", "A vote is due on", "The report lists", "It concerns"],
}
TOPICS = ["the border", "the dam", "the port", "the treaty", "the budget"]
ANNOTATED = "speaker,text,stance\n" + "".join(
    f"speaker {i},{opening} {topic}.,{name}\n"
    for name, openings in OPENINGS.items()
    for opening in openings
    for i, topic in enumerate(TOPICS)
)


@dataclass(frozen=True)
class Done:
    exit_code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("STANCE_HOME", str(tmp_path / ".store"))
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    tiny_model().save("tiny.parquet")
    Path("a.csv").write_text(QUOTES)
    return tmp_path


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process."""

    def run(*arguments: str, given: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as stopped:
            stance(list(arguments), prog_name="stance")
        out, err = capsysbinary.readouterr()
        code = stopped.value.code
        assert code is None or isinstance(code, int)
        return Done(code or 0, out.decode(), err.decode())

    return run


@pytest.fixture
def predict(run: Run) -> Run:
    return lambda *arguments, **given: run(
        "predict", "--model", "tiny.parquet", *arguments, **given
    )


def shell(*arguments: str, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    """Runs a command as people do."""
    command = [sys.executable, "-W", "error", "-m", "stance", *arguments]
    return subprocess.run(command, capture_output=True, **settings)


def files() -> list[str]:
    return sorted(
        p.name for p in Path().iterdir() if p.name not in {"a.csv", "tiny.parquet", ".store"}
    )


# -------------------------------------------------------------------------------- help


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    heavy = ["numpy", "pyarrow", "sklearn", "scipy", "joblib", "rich", "openpyxl"]
    program = f"import sys, stance.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_labelling_one_quote_imports_nothing_it_does_not_need(tmp_path: Path) -> None:
    # Arrow would import whatever calls itself pandas.
    (tmp_path / "pandas").mkdir()
    (tmp_path / "pandas" / "__init__.py").write_text("raise SystemExit(3)")
    command = [sys.executable, "-X", "importtime", "-m", "stance", "predict", "--text", "We hope."]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.split("\n")
    }
    assert "pyarrow" in imported
    assert not imported & {
        "charset_normalizer",
        "joblib",
        "openpyxl",
        "rich",
        "scipy",
        "sklearn",
        "threadpoolctl",
    }
    assert done.stdout.startswith("text,stance,")


def test_help_of_the_whole(run: Run) -> None:
    done = run("--help")
    assert (done.exit_code, done.err) == (0, "")
    for code in ("0  done", "1  bad data", "2  bad usage", "3  refused", "4  done, but some rows"):
        assert f"\n    {code}" in done.out
    for name in COMMANDS:
        assert re.search(rf"^  {name}  +[A-Z]", done.out, re.MULTILINE)
    assert run("-h").out == done.out


def test_the_version(run: Run) -> None:
    done = run("--version")
    assert done.exit_code == 0
    assert re.fullmatch(r"stance, version \d+\.\d+\.\d+\n", done.out)


def examples_of(text: str) -> list[str]:
    _, _, last = text.rpartition("Examples:\n")
    return [line.strip() for line in last.splitlines()]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that the training script made of the small annotated file."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "annotated.csv").write_text(ANNOTATED)
    arguments = ["annotated.csv", "--output", "m.parquet", "--jobs", "1", "--quiet"]
    script = [sys.executable, "-m", "stance.training", *arguments]
    done = subprocess.run(script, cwd=folder, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"macro-F1") == 1
    return folder / "m.parquet"


def label_studio_choice(label: str) -> dict[str, object]:
    name = "hostile" if label == "accusatory" else label
    return {"type": "choices", "value": {"choices": [name]}}


@pytest.mark.parametrize("command", ["", *COMMANDS, *SUBCOMMANDS])
def test_help_ends_with_two_examples_that_run(
    run: Run, trained: Path, command: str, request: pytest.FixtureRequest
) -> None:
    if command == "retrain":
        request.getfixturevalue("small_shipped")
    done = run(*command.split(), "--help")
    assert (done.exit_code, done.err) == (0, "")
    examples = examples_of(done.out)
    assert len(examples) == 2
    for name in (
        "quotes.csv",
        "annotations.csv",
        "annotated.csv",
        "round-1.csv",
        "ana.csv",
        "ben.csv",
    ):
        Path(name).write_text(
            ANNOTATED.replace("stance", "label")
            if name == "annotated.csv"
            else QUOTES
            if name == "quotes.csv"
            else ANNOTATED
        )
    Path("labelled.csv").write_text(LABELLED)
    Path("more.jsonl").write_text('{"text": "So.", "stance": "neutral"}\n')
    Path("articles").mkdir()
    for article in ("article.txt", "articles/1.txt"):
        Path(article).write_text("Ana Berg said: “We will stay.”\n")
    book = openpyxl.Workbook()
    for line in QUOTES.splitlines():
        book.active.append(line.split(","))
    book.save("quotes.xlsx")
    book = openpyxl.Workbook()
    for line in ANNOTATED.splitlines():
        book.active.append(line.split(","))
    book.save("round-2.xlsx")
    for name in ("model.parquet", "my.parquet", "mine.parquet"):
        shutil.copy(trained, name)
    rounds = [(row["text"], row["stance"]) for row in csv.DictReader(io.StringIO(ANNOTATED))]
    Path("project.json").write_text(
        json.dumps(
            [
                {"data": {"text": text}, "annotations": [{"result": [label_studio_choice(label)]}]}
                for text, label in rounds
            ]
        )
    )
    with store.locked():
        for _ in range(2):
            store.publish(load_model(trained), load_model(trained).card, pa.table({"text": []}))
    for example in examples:
        program, *arguments = shlex.split(example)
        assert program == "stance"
        assert run(*arguments).exit_code == 0, example


# ----------------------------------------------------------------------------- predict


def test_a_file_to_a_file(predict: Run) -> None:
    assert predict("a.csv", "--output", "out.csv") == Done(0, "", COUNTED)
    assert Path("out.csv").read_text() == LABELLED
    assert files() == ["out.csv"]


@pytest.mark.parametrize("more", [[], ["--output", "-"], ["-o", "-"]])
def test_a_file_to_the_standard_output(predict: Run, more: list[str]) -> None:
    assert predict("a.csv", *more) == Done(0, LABELLED, COUNTED)
    assert files() == []


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_the_standard_input(predict: Run, arguments: list[str]) -> None:
    assert predict(*arguments, given=QUOTES.encode()) == Done(0, LABELLED, COUNTED)
    assert predict(*arguments, given=gzip.compress(QUOTES.encode())).out == LABELLED


def test_quiet(predict: Run) -> None:
    assert predict("a.csv", "--quiet") == Done(0, LABELLED, "")


def test_the_format_of_the_standard_input(predict: Run) -> None:
    done = predict("--format", "jsonl", given=b'{"text":"They lied."}')
    assert done.out == (
        '{"text":"They lied.", "stance": "accusatory", "probability": 0.9908, '
        '"accusatory": 0.9908, "conciliatory": 0.0025, "neutral": 0.0067, "review": false}\n'
    )


@pytest.mark.parametrize("format", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_every_format_on_the_standard_output(predict: Run, folder: Path, format: str) -> None:
    done = shell("predict", "a.csv", "--model", "tiny.parquet", "--output-format", format)
    assert (done.returncode, done.stderr.decode()) == (0, COUNTED)
    Path(f"piped.{format}").write_bytes(done.stdout)
    predict("a.csv", "--output", f"out.{format}")
    assert Path(f"piped.{format}").read_bytes() == Path(f"out.{format}").read_bytes()


def test_settings_of_predict(predict: Run) -> None:
    Path("b.csv").write_bytes("said;stance\n“They lied”;mine\nÉ;other\n".encode("cp1252"))
    done = predict(
        *("b.csv", "--text-column", "said", "--encoding", "windows-1252", "--prefix", "m_"),
        *("--threshold", "0.999", "--abstain", "--output-format", "jsonl", "--quiet"),
    )
    assert (done.exit_code, done.err) == (0, "")
    first, second = map(json.loads, done.out.splitlines())
    assert first == {
        "said": "“They lied”",
        "stance": "mine",
        "m_stance": None,
        "m_probability": 0.9908,
        "m_accusatory": 0.9908,
        "m_conciliatory": 0.0025,
        "m_neutral": 0.0067,
        "m_review": True,
    }
    assert second["said"] == "É"


def test_single_quotes(predict: Run) -> None:
    done = predict("--text", "They lied.", "--text", "It rains.")
    assert done == Done(0, f"text,{HEADER}\nThey lied.,{LIED}\nIt rains.,{RAINS}\n", "")
    assert predict("--text", "They lied.", "-o", "o.csv") == Done(0, "", "")
    assert Path("o.csv").read_text() == f"text,{HEADER}\nThey lied.,{LIED}\n"


REJECTED = b"id,text\n1,They lied.\n2, \n3\n"


def test_rejects_beside_the_output(predict: Run) -> None:
    Path("b.csv").write_bytes(REJECTED)
    assert predict("b.csv", "-o", "out.csv") == Done(
        4,
        "",
        "1 quote labelled: 1 accusatory, 0 conciliatory, 0 neutral; 0 to review\n"
        "2 rows rejected: see out.csv.rejects.jsonl\n",
    )
    assert predict("b.csv", "-o", "out.csv", "--quiet") == Done(4, "", "")
    rejects = Path("out.csv.rejects.jsonl").read_text().splitlines()
    assert [json.loads(line)["row"] for line in rejects] == [3, 4]


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_rejects_of_the_standard_output_are_told(predict: Run, quiet: list[str]) -> None:
    done = predict("-", *quiet, given=REJECTED)
    told = (
        'standard input:3: column "text" is empty\n'
        "standard input:4: has 1 fields where the header has 2\n"
    )
    counted = (
        "1 quote labelled: 1 accusatory, 0 conciliatory, 0 neutral; 0 to review\n"
        "2 rows rejected: see above\n"
    )
    assert done == Done(
        4, f"id,text,{HEADER}\n1,They lied.,{LIED}\n", told + ("" if quiet else counted)
    )
    assert files() == []


def test_a_table(predict: Run) -> None:
    Path("b.csv").write_text('speaker,text\nValls,"They\nlied."\n,It rains.\nPutin,\n')
    done = predict("b.csv", "--table")
    assert done.exit_code == 4
    assert done.err == 'b.csv:5: column "text" is empty\n'
    assert [line.rstrip() for line in done.out.splitlines()] == [
        "",
        " stance       prob.   review   speaker   quote",
        " ──────────────────────────────────────────────────",
        " accusatory    0.99            Valls     They lied.",
        " neutral       0.58   look               It rains.",
        "",
    ]


def test_a_long_table_is_cut(predict: Run) -> None:
    Path("b.txt").write_text("They lied.\n" * 1_234)
    done = predict("b.txt", "--table")
    assert done.exit_code == 0
    assert done.out.count("They lied.") == 50
    assert done.out.endswith("... and 1,184 more; write them all with --output FILE\n")


ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202eThey lied.\r\x08"


@pytest.mark.parametrize("command", ["predict", "explain"])
def test_quotes_cannot_steer_the_terminal(run: Run, command: str) -> None:
    more = ["--table"] if command == "predict" else []
    done = run(command, "--model", "tiny.parquet", "--text", ESCAPES, *more)
    assert done.exit_code == 0
    assert "They lied." in done.out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.out)


def test_speakers_cannot_steer_the_terminal(predict: Run) -> None:
    Path("b.jsonl").write_text(json.dumps({"text": "They lied.", "speaker": ESCAPES}))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", predict("b.jsonl", "--table").out)


def test_errors_cannot_steer_the_terminal(run: Run, predict: Run) -> None:
    Path("b.csv").write_bytes(b"said\x1b[2J\xc2\x9b\r\na\r\n")
    done = predict("b.csv")
    assert done.exit_code == 2
    assert "\x1b" not in done.err
    assert "\x9b" not in done.err
    Path("c.csv").write_bytes(b"text,stance\na,bad\x1b[2J\n")
    done = run("evaluate", "c.csv", "--model", "tiny.parquet")
    assert done == Done(
        1,
        "",
        'c.csv:2: unknown stance "bad [2J"; use accusatory, conciliatory, neutral\n'
        "mend them, or leave them out with --skip-bad\n",
    )


NO_TEXT_COLUMN = (
    "no column is called text or quote or quotation or statement or content; there are: "
    '"id", "said"; name the one with the quotes with --text-column'
)
KNOWN = ".csv, .tsv, .jsonl, .parquet, .xlsx, .txt"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["none.csv"], 2, "none.csv: no such file"),
        (["none.xls"], 2, "none.xls: no such file"),
        (["none.csv", "-o", "a.csv"], 2, "none.csv: no such file"),
        (["."], 2, f'.: "" is none of {KNOWN}; name its format with --format'),
        ([".", "--format", "csv"], 2, ".: is a folder; name the files in it"),
        (["said.csv"], 2, f"said.csv: {NO_TEXT_COLUMN}"),
        (
            ["said.csv", "--text-column", "text"],
            2,
            'said.csv: no column "text"; there are: "id", "said"',
        ),
        (
            ["clash.csv"],
            2,
            'clash.csv: has a column "stance" already; rename it, or add --prefix model_ to '
            'write "model_stance"',
        ),
        (["empty.csv"], 1, "empty.csv: is empty; its first row must name the columns"),
        (["empty.xlsx"], 1, "empty.xlsx: cannot be read as an Excel workbook (.xlsx)"),
        (["empty.parquet"], 1, "empty.parquet: cannot be read as Parquet; is it cut short?"),
        (["empty.jsonl"], 1, "empty.jsonl: is empty; each line must be one JSON object"),
        (
            ["a.json"],
            2,
            f'a.json: ".json" is none of {KNOWN}; write one record a line (.jsonl), for '
            "instance with: jq -c '.[]'",
        ),
        (["a.xls"], 2, f'a.xls: ".xls" is none of {KNOWN}; save it as .xlsx'),
        (
            ["a.docx"],
            2,
            f'a.docx: ".docx" is none of {KNOWN}; save it as plain text (.txt), a quote a line',
        ),
        (["cut.csv.gz"], 1, "cut.csv.gz: is not whole gzip data; is it cut short?"),
        (["a.csv", "--encoding", "klingon"], 2, 'there is no encoding "klingon"'),
        (["a.csv", "--encoding", "hex"], 2, 'there is no encoding "hex"'),
        (["a.csv", "-o", "no/out.csv"], 2, "no/out.csv: its folder does not exist"),
        (["a.csv", "-o", "folder.csv"], 2, "folder.csv: is a folder; name a file in it"),
        (
            ["a.csv", "-o", "out.txt"],
            2,
            'out.txt: labels cannot be written as ".txt"; end the name with one of '
            ".csv, .tsv, .jsonl, .parquet, .xlsx, or add --output-format",
        ),
        (
            ["a.csv", "-o", "./a.csv"],
            2,
            "a.csv: would be written over; give the output another name",
        ),
        (
            ["a.csv", "clash.csv", "--prefix", "m_", "-o", "out.csv"],
            2,
            "clash.csv: its columns are not those of a.csv, in that order; label them one at "
            "a time",
        ),
        (["-", "-"], 2, "the standard input can be read only once"),
        (["--text", ""], 2, "--text is empty"),
        (["--text", "a", "--text", " "], 2, "--text is empty"),
        (["--text", " ", "--table"], 2, "--text is empty"),
        (["a.csv", "--model", "none.parquet"], 2, "none.parquet: no such model file"),
        (
            ["a.csv", "--model", "a.csv"],
            1,
            "a.csv: is no model file; a model is a .parquet table that `stance train` wrote",
        ),
        (
            ["a.csv", "--model", "m.joblib"],
            2,
            "m.joblib: such a file can run any code when it is loaded; add --trust if you made "
            "it yourself, or use a .parquet model",
        ),
        (["x" * 300 + ".csv"], 1, "x" * 300 + ".csv: cannot be read: File name too long"),
        (
            ["a.csv", "-o", "x" * 300 + ".csv"],
            1,
            "x" * 300 + ".csv: cannot be written: File name too long",
        ),
    ],
)
def test_what_is_said_of_bad_input(
    predict: Run, arguments: list[str], exit_code: int, message: str
) -> None:
    for name in ("empty.csv", "empty.xlsx", "empty.parquet", "empty.jsonl", "a.json", "a.xls"):
        Path(name).write_bytes(b"")
    for name in ("a.docx", "m.joblib"):
        Path(name).write_bytes(b"PK")
    Path("said.csv").write_text("id,said\n1,a\n")
    Path("clash.csv").write_text("text,stance\na,b\n")
    Path("cut.csv.gz").write_bytes(gzip.compress(QUOTES.encode())[:-4])
    Path("folder.csv").mkdir()
    before = files()
    assert predict(*arguments) == Done(exit_code, "", message + "\n")
    assert files() == before
    assert Path("a.csv").read_text() == QUOTES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--table", "-o", "o.csv", "a.csv"],
            "--table is for reading; give it, or --output, not both",
        ),
        (
            ["--table", "--output-format", "csv", "a.csv"],
            "--table is for reading; give it, or --output, not both",
        ),
        (["a.csv", "--text", "a"], "give FILEs or --text, not both"),
        (["a.csv", "--threshold", "nan"], "Invalid value for '--threshold': nan is not a number."),
        (
            ["a.csv", "--threshold", "2"],
            "Invalid value for '--threshold': 2.0 is not in the range 0<=x<=1.",
        ),
        (
            ["a.csv", "--threshold", "x"],
            "Invalid value for '--threshold': 'x' is not a valid float range.",
        ),
    ],
)
def test_what_is_said_of_bad_usage(predict: Run, arguments: list[str], message: str) -> None:
    done = predict(*arguments)
    assert (done.exit_code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == f"Error: {message}"
    assert files() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["predict", "--nonsense"],
        ["predict", "a.csv", "--format", "xml"],
        ["predict", "a.csv", "--output-format", "txt"],
        ["train", "a.csv"],
        ["train", "--output", "m.parquet"],
        ["evaluate"],
        ["explain"],
        ["export"],
        ["train", "a.csv", "-o", "m.parquet", "--jobs", "0"],
    ],
)
def test_wrong_options(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith("Error: ")


def test_an_interrupted_run_leaves_nothing(predict: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    Path("out.xlsx").write_text("precious")
    monkeypatch.setattr("stance.labelling.Labeller.label", interrupt)
    done = predict("a.csv", "-o", "out.xlsx")
    assert (done.exit_code, done.out, done.err.strip()) == (1, "", "Aborted!")
    assert files() == ["out.xlsx"]
    assert Path("out.xlsx").read_text() == "precious"


# ---------------------------------------------------------- as its own process, with a shell

PREDICT = ["predict", "--model", "tiny.parquet"]


def test_a_pipe() -> None:
    done = shell(*PREDICT, input=QUOTES.encode())
    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == (0, LABELLED, COUNTED)


def test_the_same_by_its_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "stance", *PREDICT, "--text", "They lied."], capture_output=True
    )
    assert done.stdout.decode() == f"text,{HEADER}\nThey lied.,{LIED}\n"


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("none.csv", "o.csv"),
        ("broken.xlsx", "o.xlsx"),
        ("broken.parquet", "o.parquet"),
        ("broken.jsonl", "o.jsonl"),
    ],
)
def test_one_line_and_no_traceback(name: str, output: str) -> None:
    for broken in ("broken.xlsx", "broken.parquet", "broken.jsonl"):
        Path(broken).write_bytes(b"PK\x03\x04 broken")
    done = shell(*PREDICT, name, "-o", output)
    assert done.returncode in {1, 2}
    assert done.stdout == b""
    assert done.stderr.startswith(f"{name}: ".encode())
    assert done.stderr.count(b"\n") == 1


def test_a_text_that_is_too_long_for_excel_makes_no_noise() -> None:
    Path("b.txt").write_text("It rains.\n" + "x" * 40_000)
    done = shell(*PREDICT, "b.txt", "-o", "o.xlsx")
    assert (done.returncode, done.stderr.decode()) == (
        1,
        "o.xlsx: a text is longer than the 32,767 characters of an Excel cell; "
        "write .csv or .parquet\n",
    )


def test_bytes_of_the_command_line_that_are_no_utf_8() -> None:
    done = shell(
        *PREDICT, "--table", "--text", b"They lied \xff".decode("utf-8", "surrogateescape")
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "They lied \ufffd" in done.stdout.decode()


def test_a_terminal_without_unicode() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = shell(*PREDICT, "--table", "--text", "“They lied” – é", env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?They lied? ? ?" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk always full")
@pytest.mark.parametrize("more", [[], ["--table"], ["--output-format", "xlsx"]])
def test_a_full_disk_behind_the_standard_output(more: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "stance", *PREDICT, "a.csv", *more],
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert (done.returncode, done.stderr) == (1, b"standard output: No space left on device\n")


@pytest.mark.parametrize(
    ("arguments", "closed", "message"),
    [
        ("", "<&-", 'Error: name a file, or give a quote with --text "..."'),
        ("-", "<&-", "standard input is closed; name a file"),
        ("a.csv", ">&-", "standard output is closed; add --output FILE"),
    ],
)
def test_closed_streams(arguments: str, closed: str, message: str) -> None:
    command = shlex.join([sys.executable, "-m", "stance", *PREDICT])
    done = subprocess.run(
        f"{command} {arguments} {closed}", shell=True, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == message


def test_a_reader_that_goes_away() -> None:
    Path("b.txt").write_text("They lied.\n" * 50_000)
    command = [sys.executable, "-m", "stance", *PREDICT, "b.txt"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == f"text,{HEADER}\n".encode()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def on_terminal(arguments: Sequence[str], **environment: str) -> tuple[int, str]:
    """Run a command with a terminal as its output."""
    terminal, its_end = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        process = subprocess.Popen(
            [sys.executable, "-m", "stance", *arguments],
            stdout=its_end,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100", **environment},
        )
        os.close(its_end)
        shown = b""
        try:
            while piece := screen.read(4096):
                shown += piece
        except OSError:  # Linux tells so of a terminal that nobody writes to any more.
            pass
        return process.wait(), shown.decode()


def test_a_table_in_colour_on_a_terminal() -> None:
    exit_code, shown = on_terminal([*PREDICT, "a.csv"])
    assert exit_code == 0
    assert "\x1b[31maccusatory" in shown
    assert "\x1b[32mconciliatory" in shown
    assert "\x1b[36mneutral" in shown


def test_no_colour_where_none_is_wanted() -> None:
    exit_code, shown = on_terminal([*PREDICT, "a.csv"], NO_COLOR="1")
    assert exit_code == 0
    assert re.search("accusatory +0.99 +They lied.", shown)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", shown)


def test_a_terminal_with_an_output_shows_no_table() -> None:
    exit_code, shown = on_terminal([*PREDICT, "a.csv", "-o", "out.csv"])
    assert (exit_code, shown) == (0, "")
    assert Path("out.csv").read_text() == LABELLED


# ----------------------------------------------------- train, evaluate, explain and export


def test_the_shipped_model_is_the_default(run: Run) -> None:
    done = run("predict", "--text", "They lied to us.", "--output-format", "jsonl")
    assert (done.exit_code, done.err) == (0, "")
    assert json.loads(done.out)["stance"] in STANCES


def test_training(run: Run, trained: Path) -> None:
    Path("annotated.csv").write_text(ANNOTATED)
    done = run("train", "annotated.csv", "-o", "m.parquet", "--jobs", "1")
    assert done.exit_code == 0
    for name in STANCES:
        assert re.search(rf"^ {name} +\d\.\d{{3}} +\d\.\d{{3}} +\d\.\d{{3}} +20 *$", done.out, re.M)
    assert re.search(r"^macro-F1 +[01]\.\d{3} ", done.out, re.MULTILINE)
    *stages, last = done.err.splitlines()
    assert stages == ["cross-validating ...", "calibrating ...", "fitting ..."]
    assert re.fullmatch(
        r"These are scores of out-of-fold predictions on 60 of 60 quotes, grouped by speaker; "
        r"C = \S+\. The model is in m\.parquet\.",
        last,
    )
    # The command and the script are the same.
    assert Path("m.parquet").read_bytes() == trained.read_bytes()
    labelled = run("predict", "--model", "m.parquet", "--text", "They lied about the road.")
    assert "accusatory" in labelled.out.splitlines()[1]


BAD = ANNOTATED + "Valls,a,angry\nPutin,,neutral\n"
TOLD = [
    'b.csv:62: unknown stance "angry"; use accusatory, conciliatory, neutral',
    'b.csv:63: column "text" is empty',
]
MEND = "mend them, or leave them out with --skip-bad"


@pytest.mark.parametrize(
    "command", [["train", "-o", "m.parquet"], ["evaluate", "--model", "tiny.parquet"]]
)
def test_bad_annotations_are_told_at_once(run: Run, command: list[str]) -> None:
    Path("b.csv").write_text(BAD)
    assert run(*command, "b.csv") == Done(1, "", "\n".join([*TOLD, MEND, ""]))
    assert files() == ["b.csv"]


def test_bad_annotations_can_be_left_out(run: Run) -> None:
    Path("b.csv").write_text(BAD)
    done = run("evaluate", "b.csv", "--model", "tiny.parquet", "--skip-bad")
    assert done.exit_code == 0
    assert done.err.splitlines() == [f"left out: {problem}" for problem in TOLD]
    assert "on 60 quotes" in done.out
    Path("c.csv").write_text("text,stance\na,neutral\nb,angry\n")
    done = run("train", "c.csv", "-o", "m.parquet", "--skip-bad")
    assert done.exit_code == 1
    assert done.err.splitlines()[0] == (
        'left out: c.csv:3: unknown stance "angry"; use accusatory, conciliatory, neutral'
    )


def test_evaluating(run: Run) -> None:
    Path("b.csv").write_text(ANNOTATED.replace("stance", "label"))
    done = run("evaluate", "b.csv", "--model", "tiny.parquet", "--threshold", "0.9")
    assert (done.exit_code, done.err) == (0, "")
    rows = [line.split() for line in done.out.splitlines()]
    for name in STANCES:
        assert [name, "1.000", "1.000", "1.000", "20"] in rows
    assert "macro-F1           1.000  (95% interval 1.000 to 1.000)\n" in done.out
    assert "accuracy           1.000  on 60 quotes\n" in done.out
    assert "without review     66.7% of quotes (probability 0.90 or more)\n" in done.out


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (
            ["train", "b.csv", "-o", "m.joblib"],
            2,
            "m.joblib: a model is a Parquet table; end its name with .parquet",
        ),
        (
            ["train", "b.parquet", "-o", "b.parquet"],
            2,
            "b.parquet: would be written over; give the output another name",
        ),
        (["train", "none.csv", "-o", "m.parquet"], 2, "none.csv: no such file"),
        (
            ["train", "a.csv", "-o", "m.parquet"],
            2,
            "a.csv: no column stance or label, and no column with nothing but stances; "
            'there are: "id", "text"; '
            "name the one with the stances with --stance-column",
        ),
        (
            ["train", "b.csv", "-o", "m.parquet", "--stance-column", "mood"],
            2,
            'b.csv: no column "mood"; there are: "text", "stance"; '
            "name the one with the stances with --stance-column",
        ),
        (
            ["train", "b.csv", "-o", "m.parquet"],
            1,
            "only 0 speakers have accusatory quotes; training needs at least 5 for each stance "
            "(quotes without a speaker count one each)",
        ),
        (["evaluate", "none.csv"], 2, "none.csv: no such file"),
        (["evaluate", "header.csv"], 1, "no annotation that counts in header.csv"),
        (["evaluate", "b.csv", "--model", "none"], 2, "none: no such model file"),
        (["explain", "--text", " "], 2, "--text is empty"),
        (["explain", "--text", "a", "--model", "none"], 2, "none: no such model file"),
        (["export", "m.pkl"], 2, "m.pkl: a pipeline's name must end in .joblib"),
        (["export", "no/m.joblib"], 2, "no/m.joblib: its folder does not exist"),
        (["export", "m.joblib", "--model", "none"], 2, "none: no such model file"),
    ],
)
def test_what_is_said_of_bad_annotations_and_models(
    run: Run, arguments: list[str], exit_code: int, message: str
) -> None:
    Path("b.csv").write_text("text,stance\na,neutral\n")
    Path("header.csv").write_text("text,stance\n")
    pq.write_table(pa.table({"text": ["a"], "stance": ["neutral"]}), "b.parquet")
    before = files(), Path("b.parquet").read_bytes()
    assert run(*arguments) == Done(exit_code, "", message + "\n")
    assert (files(), Path("b.parquet").read_bytes()) == before


def test_explaining(run: Run) -> None:
    done = run("explain", "--model", "tiny.parquet", "--text", "They lied.", "--text", "Hm.")
    assert (done.exit_code, done.err) == (0, "")
    assert [line.split() for line in done.out.splitlines() if line.strip(" ─")] == [
        ["accusatory", "They", "lied."],
        ["term", *STANCES],
        ["(before", "any", "word)", "+0.00", "+0.00", "+1.00"],
        ["lied", "+4.00", "-2.00", "-2.00"],
        ["sum", "+4.00", "-2.00", "-1.00"],
        ["probability", "0.99", "0.00", "0.01"],
        ["neutral", "Hm."],
        ["term", *STANCES],
        ["(before", "any", "word)", "+0.00", "+0.00", "+1.00"],
        ["sum", "+0.00", "+0.00", "+1.00"],
        ["probability", "0.21", "0.21", "0.58"],
    ]


def test_exporting(run: Run, predict: Run) -> None:
    assert run("export", "m.joblib", "--model", "tiny.parquet") == Done(0, "", "")
    refused = predict("a.csv", "--model", "m.joblib")
    assert (refused.exit_code, refused.out) == (2, "")
    assert "add --trust if you made it yourself" in refused.err
    assert predict("a.csv", "--model", "m.joblib", "--trust") == Done(0, LABELLED, COUNTED)
    assert files() == ["m.joblib"]


# --------------------------------------------------------------------- predict --explain


def test_explain_adds_the_strongest_terms(predict: Run) -> None:
    done = predict("a.csv", "--explain", "--prefix", "x_")
    header, lied, welcome, rains = done.out.splitlines()
    assert header.endswith("x_review,x_because")
    assert lied.endswith("false,lied (+4.00)")
    assert welcome.endswith("false,welcome (+4.00)")
    assert rains.endswith("true,")
    assert done.err == COUNTED


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "xlsx"])
def test_reasons_in_every_format(predict: Run, ending: str) -> None:
    Path("b.csv").write_text('text\n"They ""lied""\twelcome"\n')
    assert predict("b.csv", "--explain", "--output", f"out.{ending}").exit_code == 0
    assert predict(f"out.{ending}", "--prefix", "again_", "--output", "again.jsonl").exit_code == 0
    row = json.loads(Path("again.jsonl").read_text())
    assert row["because"] == "lied (+2.83)"
    assert list(row)[7:9] == ["because", "again_stance"]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(0)"])
def test_no_cell_of_a_workbook_is_a_formula(predict: Run, start: str) -> None:
    """Neither the quote, nor another column, nor the reasons; the text stays as it is."""
    quote = f"{start} They lied."
    with open("b.csv", "w", newline="") as file:
        csv.writer(file).writerows([["note", "text"], [start, quote]])
    assert predict("b.csv", "--explain", "--output", "out.xlsx").exit_code == 0
    cells = [c for row in openpyxl.load_workbook("out.xlsx").active.iter_rows() for c in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert [cells[9].value, cells[10].value] == [start, quote]
    # CSV has no types: what came is what goes.
    assert predict("b.csv", "--output", "out.csv").exit_code == 0
    with open("out.csv", newline="") as file:
        assert list(csv.reader(file))[1][:2] == [start, quote]


# ------------------------------------------------------------------------------ report


@pytest.fixture
def report(run: Run) -> Run:
    pytest.importorskip("vl_convert", reason="the extra [report] is not installed")
    Path("labelled.csv").write_text(LABELLED)
    return lambda *arguments, **given: run("report", "--model", "tiny.parquet", *arguments, **given)


def test_a_report(report: Run) -> None:
    done = report("labelled.csv", "--output", "r.html")
    assert done == Done(0, "", "3 quotes in r.html\n")
    assert files() == ["labelled.csv", "r.html"]


def test_a_report_of_the_standard_input(report: Run) -> None:
    assert report("-", "-o", "r.html", "--quiet", given=LABELLED.encode()) == Done(0, "", "")


def test_a_report_of_corrected_labels(report: Run) -> None:
    Path("labelled.csv").write_text(LABELLED.replace(LIED, LIED.replace("accusatory", "neutral")))
    assert report("labelled.csv", "--output", "r.html").err == (
        "3 quotes in r.html\n"
        "1 of the labels are not this model's; if another model made them, name it with --model\n"
    )


def test_a_report_with_rejects(report: Run) -> None:
    Path("labelled.csv").write_text(f"{LABELLED}4,,{RAINS}\n")
    done = report("labelled.csv", "--output", "r.html")
    assert (done.exit_code, done.out) == (4, "")
    assert done.err.startswith("labelled.csv:5: ")


def test_a_report_with_a_prefix(report: Run, predict: Run) -> None:
    assert predict("a.csv", "--prefix", "my_", "--output", "b.csv").exit_code == 0
    assert report("b.csv", "--prefix", "my_", "--output", "r.html").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["a.csv", "-o", "r.html"],
            1,
            'a.csv: no column "stance"; label it first: stance predict a.csv --output labelled.csv',
        ),
        (
            ["labelled.csv", "-o", "r.pdf"],
            2,
            "r.pdf: a report is a page; end its name with .html",
        ),
        (["none.csv", "-o", "r.html"], 2, "none.csv: no such file"),
        (["labelled.csv", "-o", "no/r.html"], 2, "no/r.html: its folder does not exist"),
        (["empty.csv", "-o", "r.html"], 1, "empty.csv: there is no quote to report on"),
        (
            ["r.html", "--format", "csv", "-o", "r.html"],
            2,
            "r.html: would be written over; give the output another name",
        ),
    ],
)
def test_reports_that_are_not_made(
    report: Run, arguments: list[str], code: int, message: str
) -> None:
    Path("empty.csv").write_text("text,stance\n")
    if arguments[0] == "r.html":
        Path("r.html").write_text(LABELLED)
    before = files()
    assert report(*arguments) == Done(code, "", f"{message}\n")
    assert files() == before

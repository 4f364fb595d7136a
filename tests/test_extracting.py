from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from stance.article import extract
from stance.cli import stance
from stance.extracting import COLUMNS, article_paths, open_articles

STORY = """Talks resume

MIRGRAD: Foreign Minister Ana Berg said on Monday: “They lied to us, again and again.”

“We welcome the talks and thank them,” she added.

Prime Minister Ivo Holt called the delay “a provocation”.
"""
PAGE = (
    "<!DOCTYPE html><html><head><title>Talks</title></head><body><nav><a href='/'>“Home”</a></nav>"
    "<article><h1>Talks resume</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in STORY.split("\n\n")[1:])
    + "</article><aside><h3>More stories</h3><ul><li><a href='#'>“Other,” he said</a></li></ul>"
    "</aside></body></html>"
)
SAID = [
    ("They lied to us, again and again.", "Ana Berg", "Foreign Minister", "direct"),
    ("We welcome the talks and thank them,", "Ana Berg", "Foreign Minister", "direct"),
    ("a provocation", "Ivo Holt", "Prime Minister", "fragment"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("story.txt").write_text(STORY, encoding="utf-8")
    return tmp_path


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(stance, arguments, input=given)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def said(text: str) -> list[tuple[str, ...]]:
    return [(r["text"], r["speaker"], r["role"], r["kind"]) for r in rows(text)]


@pytest.mark.parametrize("more", [[], ["--table"], ["--output", "out.csv"]])
def test_labelling_tells_of_marks_without_a_partner(more: list[str]) -> None:
    Path("odd.txt").write_text("Ana Berg said: “We will stay here.”\n\nShe said: “No more.\n")
    warning = "odd.txt:3: quotation mark never closed\n"
    done = run("predict", "odd.txt", "--article", *more)
    assert (done.exit_code, done.stderr.count(warning)) == (0, 1)
    quiet = run("predict", "odd.txt", "--article", "--quiet", *more)
    assert (quiet.exit_code, quiet.stderr) == (0, "")


def test_quotations_of_a_file() -> None:
    done = run("extract", "story.txt")
    assert (done.exit_code, done.stderr) == (0, "3 quotations in 1 article\n")
    assert list(rows(done.stdout)[0]) == list(COLUMNS)
    assert said(done.stdout) == SAID
    for row in rows(done.stdout):
        assert STORY[int(row["start"]) : int(row["end"])] == row["text"]
        assert row["text"] in row["context"]
        assert row["article"] == "story.txt"


def test_the_standard_input() -> None:
    done = run("extract", "--quiet", given=STORY.encode("cp1252"))
    assert (done.exit_code, done.stderr) == (0, "")
    assert said(done.stdout) == SAID
    assert {row["article"] for row in rows(done.stdout)} == {"standard input"}


def test_a_page() -> None:
    pytest.importorskip("trafilatura", reason="pages need the extra [html]")
    Path("story.html").write_text(PAGE, encoding="utf-8")
    assert said(run("extract", "story.html").stdout) == SAID


def test_a_page_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    done = run("extract", given=PAGE.encode())
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "standard input: is an HTML page; to read pages: pip install 'diplomatic-stance[html]'\n"
    )


def test_a_page_without_an_article() -> None:
    pytest.importorskip("trafilatura", reason="pages need the extra [html]")
    done = run("extract", given=b"<html><body></body></html>")
    assert (done.exit_code, done.stderr) == (
        1,
        "standard input: no article is found in this page\n",
    )


def test_a_folder_in_order_and_by_several_processes(folder: Path) -> None:
    (folder / "b").mkdir()
    for n in range(205):
        (folder / "b" / f"{n:03}.txt").write_text(STORY, encoding="utf-8")
    (folder / "b" / "notes.csv").write_text("no article")
    paths = article_paths(["b"])
    assert paths == [str(Path("b", f"{n:03}.txt")) for n in range(205)]
    with open_articles(paths, n_jobs=2) as file:
        found = [name for batch in file.batches for name in batch.table["article"].to_pylist()]
    assert found == [path for path in paths for _ in SAID]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("out.jsonl", lambda path: [json.loads(line) for line in path.read_text().splitlines()]),
        ("out.parquet", lambda path: pq.read_table(path).to_pylist()),
        ("out.csv", lambda path: rows(path.read_text())),
    ],
)
def test_other_formats(name: str, read: object) -> None:
    assert run("extract", "story.txt", "-o", name).exit_code == 0
    found = read(Path(name))  # type: ignore[operator]
    assert [(r["text"], r["speaker"], r["role"], r["kind"]) for r in found] == SAID


def test_extract_into_predict_and_both_in_one() -> None:
    piped = run("predict", given=run("extract", "story.txt").stdout.encode())
    at_once = run("predict", "--article", "story.txt")
    assert rows(piped.stdout) == rows(at_once.stdout)
    assert [row["stance"] for row in rows(piped.stdout)] == [
        "accusatory",
        "conciliatory",
        "accusatory",
    ]


def test_indirect_statements() -> None:
    story = b"Ana Berg said that the talks had failed."
    assert rows(run("extract", given=story).stdout) == []
    (found,) = rows(run("extract", "--indirect", given=story).stdout)
    assert (found["kind"], found["speaker"]) == ("indirect", "Ana Berg")
    assert "the talks had failed" in found["text"]


def test_odd_marks_are_told_of() -> None:
    done = run("extract", given="Ana Berg said: “We will stay.\n\nShe left.".encode())
    assert done.exit_code == 0
    assert done.stderr.splitlines()[0] == "standard input:1: quotation mark never closed"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["none.txt"], 2, "none.txt: no such file"),
        (["empty"], 1, "empty: holds no article (.txt or .html)"),
        (
            ["story.txt", "-o", "story.txt"],
            2,
            'story.txt: labels cannot be written as ".txt"; end the name with one of '
            ".csv, .tsv, .jsonl, .parquet, .xlsx, or add --output-format",
        ),
        (
            ["story.txt", "-o", "story.txt", "--output-format", "csv"],
            2,
            "story.txt: would be written over; give the output another name",
        ),
        (
            ["quotes.csv"],
            2,
            "quotes.csv: is a file of quotes, not an article; label it with stance predict",
        ),
        (["story.txt", "--encoding", "x"], 2, 'there is no encoding "x"'),
    ],
)
def test_bad_usage(arguments: list[str], code: int, message: str) -> None:
    Path("empty").mkdir()
    Path("quotes.csv").write_text("text\nWe hope.\n")
    before = Path("story.txt").read_bytes()
    done = run("extract", *arguments)
    assert (done.exit_code, done.stderr, done.stdout) == (code, f"{message}\n", "")
    assert Path("story.txt").read_bytes() == before


def test_one_bad_article_does_not_stop_the_others() -> None:
    pytest.importorskip("trafilatura", reason="pages need the extra [html]")
    Path("bad.html").write_text("<html><body></body></html>")
    done = run("extract", "bad.html", "story.txt")
    assert (done.exit_code, said(done.stdout)) == (4, SAID)
    failure = "bad.html: no article is found in this page\n"
    assert done.stderr == f"{failure}3 quotations in 1 article\n"
    assert run("extract", "bad.html", "story.txt", "--quiet").stderr == failure


def test_an_unreadable_article_of_a_folder_is_a_reject_of_predict() -> None:
    pytest.importorskip("trafilatura", reason="pages need the extra [html]")
    Path("all").mkdir()
    Path("all/a.txt").write_text(STORY, encoding="utf-8")
    Path("all/b.html").write_text("<html><body></body></html>")
    done = run("predict", "--article", "all", "-o", "out.csv")
    assert (done.exit_code, len(rows(Path("out.csv").read_text()))) == (4, len(SAID))
    (reject,) = Path("out.csv.rejects.jsonl").read_text().splitlines()
    assert json.loads(reject) == {
        "file": str(Path("all", "b.html")),
        "row": 1,
        "reason": "no article is found in this page",
        "record": "",
    }


def test_a_damaged_archive() -> None:
    Path("story.txt.gz").write_bytes(gzip.compress(STORY.encode())[:-9])
    done = run("extract", "story.txt.gz")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "story.txt.gz: is not whole gzip data; is it cut short?\n"


def test_bytes_that_are_no_text_do_not_stop_it() -> None:
    done = run("extract", given="Élan: Ana Berg said: “We’ll stay.” ".encode() + b"\xff\xfe\x81")
    assert said(done.stdout)[0][1] == "Ana Berg"


def test_the_article_the_project_was_born_from(shared: Path) -> None:
    text = (shared / "articles" / "kerry-lavrov-2016.txt").read_text(encoding="utf-8")
    speakers = [quotation.speaker.split()[-1] for quotation in extract(text).quotations]
    assert speakers == ["Earnest", "Earnest", "Putin", "Putin", "Valls", "Putin"]

"""The report, opened in a real browser."""

from __future__ import annotations

import csv
import datetime
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tiny import tiny_model

from stance import StanceError
from stance.labelling import Labeller, label_files
from stance.report import Labelled, read_labelled, write_report
from stance.report.figures import bars, is_repeated, sureness, timeline

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra [test] is not installed")
pytest.importorskip("vl_convert", reason="the extra [report] is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HEADER = ["speaker", "date", "topic", "source", "text"]
ROWS = [
    ["Ana Berg", "2025-01-06", "dam", "Courier", "They lied about the dam."],
    ["Ana Berg", "2025-01-20", "dam", "Gazette", "We welcome the talks on the dam."],
    ["Bo Dahl", "2025-02-03", "port", "Courier", "It rains in the port."],
    ["Bo Dahl", "2025-02-17", "port", "Gazette", "He lied, she lied, and we welcome none of it."],
    ["Cy Ek", "", "dam", "Courier", "A vote is due."],
]
HOSTILE = [
    "<script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    "</script><script>window.ran = 1</script><!--",
    "\"'><svg onload=window.ran=1>",
    "javascript:window.ran=1",
    "{{ 7 * 7 }} {% raw %} ${window.ran = 1} &lt;b&gt; &amp;",
    '=HYPERLINK("http://example.org", "look")',
    "\u202eأكاذيب كاذبة lied\u202c שלום",
    "🕊️👩‍👩‍👧 welcome 🕊️ lied 𝔩𝔦𝔢𝔡",
    "lied " + "very long words of a speech " * 400 + "welcome",
    "two\nlines,\ttabs\x0b and \x7f controls",
]


def labelled(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> str:
    given = path / "quotes.csv"
    with given.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    output = str(path / "labelled.csv")
    label_files([str(given)], output, Labeller(tiny_model()))
    return output


def made(path: Path, rows: list[list[str]], header: list[str] = HEADER, **settings: Any) -> Path:
    page = path / "report.html"
    quotes = read_labelled([labelled(path, rows, header)])
    write_report(quotes, str(page), tiny_model(), **settings)
    return page


# ------------------------------------------------------------------------------ reading


def test_columns_that_are_missing_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,stance\nThey lied.,accusatory\nIt rains.,\n")
    found = read_labelled([str(path)])
    assert found == Labelled(
        text=["They lied.", "It rains."],
        stance=["accusatory", ""],
        probability=[None, None],
        review=[False, False],
        speaker=["", ""],
        topic=["", ""],
        source=["", ""],
        date=[None, None],
        files=[str(path)],
    )


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_every_format_that_predict_writes(tmp_path: Path, ending: str) -> None:
    source = labelled(tmp_path, ROWS)
    wanted = read_labelled([source])
    given = str(tmp_path / "quotes.csv")
    output = str(tmp_path / f"other.{ending}")
    label_files([given], output, Labeller(tiny_model(), explain=True))
    found = read_labelled([output])
    assert {**vars(found), "files": []} == {**vars(wanted), "files": []} | {
        "probability": pytest.approx(wanted.probability, abs=2e-4)
    }
    assert found.date[0] == datetime.date(2025, 1, 6)


def test_several_files_with_other_columns(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"quote": "So.", "stance": "neutral", "review": true}\n')
    found = read_labelled([labelled(tmp_path, ROWS), str(tmp_path / "b.jsonl")])
    assert (len(found), found.review[-1], found.speaker[-2:]) == (6, True, ["Cy Ek", ""])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "text\nSo.\n",
            'a.csv: no column "stance"; label it first: stance predict a.csv --output labelled.csv',
        ),
        (
            "text,stance\nSo.,angry\n",
            'a.csv:2: "angry" is no stance; the column "stance" must hold '
            "accusatory, conciliatory, neutral, or nothing",
        ),
        (
            "text,stance,probability\nSo.,neutral,97%\n",
            'a.csv:2: "97%" is no probability; it must be from 0 to 1',
        ),
        (
            "text,stance,review\nSo.,neutral,perhaps\n",
            'a.csv:2: "perhaps" is neither true nor false, in column "review"',
        ),
    ],
)
def test_what_cannot_be_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text(content)
    with pytest.raises(StanceError) as raised:
        read_labelled(["a.csv"])
    assert str(raised.value) == message


# ------------------------------------------------------------------------------ figures


def test_the_span_chooses_the_unit() -> None:
    first = datetime.date(2020, 1, 1)
    for days, unit in [(30, "week"), (300, "month"), (5000, "year")]:
        found = timeline([first, first + datetime.timedelta(days)], ["neutral"] * 2)
        assert found is not None
        assert found.unit == unit
    assert timeline([first, first, None], ["neutral"] * 3) is None


def test_the_edges_of_the_calendar() -> None:
    found = timeline([datetime.date.min, datetime.date.max], ["neutral"] * 2)
    assert found is not None
    assert sum(found.counts.values()) == 2
    days = [datetime.date.min, datetime.date(1, 1, 9)]
    found = timeline(days, ["neutral"] * 2)
    assert found is not None
    assert found.unit == "week"


def test_every_quote_falls_into_one_bin() -> None:
    values = [i / 100 for i in range(101)]
    found = sureness(values, [False] * 101)
    assert sum(found.values()) == 101
    assert all(n == 5 + (low == 95) for (low, _), n in found.items())


def test_bars_are_sorted() -> None:
    found = bars(["neutral", "neutral", "accusatory", ""], ["b", "a", "a", ""])
    assert [(bar.names, bar.n) for bar in found] == [(("a",), 2), (("b",), 1)]
    assert is_repeated(["x", "y", "x", "y"])
    assert not is_repeated(["x", "y", "x"])


# --------------------------------------------------------------------------- the page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium here")
    with sync_api.sync_playwright() as playwright:
        # In a container there is often no user but root, and no sandbox for root.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page; whatever it complains of, or asks of the network, fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_page(path: Path, fragment: str = "", **settings: Any) -> Any:
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.partition("#")[0] == path.as_uri()
                else complaints.append(request.url)
            ),
        )
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("html[data-ready=yes]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def shown(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("#rows .quote").all_text_contents()]


def said(page: Any, count: str) -> list[str]:
    """Waits until the page says how many quotes it shows; gives them."""
    sync_api.expect(page.locator("#count")).to_have_text(count)
    return shown(page)


LIED, WELCOME, RAINS, BOTH, VOTE = (row[-1] for row in ROWS)


def test_headline_figures_and_charts(tmp_path: Path, opened: Callable[..., Any]) -> None:
    page = opened(made(tmp_path, ROWS, title="The <dam> & more"))
    assert page.title() == "The <dam> & more"
    assert page.locator("h1").inner_text() == "The <dam> & more"
    assert page.locator(".lead").inner_text() == (
        "5 quotes by 3 speakers, 2025-01-06 to 2025-02-17."
    )
    tiles = [tile.inner_text().split() for tile in page.locator(".tile").all()]
    assert tiles == [
        ["accusatory", "2", "40%"],
        ["conciliatory", "1", "20%"],
        ["neutral", "2", "40%"],
        ["wait", "for", "review", "2", "40%"],
    ]
    headings = page.locator("h2:visible").all_inner_texts()
    assert headings == [
        "Overall",
        "Stance over time",
        "How sure the model was",
        "Stance by speaker",
        "Stance by topic",
        "Stance by source",
        "The quotes",
    ]
    week = page.locator(".chart.wide path[aria-label='week of 6 Jan 2025: 1 accusatory']")
    assert week.locator("title").text_content() == "week of 6 Jan 2025: 1 accusatory"


def test_sorted_by_probability_and_back(tmp_path: Path, opened: Callable[..., Any]) -> None:
    page = opened(made(tmp_path, ROWS))
    assert said(page, "5 quotes") == [LIED, WELCOME, BOTH, RAINS, VOTE]
    head = page.locator("#rows th").nth(1)
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="probability").click()
    assert shown(page)[0] == RAINS
    assert head.get_attribute("aria-sort") == "ascending"
    page.get_by_label("Sort").select_option("newest first")
    sync_api.expect(page.locator("#rows .quote").first).to_have_text(BOTH)
    assert shown(page) == [BOTH, RAINS, WELCOME, LIED, VOTE]
    page.get_by_label("Sort").select_option("oldest first")
    sync_api.expect(page.locator("#rows .quote").first).to_have_text(LIED)
    assert shown(page) == [LIED, WELCOME, RAINS, BOTH, VOTE]


@pytest.mark.parametrize(
    ("label", "value", "kept", "quotes"),
    [
        ("Search", "DAM lied", "q=DAM+lied", [LIED]),
        ("Search", "berg", "q=berg", [LIED, WELCOME]),
        ("Search", "nothing of it", "q=nothing+of+it", []),
        ("Speaker", "Bo Dahl", "speaker=Bo+Dahl", [BOTH, RAINS]),
        ("Speaker", "e", "speaker=e", [LIED, WELCOME, VOTE]),
        ("Topic", "port", "topic=port", [BOTH, RAINS]),
        ("Source", "Gazette", "source=Gazette", [WELCOME, BOTH]),
        ("From", "2025-02-01", "from=2025-02-01", [BOTH, RAINS]),
        ("To", "2025-01-31", "to=2025-01-31", [LIED, WELCOME]),
        ("Review", "yes", "review=yes", [RAINS, VOTE]),
        ("Review", "no", "review=no", [LIED, WELCOME, BOTH]),
        ("Stance", "accusatory", "stance=accusatory", [LIED, BOTH]),
        ("Stance", "neutral", "stance=neutral", [RAINS, VOTE]),
    ],
)
def test_a_filter_is_kept_in_the_address(
    tmp_path: Path,
    opened: Callable[..., Any],
    label: str,
    value: str,
    kept: str,
    quotes: list[str],
) -> None:
    path = made(tmp_path, ROWS)
    page = opened(path)
    form = page.locator("#filters")
    if label == "Stance":
        form.get_by_label(value, exact=True).check()
    elif label == "Review":
        form.get_by_label(label).select_option(value)
    else:
        form.get_by_label(label, exact=True).fill(value)
    assert said(page, f"{len(quotes)} of 5 quotes") == quotes
    assert page.url.partition("#")[2] == kept
    # Whoever is sent the address sees the same.
    again = opened(path, f"#{kept}")
    assert said(again, f"{len(quotes)} of 5 quotes") == quotes
    again.get_by_role("button", name="Clear").click()
    assert len(said(again, "5 quotes")) == 5
    assert "#" not in again.url


def test_filters_join(tmp_path: Path, opened: Callable[..., Any]) -> None:
    page = opened(made(tmp_path, ROWS), "#stance=accusatory,neutral&source=Courier&sort=file")
    assert said(page, "3 of 5 quotes") == [LIED, RAINS, VOTE]
    assert page.get_by_label("Sort").input_value() == "file"


def test_a_bar_leads_to_its_quotes(tmp_path: Path, opened: Callable[..., Any]) -> None:
    page = opened(made(tmp_path, ROWS))
    page.get_by_role("link", name="Bo Dahl").first.click()
    assert said(page, "2 of 5 quotes") == [BOTH, RAINS]
    page.go_back()
    assert len(said(page, "5 quotes")) == 5


def test_the_deciding_words_are_marked(tmp_path: Path, opened: Callable[..., Any]) -> None:
    page = opened(made(tmp_path, ROWS))
    marks = page.locator("#rows tr").filter(has_text="He lied").locator("mark")
    found = [(mark.inner_text(), mark.get_attribute("class")) for mark in marks.all()]
    assert found == [("lied", "accusatory"), ("lied", "accusatory"), ("welcome", "conciliatory")]
    styles = page.evaluate(
        "['accusatory', 'conciliatory', 'neutral'].map(name =>"
        " getComputedStyle(document.querySelector('.note mark.' + name)).textDecorationStyle)"
    )
    assert styles == ["solid", "double", "dotted"]


@pytest.mark.parametrize("where", ["text", "everywhere"])
def test_a_hostile_file_runs_nothing(
    tmp_path: Path, opened: Callable[..., Any], where: str
) -> None:
    rows = [
        [*([evil.strip()] * 4 if where == "everywhere" else [""] * 4), evil] for evil in HOSTILE
    ] * 2
    evil = HOSTILE[2]
    page = opened(made(tmp_path, rows, title=evil))
    assert len(said(page, f"{len(rows)} quotes")) == len(rows)
    assert page.evaluate("window.ran") is None
    assert page.locator("h1").inner_text() == evil
    assert page.locator("main img, main svg[onload]").count() == 0
    assert page.locator("script").count() == 2
    page.get_by_label("Search").fill(evil)
    assert said(page, f"2 of {len(rows)} quotes") == [evil, evil]
    page.get_by_label("Search").fill("🕊️👩")
    sync_api.expect(page.locator("#rows .quote").first).to_have_text(HOSTILE[8])
    assert shown(page) == [HOSTILE[8]] * 2
    marks = page.locator("#rows tbody tr").first.locator("mark").all_inner_texts()
    assert marks == ["welcome", "lied", "𝔩𝔦𝔢𝔡"]
    page.get_by_label("Search").fill("very long")
    sync_api.expect(page.locator("#rows .quote").first).to_contain_text("very long")
    assert len(shown(page)[0]) < 1000
    page.get_by_role("button", name="Show all 11,212 characters").first.click()
    assert shown(page)[0] == HOSTILE[9]
    if where == "everywhere":
        link = page.locator(".bars a").filter(has_text="onerror").first
        link.click()
        assert said(page, f"2 of {len(rows)} quotes") == [HOSTILE[1]] * 2
        assert page.evaluate("window.ran") is None


def test_the_page_may_ask_for_nothing(tmp_path: Path, browser: Any) -> None:
    """Even a script that got in could neither run nor speak to anyone."""
    path = made(tmp_path, ROWS)
    text = path.read_text(encoding="utf-8")
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text
    broken = tmp_path / "broken.html"
    broken.write_text(
        text.replace("</main>", "</main><script>window.ran = 1</script><img src='x.png'>"),
        encoding="utf-8",
    )
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(broken.as_uri())
    page.wait_for_selector("html[data-ready=yes]")
    assert page.evaluate("window.ran") is None
    assert len([text for text in refused if "Content Security Policy" in text]) == 2
    page.close()


def test_a_thousand_speakers(tmp_path: Path, opened: Callable[..., Any]) -> None:
    rows = [[f"Delegate {i % 1000}", "", "", "", f"They lied, said {i}."] for i in range(1500)]
    page = opened(made(tmp_path, rows))
    assert page.get_by_text("and 988 more with fewer quotes").is_visible()
    assert page.locator("#rows tbody tr").count() == 60
    page.get_by_role("button", name="Show more").scroll_into_view_if_needed()
    sync_api.expect(page.locator("#rows tbody tr").nth(119)).to_be_attached()
    page.locator("#filters").get_by_label("Speaker").fill("Delegate 999")
    assert said(page, "1 of 1,500 quotes") == ["They lied, said 999."]


def test_one_quote_and_nothing_else(tmp_path: Path, opened: Callable[..., Any]) -> None:
    (tmp_path / "a.csv").write_text("text,stance\nSo.,\n")
    page_path = tmp_path / "report.html"
    write_report(read_labelled([str(tmp_path / "a.csv")]), str(page_path), tiny_model())
    page = opened(page_path)
    assert said(page, "1 quote") == ["So."]
    assert page.locator("#rows .stance").inner_text() == "left open"
    assert page.locator("h2:visible").all_inner_texts() == ["Overall", "The quotes"]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out(
    tmp_path: Path, opened: Callable[..., Any], width: int, scheme: str
) -> None:
    long = [["N" * 300, "2025-01-06", "t" * 300, "s" * 300, "w" * 3000]] * 2
    page = opened(
        made(tmp_path, [*ROWS, *long], title="T" * 200),
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
    )
    assert page.evaluate("document.documentElement.scrollWidth") == width
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shade == {"light": "rgb(251, 250, 247)", "dark": "rgb(20, 23, 27)"}[scheme]


def test_print_shows_the_quotes_without_the_filters(
    tmp_path: Path, opened: Callable[..., Any]
) -> None:
    rows = [["Ana", "", "", "", f"They lied, said {i}."] for i in range(600)]
    page = opened(made(tmp_path, rows))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#rows tbody tr").count() == 500
    assert page.locator("#printed").inner_text() == ("and 100 more quotes, which are not printed.")
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()


def test_everything_is_named_and_reached_by_keyboard(
    tmp_path: Path, opened: Callable[..., Any]
) -> None:
    page = opened(made(tmp_path, ROWS))
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input, select')].filter(f => !f.labels.length).length"
    )
    assert unnamed == 0
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(h => h.tagName)")
    assert levels[0] == "H1"
    assert set(levels[1:]) == {"H2"}
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the quotes"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("lied")
    assert said(page, "2 of 5 quotes") == [LIED, BOTH]


def test_the_same_quotes_give_the_same_page(tmp_path: Path) -> None:
    assert made(tmp_path, ROWS).read_bytes() == made(tmp_path, ROWS).read_bytes()


def test_labels_of_another_model_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,stance\nThey lied.,neutral\nIt rains.,neutral\n")
    quotes = read_labelled([str(tmp_path / "a.csv")])
    done = write_report(quotes, str(tmp_path / "r.html"), tiny_model())
    assert (done.quotes, done.differing, done.exit_code) == (2, 1, 0)

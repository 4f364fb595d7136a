"""Make the pictures of README.md from the real thing: ``make pictures``.

Needs Debian's ``chromium``. The quotes are those of data/examples, labelled by the shipped
model.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from readme import ROOT
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from stance import load_model
from stance.labelling import Labeller, label_files, labelled_rows
from stance.report import read_labelled, write_report
from stance.terminal import explanation_view, labels_table

DOCS = ROOT / "docs"
EXAMPLES = ROOT / "data" / "examples"
SENTENCE = "They broke every promise they made."
_ROWS = 8
_THEME = TerminalTheme(
    (251, 250, 247),
    (28, 33, 39),
    [
        (28, 33, 39),
        (163, 58, 25),
        (50, 110, 60),
        (122, 88, 0),
        (26, 84, 133),
        (120, 70, 130),
        (26, 84, 133),
        (90, 98, 109),
    ],
)


def picture_report(to: Path) -> None:
    """Label the statements, make the report, and take its picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("there is no chromium here; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        labelled = str(Path(folder) / "labelled.csv")
        page_path = Path(folder) / "report.html"
        model = load_model()
        label_files([str(EXAMPLES / "statements.csv")], labelled, Labeller(model))
        write_report(read_labelled([labelled]), str(page_path), model)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 1180, "height": 1660}, color_scheme="light", device_scale_factor=1.5
        )
        page.goto(page_path.as_uri())
        page.wait_for_selector("html[data-ready=yes]")
        page.screenshot(path=to)
        browser.close()


def picture_terminal(to: Path) -> None:
    """Show labels and an explanation as the terminal does, as SVG."""
    model = load_model()
    with (EXAMPLES / "aleppo_2016.csv").open(newline="", encoding="utf-8") as file:
        n = min(_ROWS, len(list(csv.DictReader(file))))
    rows = labelled_rows(
        [str(EXAMPLES / "aleppo_2016.csv")], [], Labeller(model), on_reject=lambda reject: None
    )
    console = Console(
        record=True, width=96, force_terminal=True, file=io.StringIO(), highlight=False
    )
    console.print("$ stance predict aleppo_2016.csv --table", style="bold")
    console.print(labels_table([row for row, _ in zip(rows, range(n), strict=False)]))
    console.print(f'$ stance explain --text "{SENTENCE}"', style="bold")
    console.print(explanation_view(model.explain(SENTENCE)))
    drawn = console.export_svg(title="stance", theme=_THEME, unique_id="terminal")
    # Its fonts would be fetched from the network; those of the reader do.
    drawn = re.sub(r"@font-face \{.*?\}\n", "", drawn, flags=re.DOTALL)
    to.write_text(drawn.replace("Fira Code", "ui-monospace"), encoding="utf-8")


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    picture_report(DOCS / "report.png")
    picture_terminal(DOCS / "terminal.svg")

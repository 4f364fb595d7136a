"""Write the example files of data/examples.

Run ``make examples``. ``aleppo_2016.csv`` holds the six short quotations of a Reuters report
of 12 October 2016; ``statements.*`` hold 60 of our composed statements, each file in one
format, put into the mouths of people who do not exist; ``annotated.csv`` holds 300 with stances.
"""

import csv
import gzip
import json
from itertools import cycle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stance.quotes.cells import json_table
from stance.quotes.spreadsheet import SheetWriter

HERE = Path(__file__).parent
EXAMPLES = HERE / "examples"
N_STATEMENTS = 60
N_ANNOTATED = 300

ALEPPO_SOURCE = (
    "Reuters, 12 October 2016: Kerry, Lavrov to resume talks on Syria despite war crimes row"
)
EARNEST = ("Josh Earnest", "White House spokesman")
PUTIN = ("Vladimir Putin", "President of Russia")
VALLS = ("Manuel Valls", "Prime Minister of France")
ALEPPO = [
    (*EARNEST, "deep multilateral engagement"),
    (
        *EARNEST,
        "But it is no longer in the context of trying to broker this agreement that would…hold "
        "out the prospect of US military cooperation with Russia. That’s something that Russia "
        "has lost…the credibility to be able to try to agree to,",
    ),
    (
        *PUTIN,
        "What for? To exacerbate the situation and to whip up anti-Russian hysteria in media "
        "under their control, and to deceive their own citizens,",
    ),
    (*PUTIN, "political rhetoric"),
    (
        *VALLS,
        "Russia has chosen an obstructive attitude and from our point of view this stance is "
        "unjustifiable,",
    ),
    (*PUTIN, "fruitful"),
]
SPEAKERS = [
    ("Mirela Tordan", "foreign minister"),
    ("Anselm Okwudi", "ambassador"),
    ("Juri Valkama", "party leader"),
    ("Héloïse Brandt-Marais", "government spokeswoman"),
    ("Tomás Ferreyro", "member of parliament"),
    ("Ilse van Dorrewaard", "special envoy"),
    ("Daud Karimzhan", "deputy prime minister"),
]

Row = dict[str, Any]


def statements() -> list[Row]:
    """Choose statements evenly from our composed ones, and give them speakers and dates."""
    with (HERE / "composed" / "statements.jsonl").open(encoding="utf-8") as file:
        composed = [json.loads(line) for line in file]
    step = len(composed) // N_STATEMENTS
    return [
        {
            "id": f"{i:03}",
            "speaker": speaker,
            "role": role,
            "date": f"2025-{1 + i // 6:02}-{1 + (i * 7) % 28:02}",
            "quote": chosen["text"],
            "register": chosen["register"],
        }
        for i, (chosen, (speaker, role)) in enumerate(
            zip(composed[::step][:N_STATEMENTS], cycle(SPEAKERS), strict=False)
        )
    ]


def annotated() -> list[Row]:
    """Give the first composed statements with their stances; a situation has one speaker."""
    with (HERE / "composed" / "statements.jsonl").open(encoding="utf-8") as file:
        composed = [json.loads(line) for line in file][:N_ANNOTATED]
    situations = sorted({row["situation"] for row in composed})
    return [
        {
            "speaker": f"speaker {1 + situations.index(row['situation'])}",
            "text": row["text"],
            "stance": row["stance"],
        }
        for row in composed
    ]


def write_csv(path: Path, rows: list[Row], delimiter: str = ",") -> None:
    """Write rows as delimited text."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_xlsx(path: Path, rows: list[Row]) -> None:
    """Write rows as a workbook."""
    sheet = SheetWriter(list(rows[0]), str(path))
    sheet.write(json_table([json.dumps(row) for row in rows], list(rows[0])))
    with path.open("wb") as file:
        sheet.save(file)


def main() -> None:
    """Write all files."""
    write_csv(
        EXAMPLES / "aleppo_2016.csv",
        [
            {
                "speaker": speaker,
                "role": role,
                "date": "2016-10-12",
                "text": text,
                "source": ALEPPO_SOURCE,
            }
            for speaker, role, text in ALEPPO
        ],
    )
    write_csv(EXAMPLES / "annotated.csv", annotated())
    rows = statements()
    write_csv(EXAMPLES / "statements.csv", rows)
    write_csv(EXAMPLES / "statements.tsv", rows, "\t")
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (EXAMPLES / "statements.jsonl").write_text("".join(lines), encoding="utf-8")
    packed = gzip.compress("".join(lines).encode(), mtime=0)
    (EXAMPLES / "statements.jsonl.gz").write_bytes(packed)
    pq.write_table(pa.Table.from_pylist(rows), EXAMPLES / "statements.parquet")
    write_xlsx(EXAMPLES / "statements.xlsx", rows)
    quotes = "".join(row["quote"] + "\n" for row in rows)
    (EXAMPLES / "statements.txt").write_text(quotes, encoding="utf-8")


if __name__ == "__main__":
    main()

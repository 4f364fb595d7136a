"""Turn annotated quotes into stand-off annotations, which hold no text.

Run ``python data/stand_off.py ANNOTATED.csv --output data/annotations/NAME.csv``. The input
needs the columns text, stance, confidence and round, and should have speaker, date, source,
licence and annotator. A text is named by `stance.text.text_hash`.
"""

import csv
from pathlib import Path

import click

from stance.codebook import match_stance
from stance.text import text_hash

COLUMNS = (
    *("text_hash", "stance", "confidence", "annotator", "round"),
    *("speaker", "date", "source", "licence"),
)


@click.command()
@click.argument("annotated", type=click.Path(exists=True, path_type=Path))
@click.option("--annotator", default="reader-1", show_default=True, help="Where none is named.")
@click.option("--output", type=click.Path(path_type=Path), required=True)
def main(annotated: Path, annotator: str, output: Path) -> None:
    """Write the stand-off annotations of ANNOTATED, in the order of round and hash."""
    with annotated.open(encoding="utf-8", newline="") as file:
        rows = [
            {
                "annotator": annotator,
                **row,
                "text_hash": text_hash(row["text"]),
                "stance": match_stance(row["stance"]),
            }
            for row in csv.DictReader(file)
        ]
    rows.sort(key=lambda row: (row["round"], row["text_hash"], row["annotator"]))
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()

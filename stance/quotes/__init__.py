"""Quote files: CSV, TSV, JSONL, Parquet, Excel and plain text, read and written in batches.

A file is read as batches of rows whose other columns stay as they came. Rows that cannot be
labelled come beside them as rejects, so that rows plus rejects are the rows of the file.
"""

from stance.quotes.reading import open_quotes
from stance.quotes.records import (
    FORMATS,
    LONGEST_TEXT,
    TEXT_COLUMNS,
    Batch,
    QuoteFile,
    Reject,
    file_format,
)
from stance.quotes.writing import create_quotes

__all__ = [
    "FORMATS",
    "LONGEST_TEXT",
    "TEXT_COLUMNS",
    "Batch",
    "QuoteFile",
    "Reject",
    "create_quotes",
    "file_format",
    "open_quotes",
]

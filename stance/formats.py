"""Names of file formats, apart from what reads and writes them, which takes long to load."""

from __future__ import annotations

from typing import Final

QUOTE_FORMATS: Final = ("csv", "tsv", "jsonl", "parquet", "xlsx", "txt")
TABLE_FORMATS: Final = QUOTE_FORMATS[:-1]
TOOL_FORMATS: Final = (
    "label-studio",
    "label-studio-min",
    "doccano",
    "prodigy",
    "argilla",
    "plain",
)
ANNOTATION_FORMATS: Final = (*TOOL_FORMATS, "table", *TABLE_FORMATS)
TASK_FORMATS: Final = ("label-studio", "doccano", "prodigy", "csv", "xlsx")

"""Exports of annotation tools, read, recognised and checked."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final

from stance.annotations.annotation import Annotation, Entry, in_order
from stance.annotations.labels import label_of, told_at_once
from stance.annotations.sheets import table_entries
from stance.annotations.tools import TOOLS, recognise
from stance.errors import StanceError
from stance.formats import TABLE_FORMATS
from stance.quotes.reading import open_binary
from stance.text import text_hashes

# A zip says how large its files are; beyond this it is no export of annotations.
_LARGEST_MEMBER: Final = 200_000_000
# All else is a table of quotes.
_RECORDS: Final = {".json", ".jsonl", ".ndjson"}

Read = tuple[list[Entry], list[tuple[int, str]]]


@dataclass(frozen=True)
class Imported:
    """What was found in exports of annotations.

    Attributes
    ----------
    annotations : list of Annotation
        In the order of text, stance, annotator; the same one is taken once.
    left_out : dict of str to int
        How many do not count, by reason: cancelled, skipped, ignored, rejected, draft, empty.
    problems : list of str
        What is wrong with others, with file and row; these are left out too.
    """

    annotations: list[Annotation]
    left_out: dict[str, int]
    problems: list[str]

    @property
    def told(self) -> list[str]:
        """What was left out, a line for each problem and one of the counts."""
        counts = _counted(self.left_out)
        return [*self.problems, *([counts] if counts else [])]


def import_annotations(
    paths: Sequence[str],
    *,
    format: str | None = None,
    text_column: str | None = None,
    sheet: str | None = None,
    stance_column: str | None = None,
    mapping: Mapping[str, str] | None = None,
    skip_bad: bool = False,
) -> Imported:
    """Read annotations from exports of annotation tools and from tables.

    Parameters
    ----------
    paths : sequence of str
        JSON, JSONL, CSV or zip files of Label Studio, doccano, Prodigy or Argilla, recognised
        by what they hold, or quote files with a column of stances or one for each annotator.
    format : str, optional
        One of `stance.formats.ANNOTATION_FORMATS`, instead of recognising it.
    text_column, stance_column : str, optional
        The columns or fields with the quote and its stance.
    sheet : str, optional
        Of an Excel workbook, as for `stance.quotes.open_quotes`.
    mapping : mapping of str to str, optional
        Stances by other names: ``{"hostile": "accusatory"}``.
    skip_bad : bool, default False
        Leave out what is wrong, instead of refusing all.

    Returns
    -------
    Imported
        The order of the files does not matter, nor whether one is given twice.

    Raises
    ------
    StanceError
        If a file cannot be read; or, without `skip_bad`, if a label is unknown, a text
        empty, or an annotator contradicts themselves. The message names up to 20 places.
    """
    stances = {name.strip().lower(): stance for name, stance in (mapping or {}).items()}
    names = Names(text_column, sheet, stance_column, stances)
    found: set[Annotation] = set()
    left_out: Counter[str] = Counter()
    problems: dict[str, None] = {}
    for path in sorted(set(paths)):
        for name, annotator, (entries, broken) in _files(path, format, names):
            bad = [(row, f"{name}:{row}: {what}") for row, what in broken]
            for entry in entries:
                try:
                    annotation = _checked(entry, name, annotator, stances)
                except StanceError as error:
                    bad.append((entry.row, f"{name}:{entry.row}: {error}"))
                    continue
                if isinstance(annotation, str):
                    left_out[annotation] += 1
                else:
                    found.add(annotation)
            problems |= dict.fromkeys(what for _, what in sorted(bad))
    chosen, contradictions = _consistent(sorted(found, key=in_order))
    problems |= dict.fromkeys(contradictions)
    if problems and not skip_bad:
        raise StanceError(told_at_once([*problems]))
    if not chosen:
        counts = _counted(left_out)
        raise StanceError(
            f"no annotation that counts in {', '.join(paths)}" + (f" ({counts})" if counts else "")
        )
    return Imported(chosen, dict(sorted(left_out.items())), [*problems])


def _counted(left_out: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {why}" for why, n in sorted(left_out.items()))


def _checked(
    entry: Entry, file: str, annotator: str, mapping: Mapping[str, str]
) -> Annotation | str:
    """Give the annotation, or why it is left out."""
    if entry.left_out:
        return entry.left_out
    if not isinstance(entry.text, str) or not entry.text.strip():
        raise StanceError("has no text")
    stance = label_of(entry.label, mapping)
    if stance is None:
        return "empty"
    return Annotation(
        text=entry.text,
        stance=stance,
        annotator=entry.annotator or annotator,
        round=entry.about.get("round", ""),
        speaker=entry.about.get("speaker", ""),
        source=entry.about.get("source", ""),
        file=file,
        row=entry.row,
    )


def _consistent(annotations: list[Annotation]) -> tuple[list[Annotation], list[str]]:
    """Take each judgement once, and none where somebody judged one quote in two ways."""
    by_judge: dict[tuple[str, str, str], list[Annotation]] = {}
    names = text_hashes([one.text for one in annotations])
    for name, one in zip(names, annotations, strict=True):
        by_judge.setdefault((name, one.annotator, one.round), []).append(one)
    chosen, contradictions = [], []
    for (_, annotator, _), same in by_judge.items():
        if len({one.stance for one in same}) == 1:
            chosen.append(same[0])
            continue
        places = ", ".join(f"{one.file}:{one.row} says {one.stance}" for one in same)
        contradictions.append(f"{annotator} contradicts themselves: {places}")
    return sorted(chosen, key=in_order), sorted(contradictions)


@dataclass(frozen=True)
class Names:
    """What columns, sheets and stances are called.

    Attributes
    ----------
    text_column, sheet, stance_column : str or None
        As for `import_annotations`.
    mapping : mapping of str to str
        Stances by other names, in lower case.
    """

    text_column: str | None
    sheet: str | None
    stance_column: str | None
    mapping: Mapping[str, str]

    def renamed(self, record: dict[str, Any]) -> dict[str, Any]:
        """Give a record of a tool with its quote and its stance under the usual names."""
        for wanted, usual in ((self.text_column, "text"), (self.stance_column, "stance")):
            if wanted is None:
                continue
            for held in ("data", "fields"):
                inner = record.get(held)
                if isinstance(inner, dict) and wanted in inner:
                    record = {**record, held: {**inner, usual: inner[wanted]}}
            if wanted in record:
                record = {**record, usual: record[wanted]}
        return record

    def table(self, path: str, name: str, format: str | None) -> Read:
        """Read the annotations of a quote file."""
        return table_entries(
            path,
            name=name,
            format=format,
            text_column=self.text_column,
            sheet=self.sheet,
            stance_column=self.stance_column,
            mapping=self.mapping,
        )


def _files(path: str, format: str | None, names: Names) -> Iterator[tuple[str, str, Read]]:
    """Give the name of each file, its annotator if it names none, and what it holds."""
    ending = PurePath(path).suffix.lower()
    of_table = format if format in TABLE_FORMATS else None
    is_table = format == "table" or of_table is not None
    if ending == ".zip":
        if is_table:
            raise StanceError("unpack it, to read the tables in it", path=path, usage=True)
        yield from _packed(path, format, names)
        return
    if not is_table and format is None:
        is_table = ending not in _RECORDS or (ending != ".json" and _is_plain(path))
    # The tables of tools are known by their columns, whatever tool was named.
    if is_table or ending in {".csv", ".tsv", ".xlsx", ".parquet"}:
        yield path, _stem(path), names.table(path, path, of_table)
        return
    with open_binary(path, path) as stream:
        data = stream.read()
    yield path, _stem(path), _entries(data, path, format, names)


def _is_plain(path: str) -> bool:
    """Tell whether a JSONL file begins like a table: each field of its own."""
    with open_binary(path, path) as stream:
        for line in stream:
            if line.strip(b"\xef\xbb\xbf \t\r\n"):
                break
        else:
            return True
    with suppress(ValueError, RecursionError):
        record = json.loads(line.decode("utf-8-sig", "replace"))
        return isinstance(record, dict) and recognise(record) == "plain"
    return False


def _packed(path: str, format: str | None, names: Names) -> Iterator[tuple[str, str, Read]]:
    with open_binary(path, path) as stream:
        data = stream.read()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, TemporaryDirectory() as folder:
            members = [info for info in packed.infolist() if _is_export(info)]
            if sum(info.file_size for info in members) > _LARGEST_MEMBER:
                raise StanceError("unpacks to more than 200 MB; unpack it yourself", path=path)
            for info in sorted(members, key=lambda info: info.filename):
                name = f"{path}/{info.filename}"
                held = packed.read(info)
                if info.filename.lower().endswith(".csv"):
                    # Its own name may lead out of the folder.
                    unpacked = PurePath(folder, "unpacked.csv")
                    Path(unpacked).write_bytes(held)
                    read = names.table(str(unpacked), name, None)
                else:
                    read = _entries(held, name, format, names)
                yield name, _stem(info.filename), read
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise StanceError("cannot be unpacked; is it a whole zip file?", path=path) from error


def _is_export(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename)
    hidden = parts.name.startswith(".") or "__MACOSX" in parts.parts
    return not info.is_dir() and not hidden and parts.suffix.lower() in {".jsonl", ".json", ".csv"}


def _stem(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name.partition(".")[0]


def _entries(data: bytes, name: str, format: str | None, names: Names) -> Read:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    entries: list[Entry] = []
    broken: list[tuple[int, str]] = []
    for row, record in _records(text, name):
        if isinstance(record, dict):
            record = names.renamed(record)
            entries += TOOLS[format or recognise(record)](record, row)
        else:
            broken.append((row, record if isinstance(record, str) else "is no JSON object"))
    return entries, broken


def _records(text: str, name: str) -> Iterator[tuple[int, Any]]:
    """Give the records of a JSON list, a JSON object or JSON lines, numbered from 1."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        lines = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
        if not lines or lines[0][1].lstrip()[:1] != "{":
            raise StanceError("is no JSON", path=name) from None
        for n, line in lines:
            try:
                yield n, json.loads(line)
            except (ValueError, RecursionError):
                yield n, "is no JSON"
        return
    yield from enumerate(whole if isinstance(whole, list) else [whole], start=1)

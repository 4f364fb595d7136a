"""Score the extraction of quotations on a folder of articles with gold.

    python benchmarks/extraction.py FOLDER [--only 01-20] [--errors]
    python benchmarks/extraction.py FOLDER --speed [10000] [--jobs N]

FOLDER holds articles (NN.txt), gold.jsonl (a quotation a line: article, quote, start, speaker,
speaker_alt, kind) and notspeech.jsonl (marks that are no speech: article, text, start).

A quotation is found exactly if its words are the gold's, white space and marks of punctuation at
its ends apart, and the two overlap in the article. Overlap F1 counts any two that share a
character. A speaker is right if the name is the gold's or one of its alternatives, articles and
case apart, or a part of it that is a surname or more.

With --speed articles of some 5 kB are put together from those of FOLDER, halves of two taken at
random, and extracted: some of them by one process, and the folder as `stance extract` does it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from stance.article import Quotation, extract
from stance.extracting import extract_files


@dataclass
class Scores:
    """Counts over a folder; the ratios derive from them."""

    articles: int = 0
    characters: int = 0
    seconds: float = 0.0
    gold: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    exact: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    spurious: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    overlapping: int = 0
    found: int = 0
    speakers_right: int = 0
    speakers_matched: int = 0
    silent: int = 0
    kept_out: int = 0
    errors: list[str] = field(default_factory=list)

    def exact_f1(self, *kinds: str) -> float:
        """Content-exact F1: hits of these kinds of gold, against found ones of these kinds."""
        hits = sum(self.exact[k] for k in kinds)
        missed = sum(self.gold[k] for k in kinds) - hits
        spurious = sum(self.spurious[k] for k in kinds)
        return _ratio(2 * hits, 2 * hits + missed + spurious)

    @property
    def overlap_f1(self) -> float:
        """F1 of gold and found quotations that share a character."""
        return _ratio(2 * self.overlapping, sum(self.gold.values()) + self.found)

    @property
    def speaker_accuracy(self) -> float:
        """Share of the exactly found quotations whose speaker is right."""
        return _ratio(self.speakers_right, self.speakers_matched)

    @property
    def kept_out_share(self) -> float:
        """Share of the marks without speech that gave no quotation."""
        return _ratio(self.kept_out, self.silent)


def _ratio(a: float, b: float) -> float:
    return a / b if b else float("nan")


def folded(text: str) -> str:
    """Words of a quotation without white space and end punctuation that differ by house style."""
    return " ".join(text.split()).strip(" .,;:!?…–—-")


def same_speaker(found: str, gold: Iterable[str]) -> bool:
    """Whether a speaker's name stands for one of the names that count as right."""
    return any(_same_name(found, name) for name in gold)


def _same_name(found: str, gold: str) -> bool:
    a, b = _plain(found), _plain(gold)
    if a == b:
        return True
    if not a or not b or not _names(gold) or not _names(found):
        return False
    shorter, longer = sorted((a.split(), b.split()), key=len)
    return longer[-len(shorter) :] == shorter


def _names(text: str) -> bool:
    return all(w[0].isupper() or "-" in w or "’" in w for w in text.split())


def _plain(name: str) -> str:
    name = re.sub(r"^(?:the|a|an|his|her|its|their)\s+", "", name.strip().lower())
    return re.sub(r"[.’']", "", " ".join(name.split()))


def score(folder: Path, only: frozenset[str] | None = None) -> Scores:
    """Extract from every article of a folder and compare with its gold."""
    gold = _by_article(folder / "gold.jsonl")
    silent = _by_article(folder / "notspeech.jsonl")
    scores = Scores()
    for path in sorted(folder.glob("*.txt")):
        if only is not None and path.stem not in only:
            continue
        text = path.read_bytes().decode("utf-8-sig")
        started = time.process_time()
        quotations = list(extract(text).quotations)
        scores.seconds += time.process_time() - started
        scores.articles += 1
        scores.characters += len(text)
        _compare(path.stem, quotations, gold[path.stem], silent[path.stem], scores)
    return scores


def _by_article(path: Path) -> dict[str, list[dict[str, Any]]]:
    records: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                record = json.loads(line)
                records[record["article"]].append(record)
    return records


def _ends(record: dict[str, Any]) -> tuple[int, int]:
    last = record["parts"][-1] if record.get("parts") else None
    if last:
        return record["start"], last["start"] + len(last["text"])
    return record["start"], record["start"] + len(record.get("quote", record.get("text", "")))


def _compare(
    article: str,
    quotations: list[Quotation],
    gold: list[dict[str, Any]],
    silent: list[dict[str, Any]],
    scores: Scores,
) -> None:
    scores.found += len(quotations)
    free = list(quotations)
    touched: set[int] = set()
    for record in gold:
        kind = record["kind"]
        scores.gold[kind] += 1
        start, end = _ends(record)
        near = [q for q in quotations if q.start < end and q.end > start]
        if near:
            scores.overlapping += 1
            touched.update(id(q) for q in near)
        hit = next((q for q in near if folded(q.text) == folded(record["quote"])), None)
        if hit is None:
            got = [q.text[:70] for q in near]
            scores.errors.append(f"{article} missed {kind}: {record['quote'][:90]!r}, got {got}")
            continue
        scores.exact[kind] += 1
        free = [q for q in free if q is not hit]
        scores.speakers_matched += 1
        if hit.speaker == record["speaker"] or same_speaker(
            hit.speaker, [record["speaker"], *record.get("speaker_alt", [])]
        ):
            scores.speakers_right += 1
        else:
            scores.errors.append(
                f"{article} speaker {hit.speaker!r}, not {record['speaker']!r}"
                f" ({hit.cue}): {record['quote'][:60]!r}"
            )
    for quotation in free:
        scores.spurious[quotation.kind] += 1
        if id(quotation) not in touched:
            scores.errors.append(
                f"{article} no quotation: {quotation.text[:70]!r}"
                f" {quotation.speaker!r} ({quotation.cue})"
            )
    for record in silent:
        scores.silent += 1
        start, end = _ends(record)
        if not any(s < end and e > start for q in quotations for s, e in q.parts):
            scores.kept_out += 1
        else:
            scores.errors.append(f"{article} not kept out: {record['text'][:60]!r}")


def report(scores: Scores) -> str:
    """The figures, a line each."""
    per_second = _ratio(scores.characters / 5000, scores.seconds)
    lines = [
        f"articles                        {scores.articles}",
        f"quotations in gold              {sum(scores.gold.values())} ({dict(scores.gold)})",
        f"content exact F1, direct        {scores.exact_f1('direct'):.3f}",
        f"content exact F1, all kinds     {scores.exact_f1('direct', 'fragment'):.3f}",
        f"overlap F1                      {scores.overlap_f1:.3f}",
        f"speaker right of the matched    {scores.speaker_accuracy:.3f}"
        f" ({scores.speakers_right}/{scores.speakers_matched})",
        f"not speech kept out             {scores.kept_out_share:.3f}"
        f" ({scores.kept_out}/{scores.silent})",
        f"articles of 5 kB a CPU second   {per_second:.0f}"
        f" (these have {_ratio(scores.characters, scores.articles):.0f} characters)",
    ]
    return "\n".join(lines)


def recombined(folder: Path, n: int) -> list[str]:
    """Articles of 5,000 characters, of stretches of paragraphs of those of a folder."""
    random = Random(0)
    stories = [
        path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split("\n\n")
        for path in sorted(folder.glob("*.txt"))
    ]
    made = []
    for _ in range(n):
        taken: list[str] = []
        size = 0
        while size < 5000:
            story = random.choice(stories)
            first = random.randrange(len(story))
            for paragraph in story[first : first + max(1, len(story) // 2)]:
                if size < 5000:
                    taken.append(paragraph)
                    size += len(paragraph) + 2
        made.append("\n\n".join(taken)[:5000])
    return made


def speed(folder: Path, n: int, n_jobs: int | None) -> str:
    """Articles a second: of a process, and of a folder of `n`."""
    made = recombined(folder, n)
    some = made[:500]
    started = time.process_time()
    quotations = sum(len(extract(text).quotations) for text in some)
    seconds = time.process_time() - started
    with TemporaryDirectory() as place:
        paths = [Path(place) / f"{i:05d}.txt" for i in range(n)]
        for path, text in zip(paths, made, strict=True):
            path.write_text(text, encoding="utf-8", newline="")
        output = Path(place) / "quotations.csv"
        begun = time.perf_counter()
        extract_files(list(map(str, paths)), str(output), format="csv", n_jobs=n_jobs)
        elapsed = time.perf_counter() - begun
    jobs = n_jobs or os.cpu_count()
    return (
        f"articles of 5 kB a CPU second   {len(some) / seconds:.0f}"
        f" (with {quotations / len(some):.0f} quotations each)\n"
        f"a folder of {n:,} articles    {elapsed:.0f} s with {jobs} processes,"
        f" {n / elapsed:.0f} articles a second"
    )


def _range(text: str) -> frozenset[str]:
    first, _, last = text.partition("-")
    return frozenset(f"{n:02d}" for n in range(int(first), int(last or first) + 1))


def main() -> None:
    """Score the folder named on the command line and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", type=_range, help="numbers of articles, such as 01-20")
    parser.add_argument("--errors", action="store_true", help="list what is wrong")
    parser.add_argument("--speed", type=int, nargs="?", const=10_000, help="time N articles")
    parser.add_argument("--jobs", type=int, help="processes for the folder; as many as cores")
    arguments = parser.parse_args()
    if arguments.speed:
        print(speed(arguments.folder, arguments.speed, arguments.jobs))
        return
    scores = score(arguments.folder, arguments.only)
    if arguments.errors:
        print("\n".join(scores.errors))
    print(report(scores))


if __name__ == "__main__":
    main()

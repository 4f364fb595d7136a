"""How fast quotes are labelled, beside other ways of doing it and what the machine allows.

``python benchmarks/speed.py`` makes a file of a million quotes (see quotes.py), then runs each
way in a process of its own, one after another, as often as --repeat says, and prints Markdown:
the median time, quotes a second, peak memory, and the time as a multiple of this project's.
``--scaling`` labels files of 10 thousand to 10 million quotes instead. What is not installed
(benchmarks/requirements-speed.txt) is left out with a message.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

HERE: Final = Path(__file__).resolve()
QUOTE: Final = "We welcome the agreement, but they broke every promise they made."
SCALING: Final = (10_000, 100_000, 1_000_000, 10_000_000)
# Slow ways are timed on part of the file, as quotes a second tell as much.
SHARE_IN_MEMORY: Final = 10
SHARE_OF_PIPELINE: Final = 50
CHUNK_ROWS: Final = 50_000


@dataclass(frozen=True)
class Measured:
    """One run: seconds, and the peak memory of its largest process in MB."""

    seconds: float
    memory: float


@dataclass(frozen=True)
class Way:
    """A way to label the file.

    Attributes
    ----------
    name : str
        What the table calls it.
    run : callable
        Runs it once.
    rows : int
        The quotes it labels.
    base : str
        The way that its time is compared with, a quote.
    needs : str or None
        A module that must be installed.
    """

    name: str
    run: Callable[[], Measured]
    rows: int
    base: str
    needs: str | None = None


def prepared(folder: Path, rows: int, task: str) -> None:
    """Prepare in a process of its own: a child's peak memory begins with its parent's."""
    words = [sys.executable, str(HERE), "--folder", str(folder)]
    subprocess.run([*words, "--rows", str(rows), "--task", task], check=True)


def own(folder: str, task: str) -> Measured:
    """Run one task of this script in a process of its own, which times itself."""
    done = subprocess.run(
        [sys.executable, str(HERE), "--folder", folder, "--task", task],
        check=True,
        stdout=subprocess.PIPE,
    )
    return Measured(**json.loads(done.stdout))


def command(*words: str) -> Measured:
    """Run a command, and give the time from its start to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    # Of its children, the largest counts.
    return Measured(seconds, usage.ru_maxrss / 1024)


def stance(*words: str) -> Measured:
    """Run a command of this project."""
    return command(sys.executable, "-m", "stance", *words)


# ------------------------------------------------------- tasks, each in a process of its own


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Run some work and give its time and the peak memory of this process."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {"seconds": seconds, "memory": usage.ru_maxrss / 1024}


def texts(folder: Path) -> Any:
    """Read the texts that are labelled in memory, before the clock starts."""
    import pyarrow.parquet as pq

    return pq.read_table(folder / "part.parquet")["text"].combine_chunks()


def in_memory(folder: Path) -> dict[str, float]:
    """Label an Arrow column."""
    from stance.model import load_model

    column, model = texts(folder), load_model()
    model.predict(column.slice(0, 100))
    return timed(lambda: model.predict(column))


def pipeline_in_memory(folder: Path) -> dict[str, float]:
    """Label a list by the exported scikit-learn pipeline."""
    import joblib

    column = texts(folder)
    quotes = column.slice(0, len(column) * SHARE_IN_MEMORY // SHARE_OF_PIPELINE).to_pylist()
    pipeline = joblib.load(folder / "pipeline.joblib")
    pipeline.predict_proba(quotes[:100])
    return timed(lambda: pipeline.predict_proba(quotes))


def fasttext_in_memory(folder: Path) -> dict[str, float]:
    """Label a list by fastText, which takes texts of one line."""
    import fasttext

    quotes = [quote.replace("\n", " ") for quote in texts(folder).to_pylist()]
    model = fasttext.load_model(str(folder / "fasttext.bin"))
    return timed(lambda: model.predict(quotes, k=3))


def pipeline_from_csv(folder: Path) -> dict[str, float]:
    """Label a file as a script with pandas and scikit-learn does."""
    import joblib
    import pandas as pd

    def label() -> None:
        pipeline = joblib.load(folder / "pipeline.joblib")
        rows = len(texts(folder)) * SHARE_IN_MEMORY // SHARE_OF_PIPELINE
        with pd.read_csv(folder / "quotes.csv", chunksize=CHUNK_ROWS, nrows=rows) as chunks:
            for i, chunk in enumerate(chunks):
                probabilities = pipeline.predict_proba(chunk["text"])
                chunk["stance"] = pipeline.classes_[probabilities.argmax(axis=1)]
                chunk["probability"] = probabilities.max(axis=1).round(4)
                for j, name in enumerate(pipeline.classes_):
                    chunk[name] = probabilities[:, j].round(4)
                chunk["review"] = chunk["probability"] < 0.5
                chunk.to_csv(
                    folder / "pandas.csv", mode="w" if i == 0 else "a", header=i == 0, index=False
                )

    return timed(label)


def arrow_copy(folder: Path) -> dict[str, float]:
    """Read and write the file with Arrow, on all cores."""
    from pyarrow import csv

    def copy() -> None:
        with (
            csv.open_csv(folder / "quotes.csv") as reader,
            csv.CSVWriter(folder / "copy.csv", reader.schema) as writer,
        ):
            for batch in reader:
                writer.write_batch(batch)

    return timed(copy)


TASKS: Final = {
    task.__name__: task
    for task in (in_memory, pipeline_in_memory, fasttext_in_memory, pipeline_from_csv, arrow_copy)
}


# ------------------------------------------------------------------------------ preparation


def prepare(folder: Path, rows: int, *, models: bool) -> None:
    """Make the file of quotes and, if wanted, a part of its texts and the other models."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyarrow import csv
    from quotes import write_quotes

    write_quotes(folder / "quotes.csv", rows)
    if not models:
        return
    n = rows // SHARE_IN_MEMORY
    parts = []
    with csv.open_csv(folder / "quotes.csv") as reader:
        for batch in reader:
            parts.append(batch.select(["text"]))
            if sum(map(len, parts)) >= n:
                break
    pq.write_table(pa.Table.from_batches(parts).slice(0, n), folder / "part.parquet")
    stance("export", str(folder / "pipeline.joblib"))
    (folder / "one.py").write_text(
        "import joblib\n"
        f"pipeline = joblib.load({str(folder / 'pipeline.joblib')!r})\n"
        f"print(pipeline.classes_[pipeline.predict_proba([{QUOTE!r}])[0].argmax()])\n",
        encoding="utf-8",
    )
    if importlib.util.find_spec("fasttext"):
        train_fasttext(folder)


def train_fasttext(folder: Path) -> None:
    """Train fastText on quotes with this project's stances, its terms being as long."""
    import fasttext

    from stance.model import load_model

    column = texts(folder)
    stances = load_model().predict(column)["stance"].to_pylist()
    with open(folder / "fasttext.txt", "w", encoding="utf-8") as stream:
        for text, name in zip(column.to_pylist(), stances, strict=True):
            stream.write(f"__label__{name} {' '.join(text.split())}\n")
    model = fasttext.train_supervised(
        str(folder / "fasttext.txt"),
        wordNgrams=2,
        bucket=1 << 18,
        epoch=5,
        thread=1,
        seed=1,
        verbose=0,
    )
    model.save_model(str(folder / "fasttext.bin"))


def ways(folder: Path, rows: int) -> list[Way]:
    """List what is measured, this project first in each group."""
    f = str(folder)
    part = rows // SHARE_IN_MEMORY
    few = part * SHARE_IN_MEMORY // SHARE_OF_PIPELINE
    source, target = str(folder / "quotes.csv"), str(folder / "labelled.csv")

    def predict(jobs: int) -> Measured:
        return stance("predict", source, "-o", target, "--jobs", str(jobs), "--quiet")

    memory, both = "in memory, 1 core", "CSV to CSV, `--jobs 2`"
    single = "`stance predict --text`"
    return [
        Way(memory, lambda: own(f, "in_memory"), part, memory),
        Way(
            "the exported pipeline, in memory",
            lambda: own(f, "pipeline_in_memory"),
            few,
            memory,
            "sklearn",
        ),
        Way("fastText, in memory", lambda: own(f, "fasttext_in_memory"), part, memory, "fasttext"),
        Way(both, lambda: predict(2), rows, both),
        Way("CSV to CSV, `--jobs 1`", lambda: predict(1), rows, both),
        Way(
            "a script with pandas and the pipeline, CSV to CSV",
            lambda: own(f, "pipeline_from_csv"),
            few,
            both,
            "pandas",
        ),
        Way("`wc -w`", lambda: command("wc", "-w", source), rows, both),
        Way("Arrow reads and writes the CSV", lambda: own(f, "arrow_copy"), rows, both),
        Way(single, lambda: stance("predict", "--text", QUOTE), 1, single),
        Way(
            "a script that loads the pipeline with joblib",
            lambda: command(sys.executable, str(folder / "one.py")),
            1,
            single,
            "sklearn",
        ),
    ]


def markdown(results: dict[str, list[Measured]], listed: list[Way]) -> str:
    """Give medians as a table."""
    lines = [
        "| | quotes | seconds | quotes a second | peak memory, MB | time a quote, as a multiple |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    seconds = {name: statistics.median(m.seconds for m in runs) for name, runs in results.items()}
    rows = {way.name: way.rows for way in listed}
    for way in listed:
        if way.name in results:
            memory = max(m.memory for m in results[way.name])
            rate = f"{way.rows / seconds[way.name]:,.0f}" if way.rows > 1 else ""
            ratio = seconds[way.name] / way.rows / seconds[way.base] * rows[way.base]
            lines.append(
                f"| {way.name} | {way.rows:,} | {seconds[way.name]:.2f} | {rate} | {memory:,.0f} "
                f"| {ratio:.2f} |"
            )
    return "\n".join(lines)


def processor() -> str:
    """Name the processor, as far as the system tells."""
    with open("/proc/cpuinfo", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def scaling(folder: Path, sizes: tuple[int, ...]) -> str:
    """Label files of several sizes, once each."""
    lines = [
        "| quotes | MB | seconds | quotes a second | peak memory of a process, MB |",
        "|--:|--:|--:|--:|--:|",
    ]
    for rows in sizes:
        source = folder / "quotes.csv"
        prepared(folder, rows, "write")
        if shutil.disk_usage(folder).free < 2 * source.stat().st_size:
            raise SystemExit(f"{folder}: too little room for {rows:,} quotes; choose --folder")
        done = stance("predict", str(source), "-o", str(folder / "labelled.csv"), "--quiet")
        lines.append(
            f"| {rows:,} | {source.stat().st_size / 1e6:,.0f} | {done.seconds:.1f} "
            f"| {rows / done.seconds:,.0f} | {done.memory:,.0f} |"
        )
        (folder / "labelled.csv").unlink()
        source.unlink()
    return "\n".join(lines)


@click.command()
@click.option("--rows", type=click.IntRange(min=1000), default=1_000_000, help="Quotes.")
@click.option("--repeat", type=click.IntRange(min=1), default=5, help="Runs of each way.")
@click.option("--scaling", "scale", is_flag=True, help="10 thousand to 10 million quotes instead.")
@click.option("--most", default=SCALING[-1], help="Quotes of the largest file of --scaling.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where to work; kept.")
@click.option("--task", type=click.Choice([*TASKS, "prepare", "write"]), hidden=True)
def main(
    rows: int, repeat: int, scale: bool, most: int, folder: Path | None, task: str | None
) -> None:
    """Print how fast quotes are labelled, beside other ways."""
    if folder is not None and task is not None:
        if task in TASKS:
            click.echo(json.dumps(TASKS[task](folder)))
        else:
            prepare(folder, rows, models=task == "prepare")
        return
    with tempfile.TemporaryDirectory() as made:
        folder = folder or Path(made)
        folder.mkdir(exist_ok=True)
        cores = len(os.sched_getaffinity(0))
        click.echo(
            f"{date.today()}, {cores} cores of {processor()}, Python {sys.version.split()[0]}\n"
        )
        if scale:
            click.echo(scaling(folder, tuple(size for size in SCALING if size <= most)))
            return
        prepared(folder, rows, "prepare")
        listed = []
        for way in ways(folder, rows):
            if way.needs is None or importlib.util.find_spec(way.needs):
                listed.append(way)
            else:
                click.echo(f"left out: {way.name}; {way.needs} is not installed", err=True)
        results: dict[str, list[Measured]] = {way.name: [] for way in listed}
        for i in range(repeat):
            for way in listed:
                results[way.name].append(way.run())
                said = results[way.name][-1]
                click.echo(f"{i + 1}/{repeat} {way.name}: {said.seconds:.2f} s", err=True)
        click.echo(markdown(results, listed))


if __name__ == "__main__":
    main()

"""Measure what labelling costs in each engine here, for docs/engines.md.

Every line is the best of three runs on the same generated file; the model is loaded and the
engine started before. The processor time is that of the process and all below it, which a
busy machine changes less than the time by the clock (Linux only). Run it in the environment
that `make test-engines` makes:

    .venv-engines/bin/python benchmarks/engines.py --rows 400000
"""

from __future__ import annotations

import argparse
import bz2
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from stance.engines import label_batches

EXAMPLES = Path(__file__).parent.parent / "data" / "examples"
FILES = 8


def generate(rows: int, seed: int = 0) -> list[str]:
    """Compose quotes: halves of the example statements joined, a word or two exchanged."""
    chance = random.Random(seed)
    known = pq.read_table(EXAMPLES / "statements.parquet")["quote"].to_pylist()
    known += csv.read_csv(EXAMPLES / "annotated.csv")["text"].to_pylist()
    halves = [text.split() for text in known]
    vocabulary = [word for words in halves for word in words]
    quotes = []
    for _ in range(rows):
        first, second = chance.choice(halves), chance.choice(halves)
        words = first[: len(first) // 2] + second[len(second) // 2 :]
        for _ in range(2):
            words[chance.randrange(len(words))] = chance.choice(vocabulary)
        quotes.append(" ".join(words))
    return quotes


def write(quotes: list[str], folder: Path) -> None:
    """Write the quotes as Parquet files, and as one file laid out like Quotebank's."""
    size = -(-len(quotes) // FILES)
    for i in range(FILES):
        part = quotes[i * size : (i + 1) * size]
        pq.write_table(pa.table({"text": part}), folder / f"{i}.parquet")
    with bz2.open(folder / "quotes.json.bz2", "wt", encoding="utf-8") as file:
        for i, quote in enumerate(quotes):
            record = {
                "quoteID": f"2020-01-16-{i:06d}",
                "quotation": quote,
                "speaker": f"Speaker {i % 9973}",
                "qids": [f"Q{i * 7919 % 9_999_991}"],
                "date": "2020-01-16 12:00:13",
                "numOccurrences": 1,
                "probas": [[f"Speaker {i % 9973}", "0.8521"], ["None", "0.1479"]],
                "urls": [f"http://news-{i % 997}.example/2020/01/16/{i * 104729 % 9_999_991}"],
                "phase": "E",
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def processor_time() -> float:
    """Give the seconds that this process and all below it have had of the processor."""
    fields = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            pid, _, rest = path.read_text().partition(" (")
            fields[int(pid)] = rest.rpartition(") ")[2].split()
    found = {os.getpid()}
    while more := {pid for pid, f in fields.items() if int(f[1]) in found} - found:
        found |= more
    ticks = sum(int(ticks) for pid in found for ticks in fields[pid][11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def report(name: str, rows: int, work: Callable[[], object]) -> None:
    """Do some work three times, after once to warm up, and print the best."""
    work()
    clock, processor = [], []
    for _ in range(3):
        start, had = time.perf_counter(), processor_time()
        work()
        clock.append(time.perf_counter() - start)
        processor.append(processor_time() - had)
    print(
        f"{name:<40} {min(clock):7.2f} s {rows / min(clock):9,.0f} quotes/s, processor "
        f"{min(processor):7.2f} s {rows / min(processor):9,.0f} quotes/s",
        flush=True,
    )


def alone(folder: Path, rows: int) -> None:
    """Measure the function itself, and what any reader of bz2 must do."""
    batches = [b for i in range(FILES) for b in pq.read_table(folder / f"{i}.parquet").to_batches()]
    pa.set_cpu_count(1)
    report("label_batches, no engine, one core", rows, lambda: [*label_batches(batches)])
    packed = (folder / "quotes.json.bz2").read_bytes()
    print(f"bz2: {len(packed) / 1e6:.1f} MB of {len(bz2.decompress(packed)) / 1e6:.1f} MB")
    report("bz2 decompression alone, one core", rows, lambda: bz2.decompress(packed))


def duckdb(folder: Path, rows: int) -> None:
    """Measure DuckDB."""
    import duckdb

    from stance.engines.duckdb import label

    connection = duckdb.connect(config={"threads": 1})
    target = folder / "duckdb.parquet"
    quotes = connection.read_parquet(str(folder / "*.parquet"))
    labelled = label(quotes, connection=connection)
    report("DuckDB, Parquet to Parquet, one thread", rows, lambda: _save(labelled, target))


def _save(relation: Any, target: Path) -> None:
    relation.write_parquet(str(target))
    target.unlink()


def spark(folder: Path, rows: int, cores: int) -> None:
    """Measure Spark, from Parquet and from JSON in bz2."""
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    from pyspark.sql import SparkSession

    from stance.engines.spark import label

    session = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    target = str(folder / "spark")
    quotes = label(session.read.parquet(str(folder / "[0-9].parquet")))
    report(
        f"Spark, Parquet to Parquet, {cores} cores",
        rows,
        lambda: quotes.write.mode("overwrite").parquet(target),
    )
    lines = session.read.schema("quoteID string, quotation string, speaker string").json(
        str(folder / "quotes.json.bz2")
    )
    labelled = label(lines, text_column="quotation")
    report(
        f"Spark, JSON in bz2 to Parquet, {cores} cores",
        rows,
        lambda: labelled.write.mode("overwrite").parquet(target),
    )
    session.stop()


def ray(folder: Path, rows: int, cores: int) -> None:
    """Measure Ray Data."""
    os.environ |= {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}
    import ray
    import ray.data

    from stance.engines.ray import label

    ray.init(
        num_cpus=cores, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR
    )
    ray.data.DataContext.get_current().enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    paths = [str(folder / f"{i}.parquet") for i in range(FILES)]

    def work() -> None:
        with tempfile.TemporaryDirectory() as target:
            label(ray.data.read_parquet(paths)).write_parquet(target)

    report(f"Ray Data, Parquet to Parquet, {cores} cores", rows, work)
    ray.shutdown()


def main() -> None:
    """Measure all, or one in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--one", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        name, folder = options.one
        kind, _, cores = name.partition(" ")
        measure = globals()[kind]
        measure(Path(folder), options.rows, *([int(cores)] if cores else []))
        return
    with tempfile.TemporaryDirectory() as folder:
        quotes = generate(options.rows)
        write(quotes, Path(folder))
        print(f"{options.rows:,} quotes, {sum(map(len, quotes)) / len(quotes):.0f} characters each")
        # Each in a process of its own, so that none keeps what another has warmed.
        for name in ("alone", "duckdb", "spark 1", "spark 2", "ray 1", "ray 2"):
            command = [sys.executable, __file__, "--rows", str(options.rows), "--one", name, folder]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()

"""What goes wrong with disks and files while a large file is labelled: real ones, not mocks."""

from __future__ import annotations

import csv
import gzip
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tiny import tiny_model

from stance import StanceError
from stance.labelling import Labelled, Labeller, label_files

LABELLER = Labeller(tiny_model())
N_ROWS = 4000
Remount = Callable[[str], None]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Small blocks, so that a small file has many.
    monkeypatch.setattr("stance.quotes.blocks.BLOCK_BYTES", 1 << 12)
    monkeypatch.setattr("stance.labelling._CHECKPOINT_BYTES", 1 << 14)
    chance = random.Random(5)
    words = ["they", "lied", "we", "welcome", "it,", "peace", "“so”"]
    with open("in.csv", "w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(["id", "text"])
        out.writerows([i, " ".join(chance.choices(words, k=9))] for i in range(N_ROWS))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Remount]:
    """Mount a disk of 128 KB at `disk`; give what changes its options."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True)
        except FileNotFoundError:
            pytest.skip("a disk of its own cannot be mounted: there is no mount")
        if done.returncode:
            pytest.skip(f"a disk of its own cannot be mounted: {done.stderr.strip()}")

    mount("size=128k")
    yield lambda options: mount(f"remount,{options}")
    subprocess.run(["umount", str(place)], check=True)


def failure(source: str, output: str, labeller: Labeller = LABELLER, n_jobs: int = 1) -> str:
    with pytest.raises(StanceError) as raised:
        label_files([source], output, labeller, n_jobs=n_jobs)
    assert raised.value.exit_code == 1
    return str(raised.value)


def kept_rows(message: str, why: str, output: str) -> int:
    """Check the one line that tells of a failure, and that as many rows as it says are kept."""
    end = f" rows are kept in {output}.part, go on with --resume"
    assert message.startswith(f"{why} ")
    assert message.endswith(end)
    kept = int(message.removeprefix(why).removesuffix(end).replace(",", ""))
    part = Path(f"{output}.part").read_bytes()
    assert part.endswith(b"\n")
    assert part.count(b"\n") == kept + 1
    assert not os.path.exists(output)
    assert os.path.exists(f"{output}.journal")
    return kept


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_full_disk_keeps_what_is_done(disk: Remount, n_jobs: int) -> None:
    label_files(["in.csv"], "whole.csv", LABELLER)
    message = failure("in.csv", "disk/out.csv", n_jobs=n_jobs)
    why = "disk/out.csv: cannot be written: No space left on device;"
    kept = kept_rows(message, why, "disk/out.csv")
    assert N_ROWS / 4 < kept < N_ROWS
    disk("size=4m")
    labelled = label_files(["in.csv"], "disk/out.csv", LABELLER, resume=True, n_jobs=n_jobs)
    assert labelled.rows == N_ROWS
    assert Path("disk/out.csv").read_bytes() == Path("whole.csv").read_bytes()
    assert os.listdir("disk") == ["out.csv"]


@pytest.mark.parametrize("name", ["out.parquet", "out.csv.gz"])
def test_a_full_disk_where_nothing_can_be_kept(disk: Remount, name: str) -> None:
    disk("size=4k")
    message = failure("in.csv", f"disk/{name}")
    assert message == f"disk/{name}: cannot be written: No space left on device"
    assert os.listdir("disk") == []


def test_a_disk_that_is_read_only(disk: Remount) -> None:
    Path("disk/out.csv").write_text("precious")
    disk("ro")
    for resume in (False, True):
        with pytest.raises(StanceError) as raised:
            label_files(["in.csv"], "disk/out.csv", LABELLER, resume=resume)
        assert str(raised.value) == "disk/out.csv: cannot be written: Read-only file system"
    assert Path("disk/out.csv").read_text() == "precious"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder")
def test_a_folder_that_may_not_be_written_to() -> None:
    os.mkdir("closed", 0o555)
    message = failure("in.csv", "closed/out.csv")
    assert message == "closed/out.csv: cannot be written: Permission denied"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_standard_output_that_is_full() -> None:
    command = [sys.executable, "-m", "stance", "predict", "in.csv", "-o", "-", "--quiet"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE)
    assert done.stderr == b"standard output: No space left on device\n"
    assert done.returncode == 1


def test_gzip_data_cut_short() -> None:
    packed = gzip.compress(Path("in.csv").read_bytes(), mtime=0)
    Path("cut.csv.gz").write_bytes(packed[: len(packed) * 3 // 4])
    why = "cut.csv.gz: is not whole gzip data; is it cut short?"
    # To tell the encoding takes the whole file, so that nothing is begun.
    assert failure("cut.csv.gz", "out.csv") == why
    assert not any(name.startswith("out.csv") for name in os.listdir())
    message = failure("cut.csv.gz", "out.csv", Labeller(tiny_model(), encoding="utf-8"))
    label_files(["in.csv"], "whole.csv", LABELLER)
    kept = kept_rows(message, why, "out.csv")
    assert N_ROWS / 2 < kept < N_ROWS
    whole = Path("whole.csv").read_bytes()
    assert whole.startswith(Path("out.csv.part").read_bytes())


def test_parquet_cut_short() -> None:
    written_as_parquet("in.parquet")
    content = Path("in.parquet").read_bytes()
    Path("cut.parquet").write_bytes(content[: len(content) // 2])
    message = failure("cut.parquet", "out.csv")
    assert message == "cut.parquet: cannot be read as Parquet; is it cut short?"
    assert not any(name.startswith("out.csv") for name in os.listdir())


def test_parquet_damaged_in_the_middle() -> None:
    written_as_parquet("in.parquet")
    content = bytearray(Path("in.parquet").read_bytes())
    last = pq.ParquetFile("in.parquet").metadata.row_group(3).column(1)
    start = last.dictionary_page_offset or last.data_page_offset
    content[start : start + last.total_compressed_size] = bytes(last.total_compressed_size)
    Path("damaged.parquet").write_bytes(content)
    why = "damaged.parquet: cannot be read as Parquet; is it cut short?"
    assert kept_rows(failure("damaged.parquet", "out.csv"), why, "out.csv") == 24_576


def written_as_parquet(path: str) -> None:
    texts = [f"they lied {i} times" for i in range(30_000)]
    table = pa.table({"id": list(range(30_000)), "text": texts})
    pq.write_table(table, path, row_group_size=8192)


@pytest.mark.parametrize("source", ["in.csv", "in.jsonl", "in.parquet", "in.txt"])
@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_threads_give_what_one_gives(source: str, name: str) -> None:
    if source == "in.parquet":
        written_as_parquet(source)
    elif source != "in.csv":
        texts = [f"they lied, we welcome {i}" if i % 50 else "" for i in range(20_000)]
        lines = texts if source == "in.txt" else [f'{{"text": "{text}"}}' for text in texts]
        Path(source).write_text("\n".join(lines))

    def labelled(n_jobs: int) -> tuple[Labelled, dict[str, bytes]]:
        done = label_files([source], name, LABELLER, n_jobs=n_jobs)
        return done, {p.name: p.read_bytes() for p in Path().glob("out.*")}

    one = labelled(1)
    assert one[0].rows >= N_ROWS
    assert labelled(3) == one

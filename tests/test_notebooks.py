from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from run_notebooks import paths, read, run, said

from stance import load_model


def test_there_are_three() -> None:
    assert [path.name for path in paths()] == ["1-label.ipynb", "2-model.ipynb", "3-retrain.ipynb"]


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_it_runs_and_says_what_is_kept(path: Path) -> None:
    found = said(run(path))
    made_with = load_model().card["versions"]
    if any(version(name) != number for name, number in made_with.items()):
        pytest.skip(f"it runs; the outputs kept are those of {made_with}")
    assert found == said(read(path)), "run `make notebooks`"


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_its_file_is_small_and_names_no_machine(path: Path) -> None:
    assert path.stat().st_size < 400_000
    written = [cell.source for cell in read(path).cells] + [text for _, text in said(read(path))]
    assert not re.search(r"/(home|tmp|root|work|Users)/", "\n".join(written))


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_every_cell_was_run_in_order(path: Path) -> None:
    code = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert read(path).cells[0].source.startswith("# ")

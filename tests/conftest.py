"""What several test modules share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from small import make_small_shipped, use_small_shipped

# Machines differ; how long an example takes proves nothing.
settings.register_profile("here", deadline=None)
settings.load_profile("here")

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True, scope="session")
def no_store_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees, or touches, models that somebody made here."""
    os.environ["STANCE_HOME"] = str(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the project, which is not part of it."""
    folder = Path(os.environ.get("STANCE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the evaluation quotes are others' texts and not in the repository")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    return ROOT / "data" / "examples"


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    make_small_shipped(folder)
    return folder


@pytest.fixture
def small_shipped(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small shipped model, which the package takes for its own."""
    use_small_shipped(small_folder, monkeypatch)
    return small_folder

"""What several test modules share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

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

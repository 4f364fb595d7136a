from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stance import StanceError


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "is empty"),
        ({"path": "a.csv"}, "a.csv: is empty"),
        ({"path": Path("in") / "a.csv"}, "in/a.csv: is empty"),
        ({"path": "a.csv", "row": 17}, "a.csv:17: is empty"),
        ({"row": 17}, "is empty"),
    ],
)
def test_the_place_comes_first(settings: dict[str, Any], message: str) -> None:
    assert str(StanceError("is empty", **settings)) == message


@pytest.mark.parametrize(("usage", "exit_code"), [(False, 1), (True, 2)])
def test_exit_codes(usage: bool, exit_code: int) -> None:
    assert StanceError("no", usage=usage).exit_code == exit_code


def test_data_are_at_fault_unless_said_otherwise() -> None:
    assert StanceError("no").exit_code == 1

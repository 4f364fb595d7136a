"""The programs shown in docs/engines.md, with what they print."""

from __future__ import annotations

import re
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "engines.md"

_BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


def blocks(engine: str) -> list[tuple[str, str]]:
    """Give the programs that import an engine's module; "" for those that need no engine."""
    found = _BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert found
    return [(code, printed) for code, printed in found if _engine(code) == engine]


def _engine(code: str) -> str:
    match = re.search(r"stance\.engines(?:\.| import )(spark|ray|duckdb)\b", code)
    return match.group(1) if match else ""

"""Run the commands of README.md, and write what they print below them.

Blocks marked ``console`` hold commands after ``$`` with their output; blocks marked
``python`` hold a program whose output stands in the ``text`` block after it. Run
``make readme`` to rewrite the outputs; tests/test_readme.py compares them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"

_BLOCK = re.compile(r"```(console|python)\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)


def render(readme: str) -> str:
    """Give the README with every output made anew."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "data" / "examples", folder, dirs_exist_ok=True)
        return _BLOCK.sub(lambda match: _block(match, folder), readme)


def _block(match: re.Match[str], folder: str) -> str:
    language, body, output = match.groups()
    if language == "python":
        printed = _run(f"{sys.executable} -", folder, body)
        shown = f"\n```text\n{printed}```\n" if output is not None else ""
        return f"```python\n{body}```\n{shown}"
    commands = [line for line in body.splitlines() if line.startswith("$ ")]
    shown = "".join(f"{command}\n{_run(command[2:], folder)}" for command in commands)
    return f"```console\n{shown}```\n" + (f"\n```text\n{output}```\n" if output else "")


def _run(command: str, folder: str, given: str = "") -> str:
    environment = {
        **os.environ,
        "COLUMNS": "96",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONWARNINGS": "error",
        "STANCE_HOME": f"{folder}/store",
    }
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    if done.returncode not in {0, 4} or "Traceback" in done.stdout:
        raise RuntimeError(f"{command}\n{done.stdout}")
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


if __name__ == "__main__":
    README.write_text(render(README.read_text(encoding="utf-8")), encoding="utf-8")

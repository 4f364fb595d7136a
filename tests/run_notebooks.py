"""Run the notebooks; called as a script, also write what they put out into them."""

from __future__ import annotations

import os
import re
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"

_SECONDS_A_CELL = 600
_CONFIG = """\
c = get_config()
c.IPKernelApp.exec_lines = [
    "import warnings",
    "warnings.simplefilter('error')",
    "warnings.filterwarnings('ignore', module='ipykernel')",
]
c.HistoryManager.enabled = False
"""


def paths() -> list[Path]:
    """Give the notebooks in their order."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def read(path: Path) -> Any:
    """Read a notebook as it is kept."""
    import nbformat

    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


@contextmanager
def own_settings() -> Iterator[Path]:
    """Keep the kernel from all settings, history and models of the user, and warnings errors."""
    names = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "STANCE_HOME")
    before = {name: os.environ.get(name) for name in names}
    # Names of sockets must be short.
    with tempfile.TemporaryDirectory(prefix="nb", ignore_cleanup_errors=True) as folder:
        for name in names:
            os.environ[name] = str(Path(folder, name[:3]))
        profile = Path(folder, "IPY", "profile_default")
        profile.mkdir(parents=True)
        (profile / "ipython_kernel_config.py").write_text(_CONFIG, encoding="utf-8")
        try:
            yield Path(folder)
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def run(path: Path) -> Any:
    """Run a notebook from top to bottom in a kernel of its own.

    Parameters
    ----------
    path : Path
        The notebook, which stays as it is.

    Returns
    -------
    nbformat.NotebookNode
        It, with what it put out.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails or warns.
    """
    with warnings.catch_warnings(), own_settings() as folder:
        # pyzmq and tornado on Windows warn of their event loops.
        warnings.simplefilter("ignore")
        from nbclient import NotebookClient
        from traitlets.config import Config

        # Files as sockets, where there are such: no port is opened.
        files = {"transport": "ipc", "ip": str(folder / "k")}
        client = NotebookClient(
            read(path),
            config=Config(ConnectionFileMixin={} if os.name == "nt" else files),
            kernel_name="python3",
            timeout=_SECONDS_A_CELL,
            record_timing=False,
            resources={"metadata": {"path": str(NOTEBOOKS)}},
        )
        notebook = client.execute()
    for cell in notebook.cells:
        cell.update({"outputs": _joined(cell.outputs)} if cell.cell_type == "code" else {})
    # Which Python ran it is no part of it.
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def _joined(outputs: list[Any]) -> list[Any]:
    """Join what a cell printed, which comes in pieces as time has it."""
    joined: list[Any] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if output.output_type == "stream" and last and last.get("name") == output.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def said(notebook: Any) -> list[tuple[int, str]]:
    """Give the texts a notebook put out, each with the number of its cell, pictures left out.

    Raises
    ------
    ValueError
        If a cell wrote to the standard error.
    """
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                if output.name != "stdout":
                    raise ValueError(f"cell {number} wrote to the standard error: {output.text}")
                found.append((number, output.text))
            else:
                for kind in ("text/plain", "text/html"):
                    if kind in output.data:
                        found.append((number, _words(output.data[kind])))
    return found


def _words(text: str) -> str:
    """Leave out the marks of HTML and how a table is spaced, which are the library's affair."""
    return " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL).split())


def main() -> None:
    """Rewrite the notebooks with what they put out now."""
    import nbformat

    for path in paths():
        notebook = run(path)
        said(notebook)
        nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

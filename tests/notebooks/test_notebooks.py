"""The manual runs: every notebook is its script, carries no outputs, and ends without an error."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient

jupytext: Any = import_module("jupytext")  # ships no types
nbformat: Any = import_module("nbformat")
FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
SCRIPTS = sorted(FOLDER.glob("*.py"))
BUILD = "jupytext --to ipynb --update notebooks/*.py"


def cells(notebook: Any) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source.strip()) for cell in notebook.cells]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_built_notebook_is_its_script_without_outputs(script: Path) -> None:
    built = nbformat.read(script.with_suffix(".ipynb"), as_version=4)
    assert cells(built) == cells(jupytext.read(script)), f"out of date; renew it: {BUILD}"
    assert not [cell for cell in built.cells if cell.get("outputs") or cell.get("execution_count")]


def test_every_notebook_has_a_script_and_a_line_in_the_map() -> None:
    assert [path.stem for path in sorted(FOLDER.glob("*.ipynb"))] == [path.stem for path in SCRIPTS]
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert not [path.stem for path in SCRIPTS if path.stem not in readme]


@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_runs_from_first_cell_to_last(script: Path) -> None:
    notebook = jupytext.read(script)
    NotebookClient(notebook, timeout=500, resources={"metadata": {"path": FOLDER}}).execute()

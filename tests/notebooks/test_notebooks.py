"""The manual: every notebook is its script with the outputs of that code, and gives them again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.notebooks.build import (
    BUILD,
    FOLDER,
    MOST_BYTES,
    code_cells,
    code_digest,
    differences,
    faults,
    look_alike,
    nbformat,
    pictures,
    read_built,
    read_script,
    run,
    scripts,
    with_outputs_of,
)

SCRIPTS = scripts()
QUICKEST = "01_a_day_in_the_hall"
"""Runs in the quick suite; nine seconds of processor time; the others take up to two minutes."""
RUNS = [
    pytest.param(script, marks=[] if script.stem == QUICKEST else pytest.mark.slow)
    for script in SCRIPTS
]


def name(script: Path) -> str:
    return script.stem


def built_of(*codes: str) -> Any:
    """A notebook whose cells have run and said their own code."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in codes])
    for cell in notebook.cells:
        cell.outputs = [nbformat.v4.new_output("stream", text=cell.source)]
    return notebook


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_built_notebook_is_its_script(script: Path) -> None:
    built, source = read_built(script), read_script(script)
    for built_cell, cell in zip(built.cells, source.cells, strict=True):
        assert (built_cell.cell_type, built_cell.source, built_cell.id) == (
            cell.cell_type,
            cell.source,
            cell.id,
        ), f"older than its script; build it again: {BUILD}"


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_outputs_are_those_of_the_code_as_it_stands(script: Path) -> None:
    built = read_built(script)
    remedy = f"outputs are of other code; run it again: {BUILD} {script.stem[:2]}"
    assert built.metadata.get("made_from") == code_digest(read_script(script)), remedy
    ran = [cell.execution_count for cell in code_cells(built)]
    assert ran == list(range(1, len(ran) + 1)), "not run from first to last"
    assert any(pictures(cell) for cell in code_cells(built)), "no picture"


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_outputs_can_be_read_elsewhere(script: Path) -> None:
    """Nothing of the machine or the hour that ran it, and small enough for sites to show it."""
    path = script.with_suffix(".ipynb")
    assert path.stat().st_size < MOST_BYTES
    built = read_built(script)
    assert set(built.metadata) == {"kernelspec", "language_info", "made_from"}
    assert "version" not in built.metadata["language_info"]
    for cell in built.cells:
        assert set(cell.metadata) <= {"tags"}, cell.source
        if cell.cell_type == "code":
            assert not list(faults(cell)), cell.source


def test_every_notebook_has_a_script_and_a_line_in_the_map() -> None:
    assert [path.stem for path in sorted(FOLDER.glob("*.ipynb"))] == [path.stem for path in SCRIPTS]
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert not [path.stem for path in SCRIPTS if path.stem not in readme]


@pytest.mark.timeout(1200)
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("script", RUNS, ids=name)
def test_run_again_it_says_and_draws_the_same(script: Path) -> None:
    assert not list(differences(read_built(script), run(script))), (
        f"outputs are older than the simulator; run it again: {BUILD} {script.stem[:2]}"
    )


def test_another_code_has_another_digest() -> None:
    notebook, other_code = built_of("a = 1", "a"), built_of("a = 1", "b")
    assert code_digest(notebook) == code_digest(built_of("a = 1", "a"))
    assert code_digest(notebook) != code_digest(other_code) != code_digest(built_of("a = 1b"))


def test_another_word_or_picture_is_a_difference() -> None:
    now = built_of("a", "b")
    assert not list(differences(built_of("a", "b"), now))
    now.cells[1].outputs[0].text = "c"
    assert len(list(differences(built_of("a", "b"), now))) == 1
    now.cells[1].metadata["tags"] = ["measured"]
    before = with_outputs_of(built_of("a", "b"), built_of("a", "b"))
    before.cells[1].metadata["tags"] = ["measured"]
    assert not list(differences(before, now)), "what is timed is another one each time"

    white = np.full((100, 90, 4), 255, dtype=np.uint8)
    moved = white.copy()
    moved[40:44, 10:14] = 0
    assert look_alike(white, white - 3)
    assert not look_alike(white, moved)
    assert not look_alike(white, white[:50])


@pytest.mark.parametrize(
    "words", ["<object at 0x7f3a9c0d>", "/home/somebody/hall.yaml", "C:\\\\Users\\\\hall.yaml"]
)
def test_what_only_one_machine_knows_is_a_fault(words: str) -> None:
    [cell] = built_of(words).cells
    assert list(faults(cell))
    [fine] = built_of("3.9 [3.3, 4.5] min at 08:30").cells
    assert not list(faults(fine))
    fine.outputs[0].name = "stderr"
    assert list(faults(fine))

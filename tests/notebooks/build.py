"""Notebooks from their scripts: run, cleaned of what only this machine and hour know, and read."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from unittest import mock

import numpy as np
from nbclient import NotebookClient
from PIL import Image

jupytext: Any = import_module("jupytext")  # ships no types
nbformat: Any = import_module("nbformat")

FOLDER: Final = Path(__file__).resolve().parents[2] / "notebooks"
BUILD: Final = ".venv/bin/python -m tests.notebooks"
SECONDS: Final = 900
"""Longest time of one cell."""
MOST_BYTES: Final = 600_000
"""Of a built notebook: sites that show notebooks give up on large ones."""
MEASURED: Final = "measured"
"""Tag of a cell that tells how long something took: its output is another one each time."""
FORMAT: Final = 4
LANGUAGE: Final = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
OF_A_MACHINE: Final = re.compile(
    r" at 0x[0-9a-f]{6}|/(?:home|root|tmp|usr|var|Users)/|[A-Z]:\\\\|site-packages|Traceback"
)
"""What no reader elsewhere can use: addresses, paths, what went wrong."""
COLOURS: Final = 128
"""Of a kept picture: more cannot be told apart in a figure, and take four times the room."""
SEEN: Final = 0.1
"""Share of the range of a colour from which a change of a pixel can be seen."""
MOST_SEEN: Final = 0.001
"""Share of such pixels from which a picture is another one."""


class NotReadableError(Exception):
    """An output that must not be kept."""


def scripts() -> list[Path]:
    """The sources, in their order."""
    return sorted(FOLDER.glob("*.py"))


def read_script(script: Path) -> Any:
    """The notebook of a script, without outputs; ids of cells are made from their text.

    Ids that jupytext draws would differ each time, numbers would move with every cell that is put
    in between.
    """
    notebook = jupytext.read(script)
    used: dict[str, int] = {}
    for cell in notebook.cells:
        name = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        used[name] = used.get(name, 0) + 1
        cell.id = name if used[name] == 1 else f"{name}-{used[name]}"
        cell.metadata.pop("lines_to_next_cell", None)  # of the script's layout
    notebook.metadata.pop("jupytext", None)
    notebook.metadata["language_info"] = dict(LANGUAGE)
    notebook.metadata["made_from"] = code_digest(notebook)
    return notebook


def read_built(script: Path) -> Any:
    """The built notebook beside a script."""
    return nbformat.read(script.with_suffix(".ipynb"), as_version=FORMAT)


def code_digest(notebook: Any) -> str:
    """Of all code, in its order: outputs are of this code and of no other."""
    code = "\0".join(cell.source for cell in code_cells(notebook))
    return hashlib.sha256(code.encode()).hexdigest()


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def run(script: Path) -> Any:
    """The notebook of a script with its outputs, as they are kept.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        When a cell fails.
    NotReadableError
        When an output names this machine, or a cell writes to the error stream.
    """
    notebook = read_script(script)
    settings = {"PYTHONHASHSEED": "0", "PYTHONPATH": str(FOLDER.parent), "MPLBACKEND": "agg"}
    with mock.patch.dict(os.environ, settings):
        NotebookClient(
            notebook,
            timeout=SECONDS,
            record_timing=False,
            resources={"metadata": {"path": str(FOLDER)}},
        ).execute()
    notebook.metadata["language_info"] = dict(LANGUAGE)  # without the version that ran it
    for cell in code_cells(notebook):
        cell.outputs = _cleaned(cell.outputs)
        for fault in faults(cell):
            raise NotReadableError(f"{script.name}: {fault}:\n{cell.source}")
    return notebook


def with_outputs_of(notebook: Any, built: Any) -> Any:
    """A notebook whose code has been run before, with those outputs."""
    for cell, built_cell in zip(code_cells(notebook), code_cells(built), strict=True):
        cell.outputs, cell.execution_count = (
            _cleaned(built_cell.outputs),
            built_cell.execution_count,
        )
    return notebook


def is_current(script: Path) -> bool:
    """Whether the outputs that are kept are those of the code as it stands."""
    if not script.with_suffix(".ipynb").exists():
        return False
    return bool(read_built(script).metadata.get("made_from") == code_digest(read_script(script)))


def write_built(script: Path, notebook: Any) -> None:
    """Keep a notebook beside its script."""
    nbformat.validate(notebook)
    words = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    script.with_suffix(".ipynb").write_text(words + "\n", encoding="utf-8")


def faults(cell: Any) -> Iterator[str]:
    """What is wrong with the outputs of a cell for a reader elsewhere."""
    for output in cell.outputs:
        if output.output_type == "error":
            yield "an error"
        if output.get("name") == "stderr":
            yield "the error stream"
    for words in texts(cell):
        for match in OF_A_MACHINE.finditer(words):
            yield f"“{match[0]}”"


def texts(cell: Any) -> list[str]:
    """What a cell says in words: printed, or as a table."""
    texts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            texts.append(output.text)
        for kind, words in sorted(output.get("data", {}).items()):
            if kind.startswith("text/"):
                texts.append(words)
    return texts


def pictures(cell: Any) -> list[Any]:
    """What a cell draws: uint8, shape (height, width, 4)."""
    images = []
    for output in cell.outputs:
        if drawn := output.get("data", {}).get("image/png"):
            with Image.open(io.BytesIO(base64.b64decode(drawn))) as image:
                images.append(np.asarray(image.convert("RGBA")))
    return images


def look_alike(old_image: Any, new_image: Any) -> bool:
    """Whether two pictures show the same: edges may be smoothed otherwise on another machine."""
    if old_image.shape != new_image.shape:
        return False
    changed = np.abs(old_image.astype(int) - new_image.astype(int)).max(axis=2) > SEEN * 255
    return bool(changed.mean() < MOST_SEEN)


def differences(first_run: Any, second_run: Any) -> Iterator[str]:
    """In which cells two runs of the same code say or show something else."""
    for old, new in zip(code_cells(first_run), code_cells(second_run), strict=True):
        if MEASURED in old.metadata.get("tags", []):
            continue
        if texts(old) != texts(new):
            yield f"{old.source}\nsaid\n{texts(old)}\nand says\n{texts(new)}"
        before, after = pictures(old), pictures(new)
        if len(before) != len(after) or not all(map(look_alike, before, after)):
            yield f"{old.source}\ndraws another picture"


def _cleaned(outputs: list[Any]) -> list[Any]:
    """One output a stream, however often it was flushed; pictures without their text."""
    cleaned: list[Any] = []
    for output in outputs:
        output.pop("transient", None)
        is_stream = output.output_type == "stream"
        if is_stream and cleaned and cleaned[-1].get("name") == output.name:
            cleaned[-1].text += output.text
            continue
        if "image/png" in output.get("data", {}):
            output.data = {"image/png": _smaller(output.data["image/png"])}
        cleaned.append(output)
    return cleaned


def _smaller(drawn: str) -> str:
    """A picture in few colours; as it is if it has few already."""
    with Image.open(io.BytesIO(base64.b64decode(drawn))) as image:
        if image.mode == "P":
            return drawn
        few = image.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE)
    packed = io.BytesIO()
    few.save(packed, "PNG", optimize=True)
    return base64.b64encode(packed.getvalue()).decode()

"""Small pictures of finished studies: drawn once, kept in the folder of the job."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from sim.errors import HallError
from sim.storage.keep import write_file
from sim.storage.request import Request
from sim.text import Text
from sim.views.compare import compare_figure
from sim.views.staffing import staffing_figure
from sim.views.style import as_svg
from sim.views.tornado import tornado_figure
from sim.web.session import comparison_of, jobs, load_result

BARS: Final = 6
"""Levers in a small picture."""


def _comparison(job: str, text: Text) -> Any:
    comparison = comparison_of(jobs().result(job))
    return compare_figure(comparison, text)


FIGURES: Final[Mapping[str, Callable[[str, Text], Any]]] = {
    "compare": _comparison,
    "staffing": lambda job, text: staffing_figure(load_result("staffing", job), text),
    "levers": lambda job, text: tornado_figure(load_result("levers", job), text, BARS),
}
"""Kinds of question whose answer has one figure that says the most."""


def thumbnail(job: str, request: Request, text: Text) -> str:
    """The picture of a finished job as SVG; empty where there is none, or it cannot be read."""
    draw = FIGURES.get(request.kind)
    folder = jobs().folder(job)
    if draw is None or folder is None or not jobs().result(job).is_dir():
        return ""
    path = folder / f"thumbnail-{text.language}.svg"
    with contextlib.suppress(OSError, ValueError):
        return path.read_text(encoding="utf-8")
    try:
        picture = as_svg(draw(job, text), f"thumbnail-{job}")
    except HallError:
        return ""
    _keep(path, picture)
    return picture


def _keep(path: Path, picture: str) -> None:
    with contextlib.suppress(OSError):
        write_file(path, picture.encode())

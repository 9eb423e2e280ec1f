"""Figures of a report, drawn one after the other while somebody is told how far it is."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from sim.views.blocks import PictureBlock
from sim.views.study_report import StudyReport
from sim.views.style import as_svg

PRINTED_DPI: Final = 200
"""Dots an inch of pictures in documents."""
Image = TypeVar("Image", bytes, str)
Tell = Callable[[int, int], None]
"""Is told how many of how many steps are done."""


def png_pictures(report: StudyReport, tell: Tell) -> Iterator[bytes]:
    """Each figure as PNG, that of the findings first."""
    return _drawn(report, _png, tell)


def svg_pictures(report: StudyReport, tell: Tell) -> Iterator[str]:
    """Each figure as an SVG element that stands alone or inside a page; their ids differ."""
    pictures = report.pictures
    numbered = {id(picture): n for n, picture in enumerate(pictures)}

    def svg(picture: PictureBlock) -> str:
        name = f"{picture.name}-{numbered[id(picture)]}"
        return as_svg(picture.draw(), name, picture.words)

    return _drawn(report, svg, tell)


def main_picture(report: StudyReport) -> bytes | None:
    """The first figure as PNG; None where there is none."""
    pictures = report.pictures
    return _png(pictures[0]) if pictures else None


def _png(picture: PictureBlock) -> bytes:
    buffer = io.BytesIO()
    picture.draw().savefig(buffer, format="png", dpi=PRINTED_DPI)
    return buffer.getvalue()


def _drawn(
    report: StudyReport, image: Callable[[PictureBlock], Image], tell: Tell
) -> Iterator[Image]:
    pictures = report.pictures
    for n, picture in enumerate(pictures, 1):
        tell(n, len(pictures) + 1)
        yield image(picture)

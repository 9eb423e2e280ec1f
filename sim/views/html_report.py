"""The report of a study as one HTML page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, NamedTuple

from markupsafe import Markup
from matplotlib.figure import Figure

from sim.text import Text
from sim.views.blocks import AnyBlock, PictureBlock
from sim.views.document import html_of, rendered
from sim.views.docx_report import annex_list, numbered
from sim.views.report_day import drawn_day
from sim.views.report_pictures import Tell
from sim.views.study_report import StudyReport


class DrawnAnnex(NamedTuple):
    """What the template reads of an annex."""

    number: str
    heading: str
    body: Markup


def html_report(report: StudyReport, text: Text, tell: Tell) -> bytes:
    """The page as the bytes of a file; it needs nothing outside itself.

    Where the study can show it, a day in motion is in it, which stands still at its busiest minute
    until somebody plays it, and on paper.
    """
    steps, total = count(1), len(report.pictures) + 1

    def drawn(n: int, blocks: Iterable[AnyBlock]) -> Markup:
        return html_of(_told(blocks, lambda: tell(next(steps), total), n))

    picture = drawn(0, [report.picture] if report.picture is not None else [])
    day = drawn_day(report.day() if report.day else None)
    annexes = [
        DrawnAnnex(
            text("document.annex", n=n),
            part.heading,
            drawn(n, part.blocks),
        )
        for n, part in enumerate(report.annexes, 1)
    ]
    page = rendered(
        "study_report.html.jinja",
        text,
        hash=report.scenario.hash,
        report=report,
        numbered=numbered,
        picture=picture,
        annex_list=annex_list(report, text),
        annexes=annexes,
        day=day,
    )
    return page.encode()


def _told(blocks: Iterable[AnyBlock], tell: Callable[[], Any], n: int) -> Iterator[AnyBlock]:
    """Blocks, each figure telling that it is drawn and bearing its own name."""
    for m, block in enumerate(blocks):
        if not isinstance(block, PictureBlock):
            yield block
            continue

        def draw(picture: PictureBlock = block) -> Figure:
            tell()
            return picture.draw()

        yield block._replace(name=f"{block.name}-{n}-{m}", draw=draw)

"""The findings of a study as six slides."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.text import Text
from sim.text.foreign import visible
from sim.version import VERSION
from sim.views.docx_report import numbered
from sim.views.findings import PartName
from sim.views.report_pictures import Tell, main_picture
from sim.views.study_report import ReportPart, StudyReport
from sim.views.style import width_of

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide
    from pptx.util import Length

SLIDES: Final = 6
INCH: Final = 914_400
"""Units of the format in an inch."""
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.7
"""Inches of a slide, and of what is left free at its sides."""
SIZES: Final = (24, 20, 18, 16, 14, 12, 10.5, 9)
"""Points of sentences: the largest in which all of a slide has room."""
HEADING_POINTS, TITLE_POINTS, FOOT_POINTS = 28, 36, 11
INK, SOFT, ACCENT = "222222", "666666", "0072B2"
PAIRS: Final[tuple[tuple[PartName, ...], ...]] = (
    ("asked", "answer"),
    ("money",),
    ("sureness", "hanging"),
    ("to_check",),
)
"""Parts of the findings, slide by slide, between the title and beside the main figure."""


class SlidePlace(NamedTuple):
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


BODY: Final = SlidePlace(MARGIN, 1.5, WIDTH - 2 * MARGIN, HEIGHT - 2.3)


def pptx_report(report: StudyReport, text: Text, tell: Tell) -> bytes:
    """Title, question and answer, the main figure, cost, sureness, what to check: six slides."""
    import pptx  # lazily: a tenth of a second

    writer = _Slides(pptx.Presentation(), text)
    writer.title(report)
    parts = {part.name: part for part in report.parts}
    for n, names in enumerate(PAIRS):
        tell(n + 1, len(PAIRS))
        writer.parts([parts[name] for name in names if name in parts], report)
        if n == 0:
            writer.figure(report)
    return writer.bytes_of(report)


class _Slides:
    """Slides on their way."""

    def __init__(self, presentation: Presentation, text: Text) -> None:
        self.presentation, self.text = presentation, text
        self.font = text("document.font.heading")
        presentation.slide_width, presentation.slide_height = _emu(WIDTH), _emu(HEIGHT)

    def title(self, report: StudyReport) -> None:
        """What it is, for whom, and what it was made of."""
        slide = self._slide(report)
        place = SlidePlace(MARGIN, 2.2, WIDTH - 2 * MARGIN, 1.8)
        self._words(slide, place, report.title_lines, TITLE_POINTS, bold=True, colour=ACCENT)
        self._words(slide, place._replace(top=4.4, height=0.6), (report.addressee,), 20)

    def figure(self, report: StudyReport) -> None:
        """The first figure, as large as it can be."""
        pictures = report.pictures
        image = main_picture(report)
        slide = self._slide(report)
        words = self.text("document.slide.figure")
        self._heading(slide, f"{words} · {pictures[0].words}" if pictures else words)
        if image is None:
            return
        shape = slide.shapes.add_picture(io.BytesIO(image), _emu(0), _emu(BODY.top - 0.3))
        scale = min(_emu(BODY.width) / shape.width, _emu(BODY.height + 0.3) / shape.height)
        width, height = scale * shape.width / INCH, scale * shape.height / INCH
        shape.width, shape.height = _emu(width), _emu(height)
        shape.left = _emu((WIDTH - width) / 2)

    def parts(self, parts: Sequence[ReportPart], report: StudyReport) -> None:
        """Sentences of one part or of two, in the largest size in which they have room."""
        slide = self._slide(report)
        self._heading(slide, self.text("format.joint").join(part.heading for part in parts))
        sentences = [row for part in parts for row in numbered(part)]
        points = fitting_points([words for words, _ in sentences], BODY)
        frame = self._words(slide, BODY, [words for words, _ in sentences], points)
        for paragraph, (_, is_answer) in zip(frame.paragraphs, sentences, strict=False):
            paragraph.space_after = _emu(points / 72 * 0.5)
            for run in paragraph.runs:
                run.font.bold = is_answer

    def _slide(self, report: StudyReport) -> Slide:
        blank = 6
        slide: Slide = self.presentation.slides.add_slide(self.presentation.slide_layouts[blank])
        foot = SlidePlace(MARGIN, HEIGHT - 0.6, WIDTH - 2 * MARGIN, 0.4)
        number = f"{len(self.presentation.slides)} / {SLIDES}"
        self._words(slide, foot, (f"{report.imprint} · {number}",), FOOT_POINTS, colour=SOFT)
        return slide

    def _heading(self, slide: Slide, words: str) -> None:
        place = SlidePlace(MARGIN, 0.5, WIDTH - 2 * MARGIN, 0.8)
        self._words(slide, place, (words,), HEADING_POINTS, bold=True, colour=ACCENT)

    def _words(
        self,
        slide: Slide,
        place: SlidePlace,
        lines: Sequence[str],
        points: float,
        *,
        bold: bool = False,
        colour: str = INK,
    ) -> Any:
        """Paragraphs in a box; fonts of both scripts are named."""
        from pptx.dml import color
        from pptx.oxml.ns import qn
        from pptx.util import Pt

        left, top, width, height = map(_emu, place)
        frame: Any = slide.shapes.add_textbox(left, top, width, height).text_frame
        frame.word_wrap = True
        ink: Any = color.RGBColor
        for n, words in enumerate(lines):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            run: Any = paragraph.add_run()
            run.text = visible(words)
            run.font.size, run.font.bold, run.font.name = Pt(points), bold, self.font
            run.font.color.rgb = ink(*bytes.fromhex(colour))
            properties = run._r.get_or_add_rPr()
            east = properties.makeelement(qn("a:ea"), {"typeface": self.font})
            properties.append(east)
        return frame

    def bytes_of(self, report: StudyReport) -> bytes:
        """The file."""
        properties = self.presentation.core_properties
        properties.title, properties.author = visible(report.title), f"govhall {VERSION}"
        file = io.BytesIO()
        self.presentation.save(file)
        return file.getvalue()


def fitting_points(sentences: Sequence[str], place: SlidePlace) -> float:
    """The largest size in which sentences have room; the smallest where none is small enough.

    Examples
    --------
    >>> fitting_points(["Open one more window."], BODY), fitting_points(["w" * 9000], BODY)
    (24, 9)
    """
    for points in SIZES:
        columns = place.width * 72 / (points * 0.52)
        lines = sum(math.ceil(width_of(words) / columns) for words in sentences)
        if (lines * 1.25 + len(sentences) * 0.5) * points <= place.height * 72:
            return points
    return SIZES[-1]


def _emu(inches: float) -> Length:
    from pptx.util import Emu

    return Emu(round(inches * INCH))

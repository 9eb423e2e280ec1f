"""One style for every figure: fonts that hold Chinese, sizes, and a look for each layout.

Colours are those of Okabe and Ito (2008), told apart by colour-blind readers; a layout has a marker
and a line of its own besides, so colour never speaks alone.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from threading import RLock
from typing import Any, Final, NamedTuple, Protocol

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from sim.analysis.intervals import Interval
from sim.analysis.judge import Judgement, size_of, way_of
from sim.arrays import Floats
from sim.runs.replicate import Study
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.glyphs import FONTS, borrow, quiet_glyphs

WIDTH: Final = 9.0
"""Inches: fills the text of an A4 page in landscape and a report on the screen."""
NOTEBOOK_DPI: Final = 100
"""Dots an inch in a notebook: a figure is as wide there as the text."""
CLOCKS: Final = 14
"""Times of day that have room beside each other in a figure."""
SMALL: Final = 8.0
"""Points: notes, footers, labels inside a figure."""
INK: Final = "#222222"
FAINT: Final = "#8a8a8a"
SHADE: Final = "#eeeeee"
"""Closed hours."""
PALETTE: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "<")
LINES: Final = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)))
VERDICTS: Final[Mapping[str, tuple[str, str]]] = {
    "better": ("#00695C", "#8CC2BA"),
    "worse": ("#A5243D", "#DFA3AE"),
    "differs": ("#5B4B8A", "#BDB4D8"),
}
"""Colours of a sure difference: its edge, and its face where its size is open."""
CAUSE_LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "reception": ("#F0E442", ""),
    "window_wait": ("#E69F00", "///"),
    "at_window": ("#0072B2", ""),
    "handover": ("#882255", "---"),
    "reviewer_wait": ("#D55E00", "\\\\\\"),
    "review": ("#009E73", ""),
    "closed": ("#D9D9D9", ""),
    "external": ("#CC79A7", "..."),
    "applicant": ("#56B4E9", "xxx"),
}
"""Colour and hatch of each cause: waits are hatched, work is plain."""
RC: Final[dict[Any, Any]] = {
    "font.family": ["Noto Sans SC", "DejaVu Sans"],
    "font.size": 9.5,
    "text.parse_math": False,  # names may hold a dollar sign
    "text.color": INK,
    "axes.unicode_minus": True,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.7,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "figure.titlesize": 12.5,
    "figure.titleweight": "bold",
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    "hatch.linewidth": 0.5,
    "hatch.color": "#555555",
    "lines.linewidth": 1.6,
    "lines.markersize": 5.0,
    "savefig.dpi": 150,
    "svg.fonttype": "path",
    "svg.hashsalt": "govhall",
    "pdf.fonttype": 42,
}

CLOSING: Final = ("Pe", "Pf", "Po")
"""Kinds of signs that never begin a line: closing brackets and quotes, commas, stops."""

_lock = RLock()
"""Matplotlib's settings belong to the process: a server draws one figure at a time."""


@contextmanager
def drawing() -> Iterator[None]:
    """The style of this file while something is made or drawn; other figures keep theirs."""
    with _lock:
        registered = {font.fname for font in font_manager.fontManager.ttflist}
        for font in sorted(FONTS.glob("*.ttf")):
            if str(font) not in registered:
                font_manager.fontManager.addfont(str(font))
        with mpl.rc_context(RC):
            yield


class Sheet(Figure):
    """A figure that is drawn in this style whoever draws it, and whenever."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw with the fonts of this style."""
        with drawing(), quiet_glyphs():
            super().draw(renderer)

    def savefig(self, fname: Any, *, transparent: bool | None = None, **options: Any) -> None:
        """Save in the format that the name, or `format=`, says.

        A character that the fonts of this style lack is drawn from a font of the system, if one
        has it; else it is a box, without a warning: `unknown_glyphs` tells of it once.
        """
        with drawing():
            super().savefig(fname, transparent=transparent, **options)
            if borrow(self):
                if hasattr(fname, "seek"):
                    fname.seek(0)
                    fname.truncate()
                super().savefig(fname, transparent=transparent, **options)

    def _repr_png_(self) -> bytes:
        """What a notebook shows of a figure; sites that show notebooks take no other kind."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=NOTEBOOK_DPI, metadata={"Software": None})
        return buffer.getvalue()


def sheet(title: str, height: float, width: float = WIDTH) -> Sheet:
    """An empty figure with its title, inside `drawing()`; `finish` it when all is drawn."""
    figure = Sheet(figsize=(width, height))
    FigureCanvasAgg(figure)
    words = folded(title, int(width * 10.5), 2)
    figure.suptitle(words, x=0.1 / width, y=1 - 0.1 / height, ha="left", va="top")
    return figure


def finish(figure: Figure, note: str, handles: Sequence[Artist] = ()) -> Figure:
    """Place title, legend and footer one below the other, and the axes between them.

    Constrained layout alone lets a legend outside the axes and a title cover each other.
    """
    width, height = float(figure.get_figwidth()), float(figure.get_figheight())
    title = figure.get_suptitle()
    top = 0.14 + 0.22 * (1 + title.count("\n"))
    for words in figure.texts:
        words.set_in_layout(False)
    if handles:
        widest = max(width_of(str(handle.get_label())) for handle in handles)
        columns = max(min(int((width - 0.2) / (0.65 + 0.07 * widest)), len(handles)), 1)
        legend = figure.legend(
            handles=list(handles),
            loc="upper left",
            bbox_to_anchor=(0.05 / width, 1 - (top + 0.02) / height),
            ncols=columns,
            borderpad=0.1,
            handlelength=2.4,
        )
        legend.set_in_layout(False)
        top += 0.06 + 0.21 * math.ceil(len(handles) / columns)
    note = "\n".join(folded(line, int(width * 17), 3) for line in note.split("\n"))
    bottom = 0.12 + 0.15 * (1 + note.count("\n"))
    figure.text(
        0.1 / width,
        0.07 / height,
        note,
        fontsize=SMALL - 0.5,
        color="#666666",
        va="bottom",
        linespacing=1.25,
        in_layout=False,
    )
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(0.0, bottom / height, 1.0, 1.0 - (top + bottom) / height))
    return figure


class Look(NamedTuple):
    """How one layout is drawn, in every figure."""

    colour: str
    marker: str
    line: str | tuple[int, tuple[int, ...]]


def look(scenario: Scenario, layout: str) -> Look:
    """The look of a layout by its place in the scenario, whichever others are shown beside it."""
    place = [candidate.id for candidate in scenario.layouts].index(layout)
    return Look(
        PALETTE[place % len(PALETTE)], MARKERS[place % len(MARKERS)], LINES[place % len(LINES)]
    )


def verdict_look(judgement: Judgement) -> tuple[str, str]:
    """Edge and face of a difference: full where it matters, pale where its size is open.

    Grey is what does not matter, hollow what is not sure.

    Examples
    --------
    >>> verdict_look("better_too_little") == (FAINT, FAINT)
    True
    >>> verdict_look("not_distinguishable") == (FAINT, "white")
    True
    """
    way, size = way_of(judgement), size_of(judgement)
    if not way:
        return FAINT, "white"
    if size == "too_little":
        return FAINT, FAINT
    edge, pale = VERDICTS[way]
    return edge, edge if size == "matters" else pale


def study_note(study: Study, text: Text, level: float | None = None) -> str:
    """Replications, seed and scenario: enough to draw the figure again."""
    note = text(
        "figure.footer",
        replications=study.replications,
        seed=study.seed,
        days=len(study.plans[0].period.hall_days),
        hash=study.scenario.hash,
    )
    if level is not None and study.replications > 1:
        note += text("figure.footer_level", level=text.share(level, 0))
    if study.cancelled:
        note += text("figure.footer_cancelled", asked=study.asked)
    return note


class Replicated(Protocol):
    """Anything that many points were run for."""

    @property
    def seed(self) -> int: ...
    @property
    def asked(self) -> int: ...
    @property
    def replications(self) -> int: ...


def points_note(
    scenario: Scenario, answer: Replicated, text: Text, level: float | None = None
) -> str:
    """Replications of each point, seed and scenario: enough to draw the figure again."""
    note = text(
        "figure.staffing.footer",
        replications=answer.replications,
        seed=answer.seed,
        hash=scenario.hash,
    )
    if level is not None and answer.replications > 1:
        note += text("figure.footer_level", level=text.share(level, 0))
    if answer.replications < answer.asked:
        note += text("figure.footer_cancelled", asked=answer.asked)
    return note


def bars_of(intervals: Sequence[Interval], scale: float = 1.0) -> tuple[Floats, Floats]:
    """Means, and distances to both bounds as `errorbar` wants them; 0 where there are none."""
    means = np.array([interval.mean for interval in intervals], dtype=np.float64) * scale
    bounds = (
        np.array([[interval.low, interval.high] for interval in intervals], dtype=np.float64).T
        * scale
    )
    away = np.abs(bounds.reshape(2, -1) - means)
    return means, np.where(np.isfinite(away), away, 0.0)


def band_of(intervals: Sequence[Interval], scale: float = 1.0) -> tuple[Floats, Floats, Floats]:
    """Means, lows and highs; nan where there are none."""
    rows = np.array([interval[:3] for interval in intervals], dtype=np.float64) * scale
    return rows[:, 0], rows[:, 1], rows[:, 2]


def clock_axis(axes: Axes, first: float, last: float) -> None:
    """Hours of the day along x, as many labels as fit."""
    axes.set_xlim(first, last)
    span = last - first
    axes.xaxis.set_major_locator(MultipleLocator(1 if span <= 12 else 2 if span <= 16 else 4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: as_clock(hour)))


def thin_clocks(axes: Axes, share: float) -> None:
    """Only as many times below an axis as fit into its share of the figure's width."""
    most = max(2, round(CLOCKS * share))
    axes.xaxis.set_major_locator(MaxNLocator(most, integer=True))


def whole_numbers(text: Text) -> FuncFormatter:
    """Ticks of an axis as whole numbers of a reader's language, such as yuan a year."""
    return FuncFormatter(lambda value, _: text.number(value, 0).replace("-", "−"))


def as_clock(hour: float) -> str:
    """Hours after midnight as HH:MM.

    Examples
    --------
    >>> as_clock(8.5)
    '08:30'
    """
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def width_of(words: str) -> int:
    """Columns that a text takes: a Chinese character takes two.

    Examples
    --------
    >>> width_of("取号 A1")
    7
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)


def folded(words: str, columns: int, lines: int = 3) -> str:
    """A text in lines no wider than so many columns; what does not fit ends in an ellipsis.

    Examples
    --------
    >>> folded("Healthcare security office", 12)
    'Healthcare\\nsecurity\\noffice'
    >>> folded("城乡居民基本医疗保险", 12, lines=2)
    '城乡居民基本\\n医疗保险'
    """
    pieces = re.findall(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+", words)
    rows = [""]
    for piece in pieces:
        full = width_of(rows[-1] + piece.rstrip()) > columns
        if rows[-1] and full and unicodedata.category(piece[0]) not in CLOSING:
            rows.append("")
        rows[-1] += piece if rows[-1] else piece.lstrip()
    rows = [row.rstrip() for row in rows]
    if len(rows) > lines:
        rows = [*rows[: lines - 1], rows[lines - 1][: max(len(rows[lines - 1]) - 1, 1)] + "…"]
    return "\n".join(rows)


def _smaller(svg: str) -> str:
    """Two decimals of a point are enough for the eye; line breaks and long glyph names are not."""

    def rounded(match: re.Match[str]) -> str:
        return re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", match[0])

    svg = re.sub(r' (?:d|x|y)="[^"]*"|translate\([^)]*\)', rounded, svg)
    svg = re.sub(r' d="[^"]*"', lambda path: re.sub(r"\s*\n", "", path[0]), svg)
    svg = re.sub(r"NotoSansSC-(Regular|Bold)-", lambda face: face[1][0].lower(), svg)
    return re.sub(r">\s+<", "><", svg)


def as_png(figure: Figure) -> bytes:
    """The figure as a PNG file, at 150 points an inch."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def as_svg(figure: Figure, name: str = "figure", label: str = "", *, is_wide: bool = False) -> str:
    """The figure as an `<svg>` element to stand inside a page; its ids begin with `name`.

    Parameters
    ----------
    is_wide
        As wide as its place, where that is wider than the figure.

    Examples
    --------
    >>> with drawing():
    ...     figure = sheet("Waits", 2.0)
    >>> as_svg(figure, "waits", "Waits")[:41]
    '<svg role="img" aria-label="Waits" style='
    """
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    svg = buffer.getvalue()
    svg = re.sub(r"\s*<metadata>.*?</metadata>|\s*<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = _smaller(svg)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'href="#', f'href="#{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    tag, body = svg[svg.index("<svg") :].split(">", 1)
    tag = re.sub(r' (width|height)="[^"]*"', "", tag).removeprefix("<svg")
    limit = "" if is_wide else f"max-width:{figure.get_figwidth():g}in;"
    return (
        f'<svg role="img" aria-label="{escape(label)}"'
        f' style="width:100%;{limit}height:auto"{tag}>{body}'
    )

"""The report of a study as a PDF, set by typst; words come to it as data, never as its language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib import font_manager

from sim.text import Text
from sim.text.foreign import visible
from sim.version import VERSION
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    with_titles,
)
from sim.views.docx_report import WIDE, annex_list, cell_in_table, column_widths, numbered
from sim.views.findings import AnnexPart
from sim.views.glyphs import FONTS, families_for, lacking
from sim.views.report_pictures import Tell, svg_pictures
from sim.views.study_report import StudyReport
from sim.views.two_pages import TEXT_WIDTH

TEMPLATE: Final = Path(__file__).with_name("report.typ")
SHIPPED: Final = ("Noto Sans SC", "DejaVu Sans")
"""Families that come with this program, and with its figures."""
FIGURE_FONTS: Final = Path(mpl.get_data_path()) / "fonts" / "ttf"
MARK: Final = "□"
"""In place of a sign that no font has."""
MOST_NAMED: Final = 30
"""Signs that one sentence names."""


def pdf_report(report: StudyReport, text: Text, tell: Tell) -> bytes:
    """The document as the bytes of a file."""
    import typst  # lazily: eighty megabytes

    pictures, numbers = svg_pictures(report, tell), {"table": 0, "figure": 0}
    behind = (
        {report.picture_behind: [_picture(report.picture, text, pictures, numbers)]}
        if (report.picture is not None)
        else {}
    )
    annexes = [*_annexes(report, text, pictures, numbers)]
    data = {
        "language": text.language,
        "author": f"govhall {VERSION}",
        "points": report.size.points,
        "pitch": report.size.pitch,
        **{name: getattr(report, name) for name in ("title", "title_lines", "addressee")},
        "parts": [
            {
                "heading": part.heading,
                "sentences": [
                    {"words": words, "is_answer": is_answer} for words, is_answer in numbered(part)
                ],
                "pictures": behind.get(part.name, []),
            }
            for part in report.parts
        ],
        "annex_list": annex_list(report, text),
        "signature": report.signature,
        "annexes": annexes,
        "imprint": report.imprint,
    }
    drawable = _drawable("".join(_words_in(data)))
    shown = _with_marks(data, drawable.unknown)
    preamble = {
        "fonts": [*SHIPPED, *drawable.families],
        "lacking": [lacking_words(drawable.unknown, text)] if drawable.unknown else [],
    }
    content: bytes = typst.compile(
        str(TEMPLATE),
        font_paths=[
            str(FONTS),
            str(Path(mpl.get_data_path()) / "fonts" / "ttf"),
            *drawable.folders,
        ],
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps({**shown, **preamble}, ensure_ascii=False)},
    )
    return content


def lacking_words(signs: Sequence[str], text: Text) -> str:
    """Which signs are shown as a mark."""
    more = " …" if len(signs) > MOST_NAMED else ""
    codes = " ".join(f"U+{ord(sign):04X}" for sign in signs[:MOST_NAMED]) + more
    return text("document.lacking", signs=codes)


# === signs that the shipped fonts lack === #


class _Drawable(NamedTuple):
    """Families of the system that have what the shipped ones lack, and what none has."""

    families: tuple[str, ...]
    folders: tuple[str, ...]
    unknown: tuple[str, ...]


def _drawable(words: str) -> _Drawable:
    families: dict[str, None] = {}
    unknown = []
    for sign in lacking(words):
        fitting = families_for(sign)
        families.update(dict.fromkeys(fitting))
        if not fitting:
            unknown.append(sign)
    folders = dict.fromkeys(_folder_of(family) for family in families)
    return _Drawable(tuple(families), tuple(folders), tuple(unknown))


@cache
def _folder_of(family: str) -> str:
    fonts = (font for font in font_manager.fontManager.ttflist if font.name == family)
    return str(Path(next(fonts).fname).parent)


def _words_in(data: object, key: str = "") -> Iterator[str]:
    if isinstance(data, str):
        if key != "svg":
            yield data
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _words_in(value, name)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _words_in(value)


def _with_marks(data: Any, unknown: Sequence[str]) -> Any:
    """The same data, with a mark for each sign that no font has, and for those that do something
    instead of being seen.
    """
    table = {ord(sign): MARK for sign in unknown}

    def marked(value: Any, key: str = "") -> Any:
        match value:
            case str():
                return value if key == "svg" else visible(value).translate(table)
            case Mapping():
                return {name: marked(part, name) for name, part in value.items()}
            case list() | tuple():
                return [marked(part) for part in value]
            case _:
                return value

    return marked(data)


# === blocks === #


def _annexes(
    report: StudyReport, text: Text, pictures: Iterator[str], numbers: dict[str, int]
) -> Iterator[dict[str, Any]]:
    for n, part in enumerate(report.annexes, 1):
        yield {
            "number": text("document.annex", n=n),
            "heading": part.heading,
            "blocks": [*_blocks(part, text, pictures, numbers)],
        }


def _blocks(
    part: AnnexPart, text: Text, pictures: Iterator[str], numbers: dict[str, int]
) -> Iterator[dict[str, Any]]:
    """What the template reads of each block."""
    blocks: Iterable[tuple[AnyBlock, str]] = with_titles([HeadingBlock(part.heading), *part.blocks])
    for block, title in [*blocks][1:]:
        match block:
            case HeadingBlock(words):
                yield {"kind": "heading", "words": words}
            case SentenceBlock(words, "note"):
                yield {"kind": "note", "words": words}
            case SentenceBlock(words, tone):
                yield {"kind": "sentence", "words": words, "is_answer": tone == "answer"}
            case PictureBlock():
                yield _picture(block, text, pictures, numbers)
            case TableBlock():
                numbers["table"] += 1
                caption = text("document.table", n=numbers["table"], title=title or block.title)
                yield {"kind": "table", "caption": caption, **_table(block)}


def _picture(
    block: PictureBlock, text: Text, pictures: Iterator[str], numbers: dict[str, int]
) -> dict[str, Any]:
    numbers["figure"] += 1
    caption = text("document.figure", n=numbers["figure"], title=block.words)
    return {"kind": "picture", "svg": next(pictures), "words": block.words, "caption": caption}


def _table(block: TableBlock) -> dict[str, Any]:
    return {
        "heads": block.heads,
        "rows": [[cell_in_table(cell) for cell in row] for row in block.rows],
        "widths": column_widths(block, TEXT_WIDTH),
        "names": block.names,
        "note": block.note,
        "is_wide": len(block.heads) >= WIDE,
    }

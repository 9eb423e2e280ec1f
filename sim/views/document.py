"""Blocks of any topic in a self-contained HTML document, and the templates that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.text import Text
from sim.version import VERSION
from sim.views.blocks import (
    AnyBlock,
    AnyCell,
    CodeCell,
    HeadingBlock,
    JudgedCell,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    with_titles,
)
from sim.views.style import as_svg

SYMBOLS: Final = {"better": "▲△", "worse": "▼▽", "differs": "◆◇", "": "––"}
"""Beside the word, so that colour is not alone: of a size that matters, and not surely of one."""


class _CellParts(NamedTuple):
    """What the template reads of a cell."""

    words: str
    is_code: bool = False
    look: str = ""
    """Class of the colour of a judgement."""
    judgement: str = ""


def rendered(template: str, text: Text, **parts: Any) -> str:
    """A page made of a template beside this file; `draw` in it draws a list of blocks."""
    page = _environment().get_template(template)
    return page.render(
        text=text,
        lang={"zh": "zh-CN", "en": "en", "keys": "en"}[text.language],
        version=VERSION,
        draw=html_of,
        **parts,
    )


def html_of(blocks: Iterable[AnyBlock]) -> Markup:
    """Blocks below each other; points that follow each other are one list.

    Examples
    --------
    >>> from sim.views.blocks import SentenceBlock
    >>> print(html_of([SentenceBlock("5 < 6", "note")]))
    <p class="note">5 &lt; 6</p>
    <BLANKLINE>
    """
    draw = getattr(_environment().get_template("blocks.html.jinja").module, "draw")  # noqa: B009
    return Markup(draw([*_parts(blocks)]))


def _parts(blocks: Iterable[AnyBlock]) -> Iterator[dict[str, Any]]:
    """What the template reads of each block, or of the points of a list together."""
    for is_point, together in groupby(with_titles(blocks), lambda pair: _is_point(pair[0])):
        if is_point:
            points = [block.words for block, _ in together if isinstance(block, SentenceBlock)]
            yield {"kind": "points", "points": points}
            continue
        for block, title in together:
            match block:
                case HeadingBlock(words, is_within):
                    yield {"kind": "heading", "words": words, "level": 3 if is_within else 2}
                case SentenceBlock(words, tone):
                    yield {"kind": "sentence", "words": words, "tone": tone}
                case TableBlock():
                    rows = [[*map(_cell, row)] for row in block.rows]
                    yield {"kind": "table", "table": block, "title": title, "rows": rows}
                case PictureBlock(name, words, draw):
                    yield {"kind": "picture", "svg": Markup(as_svg(draw(), name, words))}


def _cell(cell: AnyCell) -> _CellParts:
    """A cell in full: a judgement is a symbol, a colour and words."""
    match cell:
        case CodeCell(words):
            return _CellParts(words, is_code=True)
        case JudgedCell(figure, _, words, way, size, remark):
            look = way if size in ("matters", "size_open") else "faint"
            symbol = SYMBOLS[way][size != "matters"]
            figure = " ".join(filter(None, (figure, remark)))
            return _CellParts(figure, look=look, judgement=f"{symbol} {words}")
        case _:
            return _CellParts(cell)


def _is_point(block: AnyBlock) -> bool:
    return isinstance(block, SentenceBlock) and block.tone == "point"


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sim.views", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

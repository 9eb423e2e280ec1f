"""Blocks of any topic in a self-contained HTML document, and the templates that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.text import Text
from sim.version import VERSION
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    with_titles,
)
from sim.views.style import as_svg


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
                case HeadingBlock(words):
                    yield {"kind": "heading", "words": words}
                case SentenceBlock(words, tone):
                    yield {"kind": "sentence", "words": words, "tone": tone}
                case TableBlock():
                    yield {"kind": "table", "table": block, "title": title}
                case PictureBlock(name, words, draw):
                    yield {"kind": "picture", "svg": Markup(as_svg(draw(), name, words))}


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

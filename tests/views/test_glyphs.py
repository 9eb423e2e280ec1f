"""A character that no shipped font has: drawn from another font, or named in one sentence."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from matplotlib import font_manager

from sim.scenario.load import scenario_from_text
from sim.text import load_text
from sim.views.glyphs import families_for, unknown_glyphs
from sim.views.style import drawing, sheet
from tests.strategies import altered, small

RARE = "㓾"
"""In no font that ships, nor in one of a usual system."""


@pytest.fixture
def system_font(tmp_path: Path) -> Iterator[str]:
    """A font of the system that has the rare character."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 0))
    pen.lineTo((500, 900))
    pen.closePath()
    glyph = pen.glyph()
    font = FontBuilder(1000)
    font.setupGlyphOrder([".notdef", "rare"])
    font.setupCharacterMap({ord(RARE): "rare"})
    font.setupGlyf({".notdef": glyph, "rare": glyph})
    font.setupHorizontalMetrics({".notdef": (600, 0), "rare": (600, 0)})
    font.setupHorizontalHeader(ascent=900, descent=-100)
    font.setupNameTable({"familyName": "Rare Test", "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    path = tmp_path / "rare.ttf"
    font.save(path)
    before = list(font_manager.fontManager.ttflist)
    font_manager.fontManager.addfont(path)
    families_for.cache_clear()
    yield "Rare Test"
    font_manager.fontManager.ttflist[:] = before
    families_for.cache_clear()


def drawn(words: str) -> bytes:
    with drawing():
        figure = sheet(words, 2.0)
        figure.subplots().set_yticks([0], [words])
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=30)
    return out.getvalue()


def test_without_such_a_font_it_is_a_box_and_no_warning() -> None:
    """Warnings are errors in this suite."""
    assert drawn(f"Hall {RARE}").startswith(b"\x89PNG")


def test_with_such_a_font_it_is_drawn(system_font: str) -> None:
    assert families_for(RARE) == (system_font,)
    with_font = drawn(f"Hall {RARE}")
    families_for.cache_clear()
    font_manager.fontManager.ttflist[:] = [
        font for font in font_manager.fontManager.ttflist if font.name != system_font
    ]
    assert drawn(f"Hall {RARE}") != with_font
    assert drawn("Hall") == drawn("Hall")


def test_the_sentence_names_each_character_of_this_language_once() -> None:
    name = {"zh": f"{RARE}大厅{RARE}", "en": "Hall"}
    scenario = scenario_from_text(altered(small(), ("hall.name", name), ("layouts.*.name", name)))
    problem = unknown_glyphs(scenario, load_text("zh"))
    assert problem is not None
    assert problem.found == RARE
    assert unknown_glyphs(scenario, load_text("en")) is None


def test_no_sentence_where_the_system_has_it(system_font: str) -> None:
    assert system_font
    scenario = scenario_from_text(altered(small(), ("hall.name", {"zh": RARE, "en": "Hall"})))
    assert unknown_glyphs(scenario, load_text("zh")) is None

"""How much two pages hold: type size, sentences and place of the figure (DESIGN §7.16)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest
from typing import Final, NamedTuple

from sim.text import Text
from sim.views.blocks import SentenceBlock
from sim.views.findings import PARTS, PartName
from sim.views.style import width_of

MUST: Final = ("answer", "plain")
"""Tones of sentences that the findings never leave out; of others each part keeps the first."""
FIRST_FILLED: Final[tuple[PartName, ...]] = (
    *("to_check", "sureness", "money", "answer", "hanging", "asked"),
)
"""Parts in the order in which each takes one more sentence while there is room."""
BEFORE_PICTURE: Final[tuple[PartName, ...]] = ("asked",)
"""Parts behind which the figure does not stand, as it shows what was found."""
PAGES: Final = 2
"""Pages of the findings."""
TEXT_WIDTH, TEXT_HEIGHT = 442.0, 638.0
"""Points inside the margins of an official document: 156 mm by 225 mm (GB/T 9704—2012, 5.2)."""
TITLE_POINTS, TITLE_SPACING = 22.0, 1.65
"""Size of the title's signs, and from line to line of it."""
LISTED_LINES: Final = 4
"""Lines of the list of annexes."""
SPARE_LINES: Final = 3
"""Lines left over, as programs break lines unlike each other."""


class TypeSize(NamedTuple):
    """How large the words of the findings are set.

    Attributes
    ----------
    points : float
    pitch : float
        From line to line, in points.
    columns : int
        Of which a Chinese sign takes two.
    """

    points: float
    pitch: float
    columns: int

    @property
    def lines(self) -> int:
        """On all pages of the findings."""
        return PAGES * int(TEXT_HEIGHT / self.pitch)


def type_sizes(text: Text) -> tuple[TypeSize, ...]:
    """Sizes to choose from, the proper one first.

    In Chinese 三号 with 22 lines of 28 signs a page, else 四号 and 小四.

    References
    ----------
    GB/T 9704—2012, Layout key for official document of Party and government organs, 5.2.3.

    Examples
    --------
    >>> from sim.text import load_text
    >>> [size.points for size in type_sizes(load_text("zh"))]
    [16.0, 14.0, 12.0]
    """
    if text.language == "zh":
        return tuple(_size(points, 1.8, 0.5) for points in (16.0, 14.0, 12.0))
    return tuple(_size(points, 1.35, 0.48) for points in (12.0, 11.0, 10.0))


def _size(points: float, spacing: float, width: float) -> TypeSize:
    return TypeSize(points, points * spacing, int(TEXT_WIDTH / (points * width)))


class Frame(NamedTuple):
    """Words beside the sentences.

    Attributes
    ----------
    title : tuple of str
        Its lines, which are set larger.
    addressee : str
    headings : dict
        Of each part.
    signature : tuple of str
        Its lines; the list of annexes comes on top.
    """

    title: tuple[str, ...]
    addressee: str
    headings: Mapping[PartName, str]
    signature: tuple[str, ...]

    def lines_of_head(self, size: TypeSize) -> int:
        """Title and addressee, in lines of the findings."""
        folded = sum(
            math.ceil(TITLE_POINTS / 2 * width_of(line) / TEXT_WIDTH) for line in self.title
        )
        title = math.ceil(folded * TITLE_POINTS * TITLE_SPACING / size.pitch + bool(folded))
        return title + _lines(self.addressee, size)

    def lines(self, size: TypeSize) -> int:
        """All of it."""
        words = (*self.headings.values(), *self.signature)
        return self.lines_of_head(size) + LISTED_LINES + sum(_lines(line, size) for line in words)


class Fit(NamedTuple):
    """What two pages hold.

    Attributes
    ----------
    chosen : dict
        Sentences of each part.
    size : TypeSize
    picture_behind : str or None
        Part behind which the figure stands.
    """

    chosen: dict[PartName, tuple[SentenceBlock, ...]]
    size: TypeSize
    picture_behind: PartName | None


def fitted(
    said: Mapping[PartName, tuple[SentenceBlock, ...]],
    frame: Frame,
    text: Text,
    picture: float = 0.0,
) -> Fit:
    """As many sentences as two pages hold, and the size in which they are set.

    What must be said, and the picture, are set smaller where they do not fit; in the smallest size
    the picture has no place. Of the other sentences each part in turn takes one more while there is
    room.

    Parameters
    ----------
    picture
        Height of the figure in points; 0 = there is none.
    """
    sizes = type_sizes(text)
    with_picture = [(size, picture) for size in sizes[:-1]] if picture else []
    for size, height in (*with_picture, *((size, 0.0) for size in sizes)):
        lines = math.ceil(height / size.pitch) + 1 if height else 0
        chosen, room = _chosen(said, frame, size, lines)
        behind = _place_of_picture(chosen, frame, size, lines) if lines else None
        if room >= 0 and (behind is not None) == bool(lines):
            break
    return Fit(chosen, size, behind)


def _chosen(
    said: Mapping[PartName, tuple[SentenceBlock, ...]], frame: Frame, size: TypeSize, picture: int
) -> tuple[dict[PartName, tuple[SentenceBlock, ...]], int]:
    """Sentences of each part, and how many lines they leave; below 0 = what must be said is more.

    Parameters
    ----------
    picture
        Lines that the figure and its caption take.
    """
    must = {name: _must(sentences) for name, sentences in said.items()}
    room = size.lines - SPARE_LINES - frame.lines(size) - picture
    room -= sum(_lines(sentence.words, size) for sentence in chain(*must.values()))
    chosen = {name: set(sentences) for name, sentences in must.items()}
    more = [
        [(name, sentence) for sentence in said[name] if sentence not in must[name]]
        for name in FIRST_FILLED
        if name in said
    ]
    for name, sentence in filter(None, chain.from_iterable(zip_longest(*more))):
        if (lines := _lines(sentence.words, size)) <= room:
            chosen[name].add(sentence)
            room -= lines
    in_order = {
        name: tuple(sentence for sentence in said[name] if sentence in chosen[name])
        for name in said
    }
    return in_order, room


def _place_of_picture(
    chosen: Mapping[PartName, tuple[SentenceBlock, ...]],
    frame: Frame,
    size: TypeSize,
    picture: int,
) -> PartName | None:
    """The first part behind which a figure, which is not cut, stays on the page."""
    on_page = size.lines // PAGES
    before = frame.lines_of_head(size)
    for name in (name for name in PARTS if chosen.get(name)):
        words = [frame.headings.get(name, ""), *(sentence.words for sentence in chosen[name])]
        before += sum(_lines(line, size) for line in words)
        if name not in BEFORE_PICTURE and before % on_page + picture < on_page:
            return name
    return None


def _must(sentences: Sequence[SentenceBlock]) -> tuple[SentenceBlock, ...]:
    """What is said in any case; where all is optional, the first."""
    must = tuple(sentence for sentence in sentences if sentence.tone in MUST)
    return must or tuple(sentences[:1])


def _lines(words: str, size: TypeSize) -> int:
    """Lines of a paragraph, its first indented by two signs."""
    return math.ceil((width_of(words) + 4) / size.columns)

"""The report of a study: findings of two pages, and annexes with every figure (DESIGN §7.15)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import Any, Final, NamedTuple

from sim.scenario.provenance import Number, numbers
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.version import VERSION
from sim.views.assumption_words import origins_sentence, widest_sentence
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    say_each,
)
from sim.views.context import changes_sentence
from sim.views.findings import PARTS, AnnexPart, Findings, PartName, pictures_in
from sim.views.scenario_words import range_tables, size_table, source_table
from sim.views.stress_des import method_table
from sim.views.style import width_of

MUST: Final = ("answer", "plain")
"""Tones of sentences that the findings never leave out; of others each part keeps the first."""
FIRST_FILLED: Final[tuple[PartName, ...]] = (
    *("to_check", "sureness", "money", "answer", "hanging", "asked"),
)
"""Parts in the order in which each takes one more sentence while there is room."""
PAGES: Final = 2
"""Pages of the findings."""
TEXT_WIDTH, TEXT_HEIGHT = 442.0, 638.0
"""Points inside the margins of an official document: 156 mm by 225 mm (GB/T 9704—2012, 5.2)."""
LONGEST_TITLE: Final = 38
"""Columns of a title that stands in one line."""
SPARE_LINES: Final = 3
"""Lines left over, as programs break lines unlike each other."""
TALLEST: Final = 0.62
"""Height over width of a figure that may stand among the findings: two fifths of a page."""
PICTURE_BEHIND: Final[PartName] = "answer"


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


class ReportPart(NamedTuple):
    """One part of the findings.

    Attributes
    ----------
    name : str
    heading : str
        With its number.
    sentences : tuple of SentenceBlock
    """

    name: PartName
    heading: str
    sentences: tuple[SentenceBlock, ...]


class StudyReport(NamedTuple):
    """What every document of a study is drawn from.

    Attributes
    ----------
    title : str
    title_lines : tuple of str
        The title broken where its sense allows it, if it takes more than one line.
    addressee : str
    parts : tuple of ReportPart
        The findings.
    size : TypeSize
        In which they take two pages.
    picture : PictureBlock or None
        The first figure, which stands behind the answer; None where none has room there.
    annexes : tuple of AnnexPart
        Their headings bear no number.
    signature : tuple of str
        Lines that are left to be filled in.
    imprint : str
        Scenario, seed, replications and version: enough to do it again.
    scenario : Scenario
    day : callable or None
        As of the findings.
    """

    title: str
    title_lines: tuple[str, ...]
    addressee: str
    parts: tuple[ReportPart, ...]
    size: TypeSize
    picture: PictureBlock | None
    annexes: tuple[AnnexPart, ...]
    signature: tuple[str, ...]
    imprint: str
    scenario: Scenario
    day: Callable[[], dict[str, Any] | None] | None = None

    @property
    def pictures(self) -> list[PictureBlock]:
        """Every figure in the order in which a document shows them."""
        first = [self.picture] if self.picture is not None else []
        return first + pictures_in(self.annexes)


def study_report(findings: Findings, text: Text) -> StudyReport:
    """Findings that take two pages, and annexes: what had no room, all tables, method, sources."""
    written = numbers(findings.scenario)
    title = text("document.title", subject=findings.subject)
    said = _with_assumptions(findings, written, text)
    frame = _frame(title, said, text)
    picture = _first_picture(findings)
    height = TEXT_WIDTH * picture.shape if picture is not None else 0.0
    chosen, size, has_picture = fitted(said, frame, text, height)
    parts = tuple(
        ReportPart(name, _heading(n, name, text), chosen[name])
        for n, name in enumerate((name for name in PARTS if chosen.get(name)), 1)
    )
    left = [*chain.from_iterable(_left_out(said[name], chosen[name]) for name in said)]
    shown = picture.block if picture is not None and has_picture else None
    annexes = (
        *([AnnexPart(text("document.part.more"), tuple(left))] if left else []),
        *(_without_first_picture(findings.annexes) if shown is not None else findings.annexes),
        *_closing_annexes(findings, written, text),
    )
    broken = text("document.title_lines", subject=findings.subject).split("\n")
    return StudyReport(
        title,
        tuple(broken) if width_of(title) > LONGEST_TITLE else (title,),
        text("document.addressee"),
        parts,
        size,
        shown,
        annexes,
        (text("document.signed"), text("document.dated")),
        imprint(findings, text),
        findings.scenario,
        findings.day,
    )


def imprint(findings: Findings, text: Text) -> str:
    """Enough to run it again."""
    return text(
        "document.imprint",
        hash=findings.scenario.hash,
        seed=findings.seed,
        replications=findings.replications,
        version=VERSION,
    )


def _heading(n: int, name: PartName, text: Text) -> str:
    return text(
        "document.heading", n=text(f"document.ordinal.{n}"), words=text(f"document.part.{name}")
    )


# === what is said === #


def _with_assumptions(
    findings: Findings, written: Sequence[Number], text: Text
) -> dict[PartName, tuple[SentenceBlock, ...]]:
    """Findings with what every study rests on: origins of numbers, what to look up, changes."""
    scenario = findings.scenario
    about = [number for number in written if findings.about in ("", number.path[0])]
    check = [widest_sentence(about, scenario, text)]
    if bare := sum(number.origin == "none" for number in written):
        check.append(text("document.unsourced", n=bare))
    check.append(changes_sentence(scenario, text))
    said = dict(findings.parts)
    hanging = SentenceBlock(origins_sentence(written, text))
    said["hanging"] = (hanging, *said.get("hanging", ()))
    said["to_check"] = (*said.get("to_check", ()), *say_each(filter(None, check), "point"))
    return {name: said[name] for name in PARTS if said.get(name)}


def _left_out(
    said: Sequence[SentenceBlock], chosen: Sequence[SentenceBlock]
) -> Iterator[SentenceBlock]:
    shown = set(chosen)
    return (sentence for sentence in said if sentence not in shown)


# === two pages === #


class _FirstPicture(NamedTuple):
    """A figure that may stand among the findings; drawn, as its height must be known."""

    block: PictureBlock
    shape: float
    """Height over width."""


def _first_picture(findings: Findings) -> _FirstPicture | None:
    pictures = pictures_in(findings.annexes)
    if not pictures:
        return None
    figure = pictures[0].draw()
    shape = figure.get_figheight() / figure.get_figwidth()
    if shape > TALLEST:
        return None
    return _FirstPicture(pictures[0]._replace(draw=lambda: figure), shape)


def _without_first_picture(annexes: Sequence[AnnexPart]) -> Iterator[AnnexPart]:
    """A figure that the findings show is not shown again."""
    [first, *_] = pictures_in(annexes)
    for part in annexes:
        blocks = tuple(block for block in part.blocks if block is not first)
        if any(not isinstance(block, HeadingBlock) for block in blocks):
            yield part._replace(blocks=blocks)


class Frame(NamedTuple):
    """Words beside the sentences, and how many times as high as theirs their lines are.

    Attributes
    ----------
    above : dict
        Title, addressee, headings down to the picture.
    below : dict
        Headings below it, signature, list of annexes.
    """

    above: dict[str, int]
    below: dict[str, int]


class Fit(NamedTuple):
    """What two pages hold.

    Attributes
    ----------
    chosen : dict
        Sentences of each part.
    size : TypeSize
    has_picture : bool
    """

    chosen: dict[PartName, tuple[SentenceBlock, ...]]
    size: TypeSize
    has_picture: bool


def fitted(
    said: dict[PartName, tuple[SentenceBlock, ...]],
    frame: Frame,
    text: Text,
    picture: float = 0.0,
) -> Fit:
    """As many sentences as two pages hold, and the size in which they are set.

    What must be said, and the picture, are set smaller where they do not fit; in the smallest size
    the picture stays in the annex. Of the other sentences each part in turn takes one more while
    there is room.

    Parameters
    ----------
    picture
        Height of the first figure in points; 0 = there is none.
    """
    must = {name: _must(sentences) for name, sentences in said.items()}
    more = {
        name: [sentence for sentence in sentences if sentence not in must[name]]
        for name, sentences in said.items()
    }
    sizes = type_sizes(text)
    with_picture = [(size, True) for size in sizes[:-1]] if picture else []
    for size, has_picture in (*with_picture, *((size, False) for size in sizes)):
        room = size.lines - SPARE_LINES - _taken(frame.above, size) - _taken(frame.below, size)
        room -= sum(_lines(sentence.words, size) for sentence in chain(*must.values()))
        if has_picture:
            room -= _lines_of_picture(picture, said, frame, size)
        if room >= 0:
            break
    chosen = {name: set(sentences) for name, sentences in must.items()}
    names = [name for name in FIRST_FILLED if name in more]
    for row in zip_longest(*(more[name] for name in names)):
        for name, sentence in zip(names, row, strict=True):
            if sentence is None or (lines := _lines(sentence.words, size)) > room:
                continue
            chosen[name].add(sentence)
            room -= lines
    return Fit(
        {
            name: tuple(sentence for sentence in said[name] if sentence in chosen[name])
            for name in said
        },
        size,
        has_picture,
    )


def _lines_of_picture(
    height: float,
    said: dict[PartName, tuple[SentenceBlock, ...]],
    frame: Frame,
    size: TypeSize,
) -> int:
    """Lines that a figure and its caption take; as many again where the first page may end before
    it, as it is not cut.
    """
    lines = math.ceil(height / size.pitch) + 1
    names = PARTS[: PARTS.index(PICTURE_BEHIND) + 1]
    above = [sentence.words for name in names for sentence in said.get(name, ())]
    before = sum(_lines(words, size) for words in above) + _taken(frame.above, size)
    return lines if before + lines <= size.lines // PAGES else 2 * lines


def _must(sentences: Sequence[SentenceBlock]) -> tuple[SentenceBlock, ...]:
    """What is said in any case; where all is optional, the first."""
    must = tuple(sentence for sentence in sentences if sentence.tone in MUST)
    return must or tuple(sentences[:1])


def _lines(words: str, size: TypeSize) -> int:
    """Lines of a paragraph, its first indented by two signs."""
    return math.ceil((width_of(words) + 4) / size.columns)


def _taken(lines: dict[str, int], size: TypeSize) -> int:
    # a title is set larger than the words below it
    return sum(times * _lines(words, size) for words, times in lines.items())


def _frame(title: str, said: dict[PartName, tuple[SentenceBlock, ...]], text: Text) -> Frame:
    headings = {name: _heading(n, name, text) for n, name in enumerate(said, 1)}
    first = PARTS[: PARTS.index(PICTURE_BEHIND) + 1]
    above = {words: 1 for name, words in headings.items() if name in first}
    below = {words: 1 for name, words in headings.items() if name not in first}
    signature = dict.fromkeys(("document.signed", "document.dated"), 1)
    return Frame({title: 2, "document.addressee": 1, **above}, {**below, **signature, "annexes": 4})


# === annexes === #


def _closing_annexes(
    findings: Findings, written: Sequence[Number], text: Text
) -> Iterator[AnnexPart]:
    """What every document ends with: the method, definitions, assumptions and sources."""
    scenario = findings.scenario
    yield AnnexPart(text("document.annex.method"), _method_blocks(findings, text))
    sizes = size_table(scenario, text)
    meanings: list[AnyBlock] = [sizes]
    if findings.definitions:
        heads = (text("cli.head.measure"), text("page.results.meaning"))
        title = text("report.definitions")
        meanings.insert(0, TableBlock(title, heads, findings.definitions, names=2))
    yield AnnexPart(text("document.annex.definitions"), tuple(meanings))
    tables = [*range_tables(written, text), source_table(written, text)]
    filled = tuple(table for table in tables if table.rows)
    if filled:
        yield AnnexPart(text("document.annex.sources"), filled)


def _method_blocks(findings: Findings, text: Text) -> tuple[AnyBlock, ...]:
    again = text("document.again", imprint=imprint(findings, text))
    return (
        SentenceBlock(text("stress.note"), "note"),
        method_table(findings, text),
        SentenceBlock(again, "note"),
    )

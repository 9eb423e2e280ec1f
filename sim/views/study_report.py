"""The report of a study: findings of two pages, and annexes with every figure (DESIGN §7.16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
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
from sim.views.two_pages import TEXT_WIDTH, Frame, TypeSize, fitted

LONGEST_TITLE: Final = 38
"""Columns of a title that stands in one line."""
TALLEST: Final = 0.62
"""Height over width of a figure that may stand among the findings: two fifths of a page."""


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
        The first figure, where it has room among the findings.
    picture_behind : str or None
        Part behind which it stands.
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
    picture_behind: PartName | None
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
    broken = text("document.title_lines", subject=findings.subject).split("\n")
    title_lines = tuple(broken) if width_of(title) > LONGEST_TITLE else (title,)
    addressee = text("document.addressee")
    signature = (text("document.signed"), text("document.dated"))
    headings = {name: _heading(n, name, text) for n, name in enumerate(said, 1)}
    picture = _first_picture(findings)
    chosen, size, picture_behind = fitted(
        said,
        Frame(title_lines, addressee, headings, signature),
        text,
        TEXT_WIDTH * picture.shape if picture is not None else 0.0,
    )
    parts = tuple(ReportPart(name, headings[name], chosen[name]) for name in said)
    left = [*chain.from_iterable(_left_out(said[name], chosen[name]) for name in said)]
    shown = picture.block if picture is not None and picture_behind is not None else None
    annexes = (
        *([AnnexPart(text("document.part.more"), tuple(left))] if left else []),
        *(_without_first_picture(findings.annexes) if shown is not None else findings.annexes),
        *_closing_annexes(findings, written, text),
    )
    return StudyReport(
        title,
        title_lines,
        addressee,
        parts,
        size,
        shown,
        picture_behind,
        annexes,
        signature,
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


# === the picture === #


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

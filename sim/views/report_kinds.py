"""The report of every kind of study that is kept: a row of the table more is a kind more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from sim.questions.allocate import Allocation, allocated_scenario
from sim.questions.compare import Comparison
from sim.questions.frontier import Frontier
from sim.questions.next_point import NextPoints
from sim.questions.one_matter import Handled, OneMatter
from sim.questions.ranking import Ranking
from sim.questions.roster import DutyRoster
from sim.questions.rostering import rostered_scenario
from sim.questions.shortlist import Shortlist
from sim.questions.size import Sizing, sized_scenario
from sim.questions.staffing import StaffingCurve
from sim.questions.switches import SwitchedHall, fully_switched
from sim.questions.tune import Tuning, tuned_scenario
from sim.questions.warm_up import WarmUpCheck
from sim.runs.played_day import PlayedHall, Side
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views import frontier_words, next_point_words, roster_words, shortlist_words
from sim.views.allocate_words import allocation_blocks
from sim.views.asked_words import asked_topic
from sim.views.blocks import AnyBlock, HeadingBlock, PictureBlock, SentenceBlock, say_each
from sim.views.comparison_findings import comparison_findings
from sim.views.extension_findings import extension_findings
from sim.views.findings import Findings, annex_of, sentences_by_part, simply
from sim.views.frontier import frontier_figure
from sim.views.lever_words import (
    answer_blocks,
    group_blocks,
    idle_blocks,
    left_out_blocks,
    lever_table,
)
from sim.views.next_point import next_points_figure
from sim.views.one_matter_words import causes_table, items_table, last_table
from sim.views.posted import posted
from sim.views.reductions_words import number, reduction_sentences, reductions_blocks
from sim.views.report_day import SIDE_BY_SIDE, day_of
from sim.views.roster_tables import shifts_table, week_table
from sim.views.scenario_names import layout_name, measure_name
from sim.views.shortlist import shortlist_figure
from sim.views.siting_words import cautions as siting_cautions
from sim.views.size_findings import sizing_findings
from sim.views.staffing import staffing_figure
from sim.views.staffing_words import (
    MEASURES,
    answer_sentences,
    staffing_table,
)
from sim.views.study_report import StudyReport, study_report
from sim.views.switches_words import switches_blocks
from sim.views.tornado import tornado_figure
from sim.views.tune_words import tune_blocks
from sim.views.values import written
from sim.views.warm_up_words import warm_up_blocks, warm_up_sentences


def report_of(kind: str, answer: Any, text: Text) -> StudyReport:
    """The report of a kept answer.

    Parameters
    ----------
    kind
        Of the table of questions (`sim/storage/answers.py`).
    answer
        As that table loads it; of `compare` the comparison.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.warm_up import WarmUpQuestion
    >>> from sim.text import load_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> check = WarmUpQuestion().answer(scenario, run=Run(replications=2, workers=1))
    >>> [part.name for part in report_of("warm_up", check, load_text("en")).parts]
    ['asked', 'answer', 'sureness', 'hanging', 'to_check']
    """
    findings = FINDINGS[kind](answer, text)
    if kind in HALLS:
        findings = findings._replace(
            day=lambda: day_of(halls_of(kind, answer), findings.seed, text)
        )
    return study_report(findings, text)


def halls_of(kind: str, answer: Any) -> tuple[PlayedHall, ...]:
    """Halls of a kept answer whose day can be played, at most two; none where it has no one hall.

    Parameters
    ----------
    kind, answer
        As in `report_of`.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> from sim.questions.allocate import AllocateQuestion
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=1"])
    >>> answer = AllocateQuestion().answer(scenario, run=Run(replications=2, workers=1))
    >>> [hall.side for hall in halls_of("allocate", answer)]
    ['today', 'allocated']
    """
    return HALLS[kind](answer) if kind in HALLS else ()


def _beside_today(
    answer: Any, changed: Scenario, layout: str, side: Side
) -> tuple[PlayedHall, ...]:
    return (PlayedHall(answer.scenario, layout, "today"), PlayedHall(changed, layout, side))


def _compared_halls(answer: Comparison) -> tuple[PlayedHall, ...]:
    study = answer.study
    return tuple(PlayedHall(study.scenario, layout) for layout in study.layouts[:SIDE_BY_SIDE])


def _sized_halls(answer: Sizing) -> tuple[PlayedHall, ...]:
    """Of the first layout that was sized."""
    for row in answer.layouts[:1]:
        return _beside_today(answer, sized_scenario(answer, row.layout), row.layout, "sized")
    return ()


def _allocated_halls(answer: Allocation) -> tuple[PlayedHall, ...]:
    """Of the first layout."""
    for row in answer.layouts[:1]:
        changed = allocated_scenario(answer, row.layout)
        return _beside_today(answer, changed, row.layout, "allocated")
    return ()


def _tuned_halls(answer: Tuning) -> tuple[PlayedHall, ...]:
    if not answer.rows or not answer.best.overrides:  # today's settings are the best
        return (PlayedHall(answer.scenario, answer.layout),)
    return _beside_today(answer, tuned_scenario(answer), answer.layout, "tuned")


def _rostered_halls(answer: DutyRoster) -> tuple[PlayedHall, ...]:
    return _beside_today(answer, rostered_scenario(answer), answer.layout, "rostered")


def _switched_halls(answer: SwitchedHall) -> tuple[PlayedHall, ...]:
    return _beside_today(answer, fully_switched(answer), answer.layout, "switched")


def _reformed_halls(answer: OneMatter) -> tuple[PlayedHall, ...]:
    """Before and after the reform; as it is where nothing says how it was before."""
    sides: dict[Handled, Side] = {"separate": "before", "bundled": "after"}
    ways = [way for way in answer.ways if way.handling in sides] or answer.ways
    return tuple(
        PlayedHall(way.study.scenario, answer.layout, sides.get(way.handling, "")) for way in ways
    )


HALLS: Final[Mapping[str, Callable[[Any], tuple[PlayedHall, ...]]]] = {
    "compare": _compared_halls,
    "size": _sized_halls,
    "allocate": _allocated_halls,
    "tune": _tuned_halls,
    "roster": _rostered_halls,
    "switches": _switched_halls,
    "matter": _reformed_halls,
}
"""By kind; others ask of many halls, or of places around one."""


def _topic(
    kind: str,
    answer: Any,
    layouts: Sequence[str],
    said: Iterable[AnyBlock],
    shown: Sequence[AnyBlock],
    text: Text,
) -> Findings:
    """Findings of a topic that has one list of blocks.

    Parameters
    ----------
    said
        In simple words; its sentences are the findings.
    shown
        With brackets; the annex.
    """
    base: Scenario = answer.scenario
    plain = simply(text)
    parts = sentences_by_part(said)
    runs = text(
        "document.sureness.replications", replications=answer.replications, seed=answer.seed
    )
    return Findings(
        plain(f"document.subject.{kind}", scenario=text.name(base.name)),
        base,
        tuple(layouts),
        answer.replications,
        answer.seed,
        {
            **parts,
            "asked": (SentenceBlock(asked_topic(kind, base, layouts, text)),),
            "sureness": (SentenceBlock(runs, "point"), *parts.get("sureness", ())),
        },
        (annex_of(text("document.annex.verdict"), shown),),
        engine=getattr(answer, "engine", ""),
    )


def _allocation(answer: Allocation, text: Text) -> Findings:
    layouts = [row.layout for row in answer.layouts]
    said = allocation_blocks(answer, simply(text))
    return _topic("allocate", answer, layouts, said, allocation_blocks(answer, text), text)


def _tuning(answer: Tuning, text: Text) -> Findings:
    shown = tune_blocks(answer, text)
    return _topic("tune", answer, [answer.layout], tune_blocks(answer, simply(text)), shown, text)


def _switches(answer: SwitchedHall, text: Text) -> Findings:
    said = switches_blocks(answer, simply(text))
    shown = switches_blocks(answer, text)
    return _topic("switches", answer, [answer.layout], said, shown, text)


def _roster(answer: DutyRoster, text: Text) -> Findings:
    table = posted(answer, text)
    weeks = [week_table(table, week, text) for week in range(answer.weeks)]
    shown: list[AnyBlock] = [
        *roster_words.roster_blocks(answer, text),
        HeadingBlock(text("roster.posted")),
        *weeks,
        shifts_table(answer, text),
    ]
    said = roster_words.answer_blocks(answer, simply(text))
    return _topic("roster", answer, [answer.layout], said, shown, text)


def _warm_up(answer: WarmUpCheck, text: Text) -> Findings:
    layouts = [row.layout for row in answer.rows]
    said = say_each(warm_up_sentences(answer, simply(text)), "plain")
    return _topic("warm_up", answer, layouts, said, warm_up_blocks(answer, text), text)


def _frontier(answer: Frontier, text: Text) -> Findings:
    plain = simply(text)
    title = text("page.townships.frontier")
    said: list[AnyBlock] = [
        SentenceBlock(frontier_words.best_sentence(answer, plain), "answer"),
        *say_each(siting_cautions(answer, plain), "point"),
    ]
    shown: list[AnyBlock] = [
        PictureBlock("frontier", title, partial(frontier_figure, answer, text)),
        frontier_words.frontier_table(answer, text),
        *say_each(siting_cautions(answer, text), "note"),
    ]
    return _topic("frontier", answer, [answer.layout], said, shown, text)


def _next_points(answer: NextPoints, text: Text) -> Findings:
    plain = simply(text)
    first, *others = next_point_words.next_sentences(answer, plain)
    title = text("page.townships.next")
    said: list[AnyBlock] = [
        SentenceBlock(first, "answer"),
        *say_each(others, "plain"),
        *say_each(siting_cautions(answer, plain), "point"),
    ]
    shown: list[AnyBlock] = [
        PictureBlock("next_points", title, partial(next_points_figure, answer, text)),
        next_point_words.next_point_table(answer, text),
        *say_each(siting_cautions(answer, text), "note"),
    ]
    return _topic("next_points", answer, [answer.layout], said, shown, text)


def _shortlist(answer: Shortlist, text: Text) -> Findings:
    plain = simply(text)
    first, *others = shortlist_words.shortlist_sentences(answer, plain)
    title = text("page.townships.shortlist")
    said: list[AnyBlock] = [
        SentenceBlock(first, "answer"),
        *say_each(others, "plain"),
        *say_each(shortlist_words.gain_sentences(answer, plain), "plain"),
        *say_each(siting_cautions(answer, plain), "point"),
    ]
    shown: list[AnyBlock] = [
        PictureBlock("shortlist", title, partial(shortlist_figure, answer, text)),
        shortlist_words.shortlist_table(answer, text),
        *say_each(siting_cautions(answer, text), "note"),
    ]
    return _topic("shortlist", answer, [answer.layout], said, shown, text)


def _levers(answer: Ranking, text: Text) -> Findings:
    plain = simply(text)
    named = idle_blocks(answer, plain)
    said: list[AnyBlock] = [
        *answer_blocks(answer, plain),
        *say_each((block.words for block in named if isinstance(block, SentenceBlock)), "point"),
    ]
    draw = partial(tornado_figure, answer, text)
    shown: list[AnyBlock] = [
        PictureBlock("levers", text("page.levers.figure"), draw),
        lever_table(answer, text),
        *idle_blocks(answer, text),
        *group_blocks(answer, text),
        *left_out_blocks(answer, text),
    ]
    return _topic("levers", answer, [answer.layout], said, shown, text)


def _staffing(answer: StaffingCurve, text: Text) -> Findings:
    plain, base = simply(text), answer.scenario
    sentences = answer_sentences(answer, text)
    for only in [row[0] for row in map(answer.of, answer.layouts) if len(row) == 1]:
        values = [
            text(
                "document.staffing_value",
                measure=measure_name(estimate.measure, base, plain),
                value=written(estimate, plain),
            )
            for estimate in only.estimates
            if estimate.measure in MEASURES
        ]
        sentences.append(
            text(
                "document.staffing",
                layout=layout_name(base, only.layout, text),
                clerks=only.clerks,
                values=text("format.parts").join(values),
            )
        )
    draw = partial(staffing_figure, answer, text)
    shown: list[AnyBlock] = [
        PictureBlock("staffing", text("page.staffing.figure"), draw),
        staffing_table(answer, text),
    ]
    said = say_each(sentences, "answer")
    return _topic("staffing", answer, answer.layouts, said, shown, text)


def _matter(answer: OneMatter, text: Text) -> Findings:
    plain, reductions = simply(text), answer.reductions
    said: list[AnyBlock] = []
    shown: list[AnyBlock] = []
    if reductions is not None:
        cuts = reductions.summary.of(None).reductions
        cut_words = [
            text(
                "document.cut",
                name=text(f"reduction.{cut.name}"),
                before=text.with_unit(number(cut.before, cut.unit, plain), cut.unit),
                after=text.with_unit(number(cut.after, cut.unit, plain), cut.unit),
                cut=number(cut.cut, "share", plain),
            )
            for cut in cuts
        ]
        said += [*say_each(cut_words, "plain")]
        said += [*say_each(reduction_sentences(reductions, plain), "point")]
        shown += reductions_blocks(reductions, text)
    for matter in answer.scenario.matters:
        if not matter.items:
            continue
        tables = [
            items_table(answer.scenario, matter, text),
            last_table(answer.ways, matter.id, text),
            causes_table(answer.ways, matter.id, text),
        ]
        shown += [HeadingBlock(text.name(matter.name)), *(each for each in tables if each.rows)]
    if not said:
        counted = len([matter for matter in answer.scenario.matters if matter.items])
        said = [SentenceBlock(text("document.no_cuts", n=counted))]
    return _topic("matter", answer, [answer.layout], said, shown, text)


FINDINGS: Final[Mapping[str, Callable[[Any, Text], Findings]]] = {
    "compare": comparison_findings,
    "size": sizing_findings,
    "extend": extension_findings,
    "allocate": _allocation,
    "tune": _tuning,
    "switches": _switches,
    "roster": _roster,
    "warm_up": _warm_up,
    "frontier": _frontier,
    "shortlist": _shortlist,
    "next_points": _next_points,
    "levers": _levers,
    "staffing": _staffing,
    "matter": _matter,
}
"""By the kind of the table of questions; what turns a verdict is told with the comparison."""

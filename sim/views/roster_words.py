"""What is said of who works when: the answer, what is missing and the way out, and its proof."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final, cast

from sim.analysis.kept import KeptCounts, KeptVerdict, count_verdicts, kept_verdict
from sim.analysis.promises import PromiseCell, Whom
from sim.clock import HOUR, MINUTE
from sim.plan.roster_days import RosterDay
from sim.questions.roster import CheckedPromise, Cover, DutyRoster, Uncovered
from sim.text import Text
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    TableBlock,
    say_each,
)
from sim.views.context import changes_sentence
from sim.views.posted import (
    PostedRoster,
    day_of,
    period_words,
    person_name,
    posted,
    posted_shifts,
    weekday_words,
)
from sim.views.promise_words import (
    cell_words,
    clock_words,
    interval_words,
    level_words,
    promise_words,
)
from sim.views.roster import cover_figure, posted_figure
from sim.views.siting_words import run_sentence
from sim.views.size_words import hours_words
from sim.views.values import group_name, layout_name

MOST_ROWS: Final = 80
"""Rows of a table; programs and workbooks have all of them."""
MOST_BREACHES: Final = 6
"""Told in one sentence."""
MOST_DATES: Final = 5
"""Listed in a cell."""
A_WEEK: Final = 7
BROKEN: Final = ("broken", "seems_broken")


def roster_blocks(roster: DutyRoster, text: Text, closing: Iterable[str] = ()) -> list[AnyBlock]:
    """The answer, what is missing, the pictures, and what the roster asks of whom.

    Parameters
    ----------
    closing
        Sentences below it: of where it comes from, and how to run it again.
    """
    pictures = [
        PictureBlock(
            "roster-cover", text("figure.roster.title"), partial(cover_figure, roster, text)
        ),
        PictureBlock(
            "roster-posted", text("figure.roster.posted"), partial(posted_figure, roster, text)
        ),
    ]
    return [*answer_blocks(roster, text), *pictures, *proof_blocks(roster, text, closing)]


def terminal_blocks(roster: DutyRoster, path: str, text: Text) -> list[AnyBlock]:
    """The same with the roster week by week, and enough to run it again."""
    table = posted(roster, text)
    changes = filter(None, [changes_sentence(roster.scenario, text)])
    return [
        *answer_blocks(roster, text),
        HeadingBlock(text("roster.posted")),
        *(week_table(table, week, text) for week in range(roster.weeks)),
        shifts_table(roster, text),
        *proof_blocks(roster, text, [*changes, run_sentence(roster, path, text)]),
    ]


def answer_blocks(roster: DutyRoster, text: Text) -> list[AnyBlock]:
    """The answer, what to know before it is posted, and what it rests on."""
    return [
        SentenceBlock(answer_sentence(roster, text), "answer"),
        *say_each(cautions(roster, text), "caution"),
        *say_each(sureness(roster, text), "point"),
    ]


def proof_blocks(roster: DutyRoster, text: Text, closing: Iterable[str]) -> list[AnyBlock]:
    """What is missing and why, what comes of it when it is simulated, and who works how much."""
    tables = [
        uncovered_table(roster, text),
        broken_table(roster, text),
        cover_table(roster, text),
        reserves_table(roster, text),
        crews_table(roster, text),
        people_table(roster, text),
    ]
    return [
        *(table for table in tables if table.rows),
        SentenceBlock(method_sentence(roster, text), "note"),
        *say_each(closing, "point"),
    ]


# === sentences === #


def answer_sentence(roster: DutyRoster, text: Text) -> str:
    """What an official reads first: who covers what, and whether it keeps the promise."""
    short = sum(row.short * (row.ends - row.starts) for row in roster.uncovered) / HOUR
    people = len(roster.people)
    key = "short" if roster.uncovered else "covered" if roster.named else "crew"
    return text(
        f"roster.answer.{key}",
        layout=layout_name(roster.scenario, roster.layout, text),
        period=period_words(roster, text),
        people=people,
        hours=hours_words(roster.hours, text),
        places=len(roster.uncovered),
        short=hours_words(short, text),
        kept=_kept(roster, text),
    )


def _kept(roster: DutyRoster, text: Text) -> str:
    """Whether the roster keeps what is promised, by simulation."""
    counts = count_cells(roster)
    if not counts.judged:
        return text("roster.kept.none")
    if counts.broken:
        key = "broken" if counts.surely_broken else "close"
    else:
        key = "likely" if counts.seems_kept else "certain"
    return text(
        f"roster.kept.{key}",
        cells=counts.judged,
        broken=counts.broken,
        sure=counts.surely_broken,
        unsure=counts.seems_kept,
    )


def count_cells(roster: DutyRoster) -> KeptCounts:
    """Checks by what can be said of them with the roster as planned."""
    return count_verdicts(verdict_of(roster, checked) for checked in roster.promises)


def verdict_of(roster: DutyRoster, checked: CheckedPromise) -> KeptVerdict:
    """What can be said of one check."""
    better = roster.scenario.targets.promises[checked.promise].kind.better
    return kept_verdict(checked.planned, checked.level, better)


def cautions(roster: DutyRoster, text: Text) -> list[str]:
    """What to know before it is posted."""
    said = []
    if roster.replications < roster.asked:
        said.append(text("roster.cut_short"))
    if roster.uncovered:
        ways_out = dict.fromkeys(way_out_words(row, text) for row in roster.uncovered)
        said.append(text("roster.ways_out", ways=text("format.parts").join(ways_out)))
    if roster.breaches:
        said.append(_breaches(roster, text))
    owing = [person for person in roster.people if person.owed_hours > 0]
    if owing:
        hours = hours_words(sum(person.owed_hours for person in owing), text)
        said.append(text("roster.owed", people=len(owing), hours=hours))
    if any(math.isfinite(row.short) and row.short > _allowed(roster) for row in roster.reserves):
        said.append(text("roster.no_reserve"))
    return said


def _breaches(roster: DutyRoster, text: Text) -> str:
    """The first rules that a roster breaks."""
    sentences = [
        text(
            f"roster.breach.{breach.rule}",
            person=person_name(roster, breach.person, text),
            date=breach.date,
            value=hours_words(breach.value, text),
            limit=hours_words(breach.limit, text),
        )
        for breach in roster.breaches[:MOST_BREACHES]
    ]
    listed, more = text("format.parts").join(sentences), len(roster.breaches) - len(sentences)
    shown = text("format.more", shown=listed, n=more) if more else listed
    return text("roster.breaches", breaches=shown)


def _allowed(roster: DutyRoster) -> float:
    rules = roster.scenario.rostering
    return 1.0 if rules is None else rules.staff.short_at_most


def sureness(roster: DutyRoster, text: Text) -> list[str]:
    """How close to the best it is, what it costs, how fair it is, and what else was heard."""
    words = text(
        f"roster.hours_{roster.needs_from}",
        hours=hours_words(roster.hours, text),
        needed=hours_words(roster.needed_hours, text),
    )
    if roster.hours > roster.needed_hours:
        words = text("roster.hours_more", words=words)
    said = [words]
    if roster.lower_bound_hours > 0:
        key = "best" if math.isclose(roster.hours, roster.lower_bound_hours) else "bound"
        bound, gap = hours_words(roster.lower_bound_hours, text), text.share(roster.gap, 1)
        said.append(text(f"roster.{key}", bound=bound, gap=gap))
    if math.isfinite(roster.cost):
        said.append(text("roster.cost", cost=text.number(roster.cost, 0)))
    if any(person.weekend_days for person in roster.people):
        said.append(text("roster.fair", n=roster.spread_weekend_days))
    heard = sum(person.wishes for person in roster.people)
    if heard:
        wishes_kept = sum(person.wishes_kept for person in roster.people)
        said.append(text("roster.wishes", kept=wishes_kept, n=heard))
    if roster.rounds:
        said.append(text("roster.rounds", n=roster.rounds))
    return said


def method_sentence(roster: DutyRoster, text: Text) -> str:
    """How shares were found."""
    return text(
        "roster.method",
        minutes=f"{roster.scenario.targets.called_within / MINUTE:g}",
        replications=roster.replications,
        seed=roster.seed,
        level=text.share(roster.level, 0),
    )


def way_out_words(row: Uncovered, text: Text) -> str:
    """The cheapest way to mend what is short."""
    words = text(
        f"roster.way_out.{row.way_out}", people=row.people, hours=hours_words(row.hours, text)
    )
    if row.left > 0 and row.way_out != "none":
        return text("roster.way_out.left", way_out=words, left=hours_words(row.left, text))
    return words


# === tables === #


def week_table(table: PostedRoster, week: int, text: Text) -> TableBlock:
    """One week of the roster, people by dates."""
    dates = slice(A_WEEK * week, A_WEEK * (week + 1))
    days = table.days[dates]
    heads = [f"{day_of(day):%m-%d} {weekday_words(day, text)}" for day in days]
    names = text("format.list").join(
        text("roster.numbered_group", number=number, group=name) for number, name in table.groups
    )
    return TableBlock(
        text("roster.week", n=week + 1),
        (text("roster.head.person"), *heads),
        tuple((name, *cells[dates]) for name, cells in zip(table.people, table.cells, strict=True)),
        text("roster.week_note", groups=names) if names else "",
    )


def shifts_table(roster: DutyRoster, text: Text) -> TableBlock:
    """What the codes in the roster stand for."""
    rows = [
        (row.code, row.hours, hours_words(row.shift.hours, text), str(row.shift.worked))
        for row in posted_shifts(roster, text)
    ]
    return _table("shifts", ("shift", "clock", "hours", "worked"), rows, 2, text)


def people_table(roster: DutyRoster, text: Text) -> TableBlock:
    """What the roster asks of each person."""
    has_wishes = any(person.wishes for person in roster.people)
    rows = [
        (
            person_name(roster, person.name, text),
            _groups(roster, person.groups, text),
            hours_words(person.available_hours, text),
            hours_words(person.hours, text),
            str(person.days),
            str(person.weekend_days),
            hours_words(person.owed_hours, text),
            *((f"{person.wishes_kept}/{person.wishes}",) if has_wishes else ()),
        )
        for person in roster.people
    ]
    heads = ("person", "can_serve", "contract", "on_duty", "days", "weekends", "owed")
    return _table("people", (*heads, *(("wishes",) if has_wishes else ())), rows, 2, text)


def uncovered_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Where people are missing and why; dates that lack the same share a row."""
    days = {day.date: day for day in roster.days}
    alike: dict[Uncovered, list[str]] = {}
    for row in roster.uncovered:
        alike.setdefault(row._replace(date="", left=0.0), []).append(row.date)
    rows = [
        (
            _where(roster, row, text),
            clock_words(row.starts, row.ends),
            _dates_words([days[date] for date in dates], text),
            text(f"roster.reason.{row.reason}"),
            str(row.short),
        )
        for row, dates in alike.items()
    ]
    return _table("uncovered", ("group", "clock", "dates", "reason", "short"), rows, 4, text)


def _dates_words(days: Sequence[RosterDay], text: Text) -> str:
    """Dates with their weekdays, the first of many."""
    words = [f"{day_of(day):%m-%d} {weekday_words(day, text)}" for day in days[:MOST_DATES]]
    shown, more = text("format.list").join(words), len(days) - len(words)
    return text("format.more", shown=shown, n=more) if more else shown


def each_uncovered_table(roster: DutyRoster, text: Text) -> TableBlock:
    """The same date by date, each with the way out."""
    rows = [
        (
            row.date,
            _where(roster, row, text),
            clock_words(row.starts, row.ends),
            text(f"roster.reason.{row.reason}"),
            way_out_words(row, text),
            str(row.short),
        )
        for row in roster.uncovered
    ]
    heads = ("date", "group", "clock", "reason", "way_out", "short")
    return _table("uncovered", heads, rows, 5, text, len(rows))


def _where(roster: DutyRoster, row: Uncovered, text: Text) -> str:
    """The window group, or the whole hall, which lacks somebody experienced."""
    if not row.group:
        return text("roster.anywhere")
    return group_name(roster.scenario, roster.layout, row.group, text)


def broken_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Checks that the roster misses."""
    scenario = roster.scenario
    rows = []
    for checked in roster.promises:
        if verdict_of(roster, checked) not in BROKEN:
            continue
        promise = scenario.targets.promises[checked.promise]
        what = cast("Whom", checked.what)
        cell = PromiseCell(checked.promise, what, checked.id, checked.days, checked.slot)
        rows.append(
            (
                cell_words(scenario, roster.layout, cell, text),
                promise_words(scenario, promise, text),
                level_words(promise, text),
                interval_words(promise.measure, checked.planned, text),
            )
        )
    heads = ("cell", "promise", "level", "simulated")
    return _table("broken", heads, rows, 2, text)


def cover_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Needed, planned, and what comes of it, a weekday and window group a row."""
    rows = []
    for cover in _by_weekday_and_group(roster.cover):
        worst = min(cover, key=_share)
        rows.append(
            (
                text(f"weekday.{cover[0].weekday + 1}"),
                group_name(roster.scenario, roster.layout, cover[0].group, text),
                hours_words(sum(row.need * _length(row) for row in cover), text),
                hours_words(sum(row.planned * _length(row) for row in cover), text),
                str(sum(row.planned < row.need for row in cover)),
                clock_words(worst.starts, worst.ends)
                if math.isfinite(_share(worst))
                else text("format.missing"),
                _percent(worst.needed_share.mean, text),
                _percent(worst.planned_share.mean, text),
            )
        )
    heads = ("weekday", "group", "need_hours", "planned_hours", "half_hours_short", "worst")
    return _table("cover", (*heads, "needed_share", "planned_share"), rows, 2, text)


def half_hours_table(roster: DutyRoster, text: Text) -> TableBlock:
    """The same half hour by half hour."""
    rows = [
        (
            text(f"weekday.{row.weekday + 1}"),
            group_name(roster.scenario, roster.layout, row.group, text),
            clock_words(row.starts, row.ends),
            str(row.need),
            str(row.planned),
            str(row.planned_most),
            _percent(row.needed_share.mean, text),
            _percent(row.planned_share.mean, text),
        )
        for row in roster.cover
    ]
    heads = ("weekday", "group", "clock", "need", "planned", "planned_most")
    return _table("half_hours", (*heads, "needed_share", "planned_share"), rows, 3, text, len(rows))


def _by_weekday_and_group(cover: Iterable[Cover]) -> list[list[Cover]]:
    by: dict[tuple[int, str], list[Cover]] = {}
    for row in cover:
        by.setdefault((row.weekday, row.group), []).append(row)
    return [*by.values()]


def _share(row: Cover) -> float:
    """What is called in time; a half hour in which nobody comes is never the worst."""
    share = row.planned_share.mean
    return share if math.isfinite(share) else math.inf


def _length(row: Cover) -> float:
    """Hours."""
    return (row.ends - row.starts) / HOUR


def _percent(share: float, text: Text) -> str:
    return text.share(share, 0) if math.isfinite(share) else text("format.missing")


def reserves_table(roster: DutyRoster, text: Text) -> TableBlock:
    """Who stands by for the absent, date by date."""
    days = {day.date: day for day in roster.days}
    rows = [
        (
            f"{row.date} {weekday_words(days[row.date], text)}",
            _groups(roster, row.groups, text),
            text("format.list").join(person_name(roster, name, text) for name in row.free)
            or text("format.missing"),
            str(row.on_duty),
            str(row.needed),
            _percent(row.short, text),
        )
        for row in roster.reserves
    ]
    heads = ("date", "groups", "stand_by", "there", "with_reserve", "too_few")
    return _table("reserves", heads, rows, 3, text)


def crews_table(roster: DutyRoster, text: Text) -> TableBlock:
    """How many people the needs take, where they have no names yet."""
    rows = [
        (
            _groups(roster, crew.groups, text),
            str(crew.people),
            str(crew.at_least),
            str(crew.with_absence),
            hours_words(crew.contract_hours, text),
        )
        for crew in roster.crews
    ]
    heads = ("groups", "people", "at_least", "with_absence", "contract_week")
    return _table("crews", heads, rows, 1, text)


def _groups(roster: DutyRoster, groups: Sequence[str], text: Text) -> str:
    """Window groups; all of several need no names."""
    windows = [window.id for window in roster.scenario.layout(roster.layout).windows]
    if len(windows) > 2 and {*windows} <= {*groups}:
        return text("roster.everywhere")
    names = (group_name(roster.scenario, roster.layout, group, text) for group in groups)
    return text("format.list").join(names)


def _table(
    name: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    names: int,
    text: Text,
    most: int = MOST_ROWS,
) -> TableBlock:
    """A table, of which so many rows are shown as can be read."""
    note = text(f"roster.{name}_note") if text.has(f"roster.{name}_note") else ""
    more = len(rows) - most
    return TableBlock(
        text(f"roster.{name}"),
        tuple(text(f"roster.head.{head}") for head in heads),
        tuple(rows[:most]),
        text("roster.more_rows", note=note, n=more).strip() if more > 0 else note,
        names,
    )

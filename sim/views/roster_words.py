"""What is said of who works when: the answer, what is missing and the way out, and its proof."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from typing import Final

from sim.analysis.kept import KeptCounts, count_verdicts
from sim.clock import HOUR, MINUTE
from sim.questions.roster import DutyRoster
from sim.text import Text
from sim.views.blocks import (
    AnyBlock,
    HeadingBlock,
    PictureBlock,
    SentenceBlock,
    say_each,
)
from sim.views.context import changes_sentence
from sim.views.posted import (
    period_words,
    person_name,
    posted,
)
from sim.views.roster import cover_figure, posted_figure
from sim.views.roster_tables import (
    broken_table,
    cover_table,
    crews_table,
    people_table,
    reserves_table,
    rests_table,
    shifts_table,
    uncovered_table,
    verdict_of,
    way_out_words,
    week_table,
)
from sim.views.scenario_names import layout_name
from sim.views.siting_words import run_sentence
from sim.views.size_tables import hours_words

MOST_BREACHES: Final = 6
"""Told in one sentence."""


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
        rests_table(roster, text),
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
        kept=_promise_words(roster, text),
    )


def _promise_words(roster: DutyRoster, text: Text) -> str:
    """Whether the roster keeps what is promised, by simulation."""
    counts = count_cells(roster)
    if not counts.judged:
        stopped = roster.scenario.targets.promises and roster.replications < roster.asked
        return text(f"roster.kept.{'untried' if stopped else 'none'}")
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
    """How close to the best it is, what it costs, how fair it is, and what else was wishes."""
    words = text(
        f"roster.hours_{roster.needs_from}",
        hours=hours_words(roster.hours, text),
        needed=hours_words(roster.needed_hours, text),
    )
    if roster.hours > roster.needed_hours:
        words = text("roster.hours_more", words=words)
    said = [words]
    if roster.rest_hours:
        rests = hours_words(roster.rest_hours, text)
        said.append(text("roster.rested", hours=rests, n=roster.most_at_rest))
    if roster.posted:
        said.insert(0, text("roster.as_posted"))
    if roster.lower_bound_hours > 0:
        key = "best" if math.isclose(roster.hours, roster.lower_bound_hours) else "bound"
        bound, gap = hours_words(roster.lower_bound_hours, text), text.share(roster.gap, 1)
        said.append(text(f"roster.{key}", bound=bound, gap=gap))
    if math.isfinite(roster.cost):
        said.append(text("roster.cost", cost=text.number(roster.cost, 0)))
    if any(person.weekend_days for person in roster.people):
        said.append(text("roster.fair", n=roster.spread_weekend_days))
    wishes = sum(person.wishes for person in roster.people)
    if wishes:
        wishes_kept = sum(person.wishes_kept for person in roster.people)
        said.append(text("roster.wishes", kept=wishes_kept, n=wishes))
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

"""What is said of what clerk hours buy: today, the same hours better spread, and the curve."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial

from sim.analysis.intervals import Interval
from sim.clock import MINUTE
from sim.questions.allocate import AllocatedLayout, AllocatedPost, Allocation
from sim.text import Text
from sim.views.allocate import allocation_figure
from sim.views.blocks import AnyBlock, PictureBlock, SentenceBlock, TableBlock, say_each
from sim.views.context import changes_sentence
from sim.views.promise_words import clock_words, interval_words, kind_name
from sim.views.scenario_names import group_name, layout_name
from sim.views.siting_words import run_sentence
from sim.views.size_tables import MOST_ROWS, hours_words
from sim.views.values import digits_for, in_brackets


def allocation_blocks(
    allocation: Allocation, text: Text, closing: Iterable[str] = ()
) -> list[AnyBlock]:
    """The answer of each layout, the curve as a picture and as a table, and the best rosters.

    Parameters
    ----------
    closing
        Sentences below it: of where it comes from, and how to run it again.
    """
    answers = [
        sentence for row in allocation.layouts for sentence in answers_of(allocation, row, text)
    ]
    blocks: list[AnyBlock] = [*say_each(answers, "answer")]
    if allocation.replications < allocation.asked:
        blocks.append(SentenceBlock(text("allocate.cut_short"), "caution"))
    if allocation.layouts:
        picture = PictureBlock(
            "allocation",
            text("figure.allocate.title", minutes=_minutes(allocation)),
            partial(allocation_figure, allocation, text),
        )
        rosters = [roster_table(allocation, row, text) for row in allocation.layouts]
        blocks += [picture, curve_table(allocation, text), *rosters]
    method = text(
        "allocate.method",
        replications=allocation.replications - allocation.confirmed_on,
        seed=allocation.seed,
        n=allocation.confirmed_on,
        minutes=_minutes(allocation),
    )
    places = (text("size.places"),) if allocation.scenario.places else ()
    return [*blocks, SentenceBlock(method, "note"), *say_each([*places, *closing], "point")]


def terminal_blocks(allocation: Allocation, path: str, text: Text) -> list[AnyBlock]:
    """The same with what differs from the file, and enough to run it again."""
    changes = filter(None, [changes_sentence(allocation.scenario, text)])
    return allocation_blocks(allocation, text, [*changes, run_sentence(allocation, path, text)])


def answers_of(allocation: Allocation, row: AllocatedLayout, text: Text) -> list[str]:
    """What the hours buy, and with how few today's service could be had."""
    same = math.isclose(row.allowed, row.today.clerk_hours)
    key = "same" if same else "other"
    if row.best.clerk_hours > row.allowed:
        key = "too_few"
    elif same and not row.gain.low > 0:  # nor is it sure without an interval
        key = "worse" if row.gain.high < 0 else "no_gain"
    answers = [
        text(
            f"allocate.answer.{key}",
            layout=layout_name(allocation.scenario, row.layout, text),
            minutes=_minutes(allocation),
            allowed=hours_words(row.allowed, text),
            hours=hours_words(row.best.clerk_hours, text),
            today_hours=hours_words(row.today.clerk_hours, text),
            today=_share(row.today.in_time, text),
            best=_share(row.best.in_time, text),
            gain=_points(row.gain, text),
        )
    ]
    least = row.hours_for_today
    if math.isfinite(least) and least < row.today.clerk_hours:
        answers.append(
            text(
                "allocate.answer.cheaper",
                hours=text.number(least, 0),
                today=text.share(row.today.in_time.mean, 1),
                today_hours=hours_words(row.today.clerk_hours, text),
            )
        )
    return answers


def curve_table(allocation: Allocation, text: Text) -> TableBlock:
    """Every staff that fresh crowds looked at, the most hours first."""
    rows = [
        (
            layout_name(allocation.scenario, each.layout, text),
            text(f"allocate.roster.{each.roster}"),
            hours_words(each.clerk_hours, text),
            _share(each.in_time, text),
        )
        for each in sorted(
            allocation.rows,
            key=lambda each: (
                [row.layout for row in allocation.layouts].index(each.layout),
                -each.clerk_hours,
            ),
        )
    ]
    heads = ("layout", "roster", "hours", "in_time")
    return TableBlock(
        text("allocate.curve"),
        tuple(text(f"allocate.head.{head}") for head in heads),
        tuple(rows),
        names=2,
        note=text("allocate.curve_note", level=text.share(allocation.level, 0)),
    )


def roster_table(allocation: Allocation, row: AllocatedLayout, text: Text) -> TableBlock:
    """The best roster; half hours that follow each other with the same clerks share a row."""
    rows = [
        (
            group_name(allocation.scenario, row.layout, posts[0].group, text),
            kind_name(posts[0].days, text),
            clock_words(posts[0].starts, posts[-1].ends),
            str(posts[0].clerks),
            str(posts[0].today),
        )
        for posts in _alike(row.posts)
    ]
    more = len(rows) - MOST_ROWS
    heads = ("size.head.group", "size.head.days", "size.head.hours", "allocate.head.clerks")
    return TableBlock(
        text("allocate.best", layout=layout_name(allocation.scenario, row.layout, text)),
        tuple(text(head) for head in (*heads, "size.head.today")),
        tuple(rows[:MOST_ROWS]),
        text("size.more_rows", note="", n=more).strip() if more > 0 else "",
        names=3,
    )


def _alike(posts: Iterable[AllocatedPost]) -> list[list[AllocatedPost]]:
    """Half hours of a group that follow each other with the same clerks."""
    runs: list[list[AllocatedPost]] = []
    for post in posts:
        before = runs[-1][-1] if runs else None
        later = None if before is None else before._replace(starts=before.ends, ends=post.ends)
        if later == post:
            runs[-1].append(post)
        else:
            runs.append([post])
    return runs


def _share(interval: Interval, text: Text) -> str:
    return interval_words("called_within", interval, text)


def _points(interval: Interval, text: Text) -> str:
    """A difference of two shares."""
    points = in_brackets(interval, min(digits_for(interval, 100, "share"), 1), text, 100)
    return text("format.points", value=points)


def _minutes(allocation: Allocation) -> str:
    return f"{allocation.within / MINUTE:g}"

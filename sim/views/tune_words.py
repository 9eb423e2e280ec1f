"""What is said of tuning: the best settings of those tried, what they are worth, and how sure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from sim.analysis.estimates import Estimate
from sim.analysis.intervals import Interval
from sim.analysis.judge import size_of, way_of
from sim.questions.tune import MOVES_HOURS, CandidateOfTuning, TunedCandidate, Tuning
from sim.questions.vary import Lever
from sim.text import Text
from sim.views.blocks import AnyBlock, PictureBlock, SentenceBlock, TableBlock, say_each
from sim.views.context import changes_sentence
from sim.views.lever_names import hall_lever_name, setting_words
from sim.views.scenario_names import (
    department_name,
    layout_name,
    measure_name,
    place_name,
)
from sim.views.siting_words import run_sentence
from sim.views.tune import tune_figure
from sim.views.values import (
    gap_words,
    number_of,
    size_words,
    unit_key,
    unit_of_difference,
    written,
)

MOST_ROWS: Final = 15
"""Rows of a table; programs read all of them as CSV."""
MOST_NAMED: Final = 3
"""Candidates named in one sentence."""
ADVISED: Final = ("better", "size_open")
"""Answers after which the settings are worth changing; else it is better to leave them."""


def tune_blocks(tuning: Tuning, text: Text, closing: Iterable[str] = ()) -> list[AnyBlock]:
    """The answer, what to know before acting on it, the candidates in a picture and a table.

    Parameters
    ----------
    closing
        Sentences below it: of where it comes from, and how to run it again.
    """
    title = text("figure.tune.title", **_about(tuning, text))
    return [
        SentenceBlock(answer_sentence(tuning, text), "answer"),
        *say_each(cautions(tuning, text), "caution"),
        *say_each(sureness(tuning, text), "point"),
        PictureBlock("tune", title, partial(tune_figure, tuning, text)),
        candidates_table(tuning, text),
        *say_each(left_out_sentences(tuning, text), "point"),
        SentenceBlock(_method(tuning, text), "note"),
        *say_each(closing, "point"),
    ]


def terminal_blocks(tuning: Tuning, path: str, text: Text) -> list[AnyBlock]:
    """The same with what differs from the file, and enough to run it again."""
    changes = filter(None, [changes_sentence(tuning.scenario, text)])
    advised = tuning.best.overrides if is_advised(tuning) else ()
    edits = " ".join(f"--set '{edit}'" for edit in advised)
    shown = [text("tune.edits", edits=edits)] if edits else []
    return tune_blocks(tuning, text, [*shown, *changes, run_sentence(tuning, path, text)])


def _about(tuning: Tuning, text: Text) -> dict[str, str]:
    return {
        "measure": measure_name(tuning.measure, tuning.scenario, text),
        "layout": layout_name(tuning.scenario, tuning.layout, text),
    }


# === sentences === #


def answer_sentence(tuning: Tuning, text: Text) -> str:
    """What an official reads first: it says no more than fresh crowds have confirmed."""
    about = {**_about(tuning, text), "tried": len(tuning.rows)}
    if not tuning.best.overrides:
        key = "nothing" if len(tuning.idle) == len(tuning.levers) else "today"
        return text(f"tune.answer.{key}", **about)
    settings = settings_words(tuning, tuning.best, text)
    if not tuning.confirmed_on:
        return text("tune.answer.unconfirmed", settings=settings, **about)
    gain = _difference(tuning, tuning.gain)
    return text(
        f"tune.answer.{_answer_key(tuning)}",
        settings=settings,
        value=written(_estimate(tuning, tuning.fresh), text),
        today=written(_estimate(tuning, tuning.fresh_today), text),
        gap=gap_words(gain, text),
        zone=size_words(gain, text),
        n=tuning.confirmed_on,
        **about,
    )


def is_advised(tuning: Tuning) -> bool:
    """Whether the settings are worth changing, or nothing is known against it yet."""
    return not tuning.confirmed_on or _answer_key(tuning) in ADVISED


def _answer_key(tuning: Tuning) -> str:
    way, size = way_of(tuning.judgement), size_of(tuning.judgement)
    if way == "better":
        return {"matters": "better", "size_open": "size_open"}.get(size, "too_little")
    return "worse" if way == "worse" else "not_sure"


def cautions(tuning: Tuning, text: Text) -> list[str]:
    """What to know before acting on it."""
    said = []
    if tuning.replications < tuning.asked:
        said.append(text("tune.cut_short"))
    elif not tuning.is_decided:
        said.append(text("tune.undecided", level=text.share(tuning.level, 0)))
    if tuning.in_turns:
        said.append(text("tune.in_turns", tried=len(tuning.rows)))
    if tuning.keeping_hours:
        said.append(text("tune.others_keep", names=_others(tuning, text)))
    if any(lever.path in MOVES_HOURS for lever in tuning.levers):
        said.append(text("tune.same_arrivals"))
    return said


def _others(tuning: Tuning, text: Text) -> str:
    """Names of those who keep today's hours: departments, then places."""
    namers = {"departments": department_name, "places": place_name}
    users = [(namers[str(steps[0])], str(steps[-1])) for steps in tuning.keeping_hours]
    names = [name(tuning.scenario, user, text) for name, user in users[:MOST_NAMED]]
    words = text("format.list").join(names)
    if more := len(users) - len(names):
        return text("format.more", shown=words, n=more)
    return words


def sureness(tuning: Tuning, text: Text) -> list[str]:
    """Which others may be as good, which levers do nothing, and how far the search flattered."""
    said = []
    zone = size_words(_difference(tuning, tuning.best.apart), text)
    alike = [row for row in tuning.table if row.verdict == "alike"]
    if alike:
        named = [_row_words(tuning, row, text) for row in alike[:MOST_NAMED]]
        names = text("format.parts").join(named)
        if more := len(alike) - len(named):
            names = text("format.more", shown=names, n=more)
        said.append(text("tune.alike", zone=zone, names=names))
    elif len(tuning.rows) > 1:
        said.append(text("tune.alone", zone=zone, level=text.share(tuning.level, 0)))
    if tuning.confirmed_on:
        searched, fresh = tuning.best.apart, tuning.gain
        said.append(
            text(
                "tune.optimism",
                searched=gap_words(_difference(tuning, searched), text),
                fresh=gap_words(_difference(tuning, fresh), text),
                n=tuning.confirmed_on,
            )
        )
    if 0 < len(tuning.idle) < len(tuning.levers):
        idle = [hall_lever_name(path, tuning.scenario, text) for path in tuning.idle]
        said.append(text("tune.idle", names=text("format.list").join(idle)))
    if fewer := sum(row.serves_fewer for row in tuning.rows):
        said.append(text("tune.serves_fewer", n=fewer))
    return said


def left_out_sentences(tuning: Tuning, text: Text) -> list[str]:
    """Settings that were not tried, each reason with one of them."""
    reasons = {refusal.problems[0].code: refusal for refusal in reversed(tuning.left_out)}
    said = [refusal.problems[0].sentence(text) for refusal in reasons.values()]
    if said:
        said.insert(0, text("tune.left_out", n=len(tuning.left_out)))
    return said


def _method(tuning: Tuning, text: Text) -> str:
    return text(
        "tune.method",
        zone=size_words(_difference(tuning, tuning.best.apart), text),
        level=text.share(tuning.level, 0),
        replications=tuning.replications - tuning.confirmed_on,
        seed=tuning.seed,
    )


# === settings in words === #


def settings_words(tuning: Tuning, row: TunedCandidate, text: Text) -> str:
    """What differs from today in a candidate; today's settings by that name."""
    today = tuning.rows[tuning.today].values
    words = [
        _setting(tuning, lever, value, text)
        for lever, value, now in zip(tuning.levers, row.values, today, strict=True)
        if value != now
    ]
    return text("format.parts").join(words) if words else text("lever.as_today")


def _setting(tuning: Tuning, lever: Lever, value: str, text: Text) -> str:
    """One lever at a value, as a part of a sentence."""
    words = setting_words(lever, value, tuning.scenario, tuning.layout, text)
    name = hall_lever_name(lever.path, tuning.scenario, text)
    return text("tune.setting", lever=name, value=words)


def _row_words(tuning: Tuning, row: CandidateOfTuning, text: Text) -> str:
    return settings_words(tuning, row.candidate, text)


# === table === #


def candidates_table(tuning: Tuning, text: Text) -> TableBlock:
    """A row a candidate, best first; today's among them."""
    table = tuning.table
    shown = [
        n for n, row in enumerate(table) if n < MOST_ROWS or row.is_today or n == tuning.chosen
    ]
    rows = [
        (
            *(
                setting_words(lever, value, tuning.scenario, tuning.layout, text)
                for lever, value in zip(tuning.levers, table[n].candidate.values, strict=True)
            ),
            _standing(table[n], text),
            number_of(_estimate(tuning, table[n].candidate.measured), text),
            number_of(_difference(tuning, table[n].candidate.apart), text),
            number_of(_difference(tuning, table[n].candidate.behind), text),
            str(table[n].candidate.replications),
        )
        for n in shown
    ]
    unit = text(f"unit.{unit_key(tuning.unit)}")
    apart = unit_of_difference(tuning.unit, text)
    heads = [
        *(hall_lever_name(lever.path, tuning.scenario, text) for lever in tuning.levers),
        text("tune.head.standing"),
        text("tune.head.measured", unit=unit),
        *(text(f"tune.head.{name}", unit=apart) for name in ("apart", "behind")),
        text("tune.head.replications"),
    ]
    note = text(
        "tune.table_note",
        level=text.share(tuning.level, 0),
        zone=size_words(_difference(tuning, tuning.best.apart), text),
    )
    if more := len(table) - len(shown):
        note = text("size.more_rows", note=note, n=more)
    title = text("tune.table", **_about(tuning, text))
    return TableBlock(title, tuple(heads), tuple(rows), note, len(tuning.levers) + 1)


def _standing(row: CandidateOfTuning, text: Text) -> str:
    words = text(f"tune.verdict.{row.verdict}")
    if not row.is_today:
        return words
    return text("tune.today_and", verdict=words)


def _estimate(tuning: Tuning, interval: Interval) -> Estimate:
    return Estimate(tuning.measure, tuning.unit, tuning.better, interval)


def _difference(tuning: Tuning, interval: Interval) -> Estimate:
    return Estimate(tuning.measure, tuning.unit, tuning.better, interval, tuning.zone)

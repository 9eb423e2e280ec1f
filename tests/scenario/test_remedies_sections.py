"""What an error or a warning advises where several sections have a part in it, mends all of it."""

from __future__ import annotations

from datetime import date

import pytest

from sim.errors import ScenarioError
from sim.scenario.hours import hall_dates
from sim.scenario.load import scenario_from_text
from tests.cases.test_check import read_text
from tests.scenario.remedies import codes_of, problems_or_warnings
from tests.scenario.test_futile import TWO_MATTERS, _town
from tests.strategies import SECTIONS, bundle, item, small

Sections = dict[str, str]
DAY_SHIFT = "id: day, weekly: {mon-fri: [09:00-17:00]}"
BOOK = (
    "{appointments: [{id: book, name: {zh: 约, en: Book}, serves: [errand], share: 0.1,"
    " slot: 30 min, slots: %d}]}"
)
OFFICE = "[{id: office, name: {zh: 局, en: Office}, reviewers: 1, hours: office}]"
LAYOUT = "[{id: hall, name: {zh: 厅, en: Hall}, windows: [%s]}]"
QUOTA = (
    "[{id: hall, name: {zh: 厅, en: Hall}, quota: %s,"
    " windows: [{id: window, serves: [errand], clerks: 1}]}]"
)
WINDOW = "{id: window, list: l, serves: [errand], clerks: %d}"
RESERVE = WINDOW % 1 + ", {id: reserve, list: l, serves: [errand], clerks: 1, tidal: {opens_%s}}"
EARLY = "{waiting: [{id: early, matter: errand, number: 1, waited: %s}]}"
BACKLOG = "{backlog: [{id: old, matter: errand, number: 1, %s}]}"
REVIEWED = bundle(item("check", "1 h"))
LUNCH = "[{id: day, weekly: {mon-fri: [09:00-12:00, 13:00-17:00]}}]"
HALVES = LAYOUT % "{id: window, serves: [errand], clerks: %s}"
FIVE_DAYS = "{start: 2025-01-06, measured_days: 5}"
ALWAYS = "[{id: day, weekly: {mon-sun: [00:00-24:00]}}]"
KEPT = f"{DAY_SHIFT}, holidays: china"


def _broken(*rules: str) -> str:
    """Window groups of one list, each with what its people do when a break begins."""
    window = "{id: w%d, list: l, serves: [errand], clerks: 1, at_break: %s}"
    return ", ".join(window % (n, rule) for n, rule in enumerate(rules))


def _instants(*instants: str) -> str:
    return f"[{{id: people, matter: errand, at: [{', '.join(instants)}]}}]"


def _calendars(hall: str, office: str) -> Sections:
    """A hall and a department, each by a calendar of its own."""
    return {
        "calendars": f"[{{id: day, {hall}}}, {{id: office, {office}}}]",
        "departments": OFFICE,
    }


def _shaped(shape: str, hours: str = "09:00-17:00") -> Sections:
    """A flow by a profile."""
    return {
        "profiles": f"[{{id: p, shape: {{{shape}}}}}]",
        "demand": "[{id: people, matter: errand, per_day: 5, profile: p}]",
        "calendars": f"[{{id: day, weekly: {{mon-fri: [{hours}]}}}}]",
    }


def _reviewed(review: str, promised: str, hours: str = "09:00-17:00") -> Sections:
    """One item, with a promise."""
    matter = "id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 10 min}"
    item = f"id: permit, name: {{zh: 证, en: Permit}}, department: office, review: {review}"
    return {
        "matters": f"[{{{matter}, promised: {promised}, items: [{{{item}}}]}}]",
        **_calendars("weekly: {mon-fri: [09:00-17:00]}", f"weekly: {{mon-fri: [{hours}]}}"),
    }


OPEN = "weekly: {mon-fri: [09:00-17:00]}"
CHINA = f"{OPEN}, holidays: china"
RUN = "{start: 2025-01-06, measured_days: 1%s}"
SEPARATE = (
    "[{id: errand, name: {zh: 事, en: Errand}, lead: office, handling: %s, service:"
    " {base: 10 min}, items: [{id: permit, name: {zh: 证, en: Permit}, department: office}]}]"
)
ALSO = ", also: {copy: 0.5}"
SECOND_MATTER = (
    "[{id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 10 min}"
    f"{ALSO}}}, {{id: copy, name: {{zh: 副本, en: Copy}}, lead: office,"
    " service: {base: 2 min}%s}]"
)
BOTH_ACCEPTED = (
    "[{id: hall, name: {zh: 厅, en: Hall}, windows: [{id: window, serves: [errand, copy],"
    " clerks: 1}]}]"
)
REVIEWED_COPY = (
    SECOND_MATTER % ", items: [{id: look, name: {zh: 看, en: Look}, department: office}]"
)
CLASSES = ", ".join(f"{{id: c{n}, name: {{zh: 类, en: Class}}}}" for n in range(17))
SHARES = ", ".join(f"c{n}: {0.0625 if n < 15 else 0.03125}" for n in range(17))
FEWER = (CLASSES.partition(", {id: c16")[0], SHARES.partition(", c15")[0] + ", c15: 0.0625")
STATION = (
    ", {id: station, name: {zh: 站, en: Station}, kind: station, township: town, clerks: 1,"
    " accepts: [errand]}"
)


def _two_layouts(clerks: int, budget: str = "") -> Sections:
    """A layout with one clerk, and another."""
    name = "name: {zh: 厅, en: Hall}"
    layouts = ", ".join(
        f"{{id: {id_}, {name}, windows: [{{id: window, serves: [errand], clerks: {n}}}]}}"
        for id_, n in (("one", 1), ("other", clerks))
    )
    return {"layouts": f"[{layouts}]", **({"equal_budget": budget} if budget else {})}


def _classes(classes: str, shares: str) -> Sections:
    """A flow of applicants of some classes."""
    return {
        "applicants": f"{{classes: [{classes}]}}",
        "demand": f"[{{id: people, matter: errand, per_day: 9, classes: {{{shares}}}}}]",
    }


ROWS: list[tuple[str, Sections, list[Sections]]] = [
    # the code, the sections that have it and what each way of the remedy makes of them
    (
        "crowded_book",
        {"applicants": BOOK % 4},
        [{"applicants": BOOK % 3}, {"applicants": BOOK % 4, "layouts": LAYOUT % (WINDOW % 2)}],
    ),
    (
        "given_after_run",
        {"demand": _instants("2025-01-06 09:00", "2025-01-07 09:00")},
        [
            {"demand": _instants("2025-01-06 09:00")},
            *(
                {
                    "demand": _instants("2025-01-06 09:00", "2025-01-07 09:00"),
                    "run": f"{{start: 2025-01-06, {days}}}",
                }
                for days in ("measured_days: 2", "measured_days: 1, followup_days: 1")
            ),
        ],
    ),
    (
        "given_at_door",
        {"demand": _instants("2025-01-06 08:30")},
        [{"demand": _instants("2025-01-06 09:00")}],
    ),
    (
        "given_turned_away",
        {"demand": _instants("2025-01-06 18:00")},
        [
            {"demand": _instants("2025-01-06 16:00")},
            {
                "demand": _instants("2025-01-06 18:00"),
                "calendars": "[{id: day, weekly: {mon-fri: [09:00-19:00]}}]",
            },
        ],
    ),
    (
        "holidays_mixed",
        _calendars(CHINA, OPEN),
        [_calendars(CHINA, CHINA)],
    ),
    (
        "holidays_not_kept",
        {"run": RUN % ", holidays: china"},
        [
            {"run": RUN % ", holidays: china", "calendars": f"[{{{KEPT}}}]"},
            {"run": RUN % ", holidays: none"},
        ],
    ),
    (
        "workdays_on_holidays",
        {"run": RUN % ", holidays: none", "calendars": f"[{{{KEPT}}}]"},
        [
            {"run": RUN % ", holidays: china", "calendars": f"[{{{KEPT}}}]"},
            {"run": RUN % "", "calendars": f"[{{{KEPT}}}]"},
        ],
    ),
    (
        "limit_shorter_than_work",
        _reviewed("30 h", "2 wd"),
        [
            _reviewed("30 h", "3 wd"),
            _reviewed("30 h", "2 wd", "08:00-18:00"),
            _reviewed("3 h", "2 wd"),
        ],
    ),
    (
        "no_demand",
        {"demand": "[{id: people, matter: errand, per_day: 0}]"},
        [
            {"demand": f"[{{id: people, matter: errand, {way}}}]"}
            for way in ("per_year: 90", "per_day: 1", "rate: 1 per h")
        ],
    ),
    (
        "no_tickets",
        {"hall": "last_ticket: 8 h"},
        [
            {"hall": "last_ticket: 1 h"},
            {
                "hall": "last_ticket: 8 h",
                "calendars": "[{id: day, weekly: {mon-fri: [08:30-17:00]}}]",
            },
        ],
    ),
    (
        "mean_clerks_cut",
        {"layouts": HALVES % "2.5", "run": FIVE_DAYS},
        [
            {"layouts": HALVES % "2.5", "run": FIVE_DAYS.replace("5}", "10}")},
            {"layouts": HALVES % "{week A 09:00-17:00: 2, week B 09:00-17:00: 3}"},
        ],
    ),
    (
        "never_closes",
        {"hall": "closing: keep_ticket", "calendars": ALWAYS},
        [
            {
                "hall": "closing: keep_ticket",
                "run": "{start: 2025-01-06, measured_days: 2}",
            },
            {"calendars": ALWAYS},
        ],
    ),
    (
        "no_next_day",
        {"hall": "closing: keep_ticket", "run": "{start: 2025-01-06, measured_days: 1}"},
        [
            {
                "hall": "closing: keep_ticket",
                "run": "{start: 2025-01-06, measured_days: 1, followup_days: 1}",
            },
            {
                "hall": "closing: keep_ticket",
                "run": "{start: 2025-01-06, measured_days: 2}",
            },
            {"run": "{start: 2025-01-06, measured_days: 1}"},
        ],
    ),
    (
        "no_break",
        {"hall": "at_break: serve_first"},
        [{"hall": "at_break: serve_first", "calendars": LUNCH}, {}],
    ),
    (
        "no_tickets_before_break",
        {"hall": "last_ticket_before_break: 3 h", "calendars": LUNCH},
        [
            {"hall": "last_ticket_before_break: 2 h", "calendars": LUNCH},
            {
                "hall": "last_ticket_before_break: 3 h",
                "calendars": "[{id: day, weekly: {mon-fri: [08:30-12:00, 13:00-17:00]}}]",
            },
        ],
    ),
    (
        "waited_too_long",
        {"initial": EARLY % "10 h"},
        [{"initial": EARLY % "9 h"}],
    ),
    (
        "filed_in_run",
        {"initial": BACKLOG % "filed: 2025-01-06", "matters": REVIEWED},
        [
            {"initial": BACKLOG % "filed: 2025-01-05", "matters": REVIEWED},
            {
                "initial": BACKLOG % "filed: 2025-01-06",
                "matters": REVIEWED,
                "run": "{start: 2025-01-07, measured_days: 1}",
                "demand": _instants("2025-01-07T09:00:00"),
            },
        ],
    ),
    (
        "nothing_left_to_do",
        {"initial": BACKLOG % "done: [check]", "matters": REVIEWED},
        [
            {"initial": BACKLOG % "done: []", "matters": REVIEWED},
            {
                "initial": BACKLOG % "done: [check]",
                "matters": bundle(item("check", "1 h"), item("stamp", "1 h")),
            },
            {"matters": REVIEWED},
        ],
    ),
    (
        "quota_of_nothing",
        {"layouts": QUOTA % "{}"},
        [
            {"layouts": QUOTA % "{tickets: {window: 9}}"},
            {"layouts": QUOTA % "{beyond_closing: refuse}"},
            {},
        ],
    ),
    (
        "breaks_differ",
        {"calendars": LUNCH, "layouts": LAYOUT % _broken("wait", "serve_first")},
        [
            {"calendars": LUNCH, "layouts": LAYOUT % _broken("serve_first", "serve_first")},
            {"calendars": LUNCH, "layouts": LAYOUT % f"{WINDOW % 1}"},
        ],
    ),
    (
        "profile_after_closing",
        _shaped("09:00-16:00: 3, 17:00-18:00: 1"),
        [
            _shaped("09:00-16:00: 3, 17:00-18:00: 0"),
            _shaped("09:00-16:00: 3, 17:00-18:00: 1", "09:00-18:00"),
        ],
    ),
    (
        "profile_outside_hours",
        _shaped("08:00-09:00: 1, 09:00-16:00: 3"),
        [
            _shaped("08:00-09:00: 0, 09:00-16:00: 3"),
            _shaped("08:00-09:00: 1, 09:00-16:00: 3", "08:00-17:00"),
        ],
    ),
    (
        "party_too_large",
        {"applicants": "{companions: {9: 0.1}}", "hall": "capacity: 8"},
        [
            {"applicants": "{companions: {9: 0.1}}", "hall": "capacity: 10"},
            {"applicants": "{companions: {7: 0.1}}", "hall": "capacity: 8"},
        ],
    ),
    (
        "tidal_out_of_reach",
        {"layouts": LAYOUT % (RESERVE % "at: 9"), "hall": "capacity: 8"},
        [
            {"layouts": LAYOUT % (RESERVE % "at: 8"), "hall": "capacity: 8"},
            {"layouts": LAYOUT % (RESERVE % "after: 9 min"), "hall": "capacity: 8"},
        ],
    ),
    (
        "unused",
        {"profiles": "[{id: p, shape: {09:00-16:00: 1}}]"},
        [{}, _shaped("09:00-16:00: 1")],
    ),
    (
        "nobody_asks",
        {"matters": TWO_MATTERS},
        [
            {},
            {
                "matters": TWO_MATTERS,
                "demand": "[{id: a, matter: errand, per_day: 1},"
                " {id: b, matter: other_errand, per_day: 1}]",
                "layouts": LAYOUT % "{id: window, serves: [office], clerks: 1}",
            },
        ],
    ),
    (
        "no_own_matter",
        {"matters": SEPARATE % "separate"},
        [
            {
                "matters": SEPARATE % "separate",
                "departments": "[{id: office, name: {zh: 局, en: Office}, reviewers: 1,"
                " hours: day, own_matter: errand}]",
            },
            {"matters": SEPARATE % "bundled"},
        ],
    ),
    (
        "second_matter_reviewed",
        {"matters": REVIEWED_COPY, "layouts": BOTH_ACCEPTED},
        [
            {"matters": SECOND_MATTER % "", "layouts": BOTH_ACCEPTED},
            {
                "matters": REVIEWED_COPY.replace(ALSO, ""),
                "layouts": BOTH_ACCEPTED,
                "demand": "[{id: people, matter: errand, at: [2025-01-06T09:00:00]},"
                " {id: copies, matter: copy, at: [2025-01-06T10:00:00]}]",
            },
        ],
    ),
    ("unequal_budget", _two_layouts(2), [_two_layouts(1), _two_layouts(2, "none")]),
    ("too_long_list", _classes(CLASSES, SHARES), [_classes(*FEWER)]),
    (
        "no_townships",
        {"places": _town("accepts: [errand]")["places"].replace(STATION, "")},
        [
            {
                "places": _town("accepts: [errand]")["places"].replace(STATION, ""),
                "applicants": _town("")["applicants"],
            },
            {},
        ],
    ),
]


@pytest.mark.parametrize(("code", "sections", "remedied"), ROWS)
def test_a_remedy_mends(code: str, sections: Sections, remedied: list[Sections]) -> None:
    """The sections have that and nothing else; what is advised leaves no error and no warning."""
    assert set(problems_or_warnings(small(**sections))) == {code}
    for mended in remedied:
        assert problems_or_warnings(small(**mended)) == [], mended


def test_a_source_or_a_range_quiets_the_want_of_a_source() -> None:
    """In the part, in a part above it, or listed with its range."""
    sourced = small(corrections="{share: 0.1}")
    bare = sourced.replace("source: a test\n", "")
    share = "{share: 0.1%s}"
    before = _unsourced(bare)
    assert "corrections.share" in before
    for more in (", source: a count", ", assumed: {share: [0.05, 0.2]}"):
        text = bare.replace(share % "", share % more)
        assert before - _unsourced(text) == {"corrections.share"}
    text = f"{bare}\nassumed: {{corrections.share: [0.05, 0.2]}}"
    assert before - _unsourced(text) == {"corrections.share"}
    assert _unsourced(sourced) == set()


def _unsourced(text: str) -> set[str]:
    """Paths of the numbers without a source; there is no other warning."""
    warnings = read_text(text)
    assert {warning.code for warning in warnings} <= {"no_source"}
    return {warning.path for warning in warnings}


def test_holidays_that_are_not_published_can_be_given() -> None:
    """The warning stays, as more days may be moved; the day that is known is kept."""
    run = "{start: 2050-01-17, measured_days: 5}"
    flow = "[{id: people, matter: errand, per_day: 1}]"
    days = "[{id: day, weekly: {mon-fri: [09:00-17:00]}, holidays: china, closed: [%s]}]"
    without, with_dates = (
        small(run=run, demand=flow, calendars=days % day) for day in ("", "2050-01-19")
    )
    assert problems_or_warnings(without) == ["holidays_unpublished"]
    assert problems_or_warnings(with_dates) == ["holidays_unpublished"]
    assert date(2050, 1, 19) in hall_dates(scenario_from_text(without))
    assert date(2050, 1, 19) not in hall_dates(scenario_from_text(with_dates))


def test_a_layout_is_corrected_or_defined() -> None:
    """As advised: another id, or a layout of that id."""
    with pytest.raises(ScenarioError) as caught:
        scenario_from_text(small()).layout("hal")
    assert codes_of(caught.value) == ["unknown_layout"]
    assert scenario_from_text(small()).layout("hall").id == "hall"
    defined = small(layouts=SECTIONS["layouts"].replace("id: hall", "id: hal"))
    assert scenario_from_text(defined).layout("hal").id == "hal"

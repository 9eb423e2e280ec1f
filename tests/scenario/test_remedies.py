"""What an error advises mends it, and brings no other error."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import scenario_from_text
from tests.strategies import small

RATE = "{id: people, matter: errand, rate: 6 per h%s}"
BOOK = "{appointments: [{id: book, name: {zh: 约, en: Book}, serves: [errand], share: 0.1, %s}]}"
ITEM = "name: {zh: 项, en: Item}, department: office"
MATTER = "id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 10 min}"
GROUP = "serves: [errand], clerks: 1"
RESERVE = f"{{id: r, list: l, {GROUP}"
LAYOUT = "[{id: hall, name: {zh: 厅, en: Hall}, windows: [{id: window, list: l, %s}%s]}]"
DESK = "reception: {kind: %s, clerks: 1, service: 1 min%s}"
PROMISED = "{promises: [{%s}]}"
SPRING, DAYS = "2025-03-01 to 2025-05-31", ("05-31", "06-01")


def _dated(more: str) -> str:
    return f"[{{id: day, weekly: {{mon-fri: [09:00-17:00]}}, {more}}}]"


def _staffed(clerks: str) -> str:
    return LAYOUT % (f"serves: [errand], clerks: {{{clerks}, 10:00-17:00: 1}}", "")


CASES: list[tuple[str, str, list[str]]] = [
    # the code, the section, its wrong text and what each way of the remedy makes of it
    ("given_not_scaled", "applicants", ["{volume_factor: 2}", "{volume_factor: 1}", "{}"]),
    ("one_amount", "demand", [f"[{RATE % ', per_day: 4'}]", f"[{RATE % ''}]"]),
    ("online_without_intake", "demand", [f"[{RATE % ', online_share: 0.2'}]", f"[{RATE % ''}]"]),
    ("empty_profile", "profiles", ["[{id: p, shape: {}}]", "[{id: p, shape: {09:00-10:00: 1}}]"]),
    (
        "empty_calendar",
        "calendars",
        ["[{id: day, weekly: {}}]", "[{id: day, weekly: {mon-fri: [09:00-17:00]}}]"],
    ),
    (
        "overlapping_intervals",
        "calendars",
        [
            "[{id: day, weekly: {mon: [09:00-12:00, 11:00-17:00]}}]",
            "[{id: day, weekly: {mon: [09:00-12:00, 12:00-17:00]}}]",
        ],
    ),
    (
        "periods_overlap",
        "calendars",
        [_dated(f"periods: {{{SPRING}: {{}}, 2025-{day} to 2025-06-30: {{}}}}") for day in DAYS],
    ),
    (
        "closed_and_open",
        "calendars",
        [
            _dated("closed: [2025-01-06], days: {2025-01-06: [09:00-10:00]}"),
            _dated("closed: [2025-01-05]"),
            _dated("days: {2025-01-06: [09:00-10:00]}"),
        ],
    ),
    (
        "wrong_dates",
        "calendars",
        [_dated(f"periods: {{{k}: {{}}}}") for k in ("2025-01-06", SPRING)],
    ),
    (
        "dates_order",
        "calendars",
        [_dated(f"periods: {{{k}: {{}}}}") for k in ("2025-05-31 to 2025-03-01", SPRING)],
    ),
    ("wrong_week", "layouts", [_staffed(f"week {w} 09:00-10:00: 1") for w in "CAB"]),
    (
        "date_with_weekdays",
        "layouts",
        [
            _staffed(f"{key} 09:00-10:00: 1")
            for key in ("2025-01-06 mon-fri", "2025-01-06", f"{SPRING} mon-fri")
        ],
    ),
    ("clerks_alternate", "layouts", [_staffed(f"09:00-10:00: {n}") for n in (2.33, 2.35, 2.5)]),
    ("empty_book", "applicants", [BOOK % f"slots: {n}, slot: 30 min" for n in (0, 1)]),
    ("slot_does_not_fit", "applicants", [BOOK % f"slots: 1, slot: {n} min" for n in (7, 30)]),
    (
        "slots_outside_hours",
        "applicants",
        [BOOK % f"slot: 30 min, slots: {{{n}: 1}}" for n in ("08:00-10:00", "09:00-10:00")],
    ),
    (
        "cycle_after",
        "matters",
        [
            f"[{{{MATTER}, items: [{{id: a, {ITEM}, after: [b]}}, {{id: b, {ITEM}{after}}}]}}]"
            for after in (", after: [a]", "")
        ],
    ),
    (
        "shares_sum",
        "matters",
        [
            f"[{{{MATTER}, items: [{{id: a, {ITEM}, one_of: x, share: 0.5}},"
            f" {{id: b, {ITEM}, one_of: x, share: {share}}}]}}]"
            for share in (0.7, 0.5)
        ],
    ),
    (
        "surveys_twice",
        "matters",
        [
            f"[{{{MATTER}, items: [{{id: a, {ITEM}{more}}}]}}]"
            for more in (", survey: {joined_by: [office]}", "")
        ],
    ),
    (
        "duplicate_id",
        "layouts",
        [LAYOUT % (GROUP, f", {{id: {name}, {GROUP}}}") for name in ("window", "other")],
    ),
    (
        "kiosk_catches",
        "hall",
        [DESK % keys for keys in (("kiosk", ", catches: 0.2"), ("kiosk", ""))],
    ),
    ("kiosk_catches", "hall", [DESK % (kind, ", catches: 0.2") for kind in ("kiosk", "desk")]),
    (
        "tidal_oscillates",
        "layouts",
        [
            LAYOUT
            % (GROUP, f", {{id: r, list: l, {GROUP}, tidal: {{opens_at: 3, closes_at: {n}}}}}")
            for n in (3, 2)
        ],
    ),
    (
        "tidal_never",
        "layouts",
        [
            LAYOUT % (GROUP, f", {{id: r, list: l, {GROUP}, tidal: {{{reason}}}}}")
            for reason in ("setup: 1 min", "opens_at: 3", "opens_after: 9 min")
        ],
    ),
    (
        "tidal_alone",
        "layouts",
        [LAYOUT % (f"{GROUP}{more}", "") for more in (", tidal: {opens_at: 3}", "")],
    ),
    (
        "promise_level",
        "targets",
        [
            PROMISED % f"measure: wait, each: run{level}"
            for level in ("", ", at_most: 8 min", ", at_most: 8 min, at_least: null")
        ],
    ),
    (
        "promise_who",
        "targets",
        [
            PROMISED % f"measure: wait, each: run, at_most: 8 min, {who}"
            for who in ("groups: [window], matters: [errand]", "groups: [window]")
        ],
    ),
    (
        "matter_without_clerk",
        "layouts",
        [LAYOUT % (f"serves: [errand], clerks: {n}", "") for n in (0, 1)],
    ),
]


@pytest.mark.parametrize(("code", "section", "texts"), CASES)
def test_a_remedy_mends(code: str, section: str, texts: list[str]) -> None:
    """The first text has the error and no other; each further one has none at all."""
    with pytest.raises(ScenarioError) as refused:
        scenario_from_text(small(**{section: texts[0]}))
    assert {problem.code for problem in refused.value.problems} == {code}
    for text in texts[1:]:
        scenario_from_text(small(**{section: text}))

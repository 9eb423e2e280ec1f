"""What an error about a single value, reference or sum advises mends the file."""

# ruff: noqa: E501 one row an error

from __future__ import annotations

import pytest

from tests.cases.test_check import read_text
from tests.scenario.remedies import problems_in, problems_or_warnings
from tests.scenario.town import TOWN, changed

BOOK = "  unserved: {returns: 0.7, lost: 0.3}\n"
BOOKS = (
    BOOK + "  appointments: [{id: a, name: {zh: 约, en: A}, serves: [police], share: 0.5, slots: 5,"
    " slot: 30 min}, {id: b, name: {zh: 约, en: B}, serves: %s, share: 0.5, slots: 5, slot: 30 min}]\n"
)
ROSTER = "clerks: {mon-fri 08:30-12:00: 2, sat 09:00-12:00: 1}\n        count: 3"
SEAL = "external: {law: uniform, low: 1 wd, high: 3 wd}"
SATURDAY = "sat: [09:00-12:00]"
PLAIN = "{id: plain, serves: [police], helps: [one_stop], clerks: 2}"
TIDAL = (
    PLAIN + "\n      - {id: r, list: plain, serves: [police], clerks: %d, tidal: {opens_at: 6%s}}%s"
)
POOL = "\n      - {id: q, serves: [police], clerks: 1}"
SECOND = "\n      - {id: s, list: plain, serves: [police], clerks: 1, tidal: {opens_at: 9}}"
ASSUMED = "source: a test\nassumed: {hall.last_ticket: [10 min, 30 min]}"
MEASURED = "measured: {hall.last_ticket: {file: log.csv, n: 9, interval: [12 min, 18 min]}}"
ROWS: list[tuple[str, str, str, list[str]]] = [
    # the code, a piece of the town, the mistake in its place and each way of the remedy
    ("unknown_key", "promised: 5 wd", "promissed: 5 wd", ["promised: 5 wd"]),
    ("unknown_key", "cv: 0.6", "cv: 0.6, sd: 1 min", ["cv: 0.6"]),
    ("duplicate_key", "  seed: 7\n", "  seed: 7\n  seed: 8\n", ["  seed: 7\n", "  seed: 8\n"]),
    ("missing_field", "  measured_days: 5\n", "", ["  measured_days: 3\n"]),
    ("wrong_type", "seed: 7", "seed: seven", ["seed: 7"]),
    ("wrong_type", "source: a test", "source: 2025", ["source: '2025'"]),
    ("wrong_type", "serves: [police]", "serves: police", ["serves: [police]"]),
    ("wrong_choice", "rule: shares", "rule: share", ["rule: shares"]),
    ("bare_number", "15 min", "15", ["15 min"]),
    ("bare_number", "promised: 5 wd", "promised: 5", ["promised: 5 wd"]),
    ("wrong_unit", "15 min", "15 weeks", ["900 s", "15 min", "0.25 h", "0.01 d"]),
    ("wrong_duration", "15 min", "soon", ["90 s", "12 min", "1.5 h"]),
    ("too_long_span", "15 min", "9" * 40 + " d", ["15 min"]),
    (
        "unknown_time_zone",
        "last_ticket: 15 min",
        "last_ticket: 15 min\n  time_zone: Peking",
        ["last_ticket: 15 min\n  time_zone: Asia/Shanghai", "last_ticket: 15 min"],
    ),
    ("wrong_clock", SATURDAY, "sat: [9.00-12:00]", ["sat: [09:00-12:00]"]),
    ("wrong_rate", "rate: 6 per h", "rate: often", ["rate: 24 per h", "rate: 0.4 per min"]),
    ("wrong_interval", SATURDAY, "sat: [morning]", ["sat: [08:30-12:00]"]),
    ("empty_interval", SATURDAY, "sat: [12:00-09:00]", ["sat: [09:00-12:00]"]),
    (
        "empty_interval",
        SATURDAY,
        "sat: [08:30-12:00, 22:00-02:00]",
        ["sat: [00:00-02:00, 08:30-12:00, 22:00-24:00]"],
    ),
    ("wrong_date", "2025-03-03", "2025-02-30", ["2025-07-18"]),
    (
        "wrong_day_name",
        SATURDAY,
        "weekend: [09:00-12:00]",
        ["sat: [09:00-12:00]", "sat-sun: [09:00-12:00]"],
    ),
    ("outside_range", "{3: 1.1}", "{13: 1.1}", ["{12: 1.1}"]),
    ("outside_range", "rate: 6 per h", "at: [2025-03-02 09:00]", ["at: [2025-03-03 09:00]"]),
    ("share_outside", "{share: 0.1,", "{share: 15,", ["{share: 0.15,"]),
    ("negative", "reviewers: 2", "reviewers: -2", ["reviewers: 2"]),
    ("too_small", "cv: 0.6", "cv: 0", ["cv: 0.1"]),
    ("not_a_number", "per_day: 20", "per_day: .nan", ["per_day: 20"]),
    (
        "parted_number",
        "clerks: 1, service: 30 s",
        "service: 30 s, clerks: 1,200",
        ["service: 30 s, clerks: 1200", "service: 30 s, clerks: '1,200'"],
    ),
    ("wrong_id", "id: cards", "id: Cards", ["id: open_restaurant"]),
    ("empty_text", "en: Hall}", 'en: ""}', ["en: Hall}"]),
    ("too_long_text", "en: Hall}", f"en: {'x' * 300}}}", [f"en: Hall}}\n  note: {'x' * 300}"]),
    ("too_short_list", "serves: [police]", "serves: []", ["serves: [police]"]),
    ("too_short_list", "clerks: 2}", "clerks: {}}", ["clerks: {09:00-11:00: 1}}"]),
    ("wrong_law", "law: gamma", "law: gama", ["law: gamma", "law: lognormal"]),
    ("bounds_order", "low: 1 wd, high: 3 wd", "low: 3 wd, high: 1 wd", ["low: 1 wd, high: 3 wd"]),
    ("mixed_units", "low: 1 wd", "low: 1 d", ["low: 1 wd"]),
    ("mixed_units", "low: 1 wd, high: 3 wd", "low: 1 wd, high: 3 d", ["low: 1 d, high: 3 d"]),
    ("unknown_matter", "matter: id_card", "matter: id_cart", ["matter: id_card"]),
    ("unknown_department", "lead: police", "lead: polices", ["lead: police"]),
    ("unknown_calendar", "hours: week", "hours: weeks", ["hours: week"]),
    ("unknown_class", "{booked: 0.4", "{boked: 0.4", ["{booked: 0.4"]),
    ("unknown_profile", "profile: morning", "profile: evening", ["profile: morning"]),
    ("unknown_list", "helps: [one_stop]", "helps: [one_shop]", ["helps: [one_stop]"]),
    ("unknown_item", "after: [licence]", "after: [license]", ["after: [licence]"]),
    (
        "ambiguous_name",
        "groups: [one_matter]",
        "groups: [one_matter, police]",
        ["groups: [one_matter, constable]"],
    ),
    ("unknown_pool", PLAIN, TIDAL % (1, ", pool: qq", POOL), [TIDAL % (1, ", pool: q", POOL)]),
    (
        "tidal_pool",
        PLAIN,
        TIDAL % (1, ", pool: r", POOL),
        [TIDAL % (1, ", pool: q", POOL), TIDAL % (1, "", POOL)],
    ),
    (
        "tidal_keep",
        PLAIN,
        TIDAL % (1, ", pool: q, keep: 1", POOL),
        [
            TIDAL % (1, ", pool: q", POOL),
            TIDAL % (1, ", pool: q, keep: 1", POOL.replace("clerks: 1", "clerks: 2")),
            TIDAL % (1, ", pool: one_stop, keep: 1", POOL),
        ],
    ),
    ("tidal_same_list", PLAIN, TIDAL % (1, "", SECOND), [TIDAL % (2, "", "")]),
    (
        "matter_not_accepted",
        "serves: [police]",
        "serves: [one_matter]",
        ["serves: [id_card]", "serves: [police]"],
    ),
    ("shares_sum", "walk_in: 0.6}", "walk_in: 0.5}", ["walk_in: 0.6}"]),
    ("booked_twice", BOOK, BOOKS % "[id_card]", [BOOKS % "[open_shop]"]),
    ("roster_outside_hours", ROSTER, ROSTER.replace("sat 09:00", "sat 08:00"), [ROSTER]),
    (
        "more_clerks_than_windows",
        ROSTER,
        ROSTER.replace("00: 2", "00: 4"),
        [ROSTER, ROSTER.replace("00: 2", "00: 4").replace("count: 3", "count: 4")],
    ),
    ("too_many_visits", "per_day: 20", "per_day: 1e8", ["per_day: 20"]),
    (
        "too_many_days",
        "measured_days: 5",
        "measured_days: 90000",
        ["measured_days: 5\n  replications: 90"],
    ),
    (
        "too_many_days",
        "  measured_days: 5\n",
        "  measured_days: 5\n  warmup_days: 90000\n",
        ["  measured_days: 5\n  warmup_days: 9\n"],
    ),
    (
        "promise_beyond_statute",
        "promised: 5 wd",
        "promised: 5 wd\n    statutory: 3 wd",
        ["promised: 3 wd\n    statutory: 3 wd", "promised: 5 wd\n    statutory: 5 wd"],
    ),
    ("yaml_syntax", "  seed: 7\n", "  seed: [7\n", ["  seed: 7\n"]),
    ("yaml_sign", "  seed: 7\n", "\tseed: 7\n", ["  seed: 7\n"]),
    ("yaml_alias", "hours: week\n", "hours: &w week\n", ["hours: week\n"]),
    ("yaml_tag", "seed: 7", "seed: !!int 7", ["seed: 7"]),
    ("unfit_sign", "en: Hall}", 'en: "Ha\\uD800ll"}', ['en: "Hall"}']),
    (
        "extends_unavailable",
        "source: a test",
        "source: a test\nextends: other.yaml",
        ["source: a test"],
    ),
    (
        "wrong_bounds",
        "source: a test",
        "source: a test\nassumed: {matters.id_card.service.base: wide}",
        ["source: a test\nassumed: {matters.id_card.service.base: [8 min, 15 min]}"],
    ),
    (
        "measured_and_assumed",
        "source: a test",
        f"{ASSUMED}\n{MEASURED}",
        [ASSUMED, f"source: a test\n{MEASURED}"],
    ),
]


@pytest.mark.parametrize(("code", "piece", "wrong", "remedied"), ROWS)
def test_a_remedy_mends(code: str, piece: str, wrong: str, remedied: list[str]) -> None:
    """The mistake gives that error and no other; what is advised leaves none."""
    assert problems_in(changed(piece, wrong)) == {code}
    for text in remedied:
        assert problems_in(changed(piece, text)) == set(), text


def test_the_town_is_sound() -> None:
    assert problems_in(TOWN) == set()


SHORT = changed("low: 1 wd", "low: 3 wd")
RANGE = "source: a test\nassumed: {hall.last_ticket: [%s, 30 min]}"
WARNED: list[tuple[str, str, list[str]]] = [
    # the code, the text that is warned of and what each way of the remedy makes of it
    (
        "limit_shorter_than_span",
        SHORT.replace("promised: 5 wd", "promised: 2 wd"),
        [SHORT, TOWN.replace("promised: 5 wd", "promised: 2 wd")],
    ),
    (
        "outside_assumed",
        changed("source: a test", RANGE % "20 min"),
        [
            changed("source: a test", RANGE % "15 min"),
            changed("source: a test", RANGE % "20 min").replace(": 15 min", ": 20 min"),
        ],
    ),
]


@pytest.mark.parametrize(("code", "text", "remedied"), WARNED)
def test_a_remedy_quiets_a_warning(code: str, text: str, remedied: list[str]) -> None:
    """The warning and no other; what is advised leaves none."""
    assert problems_or_warnings(text) == [code]
    for mended in remedied:
        assert read_text(mended) == ()

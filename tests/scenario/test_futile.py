"""What can never act, by its cause: told once, and mended by what is advised."""

from __future__ import annotations

import pytest

from tests.cases.test_check import read_text
from tests.strategies import small


def _town(place: str, *, choice: str = "{}", more: str = "") -> dict[str, str]:
    """A city hall and a station in one town."""
    return {
        "applicants": "{townships: [{id: town, name: {zh: 镇, en: Town}, county: shire,"
        f" population: 100, lon: 111.2, lat: 34.7}}]{more}}}",
        "places": "{open: [{id: city, name: {zh: 厅, en: Hall}, kind: city_hall, lon: 111.2,"
        " lat: 34.7, clerks: 1}, {id: station, name: {zh: 站, en: Station}, kind: station,"
        f" township: town, clerks: 1, {place}}}], choice: {choice}, travel: {{terrains:"
        " [{id: plain, name: {zh: 平, en: Plain}, road_factor: 1.3, km_per_hour: 30}]}}",
    }


def _books(more: str) -> dict[str, str]:
    """A book over the usual hall."""
    text = f"id: book, name: {{zh: 约, en: Book}}, slots: 1, slot: 30 min, {more}"
    return {"applicants": f"{{appointments: [{{{text}}}]}}"}


def _calendar(more: str) -> dict[str, str]:
    return {"calendars": f"[{{id: day, weekly: {{mon-fri: [09:00-17:00]}}, {more}}}]"}


def _staffed(clerks: str) -> dict[str, str]:
    return _layout(f"windows: [{{id: window, serves: [errand], clerks: {{{clerks}}}}}]")


def _flow(more: str) -> dict[str, str]:
    """One flow, with a profile that it may use."""
    return {
        "demand": f"[{{id: people, matter: errand, {more}}}]",
        "profiles": "[{id: morning, shape: {09:00-12:00: 1}}]",
    }


OPEN = "id: day, weekly: {mon-fri: [09:00-17:00]}"
BRIEF = f"[{{{OPEN}}}, {{id: brief, weekly: {{mon-fri: [09:00-11:00]}}}}]"
SAT = "[{id: day, weekly: {mon-fri: [09:00-17:00]}}, {id: sat, weekly: {sat: [09:00-12:00]}}]"
OTHER = "errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 10 min}"
TWO_MATTERS = f"[{{id: {OTHER}}}, {{id: other_{OTHER}}}]"
USUAL = "{id: usual, name: {zh: 常, en: Usual}"
BOOK = "{id: book, name: {zh: 约, en: Book}, serves: [errand], share: 0.5, slots: 1, slot: 30 min}"
CLASSES = (
    ", classes: [{id: usual, name: {zh: 常, en: Usual}}, {id: old, name: {zh: 老, en: Elderly}}]"
)
REVIEWED = (
    "[{id: errand, name: {zh: 事, en: Errand}, lead: office, service: {base: 10 min}, items:"
    " [{id: permit, name: {zh: 证, en: Permit}, department: office, review: 5 min%s}]}]"
)


def _layout(text: str) -> dict[str, str]:
    """One layout, with one group that is as told."""
    return {"layouts": f"[{{id: hall, name: {{zh: 厅, en: Hall}}, {text}}}]"}


HOME = "accepts: [errand], home_visits: {agents: 1, within: 1 h%s}"
GROUP = "id: window, serves: [errand], clerks: 1"
LAWFUL = f"windows: [{{{GROUP}, service_laws: {{%s}}}}, {{id: b, serves: [office], clerks: 1}}]"
BOTH = _layout("windows: [{id: window, serves: [office], clerks: 1}]")
LATE = "id: office, name: {zh: 局, en: Office}, reviewers: 1, hours"
RARELY = (
    f"windows: [{{{GROUP}, list: l}}, {{id: reserve, list: l, serves: [errand], clerks: 1,"
    " tidal: {opens_after: %s}}]"
)
HELPED = (
    "calling: {rule: own_first, help_after: %s},"
    " windows: [{id: left, serves: [errand], clerks: 1},"
    " {id: right, serves: [errand], clerks: 1, helps: [%s]}]"
)
POOLED = (
    "windows: [{id: window, list: l, serves: [errand], clerks: 1},"
    " {id: counter, list: m, serves: [errand], clerks: {%s}},"
    " {id: reserve, list: l, serves: [errand], clerks: {12:00-17:00: 1},"
    " tidal: {opens_at: 3, pool: counter, keep: %s}}]"
)
FAR = "accepts: [errand], home_visits: {agents: 1, within: 6 min}"
SECOND = (
    REVIEWED.replace(
        "}]}]",
        "}, {id: look, name: {zh: 勘, en: Look}, department: office"
        ", review: 5 min, survey: {joined_by: [police]}}]}]",
    )
    % ""
)
SURVEY = REVIEWED % ", survey: {joined_by: [police]}"
POLICE = "id: police, name: {zh: 公, en: Police}, reviewers: 1, hours"
TWO_OFFICES = f"[{{{LATE}: day}}, {{{POLICE}: %s}}]"
SAME_DAY = "same_day: {share: 1, after: 1 h}"
FUTILE: list[tuple[dict[str, str], dict[str, str], str]] = [
    (
        {"applicants": f"{{unserved: {{returns: 0, lost: 1, {SAME_DAY}}}}}"},
        {"applicants": f"{{unserved: {{{SAME_DAY}}}}}"},
        "",
    ),
    (
        {"applicants": f"{{unserved: {{at_most: 0, {SAME_DAY}}}}}"},
        {"applicants": f"{{unserved: {{at_most: 1, {SAME_DAY}}}}}"},
        "",
    ),
    (
        {"corrections": f"{{{SAME_DAY}}}"},
        {"corrections": f"{{share: 0.1, {SAME_DAY}}}"},
        "",
    ),
    (
        _calendar("days: {2024-01-05: [09:00-10:00], 2024-01-08: [09:00-10:00]}"),
        _calendar("days: {2025-01-06: [09:00-10:00]}"),
        "dates_beyond_run",
    ),
    (
        _calendar("periods: {2024-05-01 to 2024-09-30: {mon-fri: [09:00-10:00]}}"),
        _calendar("periods: {2025-01-01 to 2025-01-31: {mon-fri: [09:00-10:00]}}"),
        "dates_beyond_run",
    ),
    (
        _staffed("09:00-17:00: 1, 2025-02-06 09:00-17:00: 2"),
        _staffed("09:00-17:00: 1, 2025-01-06 09:00-17:00: 2"),
        "dates_beyond_run",
    ),
    (
        _staffed("09:00-17:00: 1, 2025-01-06 09:00-12:00: 2"),
        _staffed("09:00-17:00: 1, 2025-01-06 09:00-17:00: 2"),
        "open_unstaffed",
    ),
    (_flow("rate: 6 per h, weekdays: {mon: 2}"), _flow("per_day: 48, weekdays: {mon: 2}"), ""),
    (_flow("rate: 6 per h, months: {1: 2}"), _flow("per_day: 48, months: {1: 2}"), ""),
    (_flow("every: 9 min, months: {1: 2}"), _flow("every: 9 min"), ""),
    (
        {"targets": "{constant_over_day: [window]}"},
        {
            "targets": "{promises: [{measure: wait, at_most: 8 min, each: run}],"
            " constant_over_day: [window]}"
        },
        "",
    ),
    (_flow("every: 9 min, profile: morning"), _flow("rate: 6 per h, profile: morning"), ""),
    (_flow("at: [2025-01-06 10:00], profile: morning"), _flow("at: [2025-01-06 10:00]"), ""),
    (
        _layout(f"routing: {{shares: {{window: 1}}}}, windows: [{{{GROUP}}}]"),
        _layout(f"routing: {{rule: shares, shares: {{window: 1}}}}, windows: [{{{GROUP}}}]"),
        "",
    ),
    (
        _layout(f"transfer: new_ticket, windows: [{{{GROUP}}}]"),
        {
            "matters": f"[{{id: {OTHER}, also: {{other_errand: 0.2}}}}, {{id: other_{OTHER}}}]",
            **_layout("transfer: new_ticket, windows: [{id: window, serves: [office], clerks: 1}]"),
        },
        "",
    ),
    (
        _layout(f"calling: {{help_after: 5 min}}, windows: [{{{GROUP}}}]"),
        _layout(HELPED % ("5 min", "left")),
        "",
    ),
    (
        {"matters": TWO_MATTERS, **_layout(LAWFUL % "other_errand: 5 min")},
        {"matters": TWO_MATTERS, **_layout(LAWFUL % "errand: 5 min")},
        "",
    ),
    (
        _town("accepts: [errand]", choice="{rule: nearest, taste_yuan: 3}"),
        _town("accepts: [errand]", choice="{rule: lowest_cost, taste_yuan: 3}"),
        "",
    ),
    (
        _town("accepts: [errand]", choice="{shares: {station: 1}}"),
        _town("accepts: [errand]", choice="{rule: shares, shares: {station: 1}}"),
        "",
    ),
    (
        _layout(f"windows: [{{{GROUP}, helps: [window]}}]"),
        _layout(f"windows: [{{{GROUP}}}]"),
        "helps_itself",
    ),
    (
        _layout(
            f"windows: [{{{GROUP}, list: l}}, {{id: reserve, list: l, serves: [errand], clerks: 0,"
            " tidal: {opens_at: 3}}]"
        ),
        _layout(
            f"windows: [{{{GROUP}, list: l}}, {{id: reserve, list: l, serves: [errand], clerks: 1,"
            " tidal: {opens_at: 3}}]"
        ),
        "tidal_nobody",
    ),
    (
        {"calendars": SAT, "matters": REVIEWED % "", "departments": f"[{{{LATE}: sat}}]"},
        {"calendars": SAT, "matters": REVIEWED % "", "departments": f"[{{{LATE}: day}}]"},
        "department_never_opens",
    ),
    (
        {"calendars": SAT, **_town("accepts: [errand], hours: sat")},
        {"calendars": SAT, **_town("accepts: [errand], hours: day")},
        "place_never_opens",
    ),
    (
        _town("accepts: [errand], market_days: {ends_in: [7], month: solar}"),
        _town("accepts: [errand], market_days: {ends_in: [6], month: solar}"),
        "place_never_opens",
    ),
    (_books("serves: [errand], share: 0"), _books("serves: [errand], share: 0.1"), "nobody_books"),
    (
        _books("serves: [errand], share: 0"),
        {**_books("serves: [errand], share: 0"), **_flow("rate: 6 per h, booked_share: 0.1")},
        "nobody_books",
    ),
    (
        _flow("rate: 6 per h, booked_share: 0.1"),
        {**_flow("rate: 6 per h, booked_share: 0.1"), **_books("serves: [errand], share: 0.1")},
        "flow_never_books",
    ),
    (
        {"matters": TWO_MATTERS, **BOTH, **_books("serves: [other_errand], share: 0.1")},
        {"matters": TWO_MATTERS, **BOTH, **_books("serves: [errand], share: 0.1")},
        "book_without_demand",
    ),
    (
        _town("accepts: [errand], forwards: [errand]"),
        _town("accepts: [errand]"),
        "forwards_nothing",
    ),
    (
        _town(HOME % ", classes: [old]", more=CLASSES),
        _town(HOME % "", more=CLASSES),
        "visits_nobody",
    ),
    (
        {"applicants": "{unserved: {returns: 1, at_most: 0}}"},
        {"applicants": "{unserved: {returns: 1, at_most: 1}}"},
        "never_returns",
    ),
    (
        {"corrections": "{share: 0.2, at_most: 0}"},
        {"corrections": "{share: 0.2, at_most: 1}"},
        "never_corrected",
    ),
    (
        {"hall": "training: {sessions: 0, people: 2, staff: 2, service_rate: 0.8}"},
        {"hall": "training: {sessions: 1, people: 2, staff: 2, service_rate: 0.8}"},
        "training_without_effect",
    ),
    (
        {
            "calendars": SAT,
            "matters": SURVEY,
            "departments": TWO_OFFICES % "sat",
        },
        {
            "calendars": SAT,
            "matters": SURVEY,
            "departments": TWO_OFFICES % "day",
        },
        "survey_never_meets",
    ),
    (
        {"calendars": SAT, "matters": SECOND, "departments": TWO_OFFICES % "sat"},
        {"calendars": SAT, "matters": SECOND, "departments": TWO_OFFICES % "day"},
        "survey_never_meets",
    ),
    (
        {"calendars": f"[{{{OPEN}, closed: [2024-01-06]}}]"},
        {"calendars": f"[{{{OPEN}, closed: [2025-02-06]}}]"},
        "outside_run",
    ),
    (
        _flow("per_day: 48, weekdays: {sun: 2}"),
        _flow("per_day: 48, weekdays: {mon: 2}"),
        "weekday_shut",
    ),
    (
        {
            "calendars": BRIEF,
            "hall": "last_ticket: 2 h",
            **_town("accepts: [errand], hours: brief"),
        },
        {
            "calendars": BRIEF,
            "hall": "last_ticket: 1 h",
            **_town("accepts: [errand], hours: brief"),
        },
        "place_without_tickets",
    ),
    (
        {"corrections": "{share: 0.2, delay: 1 d}"},
        {"corrections": "{share: 0.2, delay: 2 h}"},
        "delay_beyond_run",
    ),
    (
        {"applicants": "{unserved: {after: {law: exponential, mean: 30 d}}}"},
        {"applicants": "{unserved: {after: {law: exponential, mean: 3 h}}}"},
        "delay_beyond_run",
    ),
    (
        {"hall": "reception: {clerks: 0, service: 1 min}"},
        {"hall": "reception: {clerks: 1, service: 1 min}"},
        "reception_unstaffed",
    ),
    (
        {"applicants": "{assistance_factor: 1.4}"},
        {
            "applicants": "{assistance_factor: 1.4,"
            " classes: [{id: usual, name: {zh: 常, en: Usual}, assisted_share: 0.3}]}"
        },
        "nobody_assisted",
    ),
    (
        {"online": "{department: office, precheck: 2 min}"},
        {
            "online": "{department: office, precheck: 2 min}",
            **_flow("rate: 6 per h, online_share: 0.1"),
        },
        "nobody_online",
    ),
    (
        {"applicants": f"{{{CLASSES.removeprefix(', ')}}}"},
        {
            "applicants": f"{{{CLASSES.removeprefix(', ')}}}",
            **_flow("rate: 6 per h, classes: {usual: 0.9, old: 0.1}"),
        },
        "class_never_comes",
    ),
    (
        {"applicants": f"{{patience: 9 min, classes: [{USUAL}, patience: 5 min}}]}}"},
        {"applicants": f"{{classes: [{USUAL}, patience: 5 min}}]}}"},
        "",
    ),
    (
        {
            "applicants": f"{{classes: [{USUAL}, balk_at: 5}}]}}",
            "matters": f"[{{id: {OTHER}, balk_at: 3}}]",
        },
        {"applicants": f"{{classes: [{USUAL}}}]}}", "matters": f"[{{id: {OTHER}, balk_at: 3}}]"},
        "",
    ),
    (
        {"applicants": "{balk_at: 9}", "matters": f"[{{id: {OTHER}, balk_at: 3}}]"},
        {"applicants": "{balk_at: 9}"},
        "",
    ),
    (
        {"applicants": f"{{classes: [{USUAL}, lateness: 5 min}}]}}"},
        {"applicants": f"{{classes: [{USUAL}, lateness: 5 min}}], appointments: [{BOOK}]}}"},
        "class_never_books",
    ),
    (_layout(f"windows: [{{{GROUP}, changeover: 2 min}}]"), _layout(f"windows: [{{{GROUP}}}]"), ""),
    (
        _layout(RARELY % "20 min, setup: 9 h"),
        _layout(RARELY % "20 min, setup: 9 min"),
        "setup_too_long",
    ),
    (_layout(RARELY % "9 h"), _layout(RARELY % "20 min"), "wait_out_of_reach"),
    (_layout(HELPED % ("8 h", "left")), _layout(HELPED % ("1 h", "left")), "wait_out_of_reach"),
    (_layout(HELPED % ("1 h", "")), _layout(HELPED % ("1 h", "left")), "nobody_helps"),
    *(
        (
            _layout(f"calling: {{rule: {rule}}}, windows: [{{{GROUP}}}]"),
            _layout(f"calling: {{rule: priority}}, windows: [{{{GROUP}}}]"),
            "nobody_helps",
        )
        for rule in ("alternation", "longest_list")
    ),
    (
        _layout(f"calling: {{own_calls: 3}}, windows: [{{{GROUP}}}]"),
        _layout(f"calling: {{}}, windows: [{{{GROUP}}}]"),
        "",
    ),
    (
        _layout(f"calling: {{ageing: 8 h}}, windows: [{{{GROUP}}}]"),
        _layout(f"calling: {{ageing: 7 h}}, windows: [{{{GROUP}}}]"),
        "wait_out_of_reach",
    ),
    (
        _layout(POOLED % ("09:00-12:00: 1", 0)),
        _layout(POOLED % ("09:00-13:00: 1", 0)),
        "pool_absent",
    ),
    (
        _layout(POOLED % ("09:00-12:00: 2, 12:00-17:00: 1", 1)),
        _layout(POOLED % ("09:00-12:00: 2, 12:00-17:00: 1", 0)),
        "pool_absent",
    ),
    (
        _town("accepts: [errand], courier: {leaves: ['08:00'], takes: 5 h}"),
        _town("accepts: [errand], courier: {leaves: ['09:00'], takes: 5 h}"),
        "courier_after_run",
    ),
    (
        _town("accepts: [errand], courier: {leaves: ['10:00'], takes: 3 d}"),
        _town("accepts: [errand], courier: {leaves: ['10:00'], takes: 3 h}"),
        "courier_after_run",
    ),
    (
        {
            "places": _town(FAR)["places"].replace("travel: {", "travel: {local_km: 4, "),
            "applicants": _town("")["applicants"],
        },
        _town(FAR),
        "visits_out_of_reach",
    ),
    (
        {
            "places": _town("accepts: [errand]")["places"].replace("hour: 30", "hour: 3"),
            "applicants": _town("")["applicants"],
        },
        _town("accepts: [errand]"),
        "slower_than_walking",
    ),
]
"""What can never act, the same as its remedy would have it, and the warning."""


@pytest.mark.parametrize(("futile", "mended", "code"), FUTILE)
def test_what_cannot_act_is_told_and_mended(
    futile: dict[str, str], mended: dict[str, str], code: str
) -> None:
    """It is told once; what is advised leaves neither that warning nor another like it."""
    usual = {"no_source", "unused", "nobody_asks", "class_never_comes"} - {code}
    texts = [
        small(source="a test", equal_budget="none", **sections) for sections in (futile, mended)
    ]
    before, after = ([finding.code for finding in read_text(text)] for text in texts)
    assert [name for name in before if name not in usual] == [code or "ignored_field"]
    assert [name for name in after if name not in usual] == []


def test_what_little_of_it_is_used_is_used() -> None:
    """A tenth goes online after giving up; a closed day is in the year in which the run ends."""
    usual = {"no_source", "small_run"}
    online = small(
        source="a test",
        online="{department: office, precheck: 2 min}",
        applicants="{patience: 5 min, unserved: {returns: 0.9, online: 0.1}}",
    )
    new_year = small(
        source="a test",
        run="{start: 2024-12-30, measured_days: 5}",
        calendars=f"[{{{OPEN}, closed: [2025-01-01]}}]",
    )
    for text in (online, new_year):
        assert {warning.code for warning in read_text(text)} <= usual


def test_a_make_up_day_is_a_day_like_others() -> None:
    """On Sunday, 27 April 2025, what is open from Monday to Friday is open too."""
    station = _town("accepts: [errand], courier: {leaves: ['09:00'], takes: 5 h}")
    text = small(
        source="a test",
        equal_budget="none",
        run="{start: 2025-04-27, measured_days: 3}",
        calendars=f"[{{{OPEN}, holidays: china}}]",
        **_flow("per_day: 48, weekdays: {sun: 2}"),
        **station,
    )
    usual = {"no_source", "unused"}
    assert {warning.code for warning in read_text(text)} <= usual


THREE_DAYS = {"run": "{start: 2025-01-06, measured_days: 3}"}
SHORT_SATURDAY = "[{id: day, weekly: {mon-fri: [09:00-17:00], sat: [09:00-12:00]}}]"
POST = "accepts: [errand], courier: {leaves: ['%s'], takes: %s}"
TEN_KM = (
    "{open: [{id: city, name: {zh: 厅, en: Hall}, kind: city_hall, lon: 111.2, lat: 34.7, clerks:"
    " 1}, {id: station, name: {zh: 站, en: Station}, kind: station, county: shire, lon: 111.2,"
    " lat: 34.79, clerks: 1, accepts: [errand], home_visits: {agents: 1, within: 6 min}}],"
    " travel: {legs: [{township: town, place: station, takes: %s, km: 10}], terrains: [{id: plain,"
    " name: {zh: 平, en: Plain}, road_factor: 1.3, km_per_hour: 30}]}}"
)
MEASURED = TEN_KM.replace(
    "legs: [", "rule: matrix, legs: [{township: town, place: city, takes: 9 min, km: 5}, "
)
MEASURED = MEASURED[: MEASURED.index(", terrains")] + "}}"
MANY = (
    f"windows: [{{{GROUP}, list: l}}, {{id: reserve, list: l, serves: [errand], clerks: 1, tidal:"
    " {opens_at: 6%s}}]"
)
INTAKE = {"online": "{department: office, precheck: 2 min}"}
TOUCHING = (
    "[{id: day, weekly: {mon-fri: [09:00-12:00]}}, {id: late, weekly: {mon-fri: [%s-17:00]}}]"
)
BORDERS: list[tuple[dict[str, str], list[tuple[str, str, str]]]] = [
    # the last that can still act, and the first that cannot: code, found, allowed
    (_layout(f"calling: {{ageing: 479 min}}, windows: [{{{GROUP}}}]"), []),
    (
        _layout(f"calling: {{ageing: 8 h}}, windows: [{{{GROUP}}}]"),
        [("wait_out_of_reach", "8 h", "< 8 h")],
    ),
    ({**_layout(MANY % ""), "applicants": "{balk_at: 6}"}, []),
    (
        {**_layout(MANY % ""), "applicants": "{balk_at: 5}"},
        [("tidal_out_of_reach", "6", "≤ 5")],
    ),
    (
        {**_layout(MANY % ""), "applicants": "{balk_at: 6}", "hall": "capacity: 4"},
        [("tidal_out_of_reach", "6", "≤ 4")],
    ),
    ({**_layout(MANY % ", opens_after: 20 min"), "applicants": "{balk_at: 5}"}, []),
    ({"applicants": "{companions: {3: 0.1}}", "hall": "capacity: 4"}, []),
    ({"applicants": "{companions: {3: 0.1, 9: 0}}", "hall": "capacity: 4"}, []),
    (
        {"applicants": "{companions: {3: 0.1}}", "hall": "capacity: 3"},
        [("party_too_large", "3", "≥ 4")],
    ),
    ({"calendars": SHORT_SATURDAY, "hall": "last_ticket: 179 min"}, []),
    (
        {"calendars": SHORT_SATURDAY, "hall": "last_ticket: 3 h"},
        [("no_tickets", "3 h", "< 3 h")],
    ),
    ({"corrections": "{share: 0.2, delay: 1439 min}"}, []),
    ({"corrections": "{share: 0.2, delay: 1 d}"}, [("delay_beyond_run", "1 d", "< 1 d")]),
    ({**THREE_DAYS, "corrections": "{share: 0.2, delay: 4319 min}"}, []),
    (
        {**THREE_DAYS, "corrections": "{share: 0.2, delay: 3 d}"},
        [("delay_beyond_run", "3 d", "< 3 d")],
    ),
    (
        {**THREE_DAYS, "calendars": f"[{{{OPEN}, closed: [2024-05-04, 2024-05-03, 2024-05-02]}}]"},
        [("outside_run", "2024-05-02, 2024-05-03, 2024-05-04", "2025-01-06 – 2025-01-08")],
    ),
    (
        {
            **THREE_DAYS,
            "calendars": f"[{{{OPEN}, closed: [2024-05-04, 2024-05-03, 2024-05-02, 2024-05-01]}}]",
        },
        [("outside_run", "2024-05-01, 2024-05-02, 2024-05-03", "2025-01-06 – 2025-01-08")],
    ),
    ({**THREE_DAYS, **_town("accepts: [errand], market_days: {ends_in: [8], month: solar}")}, []),
    (
        {**THREE_DAYS, **_town("accepts: [errand], market_days: {ends_in: [9], month: solar}")},
        [("place_never_opens", "2025-01-06 – 2025-01-08", "")],
    ),
    # a round that leaves before the first opening takes nothing along: the next is a day later
    ({**THREE_DAYS, **_town(POST % ("09:00", "62 h"))}, []),
    ({**THREE_DAYS, **_town(POST % ("09:00", "63 h"))}, [("courier_after_run", "63 h", "")]),
    ({**THREE_DAYS, **_town(POST % ("08:59", "39 h"))}, []),
    ({**THREE_DAYS, **_town(POST % ("08:59", "40 h"))}, [("courier_after_run", "40 h", "")]),
    ({"places": TEN_KM % "6 min", "applicants": _town("")["applicants"]}, []),
    (
        {"places": TEN_KM % "7 min", "applicants": _town("")["applicants"]},
        [("visits_out_of_reach", "6 min", "")],
    ),
    (
        {
            "places": _town("accepts: [errand]")["places"].replace("hour: 30", "hour: 4"),
            "applicants": _town("")["applicants"],
        },
        [],
    ),
    (
        {
            "places": _town("accepts: [errand]")["places"].replace("hour: 30", "hour: 3.9"),
            "applicants": _town("")["applicants"],
        },
        [("slower_than_walking", "3.9", "")],
    ),
    ({"places": MEASURED % "6 min", "applicants": _town("")["applicants"]}, []),
    (
        {"places": MEASURED % "7 min", "applicants": _town("")["applicants"]},
        [("visits_out_of_reach", "6 min", "")],
    ),
    # three kilometres in six minutes are no more than the way within a township
    (
        {
            "places": _town(FAR)["places"].replace("travel: {", "travel: {local_km: 3, "),
            "applicants": _town("")["applicants"],
        },
        [],
    ),
    (
        {
            "places": _town(FAR)["places"].replace("travel: {", "travel: {local_km: 3.1, "),
            "applicants": _town("")["applicants"],
        },
        [("visits_out_of_reach", "6 min", "")],
    ),
    ({**INTAKE, "corrections": "{share: 0.2, online: 0.3}"}, []),
    ({**INTAKE, "corrections": "{share: 0.2}"}, [("nobody_online", "", "")]),
    ({"applicants": "{unserved: {at_most: 0}}"}, []),
    (
        {
            "calendars": TOUCHING % "11:59",
            "matters": SURVEY,
            "departments": TWO_OFFICES % "late",
        },
        [],
    ),
    (
        {
            "calendars": TOUCHING % "12:00",
            "matters": SURVEY,
            "departments": TWO_OFFICES % "late",
        },
        [("survey_never_meets", "office, police", "")],
    ),
]


@pytest.mark.parametrize(("sections", "expected"), BORDERS)
def test_what_can_just_act_and_just_not(
    sections: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    warnings = read_text(small(source="a test", equal_budget="none", **sections))
    assert [(finding.code, finding.found, finding.allowed) for finding in warnings] == expected

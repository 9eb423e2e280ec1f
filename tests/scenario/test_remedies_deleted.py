"""What may be deleted, left out or defined, as a remedy says, mends all of it too."""

# ruff: noqa: E501 one row an error

from __future__ import annotations

import pytest

from tests.scenario.remedies import problems_in, problems_or_warnings
from tests.scenario.test_futile import (
    CLASSES,
    FAR,
    GROUP,
    HELPED,
    RARELY,
    REVIEWED,
    SAT,
    SURVEY,
    TWO_MATTERS,
    TWO_OFFICES,
    _books,
    _layout,
    _town,
)
from tests.scenario.test_places import AREA
from tests.scenario.town import TOWN
from tests.strategies import SECTIONS, small

Sections = dict[str, str]
STATION_RULES = "accepts: [errand], forwards: [errand], forwards_to: city"
SEPARATE = (
    "[{id: errand, name: {zh: 事, en: Errand}, lead: office, handling: %s, service:"
    " {base: 10 min}, items: [{id: permit, name: {zh: 证, en: Permit}, department: office}]}%s]"
)
OWN = "[{id: office, name: {zh: 局, en: Office}, reviewers: 1, hours: day%s}]"
VISIT = ", {id: visit, name: {zh: 窗, en: Visit}, lead: office, service: {base: 5 min}}"
OFFICE_WINDOW = _layout("windows: [{id: window, serves: [office], clerks: 1}]")
TIDE = (
    "windows: [{id: window, list: l, serves: [errand], clerks: 1}, {id: reserve, list: l, serves:"
    " [%s], clerks: 1%s}%s]"
)
TIDAL = ", tidal: {opens_at: 3}"
BOTH_ASKED = (
    "[{id: people, matter: errand, per_day: 9}, {id: others, matter: other_errand, per_day: 9}]"
)
OTHER_WINDOW = ", {id: other, list: %s, serves: [other_errand], clerks: 1}"


LACKING = (
    "[{id: errand, name: {zh: 事, en: Errand}, lead: office, correction_share: 0.5,"
    " service: {base: 10 min}}]"
)
ONLINE = {
    "matters": TWO_MATTERS,
    "demand": BOTH_ASKED.replace("other_errand, ", "other_errand, online_share: 1, "),
    "online": "{department: office, precheck: 2 min}",
    **OFFICE_WINDOW,
}


def _tide(serves: str, more: str = TIDAL, beside: str = "") -> Sections:
    return {
        "matters": TWO_MATTERS,
        "demand": BOTH_ASKED,
        **_layout(TIDE % (serves, more, beside)),
    }


def _classes(classes: str, shares: str, visits: str) -> Sections:
    """Shares of classes, of which a station's agents visit some."""
    usual = 0.9 if "0.1" in shares else 1
    return {
        **_town(
            f"accepts: [errand], home_visits: {{agents: 1, within: 1 h{visits}}}", more=classes
        ),
        "demand": f"[{{id: people, matter: errand, per_day: 9, classes: {{usual: {usual}{shares}}}}}]",
    }


ROWS: list[tuple[str, Sections, list[Sections]]] = [
    # the code, the sections that have it and what each way of the remedy makes of them
    (
        "empty_book",
        {
            "applicants": _books("serves: [errand], share: 0.1")["applicants"].replace(
                "s: 1", "s: 0"
            )
        },
        [{}],
    ),
    ("nobody_books", _books("serves: [errand], share: 0"), [{}]),
    (
        "book_without_demand",
        {**ONLINE, **_books("serves: [other_errand], share: 0.1")},
        [ONLINE, {**ONLINE, **_books("serves: [errand], share: 0.1")}],
    ),
    (
        "survey_never_meets",
        {"calendars": SAT, "matters": SURVEY, "departments": TWO_OFFICES % "sat"},
        [{"calendars": SAT, "matters": REVIEWED % "", "departments": TWO_OFFICES % "sat"}],
    ),
    (
        "forwards_nothing",
        _town(STATION_RULES),
        [_town("accepts: [errand]"), _town("accepts: [errand], forwards_to: city")],
    ),
    (
        "class_never_comes",
        {"applicants": f"{{{CLASSES.removeprefix(', ')}}}"},
        [{"applicants": "{classes: [{id: usual, name: {zh: 常, en: Usual}}]}"}],
    ),
    (
        "class_never_comes",
        _classes(CLASSES, ", old: 0", ", classes: [usual, old]"),
        [
            _classes(CLASSES.partition(", {id: old")[0] + "]", "", ", classes: [usual]"),
            _classes(CLASSES, ", old: 0.1", ", classes: [usual, old]"),
        ],
    ),
    (
        "outside_run",
        {"calendars": "[{id: day, weekly: {mon-fri: [09:00-17:00]}, closed: [2024-01-08]}]"},
        [
            {"calendars": SECTIONS["calendars"]},
            {
                "calendars": "[{id: day, weekly: {mon-fri: [09:00-17:00]}, closed: [2024-01-09]}]",
                "run": "{start: 2024-01-08, measured_days: 1}",
                "demand": "[{id: people, matter: errand, per_day: 3}]",
            },
        ],
    ),
    ("reception_unstaffed", {"hall": "reception: {clerks: 0, service: 1 min}"}, [{}]),
    ("nobody_assisted", {"applicants": "{assistance_factor: 1.4}"}, [{}]),
    (
        "class_never_books",
        {"applicants": "{classes: [{id: usual, name: {zh: 常, en: Usual}, no_show: 0.1}]}"},
        [{"applicants": "{classes: [{id: usual, name: {zh: 常, en: Usual}}]}"}],
    ),
    ("nobody_online", {"online": "{department: office, precheck: 2 min}"}, [{}]),
    (
        "training_without_effect",
        {"hall": "training: {sessions: 0, people: 2, staff: 2, service_rate: 0.8}"},
        [{}],
    ),
    (
        "nobody_helps",
        _layout(HELPED % ("1 h", "")),
        [
            _layout(HELPED % ("1 h", "left")),
            _layout((HELPED % ("1 h", "")).replace("rule: own_first, help_after: 1 h", "")),
        ],
    ),
    (
        "wait_out_of_reach",
        _layout(HELPED % ("8 h", "left")),
        [_layout((HELPED % ("8 h", "left")).replace(", help_after: 8 h", ""))],
    ),
    (
        "wait_out_of_reach",
        _layout(RARELY % "9 h"),
        [_layout((RARELY % "9 h").replace("opens_after: 9 h", "opens_at: 4"))],
    ),
    ("setup_too_long", _layout(RARELY % "20 min, setup: 9 h"), [_layout(RARELY % "20 min")]),
    (
        "wait_out_of_reach",
        _layout(f"calling: {{ageing: 8 h}}, windows: [{{{GROUP}}}]"),
        [_layout(f"windows: [{{{GROUP}}}]")],
    ),
    (
        "never_returns",
        {"applicants": "{unserved: {returns: 1, at_most: 0}}"},
        [
            {"applicants": "{unserved: {returns: 0, lost: 1}}"},
            {"applicants": "{unserved: {returns: 0, lost: 1, at_most: 0}}"},
        ],
    ),
    (
        "never_corrected",
        {"corrections": "{share: 0.2, at_most: 0}"},
        [{"corrections": "{share: 0, at_most: 0}"}, {"corrections": "{share: 0}"}],
    ),
    (
        "visits_out_of_reach",
        {
            "places": _town(FAR)["places"].replace("travel: {", "travel: {local_km: 4, "),
            "applicants": _town("")["applicants"],
        },
        [_town("accepts: [errand]")],
    ),
    (
        "online_without_intake",
        {"applicants": "{unserved: {returns: 0.8, online: 0.2}}"},
        [
            {"applicants": "{unserved: {returns: 1, online: 0}}"},
            {
                "applicants": "{unserved: {returns: 0.8, online: 0.2}}",
                "online": "{department: office, precheck: 2 min}",
            },
        ],
    ),
    (
        # papers of one matter alone may be incomplete: they are mended online too
        "online_without_intake",
        {"corrections": "{online: 0.5}", "matters": LACKING},
        [
            {"corrections": "{online: 0}", "matters": LACKING},
            {
                "corrections": "{online: 0.5}",
                "matters": LACKING,
                "online": "{department: office, precheck: 2 min}",
            },
        ],
    ),
    (
        "nobody_asks",
        {
            "matters": SEPARATE % ("bundled", VISIT),
            "departments": OWN % ", own_matter: visit",
            **OFFICE_WINDOW,
        },
        [
            {"matters": SEPARATE % ("bundled", ""), **OFFICE_WINDOW},
            {
                "matters": SEPARATE % ("separate", VISIT),
                "departments": OWN % ", own_matter: visit",
                **OFFICE_WINDOW,
            },
        ],
    ),
    (
        "tidal_alone",
        _tide("errand, other_errand", beside=OTHER_WINDOW % "m"),
        [
            _tide("errand", beside=OTHER_WINDOW % "m"),
            _tide("errand, other_errand", beside=OTHER_WINDOW % "l"),
            _tide("errand, other_errand", "", OTHER_WINDOW % "m"),
        ],
    ),
]


@pytest.mark.parametrize(("code", "sections", "remedied"), ROWS)
def test_a_remedy_mends(code: str, sections: Sections, remedied: list[Sections]) -> None:
    """The sections have that and nothing else; what is advised leaves no error and no warning."""
    assert set(problems_or_warnings(small(equal_budget="none", **sections))) == {code}
    for mended in remedied:
        assert problems_or_warnings(small(equal_budget="none", **mended)) == [], mended


def _defined(section: str, entry: str) -> tuple[str, str]:
    """A section whose first line is followed by a new entry."""
    return f"{section}:\n", f"{section}:\n  - {entry}\n"


NAME = "name: {zh: 新, en: New}"
LEGS = "    legs:\n"
TERRAINS = "    terrains:\n"
STATION = AREA[AREA.index("    - id: point\n") : AREA.index("  travel:\n")]
COUNTY = "    - {id: county,"
COUNTY_LINE = AREA[AREA.index(COUNTY) : AREA.index("    - id: point\n")]
BROOK = AREA[AREA.index("    - {id: brook") : AREA.index("    - {id: ridge")]
SITING = AREA[AREA.index("  siting:\n") :]
Change = tuple[str, str]
TEXTS: list[tuple[str, str, Change, list[list[Change]]]] = [
    # the code, the text, the mistake in it, and the changes of each way of the remedy after that
    (
        "matter_not_accepted",
        TOWN,
        ("serves: [police]", "serves: [one_matter]"),
        [[("  - {id: cards, matter: id_card, rate: 6 per h, online_share: 0.1}\n", "")]],
    ),
    (
        "unknown_matter",
        TOWN,
        ("matter: id_card", "matter: permit"),
        [[_defined("matters", f"{{id: permit, {NAME}, lead: police, service: {{base: 8 min}}}}")]],
    ),
    (
        "unknown_department",
        TOWN,
        ("department: police", "department: fire"),
        [[_defined("departments", f"{{id: fire, {NAME}, reviewers: 1, hours: office}}")]],
    ),
    (
        "unknown_calendar",
        TOWN,
        ("reviewers: 2, hours: office", "reviewers: 2, hours: short"),
        [[_defined("calendars", "{id: short, weekly: {mon-fri: [09:00-11:00]}}")]],
    ),
    (
        "unknown_profile",
        TOWN,
        ("profile: morning", "profile: evening"),
        [[_defined("profiles", "{id: evening, shape: {15:00-17:00: 1}}")]],
    ),
    (
        "unknown_class",
        TOWN,
        ("{booked: 0.4", "{elderly: 0.4"),
        [[("  classes:\n", f"  classes:\n    - {{id: elderly, {NAME}}}\n")]],
    ),
    (
        "unknown_list",
        TOWN,
        ("helps: [one_stop]", "helps: [other]"),
        [
            [
                (
                    "    windows:\n",
                    "    windows:\n      - {id: third, list: other, serves: [police], clerks: 1}\n",
                )
            ]
        ],
    ),
    (
        "unknown_item",
        TOWN,
        ("after: [licence]", "after: [bank]"),
        [[("    items:\n", f"    items:\n      - {{id: bank, {NAME}, department: market}}\n")]],
    ),
    (
        "surveys_twice",
        TOWN,
        ("review: 10 min}", "review: 10 min, survey: {joined_by: [police, market]}}"),
        [[("joined_by: [police, market]", "joined_by: [police]")]],
    ),
    (
        "too_short_list",
        TOWN,
        ("    lead: police\n", "    lead: police\n    published: {steps: []}\n"),
        [[("steps: []", "steps: [9, 3]")], [("steps: []", "")]],
    ),
    (
        "too_small",
        TOWN,
        ("{law: gamma, mean: 12 min, cv: 0.6}", "{law: gamma, mean: 12 min, cv: 0}"),
        [[("{law: gamma, mean: 12 min, cv: 0}", "12 min")]],
    ),
    (
        "too_small",
        TOWN,
        ("  last_ticket: 15 min\n", "  last_ticket: 15 min\n  capacity: 0\n"),
        [[("  capacity: 0\n", "  capacity: 90\n")], [("  capacity: 0\n", "")]],
    ),
    (
        "too_small",
        AREA,
        ("{agents: 1,", "{agents: 0,"),
        [[("      home_visits: {agents: 0, classes: [walk_in], within: 40 min}\n", "")]],
    ),
    (
        "wrong_law",
        TOWN,
        ("law: uniform, low: 1 wd, high: 3 wd", "law: lognormal, mean: 1 wd, cv: 0.6"),
        [[("law: lognormal, mean: 1 wd, cv: 0.6", "law: uniform, low: 10 min, high: 30 min")]],
    ),
    (
        "wrong_law",
        TOWN,
        ("law: gamma, mean: 12 min, cv: 0.6", "law: normal, mean: 12 min, sd: 1 min"),
        [[("law: normal, mean: 12 min, sd: 1 min", "law: uniform, low: 10 min, high: 30 min")]],
    ),
    (
        "wrong_law",
        TOWN,
        ("materials: 3,", "individual: {law: normal, mean: 1, sd: 0.1}, materials: 3,"),
        [[("law: normal, mean: 1, sd: 0.1", "law: uniform, low: 0.8, high: 1.2")]],
    ),
    (
        "online_without_intake",
        TOWN,
        ("online: {department: market, precheck: 5 min}\n", ""),
        [[(", online_share: 0.1", ", online_share: 0"), ("online: 0.2}", "online: 0}")]],
    ),
    (
        "unknown_township",
        AREA,
        ("      township: brook\n", "      township: hollow\n"),
        [
            [
                (
                    "  townships:\n    -",
                    f"  townships:\n    - {{id: hollow, {NAME}, county: hills, population: 90,"
                    " lon: 111.1, lat: 34.1}\n    -",
                )
            ]
        ],
    ),
    (
        "unknown_county",
        AREA,
        ("catchment: [hills]", "catchment: [hills, moor]"),
        [
            [
                (
                    "  townships:\n    -",
                    f"  townships:\n    - {{id: fen, {NAME}, county: moor, population: 90,"
                    " lon: 111.1, lat: 34.1}\n    -",
                )
            ]
        ],
    ),
    (
        "unknown_terrain",
        AREA,
        ("terrain: mountain", "terrain: gorge"),
        [
            [
                (
                    TERRAINS,
                    f"{TERRAINS}      - {{id: gorge, {NAME}, road_factor: 2, km_per_hour: 20}}\n",
                )
            ]
        ],
    ),
    (
        "unknown_place",
        AREA,
        ("forwards_to: county", "forwards_to: annex"),
        [
            [
                (
                    COUNTY,
                    f"    - {{id: annex, {NAME}, kind: county_hall, township: seat,"
                    f" clerks: 1, accepts: [police]}}\n{COUNTY}",
                )
            ]
        ],
    ),
    (
        "no_clerks",
        AREA,
        ("catchment: [hills], clerks: 2", "catchment: [hills], clerks: 0"),
        [
            [
                (COUNTY_LINE.replace("clerks: 2", "clerks: 0"), ""),
                ("      forwards_to: county\n", ""),
            ]
        ],
    ),
    (
        "no_clerks",
        AREA,
        ("station: {clerks: 1,", "station: {clerks: 0,"),
        [[(SITING.replace("clerks: 1", "clerks: 0"), "")]],
    ),
    (
        "no_population",
        AREA,
        ("population: 300", "population: 0"),
        [
            [
                (BROOK.replace("300", "0"), ""),
                ("      township: brook\n", "      township: seat\n"),
            ]
        ],
    ),
]


@pytest.mark.parametrize(("code", "text", "mistake", "remedied"), TEXTS)
def test_a_remedy_mends_the_text(
    code: str, text: str, mistake: Change, remedied: list[list[Change]]
) -> None:
    """The mistake gives that error and no other; what is advised leaves none."""
    wrong = _changed(text, mistake)
    assert problems_in(wrong) == {code}
    for changes in remedied:
        mended = wrong
        for change in changes:
            mended = _changed(mended, change)
        assert problems_in(mended) == set(), changes


def _changed(text: str, change: Change) -> str:
    old, new = change
    assert text.count(old) == 1, old
    return text.replace(old, new)

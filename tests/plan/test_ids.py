"""Two things of different kinds may have one id: no number changes."""

from typing import Any

import numpy as np
from hypothesis import given, note, settings
from hypothesis import strategies as st

from sim import Tables, compile_plan, draw_tape
from sim.analysis.measures import Tally, measure
from sim.engine.run import ENGINES, run
from sim.results.invariants import check_invariants
from sim.scenario.arrival_rows import ArrivalRows
from sim.scenario.load import scenario_from_text
from sim.text import load_text
from sim.views.scenario_names import log_labels
from tests.assertions import assert_same_journal
from tests.strategies import FEW, PLAIN, areas, small, text_of, windows

LAYOUT = "point"
NAMES: dict[str, dict[str, str]] = {
    "windows": {"g0": "point", "g1": "main", "g2": "t1", "reserve": "first"},
    "lists": {"list0": "point", "list1": "point1", "list2": "m0"},
    "classes": {"first": "point", "second": "t0"},
    "departments": {"a": "point", "b": "point1"},
    "calendars": {"day": "point", "office": "m0"},
    "counties": {"c": "t0"},
    "terrains": {"plain": "point"},
}
"""By kind, the ids of drawn scenarios and others that things of another kind have.

Matters, flows, items, books and places keep theirs: streams of random numbers are named after them.
So do departments where items are applied for one department after the other: there a visit's
streams are named after its department. And so do groups where clerks are absent by chance.
"""


def renamed(text: str) -> str:
    """The same scenario, in which ids of one kind are those of another."""
    tree = PLAIN.load(text)
    names = dict(NAMES)
    if any(matter.get("handling") == "separate" for matter in tree["matters"]):
        names["departments"] = {}
    if "absence:" in text:
        names["windows"] = {}
    new = {kind: lambda id_, ids=ids: ids.get(id_, id_) for kind, ids in names.items()}
    for calendar in tree["calendars"]:
        calendar["id"] = new["calendars"](calendar["id"])
    tree["hall"]["hours"] = new["calendars"](tree["hall"]["hours"])
    for department in tree["departments"]:
        department["id"] = new["departments"](department["id"])
        department["hours"] = new["calendars"](department["hours"])
    tree["online"]["department"] = new["departments"](tree["online"]["department"])
    for matter in tree["matters"]:
        matter["lead"] = new["departments"](matter["lead"])
        for item in matter.get("items", ()):
            item["department"] = new["departments"](item["department"])
            if "survey" in item:
                joined = item["survey"]["joined_by"]
                item["survey"]["joined_by"] = [new["departments"](id_) for id_ in joined]
    _rename_people(tree, new)
    for layout in tree["layouts"]:
        layout["id"] = LAYOUT
        for group in layout["windows"]:
            group["id"] = new["windows"](group["id"])
            group["list"] = new["lists"](group["list"])
            group["helps"] = [new["lists"](id_) for id_ in group.get("helps", ())]
            if "pool" in group.get("tidal", ()):
                group["tidal"]["pool"] = new["windows"](group["tidal"]["pool"])
            if "reviews_for" in group:
                group["reviews_for"] = new["departments"](group["reviews_for"])
        if "tickets" in layout.get("quota", ()):
            tickets = layout["quota"]["tickets"]
            layout["quota"]["tickets"] = {new["lists"](id_): n for id_, n in tickets.items()}
    for outage in tree["hall"].get("outages", ()):
        if "lists" in outage:
            outage["lists"] = [new["lists"](id_) for id_ in outage["lists"]]
    for place in tree["places"]["open"]:
        for key, kind in (("hours", "calendars"), ("county", "counties")):
            if key in place:
                place[key] = new[kind](place[key])
        for visits in (place["home_visits"],) if "home_visits" in place else ():
            visits["classes"] = [new["classes"](id_) for id_ in visits["classes"]]
    for terrain in tree["places"]["travel"]["terrains"]:
        terrain["id"] = new["terrains"](terrain["id"])
    return text_of(tree)


def _rename_people(tree: Any, new: Any) -> None:
    for flow in tree["demand"]:
        flow["classes"] = {new["classes"](id_): n for id_, n in flow["classes"].items()}
        if "arrivals_file" in flow:
            rows = ArrivalRows.unpack(flow["arrivals_file"])
            columns = {name: getattr(rows, name) for name in (*rows.COLUMNS, *rows.NAMES)}
            columns["classes"] = [new["classes"](id_) for id_ in rows.classes]
            flow["arrivals_file"] = ArrivalRows(**columns).packed
    for class_ in tree["applicants"]["classes"]:
        class_["id"] = new["classes"](class_["id"])
    for town in tree["applicants"]["townships"]:
        town["county"] = new["counties"](town["county"])
    for book in tree["applicants"].get("appointments", ()):
        if "priority_class" in book:
            book["priority_class"] = new["classes"](book["priority_class"])


def counted(text: str, layout: str, seed: int) -> tuple[Tables, Tally]:
    """One replication, with its laws checked, and what it adds up to."""
    plan = compile_plan(scenario_from_text(text), layout)
    crowd = draw_tape(plan.demand, seed, 0)
    journal = run(plan, crowd)
    for engine in ENGINES:
        assert_same_journal(journal, run(plan, crowd, engine))
    tables = Tables(plan, crowd, journal)
    check_invariants(tables)
    return tables, measure(tables)


@settings(FEW, max_examples=30)
@given(areas(), st.integers(0, 9))
def test_ids_of_one_kind_may_be_those_of_another(text: str, seed: int) -> None:
    note(text)
    new_text = renamed(text)
    note(new_text)
    (day, sums), (same, new_sums) = counted(text, "hall", seed), counted(new_text, LAYOUT, seed)
    assert_same_journal(day.journal, same.journal)
    for key, numbers in sums.by_day.items():
        np.testing.assert_array_equal(new_sums.by_day[key], numbers, err_msg=key)
    for (key, by), numbers in sums.by_group.items():
        sums_there = new_sums.by_group[key, by]
        assert sorted(zip(*sums_there.tolist(), strict=True)) == sorted(
            zip(*numbers.tolist(), strict=True)
        ), (key, by)
    for name in ("lists", "groups", "windows"):
        assert len(set(getattr(same.plan.names, name))) == len(set(getattr(day.plan.names, name)))


def test_what_is_called_alike_is_shown_by_its_own_name() -> None:
    """A counter and a station of one id: each has its list, and the name that the file gives it."""
    text = renamed_station("g0")
    scenario = scenario_from_text(text)
    names = compile_plan(scenario, "hall").names
    assert names.groups == ("g0", "place:g0")
    assert (names.lists, names.windows) == (("g0", "place:g0"), ("g0-1", "place:g0-1"))
    labels = log_labels(scenario, names, load_text("en"))
    assert (labels.lists[1], labels.groups[1]) == ("Place", "Place")


def renamed_station(id_: str) -> str:
    """One counter `g0` and one station of some id in town."""
    town = "{id: t0, name: {zh: 甲, en: Town}, county: c, population: 1, lon: 111.0, lat: 34.0}"
    name = "name: {zh: 站, en: Place}"
    main = f"{{id: main, {name}, kind: city_hall, lon: 111.0, lat: 34.3}}"
    station = f"{{id: {id_}, {name}, kind: station, township: t0, clerks: 1, accepts: [errand]}}"
    terrain = f"{{id: plain, {name}, road_factor: 1.3, km_per_hour: 40}}"
    return small(
        layouts=windows("id: g0, serves: [errand], clerks: 1"),
        applicants=f"{{townships: [{town}]}}",
        places=f"{{open: [{main}, {station}], travel: {{terrains: [{terrain}]}}}}",
    )

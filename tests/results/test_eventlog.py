"""The event log is the journal said in another way: read back, it gives the same journal."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from sim import compile_plan, draw_tape, example_path, load_scenario, run
from sim.clock import DAY, HOUR
from sim.errors import OptionError, OutputError
from sim.plan.journal import NO_LIST, ONLINE_LIST, OPEN, PENDING, SENT_BACK, SERVED
from sim.results.columns import FATES
from sim.results.eventlog import NAMESPACE, SUFFIXES, EventLog, write_log
from sim.results.log_columns import CASE_COLUMNS, EVENT_COLUMNS, id_labels
from sim.results.log_events import ABSENCE, DUTY, TRANSITIONS
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from sim.text import LANGUAGES, load_glossary, load_text
from sim.views.scenario_names import log_labels
from tests.engine.test_any_scenario import PATIENT, PHASES
from tests.laws.halls import city, tables_of, told_tables
from tests.strategies import (
    areas,
    at,
    bundle,
    come,
    department,
    errand,
    flows,
    item,
    scenarios,
    small,
    windows,
)

SCHEMA = os.environ.get("GOVHALL_XES_XSD", "")
"""Path of the schema that the IEEE publishes; it is not ours to ship."""
AREA = """\
extends: {folder}/sanmenxia_townships.yaml
run: {{warmup_days: 0, measured_days: 1, followup_days: 1}}
places:
  choice: {{rule: shares, shares: {{city_hall: 1, lushi_hall: 2, point: 20}}}}
  open:
    - id: point
      name: {{zh: 站, en: Point}}
      kind: station
      township: t411224205
      clerks: 2
      accepts: [after_death, disability, public_rental]
      forwards: [birth]
      courier: {{leaves: ["11:30"], takes: 2 h}}
      home_visits: {{agents: 2, classes: [walk_in], within: 5 h}}
"""
COMES = ("arrive", "rejoin", "apply_online", "papers_arrive")
ATTRIBUTES = ("string", "date", "int", "boolean")


class Row(NamedTuple):
    """One event of a case read back."""

    case: int
    event: dict[str, str]
    """Attributes of the event that it has, by key."""
    about: dict[str, str]
    """Attributes of its case."""


class OwnEvent(NamedTuple):
    """One event of a window or of a list, read back."""

    trace: str
    activity: str
    transition: str
    at: str
    """Date and minute by the hall's clock."""
    window: str
    instance: str


def own_events(text: str) -> list[OwnEvent]:
    """What windows and lists do by themselves, from CSV; they have no attribute of a case."""
    events = []
    for row in csv.DictReader(io.StringIO(text)):
        if not row["case:concept:name"].isdigit():
            about = {key for key, value in row.items() if key.startswith("case:") and value}
            assert about == {"case:concept:name"}
            keys = ("concept:name", "lifecycle:transition", "time:timestamp", "org:resource")
            activity, transition, at, window = (row[key] for key in keys)
            trace, instance = row["case:concept:name"], row["concept:instance"]
            events.append(OwnEvent(trace, activity, transition, at[5:16], window, instance))
    return events


def from_csv(text: str) -> Iterator[Row]:
    for row in csv.DictReader(io.StringIO(text)):
        if not row["case:concept:name"].isdigit():
            continue
        said = {key: value for key, value in row.items() if value}
        about = {k.removeprefix("case:"): v for k, v in said.items() if k.startswith("case:")}
        event = {key: value for key, value in said.items() if not key.startswith("case:")}
        yield Row(int(about.pop("concept:name")), event, about)


def from_xes(text: str) -> Iterator[Row]:
    for trace in ElementTree.fromstring(text).iter(f"{{{NAMESPACE}}}trace"):
        about = {
            element.attrib["key"]: element.attrib["value"] for element in trace if element.attrib
        }
        name = about.pop("concept:name")
        if not name.isdigit():
            continue
        case = int(name)
        for event in trace.iter(f"{{{NAMESPACE}}}event"):
            yield Row(
                case, {element.attrib["key"]: element.attrib["value"] for element in event}, about
            )


def column_of(row: Row) -> tuple[str, int]:
    """The column of the journal that an event was written from, and its row."""
    kind, _, number = row.event["concept:instance"].partition(".")
    activity, transition = row.event["concept:name"], row.event["lifecycle:transition"]
    match kind:
        case "case":
            instants = {"accept": "accepted_at", "receive": "issued_at"}
            column = instants.get(activity, "closed_at")
        case "review":
            columns = ("released_at", "started_at", "ended_review_at")
            column = columns[TRANSITIONS.index(transition)]
        case "visit":
            column = {"schedule": "item_released_at", "complete": "completed_at"}[transition]
        case "survey":
            column = "item_released_at"
        case "external":
            column = {"start": "reviewed_at", "complete": "completed_at"}[transition]
        case _ if activity in COMES:
            column = "arrived_at"
        case _ if activity == "greet":
            column = "greeted_at"
        case _ if activity == "take_ticket" or transition == "schedule":
            column = "taken_at"
        case _ if activity == "wrap_up":
            column = "freed_at"
        case _ if activity == "call":
            column = "called_at"
        case _ if activity == "changeover":
            column = "set_up"
        case _:
            column = "began_at" if transition == "start" else "ended_at"
    return column, int(number)


def assert_is_the_journal(rows: Iterable[Row], tables: Tables) -> None:
    """Every instant of the journal stands in the log once, and nothing else does.

    What the journal says of a ticket beside its instants stands in all its events that say it.
    """
    rows = list(rows)
    assert_are_the_tickets(rows, tables)
    tape, journal = tables.tape, tables.journal
    start = datetime.fromordinal(tables.plan.period.start_ordinal)
    read_back = {name: np.full_like(column, -1) for name, column in journal._asdict().items()}
    read_back["freed_at"] = np.full_like(journal.free_again_at, -1)
    read_back["began_at"] = np.full_like(journal.called_at, -1)
    read_back["set_up"] = np.full_like(journal.called_at, -1)
    owners = {"case": np.arange(len(tape.cases.matter)), "ticket": tables.tickets.case}
    owners["external"] = owners["visit"] = owners["survey"] = tape.items.case
    owners["review"] = tape.items.case[tape.reviews.case_item]
    for row in rows:
        column, number = column_of(row)
        assert read_back[column][number] == -1, (column, number)
        stamp = row.event["time:timestamp"]
        assert stamp.endswith("+08:00")
        elapsed = datetime.fromisoformat(stamp.removesuffix("+08:00")) - start
        read_back[column][number] = elapsed // timedelta(milliseconds=1)
        assert owners[row.event["concept:instance"].partition(".")[0]][number] == row.case
    first, last = tape.items.review_offsets[:-1], tape.items.review_offsets[1:] - 1
    outsiders = (tape.items.external_ticks > 0) | (tape.items.external_workdays > 0)
    visits = tape.items.application >= 0  # all that follows their end happens at once
    for name in ("released_at", "started_at", "ended_review_at"):
        read_back[name][first[visits]] = read_back["completed_at"][visits]
    arranged = tables.plan.demand.items.attendances[tape.items.item] > 0
    for kind, have_it in (("external", outsiders), ("visit", visits), ("survey", arranged)):
        of_kind = {
            stamp
            for _, stamp in map(
                column_of,
                (row for row in rows if row.event["concept:instance"].startswith(f"{kind}.")),
            )
        }
        assert of_kind <= set(np.flatnonzero(have_it).tolist()), kind
    read_back["item_released_at"] = np.where(
        visits | arranged, read_back["item_released_at"], read_back["released_at"][first]
    )
    read_back["reviewed_at"] = np.where(
        outsiders, read_back["reviewed_at"], read_back["ended_review_at"][last]
    )
    read_back["completed_at"] = np.where(
        outsiders, read_back["completed_at"], read_back["reviewed_at"]
    )
    at_window, is_free = journal.window >= 0, journal.free_again_at >= 0
    at_once = at_window & is_free & (read_back["freed_at"] < 0)
    read_back["freed_at"] = np.where(at_once, read_back["ended_at"], read_back["freed_at"])
    np.testing.assert_array_equal(read_back.pop("freed_at"), journal.free_again_at)
    # a call is told apart from the begin of its work where somebody walks
    began_at = read_back.pop("began_at")
    read_back["called_at"] = np.where(read_back["called_at"] < 0, began_at, read_back["called_at"])
    set_up, services = read_back.pop("set_up")[tables.called], tables.services
    n, end = len(tables.called), tables.plan.period.end
    is_set_up = services.set_up_at[:n] > services.began_at[:n]
    is_set_up &= services.set_up_at[:n] < end
    np.testing.assert_array_equal(set_up, np.where(is_set_up, services.set_up_at[:n], -1))
    came = tables.tickets.began_at >= 0
    np.testing.assert_array_equal(began_at[came], tables.tickets.began_at[came])
    for name, column in read_back.items():
        if name.endswith("_at"):
            np.testing.assert_array_equal(column, getattr(journal, name), err_msg=name)


def assert_are_the_tickets(rows: list[Row], tables: Tables) -> None:
    """Where each ticket was, on which trip, in which list, at which window, and how it ended."""
    names, tickets = tables.plan.names, tables.tickets
    columns: dict[str, tuple[str, Sequence[str]]] = {
        "place": ("place", names.places),
        "list_": ("list", names.lists),
        "window": ("org:resource", names.windows),
        "fate": ("outcome", FATES),
        "trip": ("trip", [str(n) for n in range(int(tickets.trip.max(initial=0)) + 1)]),
    }
    said: dict[tuple[str, int], set[int]] = {}
    for row in rows:
        kind, _, number = row.event["concept:instance"].partition(".")
        if kind == "ticket":
            by_hand = row.event["concept:name"] == "papers_arrive"
            assert not by_hand or tables.papers[int(number)]
            assert ("place" in row.event) == (row.event["channel"] == "hall")
        for column, (key, words) in columns.items() if kind == "ticket" else ():
            numbers = said.setdefault((column, int(number)), set())
            if key in row.event:
                numbers.add(words.index(row.event[key]))
        if row.event["concept:name"] in {"accept", "receive"} and "place" in row.event:
            here = tickets.place[(tickets.case == row.case) & (tickets.fate == SERVED)]
            assert names.places.index(row.event["place"]) in here
    online = tickets.list_ == ONLINE_LIST
    nothing = {"list_": np.where(online, ONLINE_LIST, NO_LIST).tolist()}
    nothing |= {"trip": [0] * len(online), "fate": [PENDING] * len(online)}
    for column in columns:
        blank = nothing.get(column, [-1] * len(online))
        read = [said[column, n] or {blank[n]} for n in range(len(blank))]
        assert read == [{value} for value in getattr(tickets, column).tolist()], column


def texts_of(tables: Tables) -> tuple[str, str]:
    log = EventLog(tables, id_labels(tables.plan.names))
    table, document = io.StringIO(), io.StringIO()
    log.write_csv(table)
    log.write_xes(document, {"seed": "1"})
    return table.getvalue(), document.getvalue()


@pytest.fixture(scope="module")
def day() -> Tables:
    """A day of the city, with its warm-up and follow-up."""
    return tables_of(city(1), "zone")


@settings(max_examples=60, phases=PHASES, suppress_health_check=PATIENT)
@given(scenarios() | areas(), st.integers(0, 9))
def test_read_back_it_is_the_journal(text: str, seed: int) -> None:
    note(text)
    plan = compile_plan(scenario_from_text(text), "hall")
    tape = draw_tape(plan.demand, seed, 0)
    tables = Tables(plan, tape, run(plan, tape, "reference"))
    table, document = texts_of(tables)
    rows = list(from_csv(table))
    assert_is_the_journal(rows, tables)
    assert list(from_xes(document)) == rows
    assert_a_story(rows, set(np.flatnonzero(tables.cases.initial).tolist()))


def test_the_city_read_back_is_its_journal(day: Tables) -> None:
    table, document = texts_of(day)
    rows = list(from_csv(table))
    assert_is_the_journal(rows, day)
    assert list(from_xes(document)) == rows
    assert_a_story(rows)


def test_the_area_read_back_is_its_journal(tmp_path: Path) -> None:
    """Halls, and a station with a courier, agents who go out, and papers sent on, in one log."""
    (tmp_path / "area.yaml").write_text(AREA.format(folder=example_path(".")), encoding="utf-8")
    area = load_scenario(tmp_path / "area.yaml")
    tables = tables_of(area, "parallel")
    table, document = texts_of(tables)
    rows = list(from_csv(table))
    assert_is_the_journal(rows, tables)
    assert list(from_xes(document)) == rows
    seen = {row.event.get("place") for row in rows}
    assert seen == {None, "city_hall", "lushi_hall", "point", "point:home"}
    at_home = [row.event for row in rows if row.event.get("place") == "point:home"]
    assert {event["list"] for event in at_home if "list" in event} == {"point:home"}
    names = [row.event["concept:name"] for row in rows]
    assert names.count("papers_arrive") == np.count_nonzero(tables.papers) > 0
    labels = log_labels(area, tables.plan.names, load_text("zh"))
    assert labels.places[-2:] == ["站", "站（上门）"]
    assert labels.lists[-1] == "站（上门）"


def assert_a_story(rows: list[Row], in_hand: Set[int] = frozenset()) -> None:
    """Time never goes back, nothing starts after it is complete, a case begins and ends once.

    One that is in hand when the run begins has been accepted, and nobody has come with it.
    """
    by_case: dict[int, list[Row]] = {}
    for row in rows:
        by_case.setdefault(row.case, []).append(row)
    assert list(by_case) == sorted(by_case)
    assert [row.case for row in rows] == [case for case in by_case for _ in by_case[case]]
    for case, events in by_case.items():
        begins = {"accept"} if case in in_hand else {"arrive", "apply_online"}
        assert events[0].event["concept:name"] in begins
        for early, late in pairwise(events):
            assert early.event["time:timestamp"] <= late.event["time:timestamp"]
        closed = [n for n, row in enumerate(events) if column_of(row)[0] == "closed_at"]
        assert len(closed) <= 1
        for row in events[closed[0] + 1 :] if closed else ():
            assert row.event["concept:instance"].partition(".")[0] in {"case", "ticket"}
            wraps_up = row.event["concept:name"] == "wrap_up"
            assert wraps_up or row.event.get("purpose", "collect") == "collect"
        accepted = [n for n, row in enumerate(events) if row.event["concept:name"] == "accept"]
        assert len(accepted) <= 1
        open_since: dict[tuple[str, str], str] = {}
        for n, row in enumerate(events):
            name, transition = row.event["concept:name"], row.event["lifecycle:transition"]
            work = (row.event["concept:instance"], name)
            if work in open_since:
                assert TRANSITIONS.index(open_since[work]) < TRANSITIONS.index(transition)
            open_since[work] = transition
            if row.event["concept:instance"].startswith("review"):
                assert accepted[0] < n


def test_cases_are_conserved(day: Tables) -> None:
    rows = list(from_csv(texts_of(day)[0]))
    about = {row.case: row.about for row in rows}
    cases = day.cases
    assert len(about) == int((cases.arrived_at < day.plan.period.end).sum())
    ends = [row.event["concept:name"] for row in rows if column_of(row)[0] == "closed_at"]
    for fate, code in (("issued", 1), ("rejected", 2), ("partly", 3), ("lost", 4)):
        n = int((cases.fate == code).sum())
        assert ends.count(fate) == n
        assert sum(case["fate"] == fate for case in about.values()) == n
    assert sum(case["fate"] == "open" for case in about.values()) == (cases.fate == OPEN).sum()
    assert sum(int(case["trips"]) for case in about.values()) == cases.trips.sum()
    assert sum(case["measured"] == "true" for case in about.values()) == sum(
        day.day_of(cases.arrived_at) >= 0
    )
    outcomes = [row.event.get("outcome") for row in rows]
    names = [row.event["concept:name"] for row in rows]
    ends_at_window = day.tickets.called_at >= 0
    served = int((day.tickets.fate == SERVED).sum())
    assert sum(outcome == "served" for outcome in outcomes) == served
    sent_back = int(((day.tickets.fate == SENT_BACK) & ends_at_window).sum())
    assert sum(outcome == "sent_back" for outcome in outcomes) == sent_back
    assert names.count("accept") == int((cases.accepted_at >= 0).sum())


def test_who_works_is_named(day: Tables) -> None:
    names = day.plan.names
    group_of = dict(zip(names.windows, names.groups, strict=True))
    seen = set()
    for row in from_csv(texts_of(day)[0]):
        event = row.event
        if window := event.get("org:resource"):
            assert event["org:group"] == group_of[window]
            seen.add("window")
        elif event["concept:instance"].startswith("review"):
            assert event["org:group"] in names.departments
            seen.add("department")
    assert seen == {"window", "department"}


def test_mended_papers_come_back_by_trip_or_by_net() -> None:
    for online, channel in ((0, "hall"), (1, "online")):
        tables = told_tables(
            small(
                run="{start: 2025-01-06, measured_days: 3}",
                matters=bundle(item("check", "5 min", "correction_share: 1")),
                demand=come("09:00"),
                corrections=f"{{at_most: 1, online: {online}, delay: 1 h}}",
                online="{department: office, precheck: 1 min}",
            )
        )
        rows = list(from_csv(texts_of(tables)[0]))
        events = [row.event for row in rows if row.event.get("round") == "2"]
        assert [event["lifecycle:transition"] for event in events] == [
            "schedule",
            "start",
            "complete",
        ]
        assert events[0]["channel"] == channel
        assert events[-1]["outcome"] == "granted"
        corrections = [row.event for row in rows if row.event.get("outcome") == "correction"]
        assert len(corrections) == 1
        trips = [row.event for row in rows if row.event.get("purpose") == "hand_in"]
        assert bool(trips) == (channel == "hall")


def test_what_begins_and_ends_at_once_begins_first() -> None:
    """A further application online, checked in no time: it is due, and then it is accepted."""
    office, tax = (department(name, more="own_matter: errand") for name in ("office", "tax"))
    items = (item("x", "30 min"), item("y", "30 min", department="tax"))
    tables = told_tables(
        small(
            run="{start: 2025-01-06, measured_days: 3}",
            departments=f"[{office}, {tax}]",
            matters=bundle(*items, more="handling: separate"),
            demand=come("09:00", more="online_share: 1"),
            online="{department: office, precheck: 0 min}",
        )
    )
    rows = list(from_csv(texts_of(tables)[0]))
    assert_a_story(rows)
    visit = [row.event for row in rows if row.event["concept:instance"].startswith("visit")]
    assert [event["lifecycle:transition"] for event in visit] == ["schedule", "complete"]
    assert len({event["time:timestamp"] for event in visit}) == 1


def test_the_document_follows_the_grammar_of_xes(day: Tables) -> None:
    """Names, attributes, types and order as IEEE 1849-2016 has them, as far as we use it."""
    tag = f"{{{NAMESPACE}}}"
    root = ElementTree.fromstring(texts_of(day)[1])
    assert root.tag == f"{tag}log"
    assert set(root.attrib) == {"xes.version", "xes.features"}
    float(root.attrib["xes.version"])
    order = ["extension", "global", "classifier", "string", "trace"]
    tags = [child.tag.removeprefix(tag) for child in root]
    assert [name for name, _ in zip(tags, ["", *tags], strict=False) if name != _] == order
    prefixes = set()
    for extension in root.iter(f"{tag}extension"):
        assert set(extension.attrib) == {"name", "prefix", "uri"}
        assert extension.attrib["name"].isidentifier()
        prefixes.add(extension.attrib["prefix"])
    scopes = {}
    for scope in root.iter(f"{tag}global"):
        scopes[scope.attrib["scope"]] = {part.attrib["key"] for part in scope}
    assert set(scopes) == {"trace", "event"}
    for classifier in root.iter(f"{tag}classifier"):
        assert classifier.attrib["name"].isidentifier()
        assert set(classifier.attrib["keys"].split()) <= scopes["event"]
    for trace in root.iter(f"{tag}trace"):
        parts = [child.tag.removeprefix(tag) for child in trace]
        n_own = parts.index("event")
        assert set(parts[n_own:]) == {"event"}
        assert_attributes(trace[:n_own], scopes["trace"], prefixes)
        for event in trace[n_own:]:
            assert_attributes(event, scopes["event"], prefixes)


def assert_attributes(
    elements: Iterable[ElementTree.Element], every: set[str], prefixes: set[str]
) -> None:
    """Each key once, those that are global always, each value of its type."""
    keys = []
    for element in elements:
        kind = element.tag.rpartition("}")[2]
        assert kind in ATTRIBUTES
        assert set(element.attrib) == {"key", "value"}
        prefix, colon, _ = element.attrib["key"].partition(":")
        assert not colon or prefix in prefixes
        value = element.attrib["value"]
        match kind:
            case "int":
                assert str(int(value)) == value
            case "boolean":
                assert value in {"true", "false"}
            case "date":
                assert datetime.fromisoformat(value).utcoffset() == timedelta(hours=8)
        keys.append(element.attrib["key"])
    assert len(set(keys)) == len(keys)
    assert every <= set(keys)


@pytest.mark.skipif(not SCHEMA, reason="GOVHALL_XES_XSD names no schema: it is not ours to ship")
def test_the_document_is_valid_by_the_published_schema(day: Tables) -> None:
    etree = pytest.importorskip("lxml.etree")
    path = Path(SCHEMA).resolve()
    schema = etree.parse(str(path))
    if schema.getroot().get("targetNamespace") is None:
        # IEEE 1849-2016 names no namespace, so that the including schema lends its own
        schema = etree.fromstring(
            f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}"'
            f' targetNamespace="{NAMESPACE}" elementFormDefault="qualified">'
            f'<xs:include schemaLocation="{path.as_uri()}"/></xs:schema>'
        )
    document = etree.fromstring(texts_of(day)[1].encode())
    etree.XMLSchema(schema).assertValid(document)


def test_names_in_a_language_change_words_and_nothing_else(day: Tables, tmp_path: Path) -> None:
    ids = list(from_csv(texts_of(day)[0]))
    for language in LANGUAGES:
        text = load_text(language)
        path = tmp_path / f"{language}.csv"
        write_log(day, path, log_labels(city(1), day.plan.names, text))
        rows = list(from_csv(path.read_text(encoding="utf-8")))
        for key in ("time:timestamp", "lifecycle:transition", "concept:instance"):
            assert [row.event[key] for row in rows] == [row.event[key] for row in ids]
        assert rows[0].event["concept:name"] == text("event.arrive")
        assert {row.about["channel"] for row in rows} == {
            text("channel.hall"),
            text("channel.online"),
        }


def test_a_name_may_hold_anything(tmp_path: Path) -> None:
    tables = told_tables(small(demand=come("09:00")))
    odd = 'a "b" & <c>\n\u0007,d'
    labels = id_labels(tables.plan.names)._replace(matters=[odd])
    write_log(tables, tmp_path / "a.xes", labels)
    [*_, row] = from_xes((tmp_path / "a.xes").read_text(encoding="utf-8"))
    assert row.about["matter"] == odd.replace("\u0007", "\ufffd")
    write_log(tables, tmp_path / "a.csv", labels)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["case:matter"] == odd


def test_same_tables_same_bytes_packed_or_not(day: Tables, tmp_path: Path) -> None:
    files = []
    for name in ("a", "b"):
        for suffix in SUFFIXES:
            path = tmp_path / f"{name}{suffix}"
            written = write_log(day, path)
            assert written.cases == EventLog(day, id_labels(day.plan.names)).n_cases
            files.append(path.read_bytes())
    assert files[:3] == files[3:]
    assert gzip.decompress(files[1]) == files[0]
    assert len(list(tmp_path.iterdir())) == 6


def test_the_mark_for_excel_is_only_written_when_asked_for(tmp_path: Path) -> None:
    tables = told_tables(small(demand=come("09:00")))
    plain, marked = tmp_path / "a.csv", tmp_path / "b.csv"
    write_log(tables, plain)
    write_log(tables, marked, bom=True)
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()


def test_a_day_without_anybody_is_a_log_of_who_is_on_duty(tmp_path: Path) -> None:
    tables = told_tables(small(demand="[{id: nobody, matter: errand, rate: 0 per h}]"))
    for suffix in SUFFIXES:
        assert write_log(tables, tmp_path / f"a{suffix}") == (0, 2)
    traces = (tmp_path / "a.xes").read_text(encoding="utf-8").split("<trace>")[1:]
    assert [trace.count("<event>") for trace in traces] == [2]
    assert "window.window-1" in traces[0]


def test_a_file_that_cannot_be_written_leaves_the_one_that_was_there(tmp_path: Path) -> None:
    tables = told_tables(small(demand=come("09:00")))
    with pytest.raises(OutputError):
        write_log(tables, tmp_path / "nowhere" / "a.xes")
    for name in ("a.xml", "a", ".csv", "a.csv.gz"):
        with pytest.raises(OptionError):
            write_log(tables, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_the_first_instant_is_midnight_of_the_first_date() -> None:
    tables = told_tables(small(run="{start: 2024-02-28, measured_days: 3}", demand=come("09:00")))
    log = EventLog(tables, id_labels(tables.plan.names))
    assert log._times(np.array([0, DAY, 2 * DAY - 1])) == [
        "2024-02-28T00:00:00.000+08:00",
        "2024-02-29T00:00:00.000+08:00",
        "2024-02-29T23:59:59.999+08:00",
    ]


def test_every_column_has_a_word_in_both_languages() -> None:
    for column in (*CASE_COLUMNS.values(), *EVENT_COLUMNS.values()):
        term = {"class": "priority_class"}.get(column.column, column.column)
        assert term in load_glossary(), column.column
        for language in LANGUAGES:
            assert load_text(language).has(f"column.{column.column}")


def test_a_log_is_written_by_the_clock_of_the_hall() -> None:
    """An office in Spain, before and after its clocks are put forward."""
    zone = {"hall": "time_zone: Europe/Madrid"}
    rate = "[{id: people, matter: errand, rate: 1 per h}]"
    tables = told_tables(small(run="{start: 2025-03-28, measured_days: 2}", demand=rate, **zone))
    log = EventLog(tables, id_labels(tables.plan.names))
    assert log._times(np.array([9 * HOUR, 3 * DAY + 9 * HOUR])) == [
        "2025-03-28T09:00:00.000+01:00",
        "2025-03-31T09:00:00.000+02:00",
    ]


# === windows and lists === #


def test_a_log_says_why_a_window_did_not_serve() -> None:
    """Two clerks, one of them for the morning only; the system is down for an hour."""
    down = "[{begins: '2025-01-06 10:00', ends: '2025-01-06 11:00'}]"
    tables = told_tables(
        small(
            hall=f"outages: [{{id: net, dated: {down}}}]",
            demand=come("09:00"),
            layouts=windows("id: desk, serves: [errand], clerks: {09:00-12:00: 2, 12:00-17:00: 1}"),
        )
    )
    table, document = texts_of(tables)
    events = own_events(table)
    assert [event[:5] for event in events] == [
        ("window.desk-1", "duty", "start", "01-06T09:00", "desk-1"),
        ("window.desk-1", "outage", "start", "01-06T10:00", "desk-1"),
        ("window.desk-1", "outage", "complete", "01-06T11:00", "desk-1"),
        ("window.desk-1", "duty", "complete", "01-06T17:00", "desk-1"),
        ("window.desk-2", "duty", "start", "01-06T09:00", "desk-2"),
        ("window.desk-2", "outage", "start", "01-06T10:00", "desk-2"),
        ("window.desk-2", "outage", "complete", "01-06T11:00", "desk-2"),
        ("window.desk-2", "duty", "complete", "01-06T12:00", "desk-2"),
        ("list.desk", "outage", "start", "01-06T10:00", ""),
        ("list.desk", "outage", "complete", "01-06T11:00", ""),
    ]
    assert document.count("<trace>") == 1 + 2 + 1


def test_who_does_not_come_is_in_the_log() -> None:
    """Nobody of two comes: no duty, and an absence as long as each would have been."""
    layouts = windows("id: desk, serves: [errand], clerks: 2")
    tables = told_tables(small(hall="absence: 1", demand=come("09:00"), layouts=layouts))
    events = own_events(texts_of(tables)[0])
    assert {event.activity for event in events} == {"absence"}
    assert [event.at for event in events] == ["01-06T09:00", "01-06T17:00"] * 2


@settings(max_examples=40, phases=PHASES, suppress_health_check=PATIENT)
@given(scenarios() | areas(), st.integers(0, 9))
def test_duties_in_the_log_are_those_that_are_paid(text: str, seed: int) -> None:
    """Duties and absences add up to the roster; every duty begins once, and ends after that or
    goes on when the run ends."""
    note(text)
    plan = compile_plan(scenario_from_text(text), "hall")
    tape = draw_tape(plan.demand, seed, 0)
    tables = Tables(plan, tape, run(plan, tape, "reference"))
    log = EventLog(tables, id_labels(tables.plan.names)).events
    ticks = {}
    for activity in (DUTY, ABSENCE):
        starts, ends = (
            log.at[(log.activity == activity) & (log.transition == step)] for step in (1, 2)
        )
        goes_on = len(starts) - len(ends)
        assert goes_on >= 0
        ticks[activity] = int(ends.sum() - starts.sum()) + goes_on * tables.plan.period.end
    paid, rostered = (
        np.minimum(duties.ends, tables.plan.period.end) - duties.starts
        for duties in (tables.duties, tables.rostered)
    )
    assert ticks[DUTY] == np.maximum(paid, 0).sum()
    assert ticks[DUTY] + ticks[ABSENCE] == np.maximum(rostered, 0).sum()


def test_a_changeover_is_in_the_log() -> None:
    """Errand, copy: five minutes of set-up before the second, from 09:04 to 09:09."""
    matters = f"[{errand('4 min')}, {errand('4 min', '', 'copy')}]"
    demand = flows(at("09:00"), at("09:01", flow="copies", matter="copy"))
    layouts = windows("id: desk, serves: [errand, copy], clerks: 1, changeover: 5 min")
    tables = told_tables(small(matters=matters, demand=demand, layouts=layouts))
    rows = list(from_csv(texts_of(tables)[0]))
    assert_is_the_journal(rows, tables)
    set_up = [row.event for row in rows if row.event["concept:name"] == "changeover"]
    assert [event["time:timestamp"][11:16] for event in set_up] == ["09:09"]
    assert {event["org:resource"] for event in set_up} == {"desk-1"}

"""Offered load where there are several places: people go where their rule sends them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from sim import compile_plan, draw_tape
from sim.analysis.errands import granted_share, item_chances
from sim.analysis.offered import offered_load, shares_of_places
from sim.arrays import Floats
from sim.clock import HOUR
from sim.engine.run import run
from sim.plan.journal import ISSUED, ONLINE_LIST, PARTLY
from sim.plan.journeys import choose_destinations
from sim.plan.plan import Plan
from sim.plan.tape import INTAKE
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from tests.engine.test_places import EVERY_MINUTE
from tests.scenario.test_places import AREA
from tests.scenario.town import TOWN
from tests.strategies import (
    FEW,
    PLAIN,
    altered,
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
    with_places,
)

RULES = (
    "{}",
    "{taste_yuan: 20}",
    "{rule: nearest}",
    "{rule: nearest, taste_yuan: 30}",
)
DAYS = ("  measured_days: 5", "  measured_days: 60")


def _shares(plan: Plan, class_: int) -> Floats:
    """float64, shape (P, T, M): the shares of each matter."""
    shares, kind_of = shares_of_places(plan, class_)
    return np.moveaxis(shares[kind_of], 0, 2)


def area(choice: str) -> str:
    return AREA.replace(*DAYS).replace("  siting:", f"  choice: {choice}\n  siting:")


@pytest.mark.parametrize("choice", RULES)
def test_shares_are_those_of_a_crowd(choice: str) -> None:
    """Of a crowd that nobody has to wait in, by township, matter, class and place."""
    plan = compile_plan(scenario_from_text(area(choice)), "zone")
    classes = range(len(plan.names.classes))
    shares = np.stack([_shares(plan, k) for k in classes])
    assert shares.sum(axis=(1, 2)) == pytest.approx(1.0)
    counts = np.zeros(shares.shape)
    for replication in range(4):
        tape = draw_tape(plan.demand, 1, replication)
        destination, _ = choose_destinations(plan, tape)
        intakes = np.flatnonzero((tape.errands.purpose == INTAKE) & ~tape.errands.online)
        case = tape.errands.case[intakes]
        town, class_ = tape.cases.township[case], tape.cases.class_[case]
        np.add.at(counts, (class_, destination[intakes], town, tape.errands.sought[intakes]), 1.0)
    total = counts.sum(axis=(1, 2), keepdims=True)
    assert total.sum(axis=0).min() > 1000
    error = np.sqrt(shares * (1 - shares) * total)
    assert (np.abs(counts - shares * total) <= 5 * error + 1).all()
    assert (counts[shares == 0] == 0).all()


def test_fixed_weights() -> None:
    """Two thirds of the county to its hall; whom no place with a weight takes goes to the city."""
    text = area("{rule: shares, shares: {city: 1, county: 2}}")
    plan = compile_plan(scenario_from_text(text), "zone")
    card = plan.names.matters.index("id_card")
    of_place = dict(zip(plan.names.places, _shares(plan, 0).sum(axis=1)[:, card], strict=True))
    hills = 1400 / 1900  # residents whom the county hall takes
    assert of_place["county"] == pytest.approx(hills * 2 / 3)
    assert of_place["city_hall"] == pytest.approx(1 - hills * 2 / 3)
    assert of_place["point"] == of_place["point:home"] == 0


def test_what_one_hall_had_several_have() -> None:
    """The desk greets who comes to it; windows share the work; departments have what they had."""
    alone, beside = (
        {load.id: load for load in offered_load(compile_plan(scenario_from_text(text), "zone"))}
        for text in (TOWN, AREA)
    )
    assert beside["reception"].work_hours < alone["reception"].work_hours
    assert beside["reception"].staffed_hours == alone["reception"].staffed_hours
    windows = [
        [x.work_hours for x in loads.values() if x.kind == "group"] for loads in (alone, beside)
    ]
    assert sum(windows[0]) == pytest.approx(sum(windows[1]))
    assert {x for x in alone.values() if x.kind == "department"} == {
        x for x in beside.values() if x.kind == "department"
    }


def test_ways_of_agents_are_work() -> None:
    """Nobody of the seat has a desk nearby: agents of the brook come, 32 minutes out and back."""
    text = AREA.replace("clerks: 2, accepts: [police]", "clerks: 2")
    text = text.replace("rate: 6 per h,", "rate: 6 per h, classes: {walk_in: 1},")
    plan = compile_plan(scenario_from_text(text), "zone")
    assert plan.journeys is not None
    home, seat = plan.names.places.index("point:home"), plan.names.townships.index("seat")
    tour = plan.journeys.tour[seat, home]
    assert 60 < tour < 70
    shares = _shares(plan, plan.names.classes.index("walk_in"))
    shares = shares[home, :, plan.names.matters.index("id_card")]
    assert shares.sum() == pytest.approx(900 / 1900)  # brook's people are at the desk as soon
    [load] = [load_ for load_ in offered_load(plan) if load_.id == "point:home"]
    visits = plan.demand.flows.cases_of_day[plan.demand.flows.ids.index("cards")].sum() * 0.9
    hours_a_visit = load.work_hours / (visits * shares.sum())  # hours a visit
    tries_again = 0.1 * 0.8  # a fifth of those who are sent back goes on online
    intakes = 1 + tries_again + tries_again**2 + tries_again**3
    assert hours_a_visit == pytest.approx((tour + 8) / 60 * intakes)


MATTERS = (
    "[{id: card, name: {zh: 证, en: Card}, lead: office, service: {base: {law: exponential,"
    " mean: 10 min}}, issue: {collection: 0.5, service: 3 min, collects_after: 0 min}},"
    " {id: grant, name: {zh: 补, en: Grant}, lead: office, service: {base: 6 min, materials: 2,"
    " per_material: 1 min}, correction_share: 0.3, wrap_up: {law: exponential, mean: 4 min}}]"
)
PEOPLE = (
    "{assistance_factor: 2, classes: [{id: young, name: {zh: 青, en: Young}},"
    " {id: old, name: {zh: 老, en: Old}, assisted_share: 0.7}]}"
)
POINT: dict[str, object] = {
    "clerks": 40,
    "accepts": ["card"],
    "forwards": ["grant"],
    "forwarded_work": 0.4,
    "home_visits": {"agents": 40, "classes": ["old"], "within": "45 min"},
}
COUNTY: dict[str, object] = {
    "kind": "county_hall",
    "township": "t1",
    "clerks": 40,
    "accepts": ["grant"],
}


def busy_days(choice: dict[str, object]) -> str:
    """Two matters, people of three towns on three days of ten, and as many windows as they need."""
    clocks = [f"{day} {clock}" for day in range(3) for clock in EVERY_MINUTE[:300]]
    classes = "classes: {{young: {0}, old: {1}}}"
    text = small(
        run="{start: 2025-01-06, measured_days: 10}",
        hall="reception: {clerks: 60, service: 30 s}",
        matters=MATTERS,
        applicants=PEOPLE,
        corrections="{service_share: 0.5, on_the_spot: 0.4, spot_delay: 1 min, delay: 1 h}",
        demand=flows(
            at(*clocks, flow="cards", matter="card", more=classes.format(0.8, 0.2)),
            at(*clocks, flow="grants", matter="grant", more=classes.format(0.3, 0.7)),
        ),
        layouts=windows("id: window, serves: [card, grant], clerks: 60"),
    )
    return with_places(text, [POINT, COUNTY], choice)


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"taste_yuan": 15},
        {"rule": "nearest"},
        {"rule": "shares"},
        {"rule": "shares", "shares": {"main": 2, "point": 3, "point1": 1}},
    ],
)
def test_it_is_the_work_of_long_runs(choice: dict[str, object]) -> None:
    """At every place and the desk: home visits, papers sent on, faults, results, who needs help."""
    plan = compile_plan(scenario_from_text(busy_days(choice)), "hall")
    expected_hours = {
        load.id: load.work_hours for load in offered_load(plan) if load.kind != "department"
    }
    runs = []
    for replication in range(12):
        tape = draw_tape(plan.demand, 1, replication)
        tables = Tables(plan, tape, run(plan, tape))
        services, t = tables.services, tables.tickets
        hours = np.zeros(len(plan.names.windows))
        np.add.at(hours, services.window, (services.ended_at - services.called_at) / HOUR)
        hours_of_group = dict.fromkeys(plan.names.groups, 0.0)
        for name, busy in zip(plan.names.groups, hours.tolist(), strict=True):
            hours_of_group[name] += busy
        hours_of_group["reception"] = np.count_nonzero(t.greeted_at >= 0) * 30 / 3600
        runs.append(hours_of_group)
    for name, expected in expected_hours.items():
        worked = np.array([hours_of[name] for hours_of in runs])
        error = worked.std(ddof=1) / np.sqrt(len(worked))
        assert abs(worked.mean() - expected) <= 4 * error + 1e-9 * expected, name
    assert {"point:home", "point", "point1", "window"} < set(expected_hours)


@FEW
@given(scenarios())
def test_places_that_are_alike_share_the_load(text: str) -> None:
    """In any hall: what all places have together is what one of them had alone."""
    ids = [matter["id"] for matter in PLAIN.load(text)["matters"]]
    # a place has no desk, which finds faults before the windows
    unlike = (
        *("layouts.*.windows.*.proficiency", "hall.training", "hall.reception"),
        "layouts.*.windows.*.service_laws",
        # clerks review in the hours that their own people leave them
        "layouts.*.windows.*.reviews_for",
        # nobody walks to windows of a place
        *("hall.walk", "layouts.*.windows.*.walk"),
    )
    text = altered(text, *((path, None) for path in unlike))
    points: list[dict[str, object]] = [{"clerks": 1, "accepts": [*ids]} for _ in range(2)]
    area = with_places(text, points, {"taste_yuan": 30})
    alone, beside = (
        offered_load(compile_plan(scenario_from_text(text_), "hall"))
        for text_ in (altered(area, ("places", None)), area)
    )
    sums = [
        sum(load.work_hours for load in loads if load.kind == "group") for loads in (alone, beside)
    ]
    assert sums[1] == pytest.approx(sums[0])
    offices = [[load for load in loads if load.kind == "department"] for loads in (alone, beside)]
    for one_hall, among_places in zip(*offices, strict=True):
        assert among_places.id == one_hall.id
        assert among_places.work_hours == pytest.approx(one_hall.work_hours)
        assert among_places.staffed_hours == pytest.approx(one_hall.staffed_hours)


@FEW
@given(scenarios())
def test_a_place_without_weight_changes_no_load(text: str) -> None:
    """In any hall: where all go to the hall its windows and desk have what they had."""
    ids = [matter["id"] for matter in PLAIN.load(text)["matters"]]
    choice: dict[str, object] = {"rule": "shares", "shares": {"main": 1}}
    area = with_places(text, [{"clerks": 1, "accepts": ids}], choice)
    alone, beside = (
        {load.id: load for load in offered_load(compile_plan(scenario_from_text(text), "hall"))}
        for text in (altered(area, ("places", None)), area)
    )
    assert beside.pop("point").work_hours == 0
    assert {name: load.work_hours for name, load in beside.items()} == pytest.approx(
        {name: load.work_hours for name, load in alone.items()}
    )


EVERYTHING = (
    "[{id: card, name: {zh: 证, en: Card}, lead: office, service: {base: 10 min}, correction_share:"
    " 0.4, items: [{id: look, name: {zh: 查, en: Look}, department: office, review: 7 min,"
    " correction_share: 0.5, rejection_share: 0.3}, {id: sign, name: {zh: 签, en: Sign},"
    " department: office, review: 4 min, after: [look], correction_share: 0.2}],"
    " issue: {collection: 0.5, service: 3 min, collects_after: 0 min}}]"
)


@pytest.mark.parametrize(
    ("applicants", "hall", "ticket"),
    [
        ("", "", ""),
        ("", "reception: {clerks: 90, service: 30 s, catches: 0.6}", "new"),
        ("", "reception: {clerks: 90, service: 30 s, catches: 0.6}", "keep"),
        ("missed: {share: 0.3, window_waits: 2 min}", "reception: {clerks: 90, service: 30 s}", ""),
        (
            "missed: {share: 0.3, window_waits: 2 min, then: void},"
            " unserved: {returns: 0.5, online: 0.2, lost: 0.3}",
            "reception: {clerks: 90, service: 30 s, catches: 0.6}",
            "",
        ),
        (
            "missed: {share: 0.4, window_waits: 1 min, then: void}, unserved: {at_most: 0}",
            "reception: {clerks: 90, service: 30 s, catches: 0.9}",
            "",
        ),
        (
            "appointments: [{id: book, name: {zh: 约, en: Book}, serves: [card], share: 0.6,"
            " slots: 100, slot: 1 h, no_show: 0.5, no_show_returns: 0.4}]",
            "",
            "",
        ),
    ],
)
def test_all_work_is_counted(applicants: str, hall: str, ticket: str) -> None:
    """Trips with papers, results, missed calls, faults mended in every way, who stays away.

    Later trips of those who miss a call for good are not taken off, nor what follows from them:
    hence more work there than there is.
    """
    spare = 0.15 if "void" in applicants else 1e-9
    fetched = f", same_day: {{share: 0.3, after: 1 min, ticket: {ticket}}}" if ticket else ""
    more = "at: [" + ", ".join(
        f"2025-01-{6 + n // 480:02d} {8 + n % 480 // 60:02d}:{n % 60:02d}" for n in range(1440)
    )
    plan = compile_plan(
        scenario_from_text(
            small(
                run="{start: 2025-01-06, measured_days: 60}",
                calendars="[{id: day, weekly: {mon-sun: [08:00-18:00]}},"
                " {id: always, weekly: {mon-sun: [00:00-24:00]}}]",
                hall=hall or "last_ticket: 0 min",
                departments="[{id: office, name: {zh: 局, en: Office}, reviewers: 90,"
                " hours: always}]",
                matters=EVERYTHING,
                applicants=f"{{{applicants}}}",
                corrections="{service_share: 0.5, on_the_spot: 0.3, online: 0.2, at_most: 3,"
                " spot_delay: 1 min, delay: 1 h, hand_in: 6 min, review_again: 0.5"
                f"{fetched}}}",
                online="{department: office, precheck: 2 min}",
                demand=f"[{{id: cards, matter: card, online_share: 0.1, {more}]}}]",
                layouts=windows("id: window, serves: [card], clerks: 90"),
            )
        ),
        "hall",
    )
    hours = {load.id: load.work_hours for load in offered_load(plan)}
    runs = []
    for replication in range(12):
        tape = draw_tape(plan.demand, 1, replication)
        tables = Tables(plan, tape, run(plan, tape))
        services, journal = tables.services, tables.journal
        ended = journal.ended_review_at >= 0
        reviews = (journal.ended_review_at - journal.started_at)[ended].sum()
        checks = np.count_nonzero(tables.tickets.list_ == ONLINE_LIST) * 2 / 60
        runs.append(
            {
                "window": (services.ended_at - services.called_at).sum() / HOUR,
                "reception": np.count_nonzero(tables.tickets.greeted_at >= 0) * 30 / 3600,
                "office": reviews / HOUR + checks,
            }
        )
    for name, expected in hours.items():
        worked = np.array([hours_of[name] for hours_of in runs])
        error = worked.std(ddof=1) / np.sqrt(len(worked))
        assert -4 * error <= expected - worked.mean() + 1e-9 <= 4 * error + spare * expected, name


@pytest.mark.parametrize(
    ("on_rejection", "granted"),
    [("stop", 0.7 * 0.5 * 0.6), ("continue", 1 - 0.3 * 0.5)],
)
def test_results_of_department_after_department(on_rejection: str, granted: float) -> None:
    """Nobody goes on after a rejection: a result is what one of the first department's items is."""
    offices = (department(office, 3, "own_matter: errand") for office in ("office", "other"))
    text = small(
        departments=f"[{', '.join(offices)}]",
        matters=bundle(
            item("file", "1 min", "rejection_share: 0.3"),
            item("look", "1 min", "rejection_share: 0.5"),
            item("sign", "1 min", "rejection_share: 0.4", "other"),
            more=f"on_rejection: {on_rejection}, handling: separate",
        ),
        demand=come(*(f"09:{minute:02d}" for minute in range(60))),
        run="{start: 2025-01-06, measured_days: 10, followup_days: 10}",
    )
    plan = compile_plan(scenario_from_text(text), "hall")
    assert granted_share(plan).tolist() == pytest.approx([granted])
    tapes = [draw_tape(plan.demand, 1, replication) for replication in range(5)]
    fates = [Tables(plan, tape, run(plan, tape)).cases.fate for tape in tapes]
    assert np.isin(fates, (ISSUED, PARTLY)).mean() == pytest.approx(granted, abs=0.05)


@pytest.mark.parametrize("where", ["office", "other", ""])
def test_checks_online_are_the_work_of_the_intake(where: str) -> None:
    """Ten cases, half of them online; of papers two fifths are incomplete, twice at most.

    Online 1 + 0.4 + 0.16 checks each. Of those at the window two fifths go on online: 1.4 checks
    each, as a first fault was found already. A check takes six minutes.
    """
    share = 0.4 if where else 0.0
    text = small(
        departments=f"[{', '.join(department(name) for name in ('office', 'other'))}]",
        matters=f"[{errand('10 min', f'correction_share: {share}')}]",
        corrections=f"{{at_most: 2, online: {float(bool(where))}}}",
        demand=come(
            *(f"09:0{n}" for n in range(10)), more=f"online_share: {0.5 if where else 0.0}"
        ),
        **({"online": f"{{department: {where}, precheck: 6 min}}"} if where else {}),
    )
    loads = offered_load(compile_plan(scenario_from_text(text), "hall"))
    hours = {load.id: load.work_hours for load in loads if load.kind == "department"}
    checks = 5 * (1 + 0.4 + 0.16) + 5 * 0.4 * (1 + 0.4)
    expected = {"office": 0.0, "other": 0.0} | ({where: checks / 10} if where else {})
    assert hours == pytest.approx(expected)


@pytest.mark.parametrize(
    ("on_rejection", "granted"),
    [
        # none of the three is rejected
        ("stop", (1 - 0.8 * 0.3) * (1 - 0.5 * 0.6) * (1 - 0.9 * 0.5)),
        # of the two that wait for none one is granted, or neither is needed
        ("continue", 1 - (0.2 + 0.8 * 0.3) * (0.5 + 0.5 * 0.6) + 0.2 * 0.5),
    ],
)
def test_results_there_are(on_rejection: str, granted: float) -> None:
    """One rejection stops a case; where it does not, one thing granted is a result.

    The third item waits for the first two: it is reviewed where neither of them is rejected.
    """
    matters = bundle(
        item("file", "1 h", "share: 0.8, rejection_share: 0.3, correction_share: 0.5"),
        item("look", "2 h", "share: 0.5, rejection_share: 0.6"),
        item("sign", "3 h", "share: 0.9, rejection_share: 0.5, after: [file, look]"),
        more=f"on_rejection: {on_rejection}",
    )
    text = small(matters=matters, demand=come("09:00"), corrections="{at_most: 3}")
    plan = compile_plan(scenario_from_text(text), "hall")
    assert granted_share(plan).tolist() == pytest.approx([granted])
    chances = item_chances(plan)
    neither = (1 - 0.8 * 0.3) * (1 - 0.5 * 0.6)
    assert chances.reviewed.tolist() == pytest.approx([0.8, 0.5, 0.9 * neither])
    assert chances.rounds.tolist() == pytest.approx([0.5 + 0.25 + 0.125, 0, 0])


def test_work_for_which_nobody_is_there_in_this_run_is_told() -> None:
    """Its clerks come on Saturdays only, and the run has none; the others' work is not mixed in."""
    matter = "name: {zh: 事, en: Errand}, lead: office, service: {base: 10 min}"
    text = small(
        run="{start: 2025-01-06, measured_days: 5}",
        calendars="[{id: day, weekly: {mon-sat: [09:00-17:00]}}]",
        matters=f"[{{id: one, {matter}}}, {{id: two, {matter}}}]",
        demand="[{id: a, matter: one, rate: 3 per h}, {id: b, matter: two, rate: 3 per h}]",
        layouts="[{id: hall, name: {zh: 厅, en: Hall}, windows:"
        " [{id: week, serves: [one], clerks: 1},"
        " {id: saturday, serves: [two], clerks: {sat 09:00-17:00: 1}}]}]",
    )
    week, saturday = offered_load(compile_plan(scenario_from_text(text), "hall"))[:2]
    assert (week.work_hours, week.load) == pytest.approx((20, 0.5))
    assert (saturday.staffed_hours, saturday.work_hours) == pytest.approx((0, 20))

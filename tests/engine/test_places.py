"""Several halls and stations in one run: each has its hours, lists and people; people choose."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import compile_plan, draw_tape
from sim.analysis.causes import HANDOVER, causes
from sim.clock import DAY, HOUR, MINUTE
from sim.plan.journeys import choose_destinations, choose_places
from sim.results.invariants import check_invariants
from sim.results.tables import Tables
from sim.scenario.load import scenario_from_text
from tests.assertions import assert_trips
from tests.strategies import (
    FEW,
    Told,
    altered,
    areas,
    assert_same_day,
    come,
    item,
    scenarios,
    small,
    tell,
    with_places,
)

Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]
CALENDARS = (
    "[{id: day, weekly: {mon-fri: [09:00-17:00]}}, {id: morning, weekly: {mon-fri: [09:00-12:00]}}]"
)
TOWNS = "[{id: near, name: {zh: 甲, en: Near}, county: c, population: 1, lon: 111.0, lat: 34.0}]"
HALL = (
    "{id: main, name: {zh: 厅, en: Main}, kind: city_hall, lon: 111.0, lat: 34.3, county: c,"
    " clerks: 1, accepts: [errand]}"
)
EVERY_MINUTE = tuple(f"{hour:02d}:{minute:02d}" for hour in range(9, 17) for minute in range(60))
TRAVEL = (
    "{terrains: [{id: plain, name: {zh: 川, en: Plain}, road_factor: 1.3, km_per_hour: 40}],"
    " fare_yuan_per_km: 0.25, value_of_time_yuan_per_h: 12}"
)


def station(accepts: str = "errand", hours: str = "day", clerks: int = 1, more: str = "") -> str:
    """A station in the only township."""
    return (
        f"{{id: point, name: {{zh: 站, en: Point}}, kind: station, township: near, hours: {hours},"
        f" clerks: {clerks}, accepts: [{accepts}]{more}}}"
    )


def area(*places: str, clocks: tuple[str, ...] = ("09:00", "09:01"), choice: str = "{}") -> str:
    """A scenario with the main hall and other places."""
    opened = ", ".join((HALL, *places))
    return small(
        calendars=CALENDARS,
        applicants=f"{{townships: {TOWNS}}}",
        demand=come(*clocks),
        places=f"{{open: [{opened}], travel: {TRAVEL}, choice: {choice}}}",
    )


def where(day: Told) -> list[str]:
    """Place of each ticket."""
    names = day.plan.names.places
    return [names[p] for p in day.journal.place[: day.n_tickets]]


def test_the_way_decides() -> None:
    """Half a degree is more than no way at all: everybody goes to the point next door."""
    day = tell(area(station()))
    assert where(day) == ["point", "point"]
    assert day.called == ["09:00", "09:10"]
    assert day.lists == ["point", "point"]


def test_what_it_may_not_do_is_done_in_the_hall() -> None:
    """A point that accepts nothing changes nothing, tick for tick."""
    day, plain = tell(area(station(accepts=""))), tell(area())
    assert where(day) == ["city_hall"] * 2
    for name in ("called_at", "ended_at", "closed_at", "place"):
        assert getattr(day.journal, name).tolist() == getattr(plain.journal, name).tolist()


def test_people_know_the_hours_of_a_place() -> None:
    """After the point's closing nobody goes there in vain: they come in its next hours, once."""
    clocks = ("11:55", "11:56", "12:30")
    text = area(station(hours="morning"), clocks=clocks)
    day = tell(text.replace("measured_days: 1", "measured_days: 2"))
    assert day.fates == ["served"] * 3
    came = day.journal.arrived_at[: day.n_tickets]
    assert 24 + 9 <= came[2] / HOUR < 24 + 12
    tables = Tables(day.plan, day.tape, day.journal)
    assert tables.cases.trips.tolist() == [1, 1, 1]
    assert tables.cases.arrived_at[2] == 12.5 * HOUR
    day = tell(text)
    check_invariants(Tables(day.plan, day.tape, day.journal))
    assert day.fates == ["served"] * 2


def test_before_its_hours_they_come_later_the_same_day() -> None:
    """A point that opens in the afternoon: nobody stands at its door all morning."""
    calendars = CALENDARS.replace("[09:00-12:00]", "[14:00-17:00]")
    clocks = tuple(f"09:{minute:02d}" for minute in range(20))
    text = area(station(hours="morning", clerks=20), clocks=clocks).replace(CALENDARS, calendars)
    came = tell(text).journal.arrived_at
    assert (came >= 14 * HOUR).all()
    assert (came < 17 * HOUR).all()
    assert len(set(came.tolist())) == 20


def test_market_days() -> None:
    """Open on the 8th only: who would come on the 6th comes on the 8th."""
    text = area(station(more=", market_days: {ends_in: [8], month: solar}"), clocks=("09:00",))
    day = tell(text.replace("measured_days: 1", "measured_days: 5"))
    assert day.fates == ["served"]
    assert day.journal.arrived_at[0] // DAY == 2


def test_lists_of_other_places_are_not_seen() -> None:
    """The ticket machine of the hall sends nobody to another place, however short its list."""
    shares = "{rule: shares, shares: {main: 1}}"
    day = tell(area(station(clerks=5), choice=shares))
    assert where(day) == ["city_hall", "city_hall"]
    assert day.called == ["09:00", "09:10"]


def test_ample_agents_next_door_take_all_they_may() -> None:
    """At no distance and with an agent for everybody nobody waits."""
    clocks = tuple(f"09:{minute:02d}" for minute in range(30))
    day = tell(area(station(clerks=30), clocks=clocks))
    assert set(where(day)) == {"point"}
    assert day.called == day.taken


def test_an_expected_wait_sends_people_elsewhere() -> None:
    """Waiting counts like time on the way: enough of it, and the longer way is taken."""
    scenario = scenario_from_text(area(station()))
    plan = compile_plan(scenario, "hall")
    tape = draw_tape(plan.demand, 1, 0)
    assert plan.journeys is not None
    busy = plan.journeys._replace(wait=np.array([0.0, 9_999.0]))
    assert choose_places(plan.journeys, tape).tolist() == [1, 1]
    assert choose_places(busy, tape).tolist() == [0, 0]


def test_opening_one_moves_only_who_gains() -> None:
    """With tastes: whoever does not go to the new place stays where they were."""
    near, far = station(), station().replace("id: point", "id: other")
    taste = "{taste_yuan: 20}"
    before = compile_plan(scenario_from_text(area(near, clocks=EVERY_MINUTE, choice=taste)), "hall")
    after = compile_plan(
        scenario_from_text(area(near, far, clocks=EVERY_MINUTE, choice=taste)), "hall"
    )
    tape = draw_tape(before.demand, 1, 0)
    chosen_before, chosen_after = (choose_destinations(plan, tape)[0] for plan in (before, after))
    moved = chosen_before != chosen_after
    assert (chosen_after[moved] == 2).all()
    assert {0, 1} <= set(chosen_before.tolist())
    assert moved.any()


def test_the_nearest_is_the_nearest() -> None:
    """Tastes are yuan and weigh against yuan: who goes by the way alone has none."""
    text = area(station(), clocks=EVERY_MINUTE, choice="{rule: nearest, taste_yuan: 1000}")
    plan = compile_plan(scenario_from_text(text), "hall")
    destination, _ = choose_destinations(plan, draw_tape(plan.demand, 1, 0))
    assert set(destination.tolist()) == {1}


def test_alike_places_share_alike() -> None:
    """Two points at one spot that are alike get equal parts of those whom only taste decides."""
    near, twin = station(), station().replace("id: point", "id: twin")
    text = area(near, twin, clocks=EVERY_MINUTE, choice="{taste_yuan: 5}")
    plan = compile_plan(scenario_from_text(text), "hall")
    place, _ = choose_destinations(plan, draw_tape(plan.demand, 1, 0))
    first, second = np.count_nonzero(place == 1), np.count_nonzero(place == 2)
    assert abs(first - second) < 4 * np.sqrt(first + second)


def carried(leaves: str, *clocks: str, items: str = "") -> Told:
    """Cases of half an hour's review, accepted at a point whose courier leaves at times."""
    more = f", courier: {{leaves: [{leaves}], takes: 45 min}}"
    text = area(station(more=more), clocks=clocks).replace("measured_days: 1", "measured_days: 2")
    return tell(text.replace("service: {base: 10 min}", f"service: {{base: 10 min}}{items}"))


ITEM = f", items: [{item('x', '30 min')}]"


def test_papers_go_with_the_next_courier() -> None:
    """Accepted is when the point takes them in; reviews begin when the departments have them."""
    day = carried("'10:00', '16:00'", "09:00", "09:55", items=ITEM)
    assert day.accepted == ["09:10", "10:05"]
    assert day.released == ["10:45", "16:45"]
    tables = Tables(day.plan, day.tape, day.journal)
    spent = causes(tables)
    assert spent[:, HANDOVER].tolist() == [95 * MINUTE, 400 * MINUTE]
    assert (spent.sum(axis=1) == tables.cases.closed_at - tables.cases.arrived_at).all()


def test_after_the_last_courier_papers_wait_for_tomorrow() -> None:
    """Who is accepted when the last one has left is carried on the next open day."""
    assert carried("'10:00'", "11:00", items=ITEM).released == ["1 10:45"]


def test_what_needs_no_department_needs_no_courier() -> None:
    """A matter that is finished at the window is finished at once."""
    assert carried("'16:00'", "09:00").closed == ["09:10"]


VISITS = ", home_visits: {agents: 1, within: 20 min}"


def test_agents_go_to_applicants() -> None:
    """Who may be visited stays at home; the agent is busy with the way and the work."""
    text = area(station(more=VISITS)).replace("terrains: [", "local_km: 4, terrains: [")
    day = tell(text)
    assert where(day) == ["point:home"] * 2
    assert day.called == ["09:00", "09:22"]
    assert day.ended == ["09:22", "09:44"]
    tables = Tables(day.plan, day.tape, day.journal)
    assert tables.cases.trips.tolist() == [0, 0]


def test_too_far_for_a_visit() -> None:
    """Beyond the longest way people come to the point themselves."""
    text = area(station(more=VISITS)).replace("terrains: [", "local_km: 20, terrains: [")
    assert where(tell(text)) == ["point"] * 2


def test_visits_for_some_classes_only() -> None:
    """Who is not of such a class comes to the point."""
    some = VISITS.replace("agents", "classes: [old], agents")
    classes = "classes: [{id: all, name: {zh: 众, en: All}}, {id: old, name: {zh: 老, en: Old}}]"
    text = area(station(more=some)).replace("{townships", f"{{{classes}, townships")
    assert where(tell(text)) == ["point"] * 2
    text = text.replace("terrains: [", "local_km: 4, terrains: [")
    old = text.replace("T09:01:00]", "T09:01:00], classes: {old: 1.0}")
    assert where(tell(old)) == ["point:home"] * 2


OVER = "{id: over, name: {zh: 乙, en: Over}, county: d, population: 1, lon: 111.0, lat: 34.1}"
OTHER = station().replace("id: point", "id: other")
OLD = "classes: [{id: all, name: {zh: 众, en: All}}, {id: old, name: {zh: 老, en: Old}}]"


def shared(*places: str, weights: str) -> Told:
    """Somebody from one of two counties, old or not, comes every minute; fixed weights."""
    text = area(*places, clocks=EVERY_MINUTE, choice=f"{{rule: shares, shares: {{{weights}}}}}")
    text = text.replace("{townships: [", f"{{{OLD}, townships: [{OVER}, ")
    return tell(text.replace("T16:59:00]", "T16:59:00], classes: {all: 0.5, old: 0.5}"))


def chosen_in(day: Told) -> tuple[Words, Bools]:
    """Place of each case's one errand, and whether its person lives in the other county."""
    names, tape = day.plan.names, day.tape
    places = np.array(names.places)[day.journal.destination]
    return places, tape.cases.township == names.townships.index("over")


def test_weights_hold_where_people_may_go() -> None:
    """A place that takes nobody from a county weighs nothing there, and all that it says here."""
    day = shared(station(more=", catchment: [c]"), OTHER, weights="main: 1, point: 2, other: 1")
    at, over = chosen_in(day)
    assert "point" not in at[over]
    for group, place, share in (
        (~over, "point", 1 / 2),
        (~over, "other", 1 / 4),
        (over, "other", 1 / 2),
        (over, "city_hall", 1 / 2),
    ):
        n, here = np.count_nonzero(group), np.count_nonzero(at[group] == place)
        assert abs(here - n * share) < 4 * np.sqrt(n * share * (1 - share)), place


def test_whom_all_weights_exclude_goes_to_the_hall() -> None:
    """As by the other rules: the hall takes whom no other place may take."""
    day = shared(station(more=", catchment: [c]"), weights="point: 1")
    at, over = chosen_in(day)
    assert set(at[over]) == {"city_hall"}
    assert set(at[~over]) == {"point"}


def test_a_place_shut_to_all_of_a_county_is_not_there_for_it() -> None:
    """Person by person: they go where they would go without it."""
    weights = "main: 1, point: 2, other: 1"
    shut = shared(station(more=", catchment: [c]"), OTHER, weights=weights)
    without = shared(OTHER, weights=weights.replace("point: 2, ", ""))
    (chosen, over), (chosen_without, _) = chosen_in(shut), chosen_in(without)
    assert chosen[over].tolist() == chosen_without[over].tolist()


def test_visits_at_home_move_nobody_to_another_place() -> None:
    """The weight of a place is for its desk and its agents; who may be visited is."""
    weights = "main: 1, point: 2, other: 1"
    some = ", home_visits: {classes: [old], agents: 3, within: 5 min}"
    desk, both = (shared(station(more=more), OTHER, weights=weights) for more in ("", some))
    assert both.plan.names.places == ("city_hall", "point", "point:home", "other")
    (before, _), (after, over) = chosen_in(desk), chosen_in(both)
    assert np.char.replace(after, ":home", "").tolist() == before.tolist()
    visited = (before == "point") & ~over & (both.tape.cases.class_ == 1)
    assert (after == "point:home").tolist() == visited.tolist()
    assert visited.any()


@FEW
@given(scenarios(), st.sampled_from(["lowest_cost", "nearest", "shares"]))
def test_a_point_that_accepts_nothing_is_none(text: str, rule: str) -> None:
    """In any hall: it is as without, wherever its people live."""
    with_it = with_places(text, [{"clerks": 1}], {"rule": rule})
    assert_same_day(with_it, altered(with_it, ("places", None)))


def check_area(text: str, seed: int) -> None:
    """Both engines agree, all laws hold, and what stands at a place was done there."""
    day = tell(text, seed=seed)
    tables = Tables(day.plan, day.tape, day.journal)
    check_invariants(tables)
    assert_trips(day.tape, day.journal)
    t = tables.tickets
    listed = t.list_ >= 0
    assert (day.plan.hall.place_of_list[t.list_[listed]] == t.place[listed]).all()
    n = len(day.tape.errands.purpose)
    sent_on = np.bincount(t.errand[tables.sent_on], minlength=n)
    assert (np.bincount(t.errand[tables.papers], minlength=n) <= sent_on).all()
    closed = tables.finished & (tables.cases.closed_at >= 0) & (tables.cases.accepted_at >= 0)
    # cases in hand when the run begins came before it: their time is counted from there
    cases = tables.cases
    since = np.where(cases.initial, cases.accepted_at, cases.arrived_at)
    elapsed = (cases.closed_at - since)[closed]
    assert (causes(tables).sum(axis=1)[closed] == elapsed).all()


@settings(FEW, max_examples=40)
@given(areas(), st.integers(0, 9))
def test_any_hall_with_places_beside_it(text: str, seed: int) -> None:
    """In any hall: places that take some of its people keep all laws, on both engines."""
    check_area(text, seed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(FEW, max_examples=1500)
@given(areas(), st.integers(0, 10_000))
def test_many_halls_with_places_beside_them(text: str, seed: int) -> None:
    """The same over many more."""
    check_area(text, seed)

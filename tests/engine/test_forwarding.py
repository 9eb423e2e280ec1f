"""What a place cannot do it takes in and sends on; papers wait in queues, people do not."""

from sim.analysis.causes import APPLICANT, HANDOVER, causes
from sim.analysis.sites import site_loads
from sim.clock import MINUTE
from sim.results.tables import Tables
from tests.engine.test_places import area, carried, station, where
from tests.strategies import Told, assert_same_day, item, tell

SENDS = ", forwards: [errand]"


def sending(*clocks: str, more: str = "", hours: str = "day", items: str = "") -> Told:
    """A point that accepts nothing and sends everything on to the hall next."""
    text = area(station(accepts="", hours=hours, more=SENDS + more), clocks=clocks)
    text = text.replace("measured_days: 1", "measured_days: 2")
    return tell(text.replace("service: {base: 10 min}", f"service: {{base: 10 min}}{items}"))


def test_papers_take_the_second_way() -> None:
    """One trip to the point; then the hall's window does its work without anybody there."""
    day = sending("09:00")
    assert where(day) == ["point", "city_hall"]
    assert day.fates == ["forwarded", "served"]
    assert day.called == ["09:00", "09:10"]
    assert day.ended == ["09:10", "09:20"]
    assert day.accepted == ["09:20"]
    tables = Tables(day.plan, day.tape, day.journal)
    assert tables.cases.trips.tolist() == [1]
    assert tables.visits.place.tolist() == [1]


def test_what_it_accepts_it_does_not_send_on() -> None:
    """A matter in both lists is accepted: tick for tick as if it stood in one."""
    both = area(station(more=SENDS))
    assert_same_day(both, area(station()))


def test_only_the_rest_of_the_work_is_left() -> None:
    """Of checked papers a part of the work is left, at the hall only."""
    day = sending("09:00", more=", forwarded_work: 0.3")
    assert day.ended == ["09:10", "09:13"]


def test_papers_go_with_the_courier_and_wait_for_the_opening() -> None:
    """The last courier comes after closing: the papers are worked on the next morning."""
    day = sending("09:00", more=", courier: {leaves: ['16:30'], takes: 60 min}")
    assert day.arrived == ["09:00", "17:30"]
    assert day.called == ["09:00", "1 09:00"]


def test_papers_are_no_applicants() -> None:
    """Nobody's patience ends, nobody is inside, and no wait of a person is counted."""
    day = sending("09:00", "09:00", "09:00")
    tables = Tables(day.plan, day.tape, day.journal)
    loads = site_loads(tables)
    assert loads.visits.tolist() == [0, 3]
    assert loads.waited.tolist() == [0, 3]
    assert (loads.busy == 30 * MINUTE).all()


def test_its_time_is_handing_over() -> None:
    """From the point's window to the hall's the papers are on their way; the rest is as ever."""
    more = ", courier: {leaves: ['10:00'], takes: 45 min}"
    day = sending("09:00", more=more, items=f", items: [{item('x', '30 min')}]")
    tables = Tables(day.plan, day.tape, day.journal)
    [spent] = causes(tables)
    assert spent[HANDOVER] == 95 * MINUTE
    assert spent[APPLICANT] == 0
    assert spent.sum() == (tables.cases.closed_at - tables.cases.arrived_at)[0]


def test_from_hand_to_hand() -> None:
    """Village, county, city: papers go on until a place accepts them."""
    county = (
        "{id: county, name: {zh: 县, en: County}, kind: county_hall, county: c, lon: 111.0,"
        " lat: 34.4, hours: day, clerks: 1, forwards: [errand]}"
    )
    day = tell(area(station(accepts="", more=SENDS), county, clocks=("09:00",)))
    assert where(day) == ["point", "county", "city_hall"]
    assert day.fates == ["forwarded", "forwarded", "served"]
    assert day.ended == ["09:10", "09:20", "09:30"]


def test_results_are_fetched_where_the_papers_were_left() -> None:
    """Handing a result over sends nothing on."""
    issue = ", issue: {collection: 1, collects_after: 2 h, service: 5 min}"
    day = sending("09:00", items=issue)
    assert where(day) == ["point", "city_hall", "point"]
    assert day.fates == ["forwarded", "served", "served"]


def test_faults_are_found_where_people_are() -> None:
    """Papers that are not complete go back at the point; only complete ones are sent on."""
    text = area(station(accepts="", more=SENDS), clocks=("09:00",))
    text += "\ncorrections: {share: 1.0, at_most: 1, on_the_spot: 1.0}\n"
    day = tell(text)
    assert day.fates == ["sent back", "forwarded", "served"]
    assert where(day) == ["point", "point", "city_hall"]


def test_a_point_that_does_its_work_again_is_as_a_courier_without_it() -> None:
    """With no work left at a hall that has a free window, sending on takes the way's time alone."""
    way = ", courier: {leaves: ['10:00'], takes: 45 min}"
    items = f", items: [{item('x', '30 min')}]"
    day = sending("09:00", more=way + ", forwarded_work: 0", items=items)
    plain = carried("'10:00'", "09:00", items=items)
    assert day.released == plain.released
    assert day.accepted == ["10:45"]

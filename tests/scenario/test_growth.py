"""Reading takes time in proportion to a file: no list, however long, is compared with itself.

Times are compared with each other only: four times as many entries may take eight times as long,
where a check of each entry with each other would take sixteen times.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import process_time
from typing import Final

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import read_scenario
from tests.strategies import small

FEW: Final = 4
"""How many times longer the longer list is."""
MOST: Final = 8.0
NAME: Final = "name: {zh: 名, en: Name}"
Grown = Callable[[int], str]


def many(n: int, entry: Callable[[int], str]) -> str:
    """A list between brackets."""
    return f"[{', '.join(map(entry, range(n)))}]"


def clock(minute: int) -> str:
    """A time of day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def office(n: int) -> str:
    """A department, the first of which is the usual one."""
    return f"{{id: {f'office_{n}' if n else 'office'}, {NAME}, reviewers: 1, hours: day}}"


def errand(n: int, lead: str = "office", more: str = "") -> str:
    """A matter, the first of which is the usual one."""
    name = f"errand_{n}" if n else "errand"
    return f"{{id: {name}, {NAME}, lead: {lead}, service: {{base: 10 min}}{more}}}"


def town(n: int) -> str:
    """A township somewhere in one county."""
    at = f"lon: {111 + n % 60 / 1000:.3f}, lat: {34 + n // 60 / 1000:.3f}"
    return f"{{id: t{n}, {NAME}, county: c, population: 1, {at}}}"


def window(n: int, serves: str = "[errand]") -> str:
    """A group of windows."""
    return f"{{id: w{n}, serves: {serves}, clerks: 1}}"


def hall(windows: str, n: int = 0, more: str = "") -> str:
    """A layout."""
    return f"{{id: hall_{n}, {NAME}, windows: {windows}{more}}}"


def places(n: int, point: Callable[[int], str], towns: int = 1, more: str = "") -> dict[str, str]:
    """Stations beside the city hall."""
    city = f"{{id: main, {NAME}, kind: city_hall, lon: 111, lat: 34}}"
    terrain = f"{{id: plain, {NAME}, road_factor: 1.3, km_per_hour: 40}}"
    stations = ", ".join([city, *map(point, range(n))])
    travel = f"{{terrains: [{terrain}]{more}}}"
    return {
        "applicants": f"{{townships: {many(towns, town)}}}",
        "places": f"{{open: [{stations}], travel: {travel}}}",
    }


def station(n: int, more: str = "") -> str:
    """A service station of the first township."""
    return f"{{id: s{n}, {NAME}, kind: station, township: t0, clerks: 1, accepts: [errand]{more}}}"


def flow(n: int, more: str = "", matter: str = "errand") -> str:
    """A flow of people."""
    return f"{{id: f{n}, matter: {matter}, per_day: 0.01{more}}}"


def item(n: int, more: str = "") -> str:
    """An item of a matter."""
    return f"{{id: i{n}, {NAME}, department: office{more}}}"


def calendar(n: int) -> str:
    """A calendar, the first of which is the usual one."""
    return f"{{id: {f'c{n}' if n else 'day'}, weekly: {{mon-fri: [09:00-17:00]}}}}"


def after(n: int) -> str:
    """An item after the one before it."""
    return item(n, f", after: [i{n - 1}]" if n else "")


def book(n: int) -> str:
    """A book of appointments for one matter."""
    matter = f"errand_{n}" if n else "errand"
    return f"{{id: b{n}, {NAME}, serves: [{matter}], share: 0.1, slots: 1, slot: 60 min}}"


def in_turn(n: int) -> str:
    """An interval of one minute, on Monday from nine, then on Tuesday."""
    day, minute = ("mon", "tue", "wed")[n // 480], 540 + n % 480
    return f"{day} {clock(minute)}-{clock(minute + 1)}: 1"


def of_one_day(n: int) -> str:
    """An interval of one minute after the other."""
    return f"{clock(n)}-{clock(n + 1)}: 1"


def overlapping(n: int) -> str:
    """An interval that all others overlap."""
    return f"{clock(n // 480)}-{clock(960 + n % 480)}: 1"


def one_window(clerks: str) -> str:
    """A hall with one group of windows."""
    return small(layouts=f"[{hall(f'[{{id: w, serves: [errand], clerks: {clerks}}}]')}]")


def one_matter(items: str, more: str = "") -> str:
    """A matter of many items."""
    return small(matters=f"[{errand(0, more=f'{more}, items: {items}')}]")


def range_of(n: int, flow_: str = "f") -> str:
    """What is assumed of a flow."""
    return f"demand.{flow_}{n}.per_day: [0, 1]"


def matter_of(n: int) -> str:
    """The id of a matter."""
    return f"errand_{n}" if n else "errand"


def by_matter(n: int, wrong: str = "") -> str:
    """A flow for each matter."""
    return flow(n, matter=f"{wrong}{matter_of(n)}")


def helping(n: int) -> str:
    """A group that helps the one before it."""
    helped = f", helps: [w{n - 1}]" if n else ""
    return f"{{id: w{n}, serves: [errand]{helped}, clerks: 1}}"


def sender(n: int) -> str:
    """A station that sends papers on to the city hall."""
    return station(n).replace("accepts", "forwards")


def leg(n: int) -> str:
    """A measured way."""
    return f"{{township: t{n}, place: s0, takes: 9 min, km: 3}}"


def map_of(n: int, pair: Callable[[int], str]) -> str:
    """A mapping between brackets."""
    return f"{{{', '.join(map(pair, range(n)))}}}"


def a_day(n: int) -> str:
    """Some date."""
    return f"{2000 + n // 300}-{n // 25 % 12 + 1:02d}-{n % 25 + 1:02d}"


def closed(n: int) -> str:
    """A calendar with closed dates."""
    days = many(n, a_day)
    return small(calendars=f"[{{id: day, weekly: {{mon-fri: [09:00-17:00]}}, closed: {days}}}]")


def group(n: int) -> str:
    """A matter in two groups of its own."""
    return errand(n, more=f", groups: [g{n}, h{n}]")


def served(n: int) -> str:
    """A window that names all its matters."""
    windows = f"[{window(0, many(n, matter_of))}]"
    return small(matters=many(n, errand), layouts=f"[{hall(windows)}]")


def flows_of_matters(n: int, wrong: str = "") -> str:
    """A flow for each of many matters, or for none."""
    layouts = "[" + hall("[" + window(0, "[office]") + "]") + "]"
    demand = many(n, lambda k: by_matter(k, wrong))
    return small(matters=many(n, errand), demand=demand, layouts=layouts)


def instant(n: int) -> str:
    """An instant of the first minute."""
    return f"2025-01-06T09:00:{n % 60:02d}"


def flow_at_an_instant(n: int) -> str:
    """A flow with one given instant."""
    return f"{{id: f{n}, matter: errand, at: [2025-01-06T09:00:00]}}"


def class_(n: int) -> str:
    """A class of applicants."""
    return f"{{id: c{n}, {NAME}}}"


def near(n: int) -> str:
    """The county of all townships, again and again."""
    return f", catchment: {many(n, lambda _: 'c')}"


def a_minute(n: int) -> str:
    """The first minute of the day."""
    return "00:00-00:01" if n >= 0 else ""


GROWN: Final[dict[str, tuple[int, Grown]]] = {
    # --- sound lists ------------------------------------------------------------------------
    "calendars": (50, lambda n: small(calendars=many(n, calendar))),
    "intervals of a roster": (250, lambda n: one_window(map_of(n, in_turn))),
    "weights of a profile": (
        360,
        lambda n: small(profiles=f"[{{id: p, shape: {map_of(n, of_one_day)}}}]"),
    ),
    "closed dates": (1000, closed),
    "departments": (120, lambda n: small(departments=many(n, office))),
    "matters": (400, lambda n: small(matters=many(n, errand))),
    "matters of many groups": (200, lambda n: small(matters=many(n, group))),
    "matters of a window": (400, served),
    "items": (15, lambda n: one_matter(many(n, item))),
    "items after each other": (15, lambda n: one_matter(many(n, after), ", promised: 9 wd")),
    "flows": (600, lambda n: small(demand=many(n, flow))),
    "flows of many matters": (300, flows_of_matters),
    "instants": (
        2000,
        lambda n: small(demand=f"[{{id: f, matter: errand, at: {many(n, instant)}}}]"),
    ),
    "flows of given instants": (
        300,
        lambda n: small(run="warmup_days: 1000", demand=many(n, flow_at_an_instant)),
    ),
    "windows": (50, lambda n: small(layouts=f"[{hall(many(n, window))}]")),
    "windows that help": (50, lambda n: small(layouts=f"[{hall(many(n, helping))}]")),
    "layouts": (12, lambda n: small(layouts=many(n, lambda k: hall(f"[{window(0)}]", k)))),
    "classes": (4, lambda n: small(applicants=f"{{classes: {many(n, class_)}}}")),
    "appointments": (
        50,
        lambda n: small(matters=many(n, errand), applicants=f"{{appointments: {many(n, book)}}}"),
    ),
    "townships": (250, lambda n: small(**places(1, station, towns=n))),
    "stations": (200, lambda n: small(**places(n, station))),
    "stations that send on": (200, lambda n: small(**places(n, sender))),
    "legs": (250, lambda n: small(**places(1, station, n, f", legs: {many(n, leg)}"))),
    "counties of a station": (400, lambda n: small(**places(1, lambda k: station(k, near(n))))),
    "ranges": (400, lambda n: small(demand=many(n, flow), assumed=map_of(n, range_of))),
    "a long note": (4000, lambda n: small(note=f"'{'note ' * n}'")),
    # --- a mistake in each entry ------------------------------------------------------------
    "ids written twice": (600, lambda n: small(demand=many(n, lambda _: flow(0)))),
    "keys written twice": (
        2000,
        lambda n: small(targets=map_of(n, lambda _: "called_within: 9 min")),
    ),
    "unknown matters": (150, lambda n: flows_of_matters(n, "h")),
    "unknown fields": (800, lambda n: small(targets=map_of(n, lambda k: f"calls_{k}: 9 min"))),
    "wrong numbers": (
        600,
        lambda n: small(demand=many(n, lambda k: f"{{id: f{k}, matter: errand, per_day: x}}")),
    ),
    "overlapping intervals": (250, lambda n: one_window(map_of(n, overlapping))),
    "unknown ranges": (
        400,
        lambda n: small(demand=many(n, flow), assumed=map_of(n, lambda k: range_of(k, "g"))),
    ),
    "full-width signs": (
        600,
        lambda n: small(demand=many(n, lambda k: f"{{id: f{k}, matter: errand, per_day: １}}")),
    ),
    "too many intervals": (
        4000,
        lambda n: small(calendars=f"[{{id: day, weekly: {{mon-fri: {many(n, a_minute)}}}}}]"),
    ),
}


def time_reading(path: Path, overrides: tuple[str, ...] = ()) -> float:
    """Seconds of one process that it takes to read a file, the least of three."""
    seconds = []
    for _ in range(3):
        start = process_time()
        with suppress(ScenarioError):
            read_scenario(path, overrides)
        seconds.append(process_time() - start)
    return min(seconds)


@pytest.mark.slow
@pytest.mark.parametrize("kind", GROWN)
def test_time_grows_like_the_list(kind: str, tmp_path: Path) -> None:
    n, grown = GROWN[kind]
    times = []
    for length in (n, FEW * n):
        path = tmp_path / f"{length}.yaml"
        path.write_text(f"equal_budget: none\n{grown(length)}", encoding="utf-8")
        times.append(time_reading(path))
    base = tmp_path / "base.yaml"
    base.write_text(small(), encoding="utf-8")
    fixed = time_reading(base)
    short, long = (max(seconds - fixed, 1e-3) for seconds in times)
    assert long / short < MOST, f"{kind}: {n} in {short:.3f} s, {FEW * n} in {long:.3f} s"


@pytest.mark.slow
@pytest.mark.parametrize("way", ["extends", "overrides"])
def test_time_grows_like_the_layers(way: str, tmp_path: Path) -> None:
    """A file over all flows of another; an override for each of them."""
    times = []
    for n in (300, FEW * 300):
        base, path = tmp_path / f"base_{n}.yaml", tmp_path / f"{way}_{n}.yaml"
        base.write_text(small(demand=many(n, flow)), encoding="utf-8")
        if way == "extends":
            path.write_text(f"extends: {base.name}\ndemand: {many(n, flow)}", encoding="utf-8")
            times.append(time_reading(path))
        else:
            times.append(time_reading(base, tuple(f"demand.f{k}.per_day=2" for k in range(n))))
    assert times[1] / times[0] < MOST, times

"""Service modes that are laid over any hall: each a switch with its two or three numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from sim.clock import MINUTE, WEEKDAYS, Hours, format_clock
from sim.errors import OptionError, Problem, ScenarioError
from sim.scenario.base import roster_hours
from sim.scenario.dated_rosters import most_of_group
from sim.scenario.edit import vary_tree
from sim.scenario.fields import join_names, nearest
from sim.scenario.hall import Layout, WindowGroup
from sim.scenario.hours import hall_calendar, weekly_hours
from sim.scenario.load import tree_of
from sim.scenario.roster_keys import is_dated
from sim.scenario.scenario import Scenario
from sim.scenario.spelling import fold_signs, read_number
from sim.text import LANGUAGES, load_text

SwitchName = Literal["tidal", "booking", "online", "saturday", "training", "assistance"]


class SwitchNumber(NamedTuple):
    """A number that a switch asks for.

    Attributes
    ----------
    name : str
        Its words are `switch.number.<name>`.
    first : float
        As the variants of Sanmenxia that ship have it.
    low, high : int
    """

    name: str
    first: int
    low: int
    high: int


SWITCHES: Final[Mapping[SwitchName, tuple[SwitchNumber, ...]]] = {
    "tidal": (
        SwitchNumber("tidal_windows", 1, 1, 20),
        SwitchNumber("opens_at", 4, 2, 200),
        SwitchNumber("setup_minutes", 2, 0, 60),
    ),
    "booking": (
        SwitchNumber("booked_percent", 25, 1, 90),
        SwitchNumber("places", 4, 1, 500),
        SwitchNumber("no_show_percent", 10, 0, 60),
    ),
    "online": (
        SwitchNumber("online_percent", 50, 1, 95),
        SwitchNumber("intake_reviewers", 3, 1, 200),
    ),
    "saturday": (
        SwitchNumber("saturday_clerks_percent", 26, 1, 100),
        SwitchNumber("saturday_visitors_percent", 5, 1, 100),
    ),
    "training": (
        SwitchNumber("sessions", 23, 1, 500),
        SwitchNumber("people_per_session", 22, 1, 500),
    ),
    "assistance": (
        SwitchNumber("helpers", 2, 1, 50),
        SwitchNumber("helper_minutes", 1, 1, 30),
        SwitchNumber("caught_percent", 50, 1, 95),
    ),
}
"""In the order in which they are offered."""
PRESETS: Final[Mapping[str, tuple[SwitchName, ...]]] = {
    "sanmenxia_booking.yaml": ("booking",),
    "sanmenxia_saturday.yaml": ("booking", "saturday"),
    "sanmenxia_training.yaml": ("booking", "saturday", "training"),
    "sanmenxia_tidal.yaml": ("booking", "saturday", "training", "tidal"),
    "sanmenxia_online.yaml": ("online",),
}
"""Variants that ship, as the switches that are on in them with their first numbers."""


def _both(key: str) -> str:
    """Words in both languages, as a scenario writes a name."""
    return f'{{zh: "{load_text("zh")(key)}", en: "{load_text("en")(key)}"}}'


SLOT: Final = 30
"""Minutes of a slot that can be booked."""
SATURDAY: Final = 5
SATURDAY_HOURS: Final = "09:00-12:00"
LEARNING: Final = (
    "service_rate: 0.98, correction_rate: 0.95, least_service: 0.85, least_correction: 0.5"
)
"""Of training, as the variant that ships assumes it: nobody publishes how much is learnt."""
CHOSEN: Final = "source: chosen"
BOOKING: Final = _both("switch.booking_name")
INTAKE: Final = _both("draft.online_intake")


@dataclass(frozen=True)
class HallSwitch:
    """A switch that is on, with its numbers in the order of `SWITCHES`."""

    name: SwitchName
    numbers: tuple[int, ...]

    def number(self, name: str) -> int:
        """One of its numbers.

        Examples
        --------
        >>> HallSwitch("online", (50, 3)).number("online_percent")
        50
        """
        names = [number.name for number in SWITCHES[self.name]]
        return self.numbers[names.index(name)]


def read_switches(words: Sequence[str]) -> tuple[HallSwitch, ...]:
    """Switches as a command is given them: a name, alone or with all of its numbers.

    Raises
    ------
    OptionError
        With each that is wrong: `unknown_switch`, `switch_numbers`, `named_twice`.

    Examples
    --------
    >>> read_switches(["online", "预约＝３０，6，10"])
    (HallSwitch(name='online', numbers=(50, 3)), HallSwitch(name='booking', numbers=(30, 6, 10)))
    """
    names = _switch_names()
    switches, problems = list[HallSwitch](), list[Problem]()
    for word in map(fold_signs, words):
        called, has_numbers, numbers = word.partition("=")
        name = names.get(called.strip().lower())
        if name is None:
            near, allowed = nearest(called.strip(), [*SWITCHES]), join_names([*SWITCHES])
            problem = Problem("unknown_switch", "--switch", found=called.strip(), allowed=allowed)
            problems.append(replace(problem, values=near))
            continue
        first = HallSwitch(name, tuple(number.first for number in SWITCHES[name]))
        switch = _with_numbers(name, numbers) if has_numbers else first
        if switch is None:
            allowed = ", ".join(f"{each.name} {each.low}–{each.high}" for each in SWITCHES[name])
            problems.append(Problem("switch_numbers", "--switch", found=word, allowed=allowed))
        elif name in {each.name for each in switches}:
            problems.append(Problem("named_twice", "--switch", found=name))
        else:
            switches.append(switch)
    if problems:
        raise OptionError(problems)
    return tuple(switches)


def _switch_names() -> dict[str, SwitchName]:
    """Names of switches, and what they are called in each language."""
    called = {
        load_text(language)(f"switch.name.{name}").lower(): name
        for language in LANGUAGES
        for name in SWITCHES
    }
    return {**called, **{name: name for name in SWITCHES}}


def _with_numbers(name: SwitchName, words: str) -> HallSwitch | None:
    """A switch with the numbers of a list; None when they are not whole, or out of bounds."""
    numbers = [read_number(part) for part in words.split(",")]
    allowed = SWITCHES[name]
    if len(numbers) != len(allowed):
        return None
    pairs = zip(numbers, allowed, strict=True)
    if not all(isinstance(n, int) and each.low <= n <= each.high for n, each in pairs):
        return None
    return HallSwitch(name, tuple(int(n) for n in numbers if n is not None))


def with_switches(
    scenario: Scenario,
    layout: str,
    switches: tuple[HallSwitch, ...],
    busy: str = "",
    idle: str = "",
) -> Scenario:
    """The scenario with some service modes laid over it.

    Parameters
    ----------
    layout
        The layout whose windows tidal windows join.
    busy, idle
        Of tidal windows: the window group whose list they serve, and the one whose idle clerks
        go there.

    Raises
    ------
    ScenarioError
        `switch_no_pool`, `switch_is_open`, `switch_dated`, and what else the scenario cannot be
        with them.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> hall = load_scenario(example_path("exact/hall_day.yaml"))
    >>> booked = with_switches(hall, "hall", (HallSwitch("booking", (25, 4, 10)),))
    >>> booked.applicants.appointments[0].share
    0.25
    """
    hall = _HallToSwitch(scenario, scenario.layout(layout), busy, idle)
    overrides = [each for switch in switches for each in _OVERRIDES[switch.name](hall, switch)]
    return vary_tree(tree_of(scenario), overrides).scenario if overrides else scenario


class _HallToSwitch(NamedTuple):
    """What modes are laid over; the groups as `with_switches` has them."""

    scenario: Scenario
    layout: Layout
    busy: str
    idle: str


def _tidal(hall: _HallToSwitch, switch: HallSwitch) -> Iterator[str]:
    """Windows of the busiest list that idle clerks of another group open."""
    groups = {group.id: group for group in hall.layout.windows}
    if hall.busy not in groups or hall.idle not in groups or hall.busy == hall.idle:
        raise ScenarioError(Problem("switch_no_pool"))
    serves, opens = ", ".join(groups[hall.busy].serves), switch.number("opens_at")
    tidal = f"opens_at: {opens}, closes_at: 1, setup: {switch.number('setup_minutes')} min"
    windows = switch.number("tidal_windows")
    keep = max(1, round(most_of_group(hall.layout, groups[hall.idle])) - windows)
    tidal += f", pool: {hall.idle}, keep: {keep}"
    yield (
        f"layouts.{hall.layout.id}.windows.tidal_switch={{list: {groups[hall.busy].list_id},"
        f" serves: [{serves}], clerks: {windows}, tidal: {{{tidal}}}, {CHOSEN}}}"
    )


def _booking(hall: _HallToSwitch, switch: HallSwitch) -> Iterator[str]:
    """A book for every matter; where there are books already, other shares in them."""
    share, no_show = switch.number("booked_percent") / 100, switch.number("no_show_percent") / 100
    books = hall.scenario.applicants.appointments
    for book in books:
        path = f"applicants.appointments.{book.id}"
        yield f"{path}.share={share}"
        yield f"{path}.no_show={no_show}"
    for flow in hall.scenario.demand:
        if flow.booked_share is not None:
            yield f"demand.{flow.id}.booked_share={share}"
    if books:
        return
    matters = ", ".join(dict.fromkeys(flow.matter for flow in hall.scenario.demand))
    places = switch.number("places")
    slots = ", ".join(
        f"{WEEKDAYS[day]} {format_clock(hours.start)}-{format_clock(end)}: {places}"
        for day, spans in weekly_hours(hall_calendar(hall.scenario)).items()
        for hours in spans
        if (end := _whole_slots(hours)) > hours.start
    )
    yield (
        f"applicants.appointments=[{{id: booking_switch, name: {BOOKING}, serves: [{matters}],"
        f" share: {share},"
        f" slots: {{{slots}}}, slot: {SLOT} min, ahead: 10 min, grace: 15 min, no_show: {no_show},"
        " lateness: {law: gamma, mean: 8 min, cv: 1}, no_show_returns: 0.7,"
        f" returns_after: {{law: uniform, low: 1 d, high: 5 d}}, {CHOSEN}}}]"
    )


def _whole_slots(hours: Hours) -> int:
    """The end of the last whole slot."""
    slot = SLOT * MINUTE
    return hours.start + (hours.end - hours.start) // slot * slot


def _online(hall: _HallToSwitch, switch: HallSwitch) -> Iterator[str]:
    """More applications over the net, and who checks them; what only the net accepts stays."""
    reviewers = switch.number("intake_reviewers")
    if hall.scenario.online is None:
        hours = hall.scenario.hall.hours
        intake = f"name: {INTAKE}, hours: {hours}, reviewers: {reviewers}, {CHOSEN}"
        if hall.scenario.departments:
            yield f"departments.online_switch={{{intake}}}"
        else:
            yield f"departments=[{{id: online_switch, {intake}}}]"
        yield (
            "online={department: online_switch, precheck: {law: exponential, mean: 8 min},"
            f" {CHOSEN}}}"
        )
    else:
        yield f"departments.{hall.scenario.online.department}.reviewers={reviewers}"
    for flow in hall.scenario.demand:
        if flow.online_share < 1:
            yield f"demand.{flow.id}.online_share={switch.number('online_percent') / 100}"


def _saturday(hall: _HallToSwitch, switch: HallSwitch) -> Iterator[str]:
    """A Saturday session with a part of the windows; who comes then comes besides."""
    calendar = hall_calendar(hall.scenario)
    if weekly_hours(calendar).get(SATURDAY):
        raise ScenarioError(Problem("switch_is_open"))
    yield f"calendars.{calendar.id}.weekly.sat=[{SATURDAY_HOURS}]"
    for each in hall.scenario.layouts:
        for group in each.windows:
            roster = _with_saturday(each, group, switch.number("saturday_clerks_percent") / 100)
            yield f"layouts.{each.id}.windows.{group.id}.clerks={roster}"
    share = switch.number("saturday_visitors_percent") / 100
    for flow in hall.scenario.demand:
        yield f"demand.{flow.id}.weekdays.sat={share}"
    run = hall.scenario.run
    for name in ("warmup_days", "measured_days", "followup_days"):
        yield f"run.{name}={round(getattr(run, name) * 6 / 5)}"  # as many weeks, of six days


def _with_saturday(layout: Layout, group: WindowGroup, share: float) -> str:
    if is_dated(group.clerks) or layout.clerks_file:
        raise ScenarioError(Problem("switch_dated", found=group.id))
    rows = [
        f"{WEEKDAYS[day]} {format_clock(hours.start)}-{format_clock(hours.end)}: {clerks:g}"
        for key, clerks in group.clerks.items()
        for days, hours in [roster_hours(key)]
        for day in days
        if day != SATURDAY
    ]
    on_saturday = max(1, round(share * most_of_group(layout, group)))
    return f"{{{', '.join([*rows, f'sat {SATURDAY_HOURS}: {on_saturday}'])}}}"


def _training(hall: _HallToSwitch, switch: HallSwitch) -> Iterator[str]:
    """Sessions for the clerks of the layout and all reviewers."""
    clerks = sum(most_of_group(hall.layout, group) for group in hall.layout.windows)
    reviewers = sum(department.most_reviewers for department in hall.scenario.departments)
    staff = max(1, round(clerks + reviewers))
    yield (
        f"hall.training={{sessions: {switch.number('sessions')}, people:"
        f" {switch.number('people_per_session')}, staff: {staff}, {LEARNING}, {CHOSEN}}}"
    )


def _assistance(hall: _HallToSwitch, switch: HallSwitch) -> Iterator[str]:
    """Helpers at a desk look at papers before the queue, beside those who are there already."""
    helpers, caught = switch.number("helpers"), switch.number("caught_percent") / 100
    desk = hall.scenario.hall.reception
    if desk is None or desk.kind != "desk":
        yield (
            f"hall.reception={{clerks: {helpers}, catches: {caught}, service:"
            f" {{law: exponential, mean: {switch.number('helper_minutes')} min}}, {CHOSEN}}}"
        )
        return
    rows = ", ".join(f"{key}: {clerks + helpers:g}" for key, clerks in desk.clerks.items())
    yield f"hall.reception.clerks={{{rows}}}"
    yield f"hall.reception.catches={max(caught, desk.catches)}"


_OVERRIDES: Final = {
    "tidal": _tidal,
    "booking": _booking,
    "online": _online,
    "saturday": _saturday,
    "training": _training,
    "assistance": _assistance,
}

"""Levers of how a hall is run, by name: thresholds, places, lunch, hours, seats, or any field."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from sim import clock
from sim.clock import ClockError, format_span
from sim.errors import OptionError, Problem, ScenarioError
from sim.questions.levers import LeftOut, Levers
from sim.questions.vary import Lever, Setting, read_levers, values_of
from sim.scenario.dated_rosters import most_clerks
from sim.scenario.edit_levers import (
    HALF_HOUR,
    LEVER,
    move_clerk,
    move_opening,
    set_appointment_places,
    set_tidal_pool,
    set_tidal_threshold,
    stagger_lunch,
)
from sim.scenario.hall import WindowGroup
from sim.scenario.hours import hall_calendar, weekly_hours
from sim.scenario.intervals import join_hours
from sim.scenario.provenance import numbers
from sim.scenario.scenario import Scenario

SEATS: Final = "seats"
"""Where clerks sit: the only lever whose settings depend on where they sit already."""
MOVE: Final = ">"
"""Between the group that a clerk leaves and the one they go to."""
MOST_STEPS: Final = 8
"""Values of a number that are tried unless told otherwise."""
SHIFTS: Final = (-2, -1, 1, 2)
"""Half hours by which opening is moved unless told otherwise."""


class LeverChoice(NamedTuple):
    """A lever that is asked for.

    Attributes
    ----------
    name : str
        Of `NAMED`, or the path of a field.
    words : str
        Its values, as `values_of` reads them; empty = those that the scenario suggests.
    """

    name: str
    words: str = ""


def read_choices(texts: Iterable[str]) -> tuple[LeverChoice, ...]:
    """Levers from texts such as `tidal_threshold`, `seats=zone>tax`, or `path=values`.

    Raises
    ------
    OptionError
        `unknown_hall_lever` for a name that is none.

    Examples
    --------
    >>> read_choices(["opening", "tidal_threshold=2:8:4"])
    (LeverChoice(name='opening', words=''), LeverChoice(name='tidal_threshold', words='2:8:4'))
    """
    choices = []
    for text in texts:
        name, _, words = (part.strip() for part in text.partition("="))
        choices.append(LeverChoice(name, words))
    problems = [
        Problem(
            "unknown_hall_lever",
            LEVER,
            found=choice.name,
            allowed=", ".join(NAMED),
            values=tuple(
                ("nearest", near) for near in difflib.get_close_matches(choice.name, NAMED, n=1)
            ),
        )
        for choice in choices
        if choice.name not in NAMED and "." not in choice.name
    ]
    if problems:
        raise OptionError(problems)
    return tuple(choices)


def hall_levers(scenario: Scenario, layout: str, choices: Sequence[LeverChoice]) -> Levers:
    """The levers that are asked for, each with the settings that differ from today's.

    Settings that cannot be made are left out, with the reason.

    Raises
    ------
    OptionError
        As `read_levers`; `no_levers_named` without any; `lever_absent` when the scenario has
        nothing that a lever moves; `vary_twice` when two move the same fields; with the reasons
        when no setting can be made.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> city = load_scenario(example_path("sanmenxia_tidal.yaml"))
    >>> levers = hall_levers(city, "zone", [LeverChoice("tidal_threshold", "2,4,8")]).levers
    >>> [(lever.path, lever.now, [s.value for s in lever.settings]) for lever in levers][0]
    ('layouts.zone.windows.tide_hrss.tidal.opens_at', ('4',), ['2', '8'])
    """
    if not choices:
        raise OptionError(Problem("no_levers_named", LEVER))
    return _make_levers(scenario, layout, tuple(choices))


@lru_cache(maxsize=16)
def _make_levers(scenario: Scenario, layout: str, choices: tuple[LeverChoice, ...]) -> Levers:
    """A page asks for the same ones several times: each setting is a scenario that is made."""
    levers: list[Lever] = []
    left_out: list[LeftOut] = []
    for choice in choices:
        if choice.name not in NAMED:
            levers += _read_path(scenario, choice)
            continue
        made = list(NAMED[choice.name](scenario, layout, choice.words))
        if not any(lever.settings or problems for lever, problems in made):
            raise OptionError(Problem("lever_absent", choice.name, LEVER, found=layout))
        levers += [lever for lever, _ in made if lever.settings]
        left_out += [LeftOut(lever.path, problems) for lever, problems in made if problems]
    if not levers:
        raise OptionError(problem for refusal in left_out for problem in refusal.problems)
    _refuse_overlaps(levers)
    return Levers(tuple(levers), tuple(left_out))


def _read_path(scenario: Scenario, choice: LeverChoice) -> tuple[Lever, ...]:
    """A lever of any field; what is wrong with it is said to come from the option of levers."""
    try:
        return read_levers(scenario, [f"{choice.name}={choice.words}"])
    except OptionError as error:
        raise OptionError(replace(problem, file=LEVER) for problem in error.problems) from None


def make_seat_lever(scenario: Scenario, layout: str, words: str = "") -> Lever:
    """Every move of one clerk that may be tried, from where they sit in this scenario."""
    return next(_make_seats(scenario, layout, words)).lever


def find_seated_groups(scenario: Scenario, layout: str) -> tuple[str, ...]:
    """Ids of the window groups between which clerks can move: those with clerks of their own.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> find_seated_groups(load_scenario(example_path("sanmenxia_tidal.yaml")), "zone")[:2]
    ('zone', 'counter_market')
    """
    return tuple(group.id for group in scenario.layout(layout).windows if _sits(group))


def _refuse_overlaps(levers: Sequence[Lever]) -> None:
    moved: dict[str, int] = {}
    for place, lever in enumerate(levers):
        paths = {o.partition("=")[0] for setting in lever.settings for o in setting.overrides}
        for path in sorted(paths):
            if (first_place := moved.setdefault(path, place)) != place:
                both = f"{levers[first_place].path}, {lever.path}"
                raise OptionError(Problem("vary_twice", path, LEVER, found=both))


class _MadeLever(NamedTuple):
    lever: Lever
    problems: tuple[Problem, ...]
    """Of settings that cannot be made."""


def _make(
    path: str, now: str, values: Iterable[str], overrides: Callable[[str], tuple[str, ...]]
) -> _MadeLever:
    """A lever of the values that differ from today's and can be made."""
    settings, problems = [], list[Problem]()
    for value in dict.fromkeys(values):
        if value == now:
            continue
        try:
            settings.append(Setting(value, overrides(value)))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    return _MadeLever(Lever(path, tuple(settings), (now,), 1), tuple(problems))


# === a function a lever === #


def _make_thresholds(scenario: Scenario, layout: str, words: str) -> Iterator[_MadeLever]:
    for group in scenario.layout(layout).windows:
        if group.tidal is None or group.tidal.opens_at is None:
            continue
        path = f"layouts.{layout}.windows.{group.id}.tidal.opens_at"
        least = group.tidal.closes_at + 1
        values = _read_wholes(path, words) or _suggest_steps(
            scenario, path, group.tidal.opens_at, least
        )

        def overrides(value: str, name: str = group.id) -> tuple[str, ...]:
            return set_tidal_threshold(scenario, layout, name, int(value))

        yield _make(path, str(group.tidal.opens_at), values, overrides)


def _make_pools(scenario: Scenario, layout: str, words: str) -> Iterator[_MadeLever]:
    groups = scenario.layout(layout).windows
    for group in groups:
        if group.tidal is None or group.tidal.pool is None:
            continue
        path = f"layouts.{layout}.windows.{group.id}.tidal.pool"
        lenders = (
            each.id for each in groups if _sits(each) and _count_most(each) > group.tidal.keep
        )
        values = values_of(path, words) if words else lenders

        def overrides(value: str, name: str = group.id) -> tuple[str, ...]:
            return set_tidal_pool(scenario, layout, name, value)

        yield _make(path, group.tidal.pool, values, overrides)


def _make_places(scenario: Scenario, layout: str, words: str) -> Iterator[_MadeLever]:
    del layout
    for book in scenario.applicants.appointments:
        path = f"applicants.appointments.{book.id}.slots"
        now = max(book.slots.values())
        values = _read_wholes(path, words) or _suggest_steps(scenario, path, now, 1)

        def overrides(value: str, name: str = book.id) -> tuple[str, ...]:
            return set_appointment_places(scenario, name, int(value))

        yield _make(path, str(now), values, overrides)


def _make_lunch(scenario: Scenario, layout: str, words: str) -> Iterator[_MadeLever]:
    del layout
    name = "lunch_stagger"
    gaps = [
        later.start - earlier.end
        for hours in map(join_hours, weekly_hours(hall_calendar(scenario)).values())
        for earlier, later in pairwise(hours)
    ]
    steps = range(HALF_HOUR, max(gaps, default=HALF_HOUR) + 1, HALF_HOUR)
    values = values_of(name, words) if words else [format_span(step) for step in steps]
    yield _make(
        name,
        format_span(0),
        [format_span(_read_ticks(name, value)) for value in values],
        lambda value: stagger_lunch(scenario, _read_ticks(name, value)),
    )


def _make_opening(scenario: Scenario, layout: str, words: str) -> Iterator[_MadeLever]:
    del layout
    name = "opening"
    values = (
        values_of(name, words) if words else [_write_ticks(step * HALF_HOUR) for step in SHIFTS]
    )
    yield _make(
        name,
        format_span(0),
        [_write_ticks(_read_ticks(name, value)) for value in values],
        lambda value: move_opening(scenario, _read_ticks(name, value)),
    )


def _make_seats(scenario: Scenario, layout: str, words: str) -> Iterator[_MadeLever]:
    """Moves of one clerk; unless told otherwise, between the largest group and any other."""
    groups = [group for group in scenario.layout(layout).windows if _sits(group)]
    ids = find_seated_groups(scenario, layout)
    if words:
        moves = [_read_move(value, ids) for value in values_of(SEATS, words)]
    else:
        largest = max(groups, key=_count_most)
        others = [group for group in groups if group is not largest]
        moves = [(largest.id, group.id) for group in others if _count_most(largest) > 1]
        moves += [(group.id, largest.id) for group in others if _count_most(group) > 1]
    if len(groups) > 1:
        yield _make(
            SEATS,
            "",
            [MOVE.join(move) for move in moves],
            lambda value: move_clerk(scenario, layout, *_read_move(value, ids)),
        )


NAMED: Final[dict[str, Callable[[Scenario, str, str], Iterator[_MadeLever]]]] = {
    "tidal_threshold": _make_thresholds,
    "tidal_pool": _make_pools,
    "appointment_places": _make_places,
    "lunch_stagger": _make_lunch,
    "opening": _make_opening,
    SEATS: _make_seats,
}
"""By name: the levers of a layout, from the scenario and from values that are asked for."""


# === values === #


def _sits(group: WindowGroup) -> bool:
    """Whether it has clerks of its own, who sit there."""
    return group.tidal is None and _count_most(group) > 0


def _count_most(group: WindowGroup) -> int:
    return most_clerks(group.clerks)


def _read_move(value: str, groups: Iterable[str]) -> tuple[str, str]:
    """From which group to which.

    Raises
    ------
    OptionError
        `lever_move` for anything else.
    """
    source, _, target = (part.strip() for part in value.partition(MOVE))
    if source == target or not {source, target}.issubset(groups):
        allowed = ", ".join(sorted(groups))
        raise OptionError(Problem("lever_move", SEATS, LEVER, found=value, allowed=allowed))
    return source, target


def _read_wholes(path: str, words: str) -> list[str]:
    """Whole numbers from 1 on; none without words.

    Raises
    ------
    OptionError
        `outside_range` for anything else.
    """
    values = values_of(path, words) if words else ()
    for value in values:
        if not (value.isascii() and value.isdecimal() and int(value) > 0):
            raise OptionError(Problem("outside_range", path, LEVER, found=value, allowed="≥ 1"))
    return [str(int(value)) for value in values]


def _suggest_steps(scenario: Scenario, path: str, now: int, least: int) -> list[str]:
    """Whole numbers over the range that the scenario states, else up to twice today's."""
    steps = tuple(path.split("."))
    low, high = least, 2 * now
    for number in numbers(scenario):
        if number.stated_at and number.path[: len(steps)] == steps:
            low, high = max(int(str(number.low)), least), int(str(number.high))
            break
    count = min(MOST_STEPS, high - low + 1)
    spread = [low + round((high - low) * n / max(count - 1, 1)) for n in range(count)]
    return [str(value) for value in spread]


def _read_ticks(path: str, value: str) -> int:
    """A duration, also one below 0.

    Raises
    ------
    OptionError
        As a duration in a scenario has it, for anything else.
    """
    written = value.lstrip("-−")
    try:
        ticks = clock.parse_duration(written)
    except ClockError as error:
        problem = Problem(error.code, path, LEVER, found=value, allowed="allowed.duration")
        raise OptionError(problem) from None
    return -ticks if written != value else ticks


def _write_ticks(ticks: int) -> str:
    return ("-" if ticks < 0 else "") + format_span(abs(ticks))

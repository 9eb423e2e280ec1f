"""Levers: the numbers of a scenario that can be moved, each with the two ends of its range."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sim.errors import OptionError, Problem
from sim.questions.vary import Lever, Setting, read_levers, written_value
from sim.scenario.assumptions import amount_of
from sim.scenario.dated_rosters import most_clerks
from sim.scenario.edit import scaled_roster
from sim.scenario.fields import allowed_at, join_names
from sim.scenario.node import Steps, show_value
from sim.scenario.provenance import Number, numbers, range_path, with_ranges
from sim.scenario.scenario import Scenario

ENDS: Final = 2


class LeftOut(NamedTuple):
    """A lever that was not run, or not at both ends, and why."""

    path: str
    problems: tuple[Problem, ...]


class Levers(NamedTuple):
    """Levers to run, and those that are no levers of this layout."""

    levers: tuple[Lever, ...]
    """Each with two settings, the lowest first."""
    left_out: tuple[LeftOut, ...]


@lru_cache(maxsize=8)
def assumed_levers(scenario: Scenario, layout: str) -> Levers:
    """A lever for each range that is assumed or measured; all numbers of a range move together.

    Clerks keep the shape of their roster: its largest number takes the ends of the range.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> levers = assumed_levers(load_scenario(example_path("sanmenxia.yaml")), "zone")
    >>> [(lever.path, lever.places) for lever in levers.levers][:2]
    [('hall.last_ticket', 1), ('hall.reception.clerks', 1)]
    >>> levers.left_out[0].path, levers.left_out[0].problems[0].code
    ('calendars.hall.weekly.sat', 'lever_hours')
    """
    scenario.layout(layout)
    levers, left_out = [], []
    for place, about in with_ranges(numbers(scenario)).items():
        path = ".".join(map(str, range_path(place)))
        code, detail = _no_lever(path, about, layout)
        if code:
            problem = Problem(code, path, found=detail, severity="warning")
            left_out.append(LeftOut(path, (problem,)))
        else:
            levers.append(_lever(scenario, path, about))
    return Levers(tuple(levers), tuple(left_out))


def _no_lever(path: str, about: Sequence[Number], layout: str) -> tuple[str, str]:
    """Why a range is no lever of this layout, and what was found; empty when it is one."""
    first, *deeper = path.split(".")
    if first == "layouts" and deeper[:1] not in ([layout], ["*"]):
        return "lever_other_layout", deeper[0]
    amounts = [amount_of(number.value) for number in about]
    low, high = amount_of(about[0].low), amount_of(about[0].high)
    if any(amount is None for amount in (*amounts, low, high)):
        return "lever_no_number", show_value(about[0].value)
    if low is not None and low.kind == "hours":
        return "lever_hours", show_value(about[0].value)
    whole = [number.path for number in about if len(number.path) > len(path.split("."))]
    if whole and allowed_at(whole[0][:-1]).key != "allowed.roster":
        return "lever_shape", ".".join(map(str, whole[0]))
    if low == high:
        return "lever_one_value", show_value(about[0].low)
    return "", ""


def _lever(scenario: Scenario, path: str, about: Sequence[Number]) -> Lever:
    rosters: dict[Steps, dict[str, float]] = {}
    plain: list[str] = []
    for number in about:
        above = number.path[:-1]
        if allowed_at(above).key == "allowed.roster":
            rosters.setdefault(above, {})[str(number.path[-1])] = _clerks(number.value)
        elif allowed_at(number.path).key == "allowed.roster":
            rosters[number.path] = {"": _clerks(number.value)}
        else:
            parts = isinstance(number.value, Mapping) and "mean" in number.value
            plain.append(".".join(map(str, (*number.path, *(["mean"] if parts else [])))))
    settings = tuple(
        Setting(
            written_value(end),
            (
                *(f"{name}={written_value(end)}" for name in plain),
                *(
                    override
                    for place in rosters
                    for override in _roster(scenario, place, rosters[place], end)
                ),
            ),
        )
        for end in (about[0].low, about[0].high)
    )
    now = [_value(number) for number in about if not rosters]
    now += [written_value(most_clerks(roster)) for roster in rosters.values()]
    return Lever(path, settings, tuple(dict.fromkeys(now)), len(plain) + len(rosters))


def _value(number: Number) -> str:
    value = number.value
    return written_value(value["mean"] if isinstance(value, Mapping) and "mean" in value else value)


def _clerks(value: object) -> float:
    return float(str(value))


def _roster(
    scenario: Scenario, place: Steps, roster: Mapping[str, float], end: Any
) -> Iterator[str]:
    """Overrides that give a roster another largest number; more clerks need as many windows."""
    name, most = ".".join(map(str, place)), most_clerks(roster)
    if set(roster) == {""} or most == 0:
        yield f"{name}={written_value(end)}"
    else:
        scaled = scaled_roster(roster, most, int(end))
        yield f"{name}={shown_roster(scaled)}"
    if place[0] == "layouts":
        layout = scenario.layout(str(place[1]))
        count = next(group.count for group in layout.windows if group.id == place[3])
        if count is not None and count < int(end):
            yield f"{name.rpartition('.')[0]}.count={int(end)}"


def shown_roster(roster: Mapping[str, int]) -> str:
    """A roster as an override writes it.

    Examples
    --------
    >>> shown_roster({"mon-fri 00:00-24:00": 4, "sat 09:00-12:00": 1})
    '{mon-fri 00:00-24:00: 4, sat 09:00-12:00: 1}'
    """
    return f"{{{', '.join(f'{hours}: {clerks}' for hours, clerks in roster.items())}}}"


def given_levers(scenario: Scenario, texts: Sequence[str]) -> tuple[Lever, ...]:
    """Levers of the asker's own, from `path=low,high`.

    Raises
    ------
    OptionError
        As `read_levers`, and for more or fewer than two values.
    """
    levers = read_levers(scenario, texts)
    wrong = [lever for lever in levers if len(lever.settings) != ENDS]
    if wrong:
        raise OptionError(
            Problem("lever_two_values", lever.path, "--vary", found=str(len(lever.settings)))
            for lever in wrong
        )
    return levers


def chosen(levers: Levers, replacements: Sequence[Lever] = (), only: Sequence[str] = ()) -> Levers:
    """The levers that are asked for: given ones take the place of assumed ones of their path.

    Parameters
    ----------
    only
        Paths, or their beginnings; empty = all.

    Raises
    ------
    OptionError
        For a path in `only` with which no lever begins.
    """
    given_paths = {lever.path for lever in replacements}
    everything = [
        *replacements,
        *(lever for lever in levers.levers if lever.path not in given_paths),
    ]
    left_out = [refusal for refusal in levers.left_out if refusal.path not in given_paths]
    if not only:
        return Levers(tuple(everything), tuple(left_out))
    paths = [lever.path for lever in everything] + [refusal.path for refusal in left_out]
    problems = [
        Problem(
            "unknown_lever",
            "--only",
            found=path,
            allowed=join_names(paths),
            values=tuple(("nearest", near) for near in difflib.get_close_matches(path, paths, n=1)),
        )
        for path in only
        if not any(_begins(known_path, path) for known_path in paths)
    ]
    if problems:
        raise OptionError(problems)

    def is_chosen(path: str) -> bool:
        return any(_begins(path, start) for start in only)

    return Levers(
        tuple(lever for lever in everything if is_chosen(lever.path)),
        tuple(refusal for refusal in left_out if is_chosen(refusal.path)),
    )


def sections(levers: Levers) -> tuple[str, ...]:
    """The sections of the scenario that hold levers, in its order.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> sections(assumed_levers(load_scenario(example_path("sanmenxia.yaml")), "zone"))[:3]
    ('hall', 'departments', 'matters')
    """
    held = {lever.path.partition(".")[0] for lever in levers.levers}
    return tuple(name for name in Scenario.model_fields if name in held)


def _begins(path: str, start: str) -> bool:
    return path == start or path.startswith(f"{start}.")

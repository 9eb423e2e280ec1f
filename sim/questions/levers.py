"""What matters most: each lever at both ends of its range, all else as it is, same crowds."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sim.analysis.estimates import Estimate, differences, estimates
from sim.analysis.intervals import bonferroni
from sim.analysis.judge import rated
from sim.analysis.measures import QUANTILES, Tally
from sim.engine.run import Engine
from sim.errors import OptionError, Problem, ScenarioError
from sim.questions.question import one_layout
from sim.questions.sweep import ALL, prices, tallies_of
from sim.questions.vary import Lever, Setting, read_levers, written_value
from sim.runs.run import Run
from sim.scenario.assumptions import amount_of
from sim.scenario.edit import VariedScenario, scaled_roster, vary_tree
from sim.scenario.fields import allowed_at, join_names
from sim.scenario.load import tree_of
from sim.scenario.node import Node, Steps, show_value
from sim.scenario.provenance import Number, numbers
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


class End(NamedTuple):
    """A lever at one end of its range."""

    value: str
    same_budget: bool
    estimate: Estimate
    difference: Estimate
    """This end minus the scenario as it is, on the same crowds."""


class Swing(NamedTuple):
    """One lever at both ends; an end that makes the scenario unsound is None."""

    lever: Lever
    low: End | None
    high: End | None

    @property
    def size(self) -> float:
        """The larger of both differences, without its sign."""
        ends = (end for end in (self.low, self.high) if end is not None)
        return max((abs(end.difference.interval.mean) for end in ends), default=0.0)


class Ranking(NamedTuple):
    """All levers of one layout by what they do to one measure."""

    scenario: Scenario
    layout: str
    measure: str
    base: Estimate | None
    """The scenario as it is; None where there was nothing to count."""
    swings: tuple[Swing, ...]
    """The largest first."""
    left_out: tuple[LeftOut, ...]
    replications: int
    asked: int
    seed: int
    engine: Engine
    level: float
    """Coverage of each estimate alone, and of all differences together."""

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped early."""
        return self.replications < self.asked

    @property
    def comparisons(self) -> int:
        """Differences that hold together: every end that was run."""
        return sum(end is not None for swing in self.swings for end in (swing.low, swing.high))

    @property
    def idle(self) -> int:
        """Levers that change nothing at all, in no replication."""
        return sum(swing.size == 0 for swing in self.swings)


# === which levers there are === #


def assumed_levers(scenario: Scenario, layout: str) -> Levers:
    """A lever for each range that the scenario assumes; all numbers of a range move together.

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
    stated: dict[Steps, list[Number]] = {}
    for number in numbers(scenario):
        if number.assumed:
            stated.setdefault(number.stated_at, []).append(number)
    levers, left_out = [], []
    for place, about in stated.items():
        path = _path(place)
        code, detail = _no_lever(path, about, layout)
        if code:
            problem = Problem(code, path, found=detail, severity="warning")
            left_out.append(LeftOut(path, (problem,)))
        else:
            levers.append(_lever(scenario, path, about))
    return Levers(tuple(levers), tuple(left_out))


def _path(stated_at: Steps) -> str:
    return ".".join(str(step) for step in stated_at if step != "assumed")


def _no_lever(path: str, about: Sequence[Number], layout: str) -> tuple[str, str]:
    """Why a range is no lever of this layout, and what was found; empty when it is one."""
    first, *rest = path.split(".")
    if first == "layouts" and rest[:1] not in ([layout], ["*"]):
        return "lever_other_layout", rest[0]
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
    rosters: dict[Steps, dict[str, int]] = {}
    plain: list[str] = []
    for number in about:
        above = number.path[:-1]
        if allowed_at(above).key == "allowed.roster":
            rosters.setdefault(above, {})[str(number.path[-1])] = _whole(number.value)
        elif allowed_at(number.path).key == "allowed.roster":
            rosters[number.path] = {"": _whole(number.value)}
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
    now += [written_value(max(roster.values())) for roster in rosters.values()]
    return Lever(path, settings, tuple(dict.fromkeys(now)), len(plain) + len(rosters))


def _value(number: Number) -> str:
    value = number.value
    return written_value(value["mean"] if isinstance(value, Mapping) and "mean" in value else value)


def _whole(value: object) -> int:
    return int(str(value))


def _roster(scenario: Scenario, place: Steps, roster: Mapping[str, int], end: Any) -> Iterator[str]:
    """Overrides that give a roster another largest number; more clerks need as many windows."""
    name, most = ".".join(map(str, place)), max(roster.values())
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

    def wanted(path: str) -> bool:
        return any(_begins(path, start) for start in only)

    return Levers(
        tuple(lever for lever in everything if wanted(lever.path)),
        tuple(refusal for refusal in left_out if wanted(refusal.path)),
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


# === what they do === #


def rank(
    scenario: Scenario,
    layout: str,
    levers: Levers,
    measure: str = "wait",
    *,
    run: Run = Run(),
    level: float = 0.95,
) -> Ranking:
    """Run each lever at its low and its high end, all else as it is, and rank the levers.

    An end that makes the scenario unsound is left out and told; a point of unequal clerk hours is
    run and marked, as in a sweep.

    Parameters
    ----------
    levers
        As `assumed_levers` or `chosen` give them.
    measure
        Of `MEASURES`, or a quantile of waits.
    run
        How to run it; stopped early, every end keeps the same first replications.

    Raises
    ------
    OptionError
        For an unknown measure, when no lever is left, and on a cluster.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = given_levers(scenario, ["layouts.hall.windows.windows.clerks=5,7"])
    >>> ranking = rank(scenario, "hall", Levers(levers, ()), run=Run(replications=2, workers=1))
    >>> [(swing.lever.path, swing.low.difference.interval.mean) for swing in ranking.swings]
    [('layouts.hall.windows.windows.clerks', 0.0)]
    """
    if measure not in ALL:
        problem = Problem("unknown_measure", "--measure", found=measure, allowed=", ".join(ALL))
        raise OptionError(problem)
    if not levers.levers:
        raise OptionError(Problem("no_levers"))
    tree = tree_of(scenario)
    made: list[tuple[VariedScenario | None, VariedScenario | None]] = []
    left_out = list(levers.left_out)
    for lever in levers.levers:
        ends, problems = _ends(tree, lever, run.cancelled)
        made.append(ends)
        if problems:
            left_out.append(LeftOut(lever.path, problems))
    how = run.resolved(scenario)
    scenarios = [scenario, *(end.scenario for ends in made for end in ends if end is not None)]
    key = "wait" if measure in QUANTILES else measure
    rows = tallies_of(scenarios, (layout,), tuple(dict.fromkeys((key, measure))), run=how)
    tallies = {varied.hash: by_layout[0] for varied, by_layout in zip(scenarios, rows, strict=True)}
    context = _EndContext(scenario, tallies, measure, key, level, len(scenarios) - 1)
    replications = len(tallies[scenario.hash])
    swings = [
        Swing(lever, *(_end(context, lever, n, ends[n]) for n in range(ENDS)))
        for lever, ends in zip(levers.levers, made, strict=True)
        if replications and any(end is not None for end in ends)
    ]
    swings.sort(key=lambda swing: -swing.size)
    base = context.estimate(scenario) if replications else None
    return Ranking(
        scenario,
        layout,
        measure,
        base,
        tuple(swings),
        tuple(left_out),
        replications,
        how.replications,
        how.seed,
        how.engine,
        level,
    )


def _ends(
    tree: Node, lever: Lever, cancelled: Callable[[], bool]
) -> tuple[tuple[VariedScenario | None, VariedScenario | None], tuple[Problem, ...]]:
    """The scenarios of both ends, and why there is none."""
    ends: list[VariedScenario | None] = []
    problems: list[Problem] = []
    for setting in lever.settings:
        try:
            ends.append(None if cancelled() else vary_tree(tree, setting.overrides))
        except ScenarioError as error:
            ends.append(None)
            problems += [problem for problem in error.problems if problem not in problems]
    low, high = ends
    return (low, high), tuple(problems)


class _EndContext(NamedTuple):
    """What all ends of a ranking share."""

    scenario: Scenario
    tallies: Mapping[str, tuple[Tally, ...]]
    """By the hash of their scenario."""
    measure: str
    key: str
    """The measure whose sums it needs."""
    level: float
    comparisons: int

    def estimate(self, scenario: Scenario) -> Estimate | None:
        """The measure in one scenario."""
        measures = [measure for measure in prices(scenario) if measure.key == self.key]
        return _only(self.measure, estimates(self.tallies[scenario.hash], self.level, measures))

    def difference(self, scenario: Scenario) -> Estimate | None:
        """One scenario minus the base."""
        before, after = self.tallies[self.scenario.hash], self.tallies[scenario.hash]
        old, new = (
            [measure for measure in prices(each) if measure.key == self.key]
            for each in (self.scenario, scenario)
        )
        each = bonferroni(self.level, max(self.comparisons, 1))
        apart = _only(self.measure, differences(before, after, each, old, new))
        base = self.estimate(self.scenario)
        if apart is None or base is None:
            return apart
        return rated(apart, base.interval.mean, self.scenario.targets)


def _only(measure: str, measured: Iterable[Estimate]) -> Estimate | None:
    return next((estimate for estimate in measured if estimate.measure == measure), None)


def _end(context: _EndContext, lever: Lever, n: int, made: VariedScenario | None) -> End | None:
    if made is None:
        return None
    estimate, difference = context.estimate(made.scenario), context.difference(made.scenario)
    if estimate is None or difference is None:
        return None
    return End(lever.settings[n].value, made.same_budget, estimate, difference)


@dataclass(frozen=True)
class LeversQuestion:
    """Which number matters most for one measure in one layout?

    Attributes
    ----------
    layout : str or None
        None = the first of the scenario.
    measure : str
        Of `MEASURES`, or a quantile of waits.
    only : tuple of str
        Levers, or beginnings of their paths; empty = all.
    given : tuple of Lever
        Levers of the asker's own, as `given_levers` gives them.
    level : float
        Coverage of each estimate alone, and of all differences together.
    """

    layout: str | None = None
    measure: str = "wait"
    only: tuple[str, ...] = ()
    given: tuple[Lever, ...] = ()
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout."""
        return one_layout(self.layout)

    def levers(self, scenario: Scenario) -> Levers:
        """The levers that are moved.

        Raises
        ------
        OptionError
            As `chosen`.
        """
        return chosen(assumed_levers(scenario, self._layout_of(scenario)), self.given, self.only)

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is, and both ends of every lever."""
        return 1 + ENDS * len(self.levers(scenario).levers)

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Ranking:
        """The levers, ranked."""
        return rank(
            scenario,
            self._layout_of(scenario),
            self.levers(scenario),
            self.measure,
            run=run,
            level=self.level,
        )

    def _layout_of(self, scenario: Scenario) -> str:
        return self.layout or scenario.layouts[0].id

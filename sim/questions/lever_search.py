"""Settings of levers as candidates, and the search for the best: all at once, or lever by lever."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from sim.errors import Problem, ScenarioError
from sim.questions.contest import Candidate, CandidateRuns, Criterion, select_best
from sim.questions.hall_levers import SEATS, make_seat_lever
from sim.questions.levers import LeftOut
from sim.questions.vary import Lever, Setting
from sim.runs.run import ResolvedRun
from sim.scenario.clerk_hours import weekly_clerk_hours
from sim.scenario.edit import vary_tree
from sim.scenario.edit_levers import LEVER
from sim.scenario.load import tree_of
from sim.scenario.node import Node
from sim.scenario.scenario import Scenario

AT_ONCE: Final = 60
"""Candidates that are run against each other; where levers make more, they take turns."""
MOST_TURNS: Final = 10
"""Turns of all levers."""
LIMIT: Final = 20
"""Times the first replications after which candidates that cannot be told apart are left so."""
EXPECTED: Final = 2
"""Times the first replications of all candidates that it takes, for the estimate."""
SAME_HOURS: Final = 1e-6
"""Clerk hours a week below which two are the same but for rounding."""


def count_combinations(levers: Sequence[Lever]) -> int:
    """How many candidates levers make together, today's among them."""
    return math.prod(len(lever.settings) + 1 for lever in levers)


def takes_turns(levers: Sequence[Lever]) -> bool:
    """Whether levers take turns, rather than all combinations being run against each other."""
    return count_combinations(levers) > AT_ONCE or any(lever.path == SEATS for lever in levers)


def expected_runs(levers: Sequence[Lever]) -> int:
    """Candidates times the first replications that a search takes; it is an estimate."""
    if takes_turns(levers):
        return EXPECTED * (1 + sum(len(lever.settings) for lever in levers))
    return EXPECTED * count_combinations(levers)


class LeverSearch:
    """The candidates of one question, and what was found of them.

    Parameters
    ----------
    levers
        With settings that differ from today's.
    any_hours
        Candidates may have other clerk hours than today.

    Attributes
    ----------
    today, chosen : Candidate
    runs : CandidateRuns
    dropped_after : dict
        By the key of a candidate: replications after which it was out; 0 = never.
    serving_fewer : set
        Keys of those that were out as they surely serve fewer people.
    left_out : list of LeftOut
        Combinations that cannot be made, or change the clerk hours.
    is_decided : bool
        Whether the selection, or all of the last turn, came to its end.
    """

    def __init__(
        self,
        scenario: Scenario,
        layout: str,
        levers: Sequence[Lever],
        criterion: Criterion,
        how: ResolvedRun,
        *,
        any_hours: bool,
    ) -> None:
        self.levers, self.in_turns = tuple(levers), takes_turns(levers)
        self.runs = CandidateRuns(
            layout, criterion.measure, how, how.replications * expected_runs(levers)
        )
        now = tuple(", ".join(lever.now) for lever in levers)
        self.today = Candidate(now, (), scenario, scenario.hash)
        self.chosen, self.is_decided = self.today, True
        self.dropped_after: dict[str, int] = {}
        self.serving_fewer: set[str] = set()
        self.left_out: list[LeftOut] = []
        self._layout, self._criterion, self._how = layout, criterion, how
        self._any_hours = any_hours
        self._tree: Node = tree_of(scenario)
        self._candidates = {self.today.key: self.today}

    @property
    def tried(self) -> tuple[Candidate, ...]:
        """The candidates of which anything is known, in the order in which they were made."""
        made = self._candidates.values()
        return tuple(each for each in made if self.runs.count(each))

    def clerk_hours(self, candidate: Candidate) -> float:
        """Clerk hours a week, as planned."""
        return weekly_clerk_hours(candidate.scenario, candidate.scenario.layout(self._layout))

    # --- candidates --- #

    def make(self, settings: Sequence[tuple[int, Setting]], base: Candidate) -> Candidate | None:
        """A candidate with some levers set over another one; None where it cannot be.

        Parameters
        ----------
        settings
            Places of levers, with what they are set to.
        """
        values, overrides = list(base.values), _split_overrides(base.overrides)
        for place, setting in settings:
            lever = self.levers[place]
            if lever.path == SEATS:
                values[place] = f"{values[place]} {setting.value}".strip()
            else:
                values[place] = setting.value
                moved = _find_paths(lever)
                overrides = {path: text for path, text in overrides.items() if path not in moved}
            overrides |= _split_overrides(setting.overrides)
        texts = tuple(f"{path}={value}" for path, value in overrides.items())
        try:
            scenario = vary_tree(self._tree, texts).scenario
        except ScenarioError as error:
            self._leave_out(settings, error.problems[0])
            return None
        candidate = Candidate(tuple(values), texts, scenario, scenario.hash)
        hours, today = self.clerk_hours(candidate), self.clerk_hours(self.today)
        if abs(hours - today) > SAME_HOURS and not self._any_hours:
            path = self.levers[settings[0][0]].path
            hours_words, allowed = f"{hours:g} h", f"{today:g} h"
            problem = Problem("lever_other_hours", path, LEVER, found=hours_words, allowed=allowed)
            self._leave_out(settings, problem)
            return None
        return self._candidates.setdefault(candidate.key, candidate)

    def _leave_out(self, settings: Sequence[tuple[int, Setting]], problem: Problem) -> None:
        words = ", ".join(f"{self.levers[n].path}={setting.value}" for n, setting in settings)
        refusal = LeftOut(words, (problem,))
        if refusal not in self.left_out:
            self.left_out.append(refusal)

    # --- selection --- #

    def look(self) -> None:
        """Select the best of all combinations, or lever by lever; Ctrl-C keeps the best so far."""
        try:
            self._look()
        except KeyboardInterrupt:
            self.runs.stopped = True

    def _look(self) -> None:
        if not self.in_turns:
            self.chosen = self._select_best(self.today, list(self._make_combinations()))
            return
        for _ in range(MOST_TURNS):
            before, self.is_decided = self.chosen, True
            for place in range(len(self.levers)):
                self._take_turn(place)
            if self.runs.stopped or self._measure_gain(before, self.chosen) <= self._criterion.zone:
                return

    def _make_combinations(self) -> Iterator[Candidate]:
        each = [(_keep_today(lever), *lever.settings) for lever in self.levers]
        for settings in product(*each):
            if self._how.cancelled():
                return
            if (candidate := self.make(list(enumerate(settings)), self.today)) is not None:
                yield candidate

    def _take_turn(self, place: int) -> None:
        """Let one lever move, the others as they are best so far."""
        lever = self.levers[place]
        if self.runs.stopped or self._how.cancelled():
            return
        settings = (_keep_today(lever), *lever.settings)
        if lever.path == SEATS:
            words = ",".join(setting.value for setting in lever.settings)
            settings = make_seat_lever(self.chosen.scenario, self._layout, words).settings
        rivals = [self.make([(place, setting)], self.chosen) for setting in settings]
        self.chosen = self._select_best(
            self.chosen, [rival for rival in rivals if rival is not None]
        )

    def _select_best(self, base: Candidate, rivals: Sequence[Candidate]) -> Candidate:
        contest = list({each.key: each for each in (base, *rivals)}.values())
        first = self._how.replications
        selection = select_best(
            self.runs, contest, self.today, self._criterion, first, LIMIT * first
        )
        for candidate, after, fewer in zip(
            contest, selection.dropped_after, selection.serves_fewer, strict=True
        ):
            self.dropped_after[candidate.key] = after
            if fewer:
                self.serving_fewer.add(candidate.key)
        self.is_decided &= selection.is_decided
        return contest[selection.best]

    def _measure_gain(self, before: Candidate, after: Candidate) -> float:
        """By how much one candidate is better than another one; 0 where nothing was run."""
        n = min(self.runs.count(each) for each in (before, after))
        sums = [self.runs.sums(each, n).sum(axis=0) for each in (before, after) if n]
        values = [self._criterion.sign * total / over for total, over in sums if over]
        return float(values[0] - values[1]) if len(values) == 2 else 0.0


def _keep_today(lever: Lever) -> Setting:
    return Setting(", ".join(lever.now), ())


def _find_paths(lever: Lever) -> frozenset[str]:
    """Paths of all fields that any of its settings sets."""
    return frozenset(
        path for setting in lever.settings for path in _split_overrides(setting.overrides)
    )


def _split_overrides(overrides: Sequence[str]) -> dict[str, str]:
    return {path: value for path, _, value in (each.partition("=") for each in overrides)}

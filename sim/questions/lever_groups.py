"""Which levers matter, found in groups that move together; only groups that matter are split.

Group screening by bisection with both ends. A group of levers is moved to all its low and all its
high ends on a few crowds. What changes nothing at all is dismissed; what may change the measure by
more than half the threshold is split in two, down to single levers, which are then run as a full
design runs them. What is in between might hide effects that cancel each other, so random halves of
it are moved too: if one lever of a group does more than the threshold, whatever the others of a
half do, the half with it or the half without it is beyond half the threshold, and a random half
shows that with a chance of one half or more, as long as effects add up. A group is dismissed when
none of all its moves is beyond.

References
----------
Bettonvil & Kleijnen (1997), Searching for important factors in simulation models with many
factors: sequential bifurcation, European Journal of Operational Research 96. Dorfman (1943), The
detection of defective members of large populations, Annals of Mathematical Statistics 14.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import cached_property
from typing import Final

import numpy as np

from sim.analysis.estimates import Estimate
from sim.analysis.judge import matters_from
from sim.engine.run import prepare
from sim.errors import OptionError, Problem
from sim.plan.compile import compile_plan
from sim.questions.lever_forecast import (
    SPLIT,
    SPLIT_BY_HALVES,
    MovesAhead,
    ahead_of_group,
    ahead_of_parts,
)
from sim.questions.lever_moves import (
    HALVES,
    TOGETHER,
    GroupMembers,
    Move,
    MoveTrial,
    TriedMove,
    both_ends,
    try_move,
)
from sim.questions.levers import ENDS, LeftOut, Levers
from sim.questions.ranking import (
    EndContext,
    LeverGroup,
    MeasuredScenario,
    Ranking,
    Swing,
    check_ranked,
    sums_of,
)
from sim.runs.processes import run_parts
from sim.runs.run import Run
from sim.runs.task import Conditions
from sim.scenario.load import tree_of
from sim.scenario.scenario import Scenario

CROWDS: Final = 5
"""Replications on which groups are moved."""
TRUSTED: Final = 4
"""Groups that are decided which weigh as much as the share that is split before (`SPLIT`)."""


def screen_levers(
    scenario: Scenario,
    layout: str,
    levers: Levers,
    measure: str = "wait",
    *,
    threshold: float | None = None,
    run: Run = Run(),
    level: float = 0.95,
) -> Ranking:
    """Rank the levers that may matter; the others are dismissed in groups, with a bound.

    `run.early` is given the ranking so far after each round of moves.

    Parameters
    ----------
    levers, measure
        As in `rank`.
    threshold
        Effects from which a lever shall be found, in the unit of the measure; None = the difference
        that matters in the scenario (`targets.matters_from`).
    run
        How to run it; stopped early, it says what has not been told apart.

    Raises
    ------
    OptionError
        As `rank`; `outside_range` for a threshold that is not above 0.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.questions.levers import given_levers
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> levers = given_levers(scenario, ["layouts.hall.windows.windows.clerks=3,9"])
    >>> ranking = screen_levers(
    ...     scenario, "hall", Levers(levers, ()), run=Run(replications=2, workers=1)
    ... )
    >>> [swing.lever.path for swing in ranking.swings], ranking.groups
    (['layouts.hall.windows.windows.clerks'], ())
    """
    check_ranked(measure, levers)
    if threshold is not None and not threshold > 0:
        raise OptionError(
            Problem("outside_range", "--screen", found=f"{threshold:g}", allowed="> 0")
        )
    return _GroupSearch(scenario, layout, levers, measure, threshold, run, level).run()


class _GroupSearch:
    """One search: groups that are open, and what is known of every move."""

    def __init__(
        self,
        scenario: Scenario,
        layout: str,
        levers: Levers,
        measure: str,
        threshold: float | None,
        run: Run,
        level: float,
    ) -> None:
        self._scenario, self._layout, self._measure = scenario, layout, measure
        self._levers, self._left_out = levers.levers, list(levers.left_out)
        self._how, self._level = run.resolved(scenario), level
        self._key, self._tree = sums_of(measure), tree_of(scenario)
        self._threshold = threshold
        self._crowds = min(CROWDS, self._how.replications)
        self._tried: dict[Move, TriedMove] = {}
        self._open: list[GroupMembers] = []
        self._of: dict[GroupMembers, float] = {}
        """Of a half that is to be moved: the mean change by the group that it is of."""
        self._singles: list[int] = []
        self._groups: list[LeverGroup] = []
        self._reaches: dict[Move, float] = {}
        """Of moves on the crowds on which groups are moved."""
        self._split_before, self._known_before = 0, 0
        """Groups of the last level that were split, and all that were."""
        self._done, self._stopped = 0, False

    def run(self) -> Ranking:
        """Split and dismiss until no group is open; then run single levers to the end."""
        self._how.cores()
        prepare(compile_plan(self._scenario, self._layout), self._how.engine)
        n = len(self._levers)
        self._open = [tuple(range(k, min(k + TOGETHER, n))) for k in range(0, n, TOGETHER)]
        self._try_all([()], 0, self._crowds)
        if () not in self._tried:
            return self._ranking()
        while self._open and not self._stopped:
            self._try_all([move for group in self._open for move in both_ends(group)])
            doubtful = [group for group in self._open if self._is_known(both_ends(group))]
            doubtful = [group for group in doubtful if self._is_small(group)]
            self._try_all([move for group in doubtful for move in self._halves(group)])
            if not self._stopped:
                self._sort_groups(doubtful)
            self._how.show(self._ranking())
        if not self._stopped and self._crowds < self._how.replications:
            moves = [move for n in self._singles for move in both_ends((n,))]
            self._try_all([(), *moves], self._crowds, self._how.replications)
        return self._ranking()

    # --- moves --- #

    def _try_all(self, moves: Iterable[Move], first: int = 0, end: int | None = None) -> None:
        """Run moves on some crowds; those of which these crowds are known are not run again."""
        last = self._crowds if end is None else end
        fresh = [
            move
            for move in dict.fromkeys(moves)
            if move not in self._tried
            or (not self._tried[move].problems and len(self._tried[move].about.tallies) < last)
        ]
        if self._stopped or not fresh:
            return
        keys = tuple(dict.fromkeys((self._key, self._measure)))
        within = self._scenario.targets.called_within
        conditions = Conditions(self._how.seed, self._how.engine, within, keys)
        trials = [
            MoveTrial(
                self._tree,
                tuple(o for n, at in move for o in self._levers[n].settings[at].overrides),
                self._layout,
                conditions,
                self._key,
                first,
                last,
            )
            for move in fresh
        ]
        try:
            with closing(run_parts(trials, try_move, 1, self._how)) as source:
                for n, (_, place, tried) in enumerate(source, 1):
                    self._keep(fresh[place], tried)
                    self._done += last - first
                    self._report(len(fresh) - n, last - first)
                    if self._how.cancelled():
                        break
            self._stopped = self._how.cancelled()
        except KeyboardInterrupt:
            self._stopped = True

    def _keep(self, move: Move, tried: TriedMove) -> None:
        """What was found, behind what was known of earlier crowds."""
        before = self._tried.get(move)
        if before is not None and not tried.problems:
            about = before.about
            tried = tried._replace(
                about=about._replace(tallies=about.tallies + tried.about.tallies)
            )
        self._tried[move] = tried

    def _report(self, waiting: int, crowds: int) -> None:
        """Runs done, of how many: those that wait, and what open groups and single levers need."""
        ahead = float(waiting * crowds)
        if crowds == self._crowds and self._open:
            found = self._ahead()
            later = self._how.replications - crowds
            singles = len(self._singles) + found.singles
            ahead = found.moves * crowds + (1 + ENDS * singles) * later
        self._how.report(self._done, self._done + round(ahead))

    def _ahead(self) -> MovesAhead:
        """What open groups still need, judged by those of this level and the last that are known
        to be split or small.
        """
        moved = [group for group in self._open if len(group) > 1]
        moved = [group for group in moved if self._is_known(both_ends(group))]
        split = self._split_before + sum(not self._is_small(group) for group in moved)
        known = self._known_before + len(moved)
        share = (TRUSTED * SPLIT + split) / (TRUSTED + known)
        return sum((self._ahead_of(group, share) for group in self._open), MovesAhead(0, 0))

    def _ahead_of(self, group: GroupMembers, share: float) -> MovesAhead:
        """What an open group still needs, where that share of groups is split."""
        size, ends = len(group), both_ends(group)
        if not self._is_known(ends):
            moved = sum(move in self._tried for move in ends)
            return ahead_of_group(size, share) + MovesAhead(-moved, 0)
        if size == 1:
            return MovesAhead(0, 1)
        if not self._is_small(group):
            return ahead_of_parts(size, share)
        halves = self._halves(group)
        tried = [move for move in halves if move in self._tried]
        if any(self._reach(move) > self._most for move in tried):
            likely = 1.0
        else:
            likely = SPLIT_BY_HALVES * (1 - len(tried) / max(len(halves), 1))
        return MovesAhead(len(halves) - len(tried), 0) + ahead_of_parts(size, share).times(likely)

    def _is_known(self, moves: Iterable[Move]) -> bool:
        """Whether all of them were run."""
        return all(move in self._tried for move in moves)

    def _halves(self, group: GroupMembers) -> list[Move]:
        """Random halves of a group at either end, the same whenever they are asked for."""
        if self._is_still(group):
            return []
        rng = np.random.default_rng([self._how.seed, *group])
        moves = []
        for end in range(ENDS):
            for _ in range(HALVES):
                half = rng.random(len(group)) < 1 / 2
                moves.append(tuple((n, end) for n, is_in in zip(group, half, strict=True) if is_in))
        return [move for move in moves if move]

    # --- groups --- #

    def _sort_groups(self, doubtful: Sequence[GroupMembers]) -> None:
        """Dismiss groups whose moves are all small; split the others; keep single levers."""
        opened: list[GroupMembers] = []
        for group in self._open:
            moves = [*both_ends(group), *(self._halves(group) if group in doubtful else ())]
            if group in doubtful and self._is_known(moves) and self._largest(moves) <= self._most:
                self._groups.append(self._group(group, moves))
            elif len(group) == 1:
                self._singles.append(group[0])
            else:
                middle = len(group) // 2
                halves = group[:middle], group[middle:]
                opened += halves
                self._of |= dict.fromkeys(halves, self._mean(both_ends(group)))
        several = [group for group in self._open if len(group) > 1]
        self._known_before = len(several)
        self._split_before = len(opened) // 2
        self._open = opened

    @cached_property
    def _most(self) -> float:
        """How far no move of a group that is dismissed may reach."""
        return self._matters() / 2

    def _matters(self) -> float:
        """The threshold: as it was asked for, or what matters in the scenario."""
        if self._threshold is not None:
            return self._threshold
        base = self._groups_context().estimate(self._tried[()].about)
        if base is None:
            return 0.0
        return matters_from(self._scenario.targets, self._measure, base.unit, base.interval.mean)

    def _context(self, comparisons: int, count: int | None = None) -> EndContext:
        """Against what moves are held: the scenario as it is, on the first so many crowds."""
        base = self._tried[()].about
        base = base if count is None else _cut(base, count)
        return EndContext(base, self._scenario.targets, self._measure, self._level, comparisons)

    def _groups_context(self) -> EndContext:
        """Bounds of groups hold together for as many groups as there can be, and their halves."""
        return self._context(ENDS * (1 + HALVES) * len(self._levers))

    def _difference(self, move: Move) -> Estimate | None:
        tried = self._tried[move]
        return None if tried.problems else self._groups_context().difference(tried.about)

    def _reach(self, move: Move) -> float:
        """How far a move surely changes the measure at most; infinite where that is not known."""
        if move not in self._reaches:
            apart = self._difference(move)
            bounds = (np.inf,) if apart is None else apart.interval[:3]
            reach = float(np.abs(bounds).max())
            self._reaches[move] = reach if np.isfinite(reach) else float("inf")
        return self._reaches[move]

    def _largest(self, moves: Sequence[Move]) -> float:
        return max(self._reach(move) for move in moves)

    def _mean(self, moves: Sequence[Move]) -> float:
        """The largest mean change by some moves, without its sign; 0 where none is known."""
        differences = (self._difference(move) for move in moves)
        return max(
            (abs(each.interval.mean) for each in differences if each is not None), default=0.0
        )

    def _is_small(self, group: GroupMembers) -> bool:
        """Whether both its ends are within reach; a single lever is run anyway."""
        return len(group) > 1 and self._largest(both_ends(group)) <= self._most

    def _is_still(self, group: GroupMembers) -> bool:
        """Whether neither of its ends changes anything in any crowd."""
        return self._largest(both_ends(group)) == 0

    def _group(self, group: GroupMembers, moves: Sequence[Move]) -> LeverGroup:
        paths = tuple(self._levers[n].path for n in group)
        return LeverGroup(paths, self._largest(moves), self._crowds)

    # --- the answer --- #

    def _waiting(self) -> tuple[LeverGroup, ...]:
        """Groups that are open, those first that may matter most."""
        groups = [
            LeverGroup(
                tuple(self._levers[n].path for n in group), self._of.get(group, 0.0), self._crowds
            )
            for group in self._open
        ]
        return tuple(sorted(groups, key=lambda group: -group.within))

    def _ranking(self) -> Ranking:
        """Single levers, the largest first, groups that were dismissed, and what is open."""
        base = self._tried.get(())
        moves = {n: both_ends((n,)) for n in self._singles}
        of_singles = [self._tried[move] for pair in moves.values() for move in pair]
        counts = [len(tried.about.tallies) for tried in of_singles if not tried.problems]
        count = min(counts, default=len(base.about.tallies)) if base is not None else 0
        swings, left_out, estimate, matters = [], list(self._left_out), None, 0.0
        if base is not None and count:
            context = self._context(ENDS * len(self._levers), count)
            estimate, matters = context.estimate(context.base), self._matters()
            for n, pair in moves.items():
                lever, tried = self._levers[n], [self._tried[move] for move in pair]
                ends = [
                    None
                    if each.problems
                    else context.end(
                        setting.value, _cut(each.about, count), same_budget=each.same_budget
                    )
                    for each, setting in zip(tried, lever.settings, strict=True)
                ]
                if any(end is not None for end in ends):
                    swings.append(Swing(lever, *ends))
                if problems := dict.fromkeys(p for each in tried for p in each.problems):
                    left_out.append(LeftOut(lever.path, tuple(problems)))
        return Ranking(
            self._scenario,
            self._layout,
            self._measure,
            estimate,
            tuple(sorted(swings, key=lambda swing: -swing.size)),
            tuple(left_out),
            count,
            self._how.replications,
            self._how.seed,
            self._how.engine,
            self._level,
            tuple(sorted(self._groups, key=lambda group: -group.within)),
            self._waiting(),
            matters,
            ENDS * len(self._levers),
        )


def _cut(about: MeasuredScenario, count: int) -> MeasuredScenario:
    """The first replications only."""
    return about._replace(tallies=about.tallies[:count])

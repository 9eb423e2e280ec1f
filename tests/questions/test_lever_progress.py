"""A search in groups tells how long it still takes, by what it has found so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from sim import Run, example_path, load_scenario
from sim.arrays import Floats
from sim.questions import lever_groups
from sim.questions.lever_forecast import expected_moves
from sim.questions.lever_moves import Move, MoveTrial, TriedMove
from sim.questions.levers import Levers, given_levers
from sim.questions.ranking import MeasuredScenario, Ranking
from sim.storage.job_folder import _seconds_left

HALL = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
NUMBER = "layouts.hall.windows.windows.clerks=3,9"
MAKING_S, RUN_S = 0.3, 0.1
"""What a move takes before its first run, and each of its runs."""
LEVERS = 298
FIRST_TENTH = 0.1
LOWEST, HIGHEST = 0.67, 1.5


class _KnownSearch(lever_groups._GroupSearch):
    """A search in a hall where what each lever does is known, and adds up."""

    def __init__(self, effects: Floats, run: Run) -> None:
        lever = given_levers(HALL, [NUMBER])[0]
        levers = Levers((lever,) * len(effects), ())
        super().__init__(HALL, "hall", levers, "wait", 1.0, run, 0.95)
        self._effects = effects

    def _reach(self, move: Move) -> float:
        return abs(float(sum(self._effects[n] * (2 * end - 1) for n, end in move)))

    def _mean(self, moves: Sequence[Move]) -> float:
        return self._largest(moves)

    def _ranking(self) -> Ranking:
        return None  # type: ignore[return-value]


def effects_in_clusters(seed: int, levers: int, share: float) -> Floats:
    """Effects of which a share matters, neighbours of three often together, as in the city."""
    rng = np.random.default_rng(seed)
    matters = np.repeat(rng.random(-(-levers // 3)) < share, 3)[:levers]
    size = np.where(matters, 0.6 + rng.exponential(2.0, levers), rng.exponential(0.02, levers))
    return np.asarray(size * rng.choice([-1, 1], levers))


def progress_of(
    effects: Floats, monkeypatch: pytest.MonkeyPatch, replications: int
) -> list[dict[str, Any]]:
    """What a search told on its way, by a clock of its own; levels differ in what a move takes."""
    clock = [0.0]
    first = replications * expected_moves(len(effects))
    steps: list[dict[str, Any]] = [{"done": 0, "total": first, "at": 0.0}]

    def try_each(trials: Sequence[MoveTrial], *_: object) -> Iterator[tuple[int, int, TriedMove]]:
        level = 1.0 + 0.1 * (len(trials) % 3 - 1)
        for n, trial in enumerate(trials):
            runs = trial.end - trial.first
            clock[0] += level * (MAKING_S + RUN_S * runs)
            tried = MeasuredScenario((), (None,) * runs)  # type: ignore[arg-type]
            yield 0, n, TriedMove(tried, same_budget=True)

    def note(done: int, total: int) -> None:
        steps.append({"done": done, "total": total, "at": clock[0]})

    monkeypatch.setattr(lever_groups, "run_parts", try_each)
    run = Run(replications=replications, engine="reference", workers=1, progress=note)
    _KnownSearch(effects, run).run()
    return steps


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("share", [0.25, 0.4, 0.6])
def test_the_time_left_is_right_after_the_first_tenth(
    share: float, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Throughout, also where a level ends; of as many levers as the city has."""
    effects = effects_in_clusters(seed, LEVERS, share)
    steps = progress_of(effects, monkeypatch, 2 * lever_groups.CROWDS)
    end = steps[-1]["at"]
    assert steps[-1]["done"] == steps[-1]["total"]
    ratios = [
        _seconds_left(steps[: n + 1], step["at"]) / (end - step["at"])
        for n, step in enumerate(steps)
        if FIRST_TENTH * end <= step["at"] < end
    ]
    assert min(ratios) >= LOWEST
    assert max(ratios) <= HIGHEST


def test_where_nothing_matters_it_says_so_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that are small are taken to be dismissed: less is announced than at first."""
    steps = progress_of(np.full(160, 0.001), monkeypatch, 2 * lever_groups.CROWDS)
    done, half = steps[-1]["done"], steps[len(steps) // 2]
    assert steps[0]["total"] > 2 * done
    assert half["total"] <= 1.5 * done
    assert steps[-1]["total"] == done

"""Many crowds, each served by every layout: the same people in different halls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import NamedTuple

from sim.analysis.measures import Tally
from sim.engine.run import Engine, prepare
from sim.plan.compile import compile_plan
from sim.plan.plan import Plan
from sim.runs.cluster import on_cluster
from sim.runs.precision import Enough
from sim.runs.processes import served
from sim.runs.run import ResolvedRun, Run
from sim.runs.task import Batch, Conditions, Row, Rows
from sim.scenario.scenario import Scenario


class Study(NamedTuple):
    """All tallies of a question, with all that is needed to ask it again."""

    scenario: Scenario
    layouts: tuple[str, ...]
    plans: tuple[Plan, ...]
    seed: int
    asked: int
    """Replications requested; fewer were completed when the study was cancelled."""
    engine: Engine
    tallies: tuple[tuple[Tally, ...], ...]
    """For each layout, the replications in order."""
    reached: bool | None = None
    """Whether the precision asked for was reached; None when none was asked for."""

    @property
    def replications(self) -> int:
        """Number of completed replications, counted from the first without a gap."""
        return len(self.tallies[0])

    @property
    def cancelled(self) -> bool:
        """Whether it was stopped early."""
        return self.replications < self.asked

    def of(self, layout: str) -> tuple[Tally, ...]:
        """Tallies of one layout."""
        return self.tallies[self.layouts.index(layout)]


def replicate(
    scenario: Scenario,
    layouts: Sequence[str] = (),
    *,
    run: Run = Run(),
    until: Mapping[str, float] | None = None,
) -> Study:
    """Run a scenario's layouts over the same crowds.

    Parameters
    ----------
    layouts
        Ids; default: all of the scenario, in its order.
    run
        How to run it, also on a cluster; stopped early, the first replications without a gap are
        kept.
    until
        Measure -> half-width in its unit: stop as soon as every layout is known so well; the run's
        `replications` are then the limit. The count does not depend on its `workers` either.

    Raises
    ------
    ScenarioError
        For a layout the scenario does not have.
    OptionError
        For a measure in `until` that does not exist, or a width that is not above 0;
        for a cluster where Dask is not installed.
    RunError
        When the cluster does not answer, or has no workers or unlike ones.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import Run, example_path, load_scenario
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"), ["run.measured_days=2"])
    >>> replicate(scenario, run=Run(replications=3, workers=1)).replications
    3
    """
    names = tuple(layouts) or tuple(layout.id for layout in scenario.layouts)
    plans = tuple(compile_plan(scenario, name) for name in names)
    how = run.resolved(scenario)
    target = how.replications
    enough = Enough(until, target) if until else None
    rows: dict[int, Row] = {}
    counted = 0
    conditions = Conditions(how.seed, how.engine, scenario.targets.called_within)
    prepare(plans[0], how.engine)
    if how.cluster is not None:
        source = on_cluster(plans, conditions, target, how.cluster)
    else:
        source = _alone(Batch(plans, conditions), replace(how, workers=how.cores(at_most=target)))
    try:
        for replication, row in source:
            rows[replication] = row
            how.report(len(rows), target)
            while enough is not None and counted in rows and counted < target:
                counted += 1
                if enough.after(rows[counted - 1]):
                    target = counted
            if how.cancelled() or (enough is not None and counted == target):
                break
    except KeyboardInterrupt:
        pass
    finally:
        source.close()
    completed = next(n for n in range(target + 1) if n == target or n not in rows)
    tallies = tuple(tuple(rows[n][k] for n in range(completed)) for k in range(len(names)))
    reached = enough.reached if enough is not None else None
    return Study(scenario, names, plans, how.seed, target, how.engine, tallies, reached)


def _alone(batch: Batch, run: ResolvedRun) -> Rows:
    with closing(served((batch,), run)) as rows:
        for replication, _, row in rows:
            yield replication, row

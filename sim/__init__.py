"""Service halls (政务服务大厅) simulated before a window is moved.

>>> import sim
>>> scenario = sim.load_scenario(sim.example_path("exact/mmc.yaml"), ["run.measured_days=5"])
>>> plan = sim.compile_plan(scenario, "hall")
>>> crowd = sim.draw_tape(plan.demand, seed=1, replication=0)
>>> day = sim.Tables(plan, crowd, sim.run(plan, crowd))
>>> len(day.frame("visits")) == len(crowd.cases.arrived_at)
True
>>> study = sim.compare(sim.replicate(scenario, run=sim.Run(replications=4, workers=1)))
>>> study.estimate("hall", "wait").interval.n
4
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.version import VERSION

if TYPE_CHECKING:
    from sim.engine.run import run
    from sim.plan.compile import compile_demand, compile_plan
    from sim.plan.crowd import draw_tape
    from sim.questions.allocate import allocate
    from sim.questions.compare import Comparison, compare
    from sim.questions.extend import extend
    from sim.questions.frontier import frontier
    from sim.questions.levers import assumed_levers
    from sim.questions.next_point import next_points
    from sim.questions.ranking import rank
    from sim.questions.reductions import reductions
    from sim.questions.reform import reform
    from sim.questions.rostering import roster
    from sim.questions.shortlist import shortlist
    from sim.questions.sites import site
    from sim.questions.size import size
    from sim.questions.staffing import staffing_curve
    from sim.questions.sweep import sweep
    from sim.questions.tune import tune
    from sim.questions.turning import turning
    from sim.questions.vary import read_levers
    from sim.questions.warm_up import warm_up
    from sim.results.tables import Tables
    from sim.runs.replicate import Study, replicate
    from sim.runs.run import Run
    from sim.runs.screen import screen
    from sim.scenario.load import load_scenario
    from sim.scenario.scenario import Scenario
    from sim.storage.staff_table import read_staff

__version__ = VERSION

__all__ = [
    "Comparison",
    "Run",
    "Scenario",
    "Study",
    "Tables",
    "allocate",
    "assumed_levers",
    "compare",
    "compile_demand",
    "compile_plan",
    "data_dir",
    "draw_tape",
    "example_path",
    "extend",
    "frontier",
    "load_scenario",
    "next_points",
    "rank",
    "read_levers",
    "read_staff",
    "reductions",
    "reform",
    "replicate",
    "roster",
    "run",
    "screen",
    "shortlist",
    "site",
    "size",
    "staffing_curve",
    "sweep",
    "tune",
    "turning",
    "warm_up",
]

_HOMES = {
    "Comparison": "sim.questions.compare",
    "Run": "sim.runs.run",
    "Scenario": "sim.scenario.scenario",
    "Study": "sim.runs.replicate",
    "Tables": "sim.results.tables",
    "allocate": "sim.questions.allocate",
    "assumed_levers": "sim.questions.levers",
    "compare": "sim.questions.compare",
    "compile_demand": "sim.plan.compile",
    "compile_plan": "sim.plan.compile",
    "draw_tape": "sim.plan.crowd",
    "extend": "sim.questions.extend",
    "frontier": "sim.questions.frontier",
    "load_scenario": "sim.scenario.load",
    "next_points": "sim.questions.next_point",
    "rank": "sim.questions.ranking",
    "read_levers": "sim.questions.vary",
    "read_staff": "sim.storage.staff_table",
    "reductions": "sim.questions.reductions",
    "reform": "sim.questions.reform",
    "replicate": "sim.runs.replicate",
    "roster": "sim.questions.rostering",
    "run": "sim.engine.run",
    "screen": "sim.runs.screen",
    "shortlist": "sim.questions.shortlist",
    "site": "sim.questions.sites",
    "size": "sim.questions.size",
    "staffing_curve": "sim.questions.staffing",
    "sweep": "sim.questions.sweep",
    "tune": "sim.questions.tune",
    "turning": "sim.questions.turning",
    "warm_up": "sim.questions.warm_up",
}
"""Where each public name lives; it is imported when first used, so that `--help` stays quick."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}; it has {', '.join(__all__)}")


def data_dir(name: str) -> Path:
    """A folder or file that ships with the project, in a checkout or in an installed package.

    Raises
    ------
    FileNotFoundError
        When neither has it.
    """
    here = Path(__file__).resolve().parent
    for place in (here.parent / name, here / "_bundled" / name):
        if place.exists():
            return place
    raise FileNotFoundError(name)


def example_path(name: str) -> Path:
    """Path of a scenario that ships with the project: `sanmenxia.yaml`, `exact/mmc.yaml`."""
    return data_dir("scenarios") / name

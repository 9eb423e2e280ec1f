"""Service halls (政务服务大厅) simulated before a window is moved.

>>> import sim
>>> scenario = sim.load_scenario(sim.example_path("exact/mmc.yaml"), ["run.measured_days=5"])
>>> plan = sim.compile_plan(scenario, "hall")
>>> crowd = sim.draw_tape(plan.demand, seed=1, replication=0)
>>> day = sim.Tables(plan, crowd, sim.run(plan, crowd))
>>> len(day.frame("visits")) == len(crowd.arrived_at)
True
>>> study = sim.compare(sim.replicate(scenario, replications=4, workers=1))
>>> study.estimate("hall", "wait").interval.n
4
"""

from pathlib import Path

from sim.engine.run import run
from sim.experiment.compare import Comparison, compare
from sim.experiment.replicate import Study, replicate
from sim.plan.compile import compile_demand, compile_plan
from sim.plan.tape import draw_tape
from sim.results.tables import Tables
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario

__version__ = "0.1.0"


def data_dir(name: str) -> Path:
    """A folder that ships with the project, in a checkout or in an installed package.

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


__all__ = [
    "Comparison",
    "Scenario",
    "Study",
    "Tables",
    "compare",
    "compile_demand",
    "compile_plan",
    "data_dir",
    "draw_tape",
    "example_path",
    "load_scenario",
    "replicate",
    "run",
]

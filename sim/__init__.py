"""Service halls (政务服务大厅) simulated before a window is moved."""

from pathlib import Path

from sim.plan.compile import compile_demand, compile_plan
from sim.plan.tape import draw_tape
from sim.scenario.load import load_scenario

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


__all__ = ["compile_demand", "compile_plan", "data_dir", "draw_tape", "example_path", "load_scenario"]

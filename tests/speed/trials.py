"""How long a reader waits for one clerk fewer and one more: the city, over a week."""

from __future__ import annotations

import math
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

import sim
from sim.questions.size import DepartmentNeed, Need, SizedLayout, Sizing, searched
from sim.questions.staff_change import StaffChangeQuestion
from sim.runs.kept_crowds import KeptCrowds
from sim.runs.sizing import SizingProblem
from sim.storage.answers import QUESTIONS
from sim.storage.trials import TrialsProcess

LAYOUT: Final = "zone"
PROMISE: Final = "{measure: called_within, within: 15 min, at_least: 90 %, each: half_hour}"
CROWDS: Final = 10
TRIED: Final = 12
"""Half hours that are asked about, of all groups."""


def todays_staff_as_sized() -> Sizing:
    """The answer that today's staff were enough: a trial takes as long, without the search."""
    changes = ["run.measured_days=6", f"targets.promises=[{PROMISE}]"]
    city = sim.load_scenario(sim.example_path("sanmenxia.yaml"), changes)
    with KeptCrowds(1, "fast", 1) as crowds:
        problem = SizingProblem(searched(city), LAYOUT, crowds, range(CROWDS), lambda: None)
    clerks, reviewers = (
        part.tolist()
        for part in (
            problem.staff_today[: len(problem.posts)],
            problem.staff_today[len(problem.posts) :],
        )
    )
    unknown = math.nan
    needs = tuple(
        Need(*post, n, n, 0, unknown, -1, unknown)
        for post, n in zip(problem.posts, clerks, strict=True)
    )
    departments = tuple(
        DepartmentNeed(name, n, n, unknown, -1, unknown)
        for name, n in zip(problem.today.names.departments, reviewers, strict=True)
    )
    row = SizedLayout(
        *(LAYOUT, needs, departments, (), (), ()),
        *(unknown, unknown, unknown, unknown, 0.0, 0),
        confirmed_from=CROWDS,
    )
    return Sizing(city, (row,), 2 * CROWDS, 2 * CROWDS, 1, 0.95, CROWDS)


def trials(rounds: int) -> dict[str, float | list[float]]:
    """Seconds until a fresh process answers, with its crowds drawn, and of further questions."""
    sizing = todays_staff_as_sized()
    needs = sizing.layouts[0].needs
    some_needs = needs[:: max(1, len(needs) // TRIED)][:TRIED]
    first, further = [], []
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "result"
        QUESTIONS["size"].save(sizing, saved)
        for _ in range(rounds):
            process, spent = TrialsProcess(), []
            for need in some_needs:
                begun = time.perf_counter()
                question = StaffChangeQuestion(LAYOUT, need.group, need.days, need.starts)
                process.change(saved, question)
                spent.append(time.perf_counter() - begun)
            process.end()
            first.append(spent[0])
            further.append(median(spent[1:]))
    return {"half_hours": len(needs), "crowds": CROWDS, "first_s": first, "further_s": further}

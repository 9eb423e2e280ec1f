"""What mechanisms cost: the city with all of them on beside itself with them off, in turn."""

from __future__ import annotations

from statistics import median
from typing import Any, Final

import sim
from sim.plan.plan import Plan
from tests.speed.side_by_side import Timing, time_engine
from tests.speed.workloads import Workload

DAYS: Final = 20
LAYOUT: Final = "zone"
ON: Final = (
    "layouts.zone.calling.rule=own_first",
    "layouts.zone.calling.help_after=5 min",
    "layouts.zone.calling.ageing=15 min",
    "layouts.zone.windows.counter_tax.helps=[counter_police]",
    "layouts.zone.windows.counter_tax.serves=[ord_tax, ord_police]",
    "layouts.zone.windows.counter_police.helps=[counter_tax]",
    "layouts.zone.windows.counter_police.serves=[ord_police, ord_tax]",
    *(
        f"matters.{matter}.issue={{post: 0.3, mailing: 2 wd, collection: 0.3, service: 3 min}}"
        for matter in ("birth", "social_card", "company_start", "company_change")
    ),
    "matters.restaurant.items.signboard.survey={joined_by: [market, housing], ahead: 1 wd}",
)
"""Beside what `sanmenxia_tidal.yaml` has on: booking, training, tidal windows, desk, patience,
missed calls, corrections. A mechanism more is a line more."""
OFF: Final = (
    *("hall.reception=null", "applicants.patience=null", "applicants.missed=null"),
    *("hall.assumed={}", "applicants.assumed={}"),
)
"""What `sanmenxia.yaml` has of them, and its ranges of it."""


def city_with(file: str, *overrides: str) -> Plan:
    """One layout of the city over the same days."""
    path = sim.example_path(file)
    scenario = sim.load_scenario(path, [f"run.measured_days={DAYS}", *overrides])
    return sim.compile_plan(scenario, LAYOUT)


def mechanisms(rounds: int) -> dict[str, Any]:
    """Customers a second with mechanisms on over off, in each round.

    A replication is a crowd and its run; tables are the same for both and are left out.
    """
    halls = {
        "off": Workload("off", city_with("sanmenxia.yaml", *OFF), None),
        "on": Workload("on", city_with("sanmenxia_tidal.yaml", *ON), None),
    }
    timings: dict[str, list[Timing]] = {"off": [], "on": []}
    for round_ in range(rounds + 1):
        for name, hall in halls.items():
            timing = time_engine(hall, "fast", round_)
            if round_:
                timings[name].append(timing)
    pairs = list(zip(timings["on"], timings["off"], strict=True))
    return {
        "replication_on_over_off": [_whole(on) / _whole(off) for on, off in pairs],
        "run_on_over_off": [on.loop_speed / off.loop_speed for on, off in pairs],
        "customers_per_s": {name: median(map(_whole, rows)) for name, rows in timings.items()},
    }


def _whole(timing: Timing) -> float:
    """Customers a second of crowd and run."""
    return timing.customers / (timing.crowd + timing.loop)

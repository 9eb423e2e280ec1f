"""A whole scenario as the text of a file, which extends nothing, and the tables beside it."""

from __future__ import annotations

import json

from sim.scenario.format import formatted
from sim.scenario.packed_rows import BRIEFLY
from sim.scenario.scenario import Scenario
from sim.storage.arrivals_table import arrivals_csv
from sim.storage.clerks_table import clerks_csv


def tables_named(scenario: Scenario, stem: str = "") -> dict[str, bytes]:
    """Name of each table that the file refers to -> its content; empty where it has none.

    Parameters
    ----------
    stem
        Of the file's name, with which those of its tables begin.
    """
    tables = {
        _clerks_name(stem, layout.id): clerks_csv(layout.clerks_file)
        for layout in scenario.layouts
        if layout.clerks_file is not None
    }
    tables |= {
        _arrivals_name(stem, flow.id): arrivals_csv(flow.arrivals_file)
        for flow in scenario.demand
        if flow.arrivals_file is not None
    }
    return tables


def scenario_yaml(scenario: Scenario, stem: str = "") -> str:
    """The text of the file, from which the same scenario is read again.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> from sim.scenario.load import scenario_from_text
    >>> scenario = load_scenario(example_path("exact/mmc.yaml"))
    >>> scenario_from_text(scenario_yaml(scenario)).hash == scenario.hash
    True
    """
    data = json.loads(scenario.model_dump_json(exclude_unset=True, context=BRIEFLY))
    for n, layout in enumerate(scenario.layouts):
        if layout.clerks_file is not None:
            data["layouts"][n]["clerks_file"] = _clerks_name(stem, layout.id)
    for n, flow in enumerate(scenario.demand):
        if flow.arrivals_file is not None:
            data["demand"][n]["arrivals_file"] = _arrivals_name(stem, flow.id)
    return formatted(json.dumps(data, ensure_ascii=False))


def _clerks_name(stem: str, layout: str) -> str:
    return f"{stem}_{layout}_clerks.csv"


def _arrivals_name(stem: str, flow: str) -> str:
    return f"{stem}_{flow}.csv"

"""The map of what new stations bring: minutes on the way that the people of each township save."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from sim import example_path
from sim.experiment.extend import Extension, group_effects
from sim.scenario.scenario import Scenario
from sim.text import Text
from sim.views.map import Border, read_borders, townships_map


def extension_figure(found: Extension, text: Text) -> Figure:
    """Where is the way shorter with the new stations?

    Saved minutes a case by township; new stations are marked.
    """
    saved = {one.group: -one.effects[1].difference.mean for one in group_effects(found, "township")}
    towns = found.scenario.applicants.townships
    values = np.array([saved.get(town.id, np.nan) for town in towns])
    note = text("figure.extension.note", replications=found.replications, seed=found.seed)
    return townships_map(
        found.scenario,
        values,
        text("figure.extension.label"),
        text,
        note=note,
        new=found.points,
        borders=borders_of(found.scenario),
    )


def borders_of(scenario: Scenario) -> Sequence[Border]:
    """Borders that ship, where they are those of the scenario's counties; else none."""
    borders = read_borders(example_path("data/sanmenxia_counties.geojson"))
    counties = {town.county for town in scenario.applicants.townships}
    return borders if counties <= {one.county for one in borders} else ()

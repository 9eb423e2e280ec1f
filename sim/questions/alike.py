"""What a result is of: what differs from its file, and in what the compared halls are not alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.scenario.clerk_hours import weekly_clerk_hours, weekly_staffed_hours
from sim.scenario.consistency import TOLERANCE
from sim.scenario.edit import clerks_of
from sim.scenario.scenario import Scenario


class Means(NamedTuple):
    """What a layout has at its disposal."""

    layout: str
    clerk_hours: float
    """A week, public holidays left aside."""
    most_clerks: int
    """On duty at a time, if each group has its largest number."""
    staffed_hours: float
    """Hours a week in which at least one window is staffed."""


MEANS: Final = Means._fields[1:]
"""In what layouts of one scenario can differ beside their arrangement."""


def means_of(scenario: Scenario, layout: str) -> Means:
    """What one layout has at its disposal.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> means_of(load_scenario(example_path("exact/mmc.yaml")), "hall")
    Means(layout='hall', clerk_hours=840.0, most_clerks=5, staffed_hours=168.0)
    """
    hall_layout = scenario.layout(layout)
    return Means(
        layout,
        weekly_clerk_hours(scenario, hall_layout),
        clerks_of(hall_layout),
        weekly_staffed_hours(scenario, hall_layout),
    )


def unlike(means: Sequence[Means]) -> tuple[str, ...]:
    """The names of `MEANS` in which layouts are not alike.

    Examples
    --------
    >>> unlike([Means("a", 40.0, 5, 44.0), Means("b", 40.0, 6, 44.0)])
    ('most_clerks',)
    """
    spreads = {name: [getattr(layout_means, name) for layout_means in means] for name in MEANS}
    return tuple(name for name, values in spreads.items() if max(values) - min(values) > TOLERANCE)


def changed_data(scenario: Scenario) -> list[dict[str, str]]:
    """What is not as the file has it; `before` is empty where the file leaves it to the default."""
    return [change._asdict() for change in scenario.changed]

"""Three days of one list whose waits theory knows, and what planners reach on them by formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sim import example_path, load_scenario
from sim.scenario.scenario import Scenario
from sim.theory.day import Slot

HALF_HOUR: Final = 30.0


class KnownDay(NamedTuple):
    """A day of one list whose waits the Kolmogorov equations give, and what has been reached on it.

    Attributes
    ----------
    rates : tuple of float
        People an hour, by half hours.
    minutes : float
        Mean of the exponential service.
    staff_hours : float
        Clerk hours a day of the best formula (offered load, a half hour's mean) that keeps 90 %
        called within 15 minutes in every half hour.
    """

    rates: tuple[float, ...]
    minutes: float
    staff_hours: float

    def slots(self, clerks: Sequence[int]) -> list[Slot]:
        """The day with so many clerks in each half hour."""
        pairs = zip(self.rates, clerks, strict=True)
        return [Slot(HALF_HOUR, rate / 60, number) for rate, number in pairs]


SHORT_DAY: Final = (18, 30, 40, 46, 44, 34, 26, 24, 30, 38, 34, 22)
LONG_DAY: Final = (20, 34, 46, 52, 48, 40, 30, 24, 22, 30, 40, 44, 40, 30, 22, 14)
KNOWN_DAYS: Final[Mapping[str, KnownDay]] = {
    "two_peaks": KnownDay(SHORT_DAY, 9.0, 39.0),
    "slow_work": KnownDay(tuple(0.4 * rate for rate in SHORT_DAY), 30.0, 54.0),
    "long_day": KnownDay(LONG_DAY, 9.0, 52.5),
}
NINE_OF_TEN: Final = (
    "targets.promises=[{measure: called_within, within: 15 min, at_least: 90 %, each: half_hour}]"
)


def known_hall(name: str, *changes: str) -> tuple[Scenario, str]:
    """One of the three days as a scenario, and its layout."""
    file, layout = ("hall_day", "hall") if name == "long_day" else ("constant_staffing", "eight")
    day = KNOWN_DAYS[name]
    all_ = [
        NINE_OF_TEN,
        f"demand.everybody.per_day={sum(day.rates) / 2}",
        f"matters.errand.service.base={{law: exponential, mean: {day.minutes} min}}",
        *changes,
    ]
    return load_scenario(example_path(f"exact/{file}.yaml"), all_), layout

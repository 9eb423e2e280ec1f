"""The order of an instant, as a SimPy environment (DESIGN §4).

What ends (work, then shifts, then the hall's day) comes before what arrives, before who is called,
before who gives up. Inside a phase the lowest number comes first. An event that creates another
earlier in the order of the same instant is followed by it.
"""

from __future__ import annotations

from typing import Final

from simpy import Environment, Event

from sim.clock import NEVER

END: Final = 1
SHIFT: Final = 2
CLOSE: Final = 3
ARRIVE: Final = 4
CALL: Final = 5
GIVE_UP: Final = 6
PHASE: Final = 1 << 40
"""More than any number inside a phase; SimPy's own priorities 0 and 1 come before all phases."""


class Instants(Environment):
    """Whole ticks; every event has an instant, a phase, and a number inside the phase."""

    def at(self, tick: int, phase: int, number: int = 0) -> Event:
        """An event at an absolute instant; at NEVER it does not happen."""
        event = Event(self)
        if tick < NEVER:
            event._ok = True
            event._value = None
            self.schedule(event, phase * PHASE + number, tick - self.now)  # type: ignore[arg-type]
        return event

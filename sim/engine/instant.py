"""The order of an instant, as a SimPy environment (DESIGN §4).

What ends (work, then shifts, then the hall's day) comes before what arrives, before who is called,
before who turns round, before who gives up. Inside a phase the lowest number comes first. An event
that creates another earlier in the order of the same instant is followed by it.
"""

from __future__ import annotations

from typing import Final

from simpy import Environment, Event

from sim.clock import NEVER

PHASE: Final = 1 << 40
"""More than any number inside a phase; SimPy's own priorities 0 and 1 come before all phases."""
END: Final = 1 * PHASE
SHIFT: Final = 2 * PHASE
CLOSE: Final = 3 * PHASE
ARRIVE: Final = 4 * PHASE
CALL: Final = 5 * PHASE
TURN_ROUND: Final = 6 * PHASE
GIVE_UP: Final = 7 * PHASE


class Instants(Environment):
    """Whole ticks; every event has an instant, a phase, and a number inside the phase.

    Examples
    --------
    >>> env, told = Instants(), []
    >>> for phase, word in ((GIVE_UP, "gives up"), (END, "ends"), (CALL, "is called")):
    ...     env.at(540, phase).callbacks.append(lambda _, word=word: told.append(word))
    >>> env.run()
    >>> told
    ['ends', 'is called', 'gives up']
    """

    @property
    def now(self) -> int:
        """The present instant, in ticks."""
        return self._now  # type: ignore[return-value]

    def at(self, tick: int, phase: int, number: int = 0) -> Event:
        """An event at an absolute instant; at NEVER it does not happen."""
        event = Event(self)
        if tick < NEVER:
            event._ok = True
            event._value = None
            self.schedule(event, phase + number, tick - self.now)  # type: ignore[arg-type]
        return event

"""Which number matters most: each lever by itself, or looked for in groups."""

from __future__ import annotations

from dataclasses import dataclass

from sim.questions.lever_forecast import expected_moves
from sim.questions.lever_groups import screen_levers
from sim.questions.levers import ENDS, Levers, assumed_levers, chosen
from sim.questions.question import one_layout
from sim.questions.ranking import Ranking, rank
from sim.questions.vary import Lever
from sim.runs.run import Run
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class LeversQuestion:
    """Which number matters most for one measure in one layout?

    Attributes
    ----------
    layout : str or None
        None = the first of the scenario.
    measure : str
        Of `MEASURES`, or a quantile of waits.
    only : tuple of str
        Levers, or beginnings of their paths; empty = all.
    given : tuple of Lever
        Levers of the asker's own, as `given_levers` gives them.
    level : float
        Coverage of each estimate alone, and of all differences together.
    screen : bool
        Levers are looked for in groups, and those that do little dismissed together; else each is
        run by itself.
    threshold : float or None
        As in `screen_levers`.
    """

    layout: str | None = None
    measure: str = "wait"
    only: tuple[str, ...] = ()
    given: tuple[Lever, ...] = ()
    level: float = 0.95
    screen: bool = False
    threshold: float | None = None

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout."""
        return one_layout(self.layout)

    def levers(self, scenario: Scenario) -> Levers:
        """The levers that are moved.

        Raises
        ------
        OptionError
            As `chosen`.
        """
        return chosen(assumed_levers(scenario, self._layout_of(scenario)), self.given, self.only)

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is, and both ends of every lever; fewer where they are screened."""
        levers = len(self.levers(scenario).levers)
        return expected_moves(levers) if self.screen else 1 + ENDS * levers

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Ranking:
        """The levers, ranked."""
        if self.screen:
            return screen_levers(
                scenario,
                self._layout_of(scenario),
                self.levers(scenario),
                self.measure,
                threshold=self.threshold,
                run=run,
                level=self.level,
            )
        return rank(
            scenario,
            self._layout_of(scenario),
            self.levers(scenario),
            self.measure,
            run=run,
            level=self.level,
        )

    def _layout_of(self, scenario: Scenario) -> str:
        return self.layout or scenario.layouts[0].id

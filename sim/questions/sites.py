"""Which townships should get a station: proposals, ranked on the same crowds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sim.analysis.intervals import Interval, bonferroni, paired_difference
from sim.errors import OptionError, Problem
from sim.questions.extend import extend_each
from sim.questions.extension import Extension
from sim.questions.proposals import Proposal, propose
from sim.questions.question import one_layout
from sim.runs.run import Run
from sim.scenario.scenario import Scenario


class Ranked(NamedTuple):
    """Proposals after the same crowds went to them.

    Attributes
    ----------
    proposals : tuple of Proposal
        Best first: those that save residents most.
    extensions : tuple of Extension
        What the runs found, in that order.
    behind : tuple of Interval
        Yuan a year by which each saves less than the first; they hold together (Bonferroni).
    """

    proposals: tuple[Proposal, ...]
    extensions: tuple[Extension, ...]
    behind: tuple[Interval, ...]

    @property
    def replications(self) -> int:
        """Replications that all of them kept."""
        return min((extension.replications for extension in self.extensions), default=0)

    @property
    def asked(self) -> int:
        """Replications that were wanted."""
        return self.extensions[0].asked


def site(
    scenario: Scenario,
    number: int,
    layout: str | None = None,
    *,
    run: Run = Run(),
    rival: bool = False,
    level: float = 0.95,
) -> Ranked:
    """Run the proposals of all rules on the same crowds, and rank them by what residents save.

    Raises
    ------
    OptionError
        `no_siting`; `no_points` when no rule opens a station; `not_on_cluster`.
    LawViolation
        When a run breaks a law of the hall.

    Examples
    --------
    >>> from sim import example_path, load_scenario
    >>> few = ["run.warmup_days=0", "run.measured_days=1", "run.followup_days=1"]
    >>> few += ["applicants.volume_factor=0.02"]
    >>> area = load_scenario(example_path("sanmenxia_townships.yaml"), few)
    >>> ranked = site(area, 1, run=Run(replications=1, workers=1))
    >>> [behind.mean for behind in ranked.behind][:1], ranked.replications
    ([0.0], 1)
    """
    proposals = _proposals(scenario, number)
    if not proposals:
        raise OptionError(Problem("no_points", "--at-most"))
    sets = [proposal.points for proposal in proposals]
    extensions = extend_each(scenario, sets, layout, run=run, rival=rival, level=level)
    if extensions[0].replications == 0:
        return Ranked(tuple(proposals), extensions, ())
    saved = [extension.worth.saved["resident_cost"] for extension in extensions]
    order = sorted(range(len(saved)), key=lambda n: -saved[n].mean())
    corrected = bonferroni(level, max(len(saved) - 1, 1))
    behind = tuple(paired_difference(saved[n], saved[order[0]], corrected) for n in order)
    return Ranked(tuple(proposals[n] for n in order), tuple(extensions[n] for n in order), behind)


def _proposals(scenario: Scenario, number: int) -> list[Proposal]:
    """Those that open a station."""
    return [proposal for proposal in propose(scenario, number) if proposal.points]


@dataclass(frozen=True)
class SitesQuestion:
    """In which townships do at most so many stations save residents most?

    Attributes
    ----------
    number : int
        Stations at most; `affordable` says how many a budget pays for.
    layout : str or None
        Of the city hall; None = the first of the scenario.
    rival : bool
        Also run as many cases online instead of each set of stations.
    level : float
        Coverage of the intervals.
    """

    number: int
    layout: str | None = None
    rival: bool = False
    level: float = 0.95

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layout of the city hall."""
        return one_layout(self.layout)

    def runs(self, scenario: Scenario) -> int:
        """The scenario as it is, and one a proposal."""
        return 1 + len(_proposals(scenario, self.number))

    def answer(self, scenario: Scenario, *, run: Run = Run()) -> Ranked:
        """The proposals, ranked."""
        return site(scenario, self.number, self.layout, run=run, rival=self.rival, level=self.level)

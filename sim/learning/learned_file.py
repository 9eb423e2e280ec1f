"""The file of a scenario of what a log says."""

from __future__ import annotations

from typing import NamedTuple

from sim.learning.learned import LearnedLog
from sim.learning.learned_factor import RosterFactor, roster_factor
from sim.learning.learned_scenario import learned_scenario
from sim.learning.ticket_log import TicketLog
from sim.learning.traps import LogHall
from sim.scenario.format import flow_text, formatted
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario


class LearnedFile(NamedTuple):
    """A scenario file of a log, and the factor on its clerks."""

    words: str
    factor: RosterFactor | None
    """None where none was looked for, or the log tells no waits."""


def learned_file(
    learned: LearnedLog, name: str = "", hall: LogHall = LogHall(), is_calibrated: bool = True
) -> LearnedFile:
    """A scenario file of a log, in order.

    Parameters
    ----------
    name
        Of the hall; default: the log's own, without its ending.
    hall
        Calendar and time zone with which the log was read.
    is_calibrated
        With the factor of `roster_factor` on the clerks.

    Raises
    ------
    ScenarioError
        As `learned_scenario`.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> learned_file(learned).words.splitlines()[0]
    'name: made_ticket_log'
    """
    called = name or learned.files.title.partition(".")[0]

    def written_with(factor: float) -> str:
        return flow_text(learned_scenario(learned, called, hall, factor))

    def scenario_with(factor: float) -> Scenario:
        return scenario_from_text(written_with(factor))

    plain = written_with(1.0)
    if not is_calibrated or not isinstance(learned.log, TicketLog):
        return LearnedFile(formatted(plain), None)
    calibrated = roster_factor(learned.log, hall.holidays, scenario_with)
    words = plain if calibrated is None else written_with(calibrated.factor)
    return LearnedFile(formatted(words), calibrated)

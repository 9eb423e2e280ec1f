"""The file of a scenario of what a log says."""

from __future__ import annotations

from pathlib import PurePath

from sim.learning.learned import LearnedLog
from sim.learning.learned_scenario import learned_scenario
from sim.learning.traps import LogHall
from sim.scenario.format import flow_text, formatted


def learned_file(learned: LearnedLog, name: str = "", hall: LogHall = LogHall()) -> str:
    """A scenario file of a log, in order.

    Parameters
    ----------
    name
        Of the hall; default: the log's own, without its ending.
    hall
        Calendar and time zone with which the log was read.

    Raises
    ------
    ScenarioError
        `log_no_scenario` when the log is one of cases, or says too little of arrivals or work.

    Examples
    --------
    >>> from sim import data_dir
    >>> from sim.learning.learned import read_log
    >>> learned = read_log(data_dir("scenarios") / "data" / "made_ticket_log.csv")
    >>> learned_file(learned).splitlines()[0]
    'name: made_ticket_log'
    """
    called = name or PurePath(learned.file).name.partition(".")[0]
    return formatted(flow_text(learned_scenario(learned, called, hall)))

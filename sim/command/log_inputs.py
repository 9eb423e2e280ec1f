"""What commands that read a log are asked: which columns, what is done about traps, which hall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from sim.command.inputs import warn
from sim.command.options import OneOf, Options, SaidText
from sim.errors import OptionError, Problem
from sim.text import Text

if TYPE_CHECKING:
    from sim.learning.learned import LearnedLog
    from sim.learning.ticket_log import TicketLog

HOLIDAYS: Final = ("china", "none")


def log_options(shared: Options) -> tuple[click.Parameter, ...]:
    """The log itself, in one file or several, and what every command asks of one."""
    return (
        click.Argument(["files"], metavar="LOG...", type=SaidText(), nargs=-1, required=True),
        *asked_how_read(shared),
    )


def asked_how_read(shared: Options) -> tuple[click.Option, ...]:
    """How the log is to be read, and what it does not say of its hall."""
    default: dict[str, Any] = {"show_default": True}
    return (
        shared("mapping", multiple=True, metavar="COLUMN=HEADING"),
        shared("quality", multiple=True, metavar="NAME=DONE"),
        shared("place", metavar="NAME"),
        shared("holidays", OneOf(HOLIDAYS), default=HOLIDAYS[0], **default),
        shared("time-zone", metavar="ZONE", words="log_zone"),
    )


def read_tickets(
    files: Sequence[str],
    mapping: Sequence[str],
    quality: Sequence[str],
    hall: Mapping[str, str | None],
    text: Text,
    refusal: str = "replay_cases",
) -> tuple[LearnedLog, TicketLog]:
    """A log of tickets, or of snapshots; its notes are printed.

    Parameters
    ----------
    refusal
        Code of the error for a log of cases.

    Raises
    ------
    OptionError
        For a log of cases.
    """
    from sim.learning.learned import read_log
    from sim.learning.ticket_log import TicketLog

    form, by_hand, chosen, about_hall = asked_of_log(tuple(mapping), tuple(quality), hall)
    problems: list[Problem] = []
    learned = read_log(files, form, by_hand, chosen, about_hall, problems)
    warn(problems, text)
    if not isinstance(learned.log, TicketLog):
        raise OptionError(Problem(refusal, "LOG", found=learned.file))
    return learned, learned.log


def asked_of_log(
    mapping: tuple[str, ...], quality: tuple[str, ...], hall: Mapping[str, str | None]
) -> tuple[Any, Any, Any, Any]:
    """Form, columns, treatments and hall of the options; what is wrong with any is told at once."""
    from sim.learning.columns import read_asked_mapping
    from sim.learning.quality import read_treatments

    readers = (
        partial(read_asked_mapping, mapping),
        partial(read_treatments, quality),
        partial(log_hall, hall),
    )
    read, problems = list[Any](), list[Problem]()
    for reader in readers:
        try:
            read.append(reader())
        except OptionError as error:
            problems += error.problems
    if problems:
        raise OptionError(problems)
    (form, by_hand), chosen, about_hall = read
    return form, by_hand, chosen, about_hall


def log_hall(options: Mapping[str, str | None]) -> Any:
    """What the options say of the hall besides its log."""
    from sim.clock import BEIJING, ClockError, parse_time_zone
    from sim.learning.traps import LogHall

    zone = options["time_zone"] or BEIJING
    try:
        parse_time_zone(zone)
    except ClockError as error:
        raise OptionError(Problem(error.code, "--time-zone", found=zone)) from None
    return LogHall(options["holidays"], zone, options["place"] or "")  # type: ignore[arg-type]

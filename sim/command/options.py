"""Options in the reader's language: what they take, and those that several commands share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from sim.errors import OptionError, Problem
from sim.text import LANGUAGES, Text
from sim.text.foreign import listed

if TYPE_CHECKING:
    from sim.engine.run import Engine

ENGINES: Final[tuple[Engine, ...]] = ("fast", "reference")
"""As `sim.engine.run.ENGINES`, without its imports."""
FORMATS: Final = ("table", "json", "csv")
MOST_REPLICATIONS: Final = 100_000
MOST_CORES: Final = 256
MOST_DAYS: Final = 100_000
"""As `run.measured_days` allows."""
LARGEST_SEED: Final = 2**63 - 1
"""As `run.seed` allows."""
WHOLE: Final = re.compile(r"\s*[+-]?\d{1,40}\s*")
"""Digits of any script, as `int` reads them, too few for reading to take long."""


class SaidText(click.ParamType[str]):
    """Text that says something: an empty one is a slip, such as a variable of a shell not set."""

    name = "TEXT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text, or an OptionError."""
        del ctx
        if str(value).strip():
            return str(value)
        raise _bad_value(param, value, "allowed.some_text")


class IdList(click.ParamType[tuple[str, ...]]):
    """IdList, parted by commas, each named once."""

    name = "ID,ID"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The ids, or an OptionError."""
        del ctx
        if isinstance(value, tuple):
            return value
        ids = listed(str(value))
        if not ids:
            raise _bad_value(param, value, "allowed.some_ids")
        option = param.opts[0] if param is not None else ""
        twice = dict.fromkeys(id_ for id_ in ids if ids.count(id_) > 1)
        if twice:
            raise OptionError([Problem("named_twice", option, found=id_) for id_ in twice])
        return ids


class Whole(click.ParamType[int]):
    """A whole number within bounds."""

    name = "N"

    def __init__(self, low: int, high: int | None = None) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or an OptionError."""
        del ctx
        words = str(value)
        if not words.isascii():
            # most numbers are plain, and need no calendar to be read
            from sim.scenario.spelling import fold_signs

            words = fold_signs(words)
        number = int(words) if WHOLE.fullmatch(words) else self.low - 1
        if number >= self.low and (self.high is None or number <= self.high):
            return number
        bounds = (("low", str(self.low)), ("high", str(self.high)))
        allowed = "allowed.whole_from" if self.high is None else "allowed.int_between"
        raise _bad_value(param, value, allowed, bounds)


class OneOf(click.ParamType[str]):
    """One of a few words."""

    def __init__(self, choices: Sequence[str]) -> None:
        self.choices = tuple(choices)
        self.name = "|".join(choices)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, or an OptionError."""
        del ctx
        if value in self.choices:
            return str(value)
        raise _bad_value(param, value, ", ".join(self.choices))


class IsoDate(click.ParamType[date]):
    """A date as `2025-03-03`."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or an OptionError."""
        del ctx
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value).strip())
        except ValueError:
            option = param.opts[0] if param is not None else ""
            problem = Problem("option_value", option, found=str(value), allowed="allowed.date")
            raise OptionError(problem) from None


def _bad_value(
    param: click.Parameter | None,
    value: object,
    allowed: str,
    values: tuple[tuple[str, str], ...] = (),
) -> OptionError:
    option = ""
    if param is not None:
        option = str(param.metavar) if isinstance(param, click.Argument) else param.opts[0]
    problem = Problem("option_value", option, found=str(value), allowed=allowed, values=values)
    return OptionError(problem)


class Options:
    """Options and arguments explained in one language; those of several commands by name."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.file = click.Argument(["file"], metavar="FILE", type=SaidText())
        self.lang = self("lang", OneOf(LANGUAGES), expose_value=False)
        self.layout = self("layout", metavar="ID")
        self.layouts = self("layouts", IdList())
        self.days = self("days", Whole(1, MOST_DAYS))
        self.replications = self("replications", Whole(1, MOST_REPLICATIONS))
        self.seed = self("seed", Whole(0, LARGEST_SEED))
        self.engine = self("engine", OneOf(ENGINES), default=ENGINES[0], show_default=True)
        self.cores = self("cores", Whole(1, MOST_CORES))
        self.overrides = self("set", multiple=True, metavar="PATH=VALUE")
        self.form = self("format", OneOf(FORMATS), default=FORMATS[0], show_default=True)

    def __call__(
        self, name: str, kind: click.ParamType[Any] | None = None, **settings: Any
    ) -> click.Option:
        """An option; `words` is the key of its help where that is not its name's."""
        words = self.text(f"cli.option.{settings.pop('words', name)}")
        if kind is None and not settings.get("is_flag"):
            kind = SaidText()
        return click.Option([f"--{name}"], type=kind, help=words, **settings)

    def repeated_layout(self, command: str) -> click.Option:
        """`--layout`, which may stand there several times, explained for a command."""
        return click.Option(
            ["--layout", "layouts"],
            type=SaidText(),
            multiple=True,
            metavar="ID",
            help=self.text(f"cli.option.{command}_layout"),
        )

    @property
    def many_runs(self) -> tuple[click.Option, ...]:
        """What every question of many runs takes: how it is run, what is changed, which form."""
        run = (self.days, self.replications, self.seed, self.engine, self.cores)
        return (*run, self.overrides, self.form)

    def out(self, command: str) -> click.Option:
        """The folder that takes a command's files, explained for it."""
        return self("out", metavar="DIR", words=f"{command}_out")

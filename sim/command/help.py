"""Commands whose help and complaints are in the reader's language; click's are English."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import click

from sim.command.options import Options
from sim.command.outputs import say
from sim.errors import OptionError, Problem
from sim.text import Text


class Help:
    """Help of a command in words of our own; click's are English."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def usage(self, command: click.Command, ctx: click.Context) -> str:
        """The usage line."""
        pieces = [ctx.command_path, self.text("cli.usage_options")]
        if isinstance(command, click.Group):
            pieces.append(self.text("cli.usage_command"))
        pieces += [
            str(param.metavar) for param in command.params if isinstance(param, click.Argument)
        ]
        return self.text("cli.usage", words=" ".join(pieces))

    def page(self, command: click.Command, ctx: click.Context) -> str:
        """The whole help of a command."""
        lines = [self.usage(command, ctx), "", f"  {command.help}"]
        if isinstance(command, click.Group):
            rows = [
                (name, str(subcommand.help))
                for name, subcommand in sorted(command.commands.items())
            ]
            lines += self._section("cli.heading.commands", rows)
        options = [param for param in command.get_params(ctx) if isinstance(param, click.Option)]
        lines += self._section("cli.heading.options", [self._row(option) for option in options])
        return "\n".join(lines)

    def _row(self, option: click.Option) -> tuple[str, str]:
        takes = "" if option.is_flag else f" {option.metavar or option.type.name}"
        words = str(option.help)
        if option.show_default:
            words += f" [{self.text('cli.default', value=option.default)}]"
        return f"{', '.join(option.opts)}{takes}", words

    def _section(self, heading: str, rows: Sequence[tuple[str, str]]) -> list[str]:
        width = max(len(name) for name, _ in rows)
        title = self.text("cli.section", heading=self.text(heading))
        return ["", title, *(f"  {name:<{width}}  {words}" for name, words in rows)]


class Command(click.Command):
    """A command whose help and complaints are in the reader's language."""

    def __init__(self, *args: Any, text: Text, **settings: Any) -> None:
        super().__init__(*args, **{**settings, "add_help_option": False})
        self.text = text
        self.params.append(_help_option(text))

    def get_help(self, ctx: click.Context) -> str:
        """What `--help` prints."""
        return Help(self.text).page(self, ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; what is wrong becomes an OptionError."""
        with _own_complaints(self, ctx):
            return super().parse_args(ctx, args)


class CommandGroup(Command, click.Group):
    """A group of commands; like `Command`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named first."""
        if args[0] not in self.commands:
            commands = ", ".join(sorted(self.commands))
            raise OptionError(Problem("unknown_command", found=args[0], allowed=commands))
        return super().resolve_command(ctx, args)

    def add(self, name: str, does: Callable[..., None], *params: click.Parameter) -> None:
        """Add a command; it is given this group's language and what its options say."""
        made = Command(
            name,
            text=self.text,
            callback=partial(does, self.text),
            params=[*params, Options(self.text).lang],
            help=self.text(f"cli.command.{name}"),
            context_settings={"allow_extra_args": True},
        )
        self.add_command(made)


def _help_option(text: Text) -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, is_asked: bool) -> None:
        del param
        if is_asked:
            say(ctx.command.get_help(ctx))
            ctx.exit()

    settings: dict[str, Any] = {"is_flag": True, "is_eager": True, "expose_value": False}
    return click.Option(["--help"], callback=show, help=text("cli.option.help"), **settings)


@contextmanager
def _own_complaints(command: click.Command, ctx: click.Context) -> Iterator[None]:
    """What click complains of, as a problem with a remedy in the reader's language."""
    try:
        yield
    except click.NoSuchOption as error:
        options = [
            param.opts[0] for param in command.get_params(ctx) if isinstance(param, click.Option)
        ]
        problem = Problem("unknown_option", found=error.option_name, allowed=", ".join(options))
        raise OptionError(problem) from None
    except click.MissingParameter as error:
        name = str(error.param.metavar) if error.param is not None else ""
        if isinstance(error.param, click.Option):
            name = f"{error.param.opts[0]} {name}"
        raise OptionError(Problem("missing_argument", found=name)) from None
    except click.BadOptionUsage as error:
        raise OptionError(Problem("missing_value", found=error.option_name)) from None
    if ctx.args and not isinstance(command, click.Group):
        raise OptionError(Problem("extra_argument", found=" ".join(ctx.args)))

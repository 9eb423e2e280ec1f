"""The command line: `hallsim check | run | compare | sweep | levers | reductions | log | …`.

Heavy imports are inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import csv
import io
import json
import math
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

import click

from sim import __version__, data_dir, example_path
from sim.errors import HallError, OptionError, OutputError, Problem, ScenarioError
from sim.text import LANGUAGES, Language, Text, load_text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.offered import Load
    from sim.analysis.reductions import Handling
    from sim.engine.run import Engine
    from sim.experiment.compare import Comparison
    from sim.experiment.reductions import Reductions
    from sim.results.tables import Tables
    from sim.scenario.provenance import Number
    from sim.scenario.scenario import Scenario

ENGINES: Final[tuple[Engine, ...]] = ("fast", "reference")
"""As `sim.engine.run.ENGINES`, without its imports."""
FORMATS: Final = ("table", "json", "csv")
PICTURES: Final[Mapping[str, dict[str, None]]] = {
    ".svg": {"Date": None},
    ".png": {},
    ".pdf": {"CreationDate": None},
}
"""Kinds of figures, and what they do not say of themselves, so that their bytes are the same."""
DEMO_REPLICATIONS: Final = 20
DEMO_FOLDER: Final = "hallsim-report"
MOST_REPLICATIONS: Final = 100_000
MOST_CORES: Final = 256
GRACE_S: Final = 2.0
"""Seconds that workers have to finish after Ctrl-C."""
PAGE: Final = 160
"""Characters a line where the output is not a terminal."""
CANCELLED_STATUS: Final = 130
INTERNAL_STATUS: Final = 1

Choose = Callable[["Scenario"], Sequence[str]]
"""Which layouts of a scenario to run."""


# === options and help in the reader's language === #


class Whole(click.ParamType[int]):
    """A whole number within bounds."""

    name = "N"

    def __init__(self, low: int, high: int | None = None) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or an OptionError."""
        del ctx
        try:
            number = int(str(value))
        except ValueError:
            number = self.low - 1
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


def _bad_value(
    param: click.Parameter | None,
    value: object,
    allowed: str,
    values: tuple[tuple[str, str], ...] = (),
) -> OptionError:
    option = param.opts[0] if param is not None else ""
    problem = Problem("option_value", option, found=str(value), allowed=allowed, values=values)
    return OptionError(problem)


class Help:
    """Help of a command in words of our own; click's are English."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def usage(self, command: click.Command, ctx: click.Context) -> str:
        """The usage line."""
        pieces = [ctx.command_path, self.text("cli.usage_options")]
        if isinstance(command, click.Group):
            pieces.append(self.text("cli.usage_command"))
        pieces += [str(one.metavar) for one in command.params if isinstance(one, click.Argument)]
        return self.text("cli.usage", words=" ".join(pieces))

    def page(self, command: click.Command, ctx: click.Context) -> str:
        """The whole help of a command."""
        lines = [self.usage(command, ctx), "", f"  {command.help}"]
        if isinstance(command, click.Group):
            rows = [(name, str(one.help)) for name, one in sorted(command.commands.items())]
            lines += self._section("cli.heading.commands", rows)
        options = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
        lines += self._section("cli.heading.options", [self._row(one) for one in options])
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


class Group(Command, click.Group):
    """A group of commands; like `Command`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named first."""
        if args[0] not in self.commands:
            known = ", ".join(sorted(self.commands))
            raise OptionError(Problem("unknown_command", found=args[0], allowed=known))
        return super().resolve_command(ctx, args)


def _help_option(text: Text) -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
        del param
        if asked:
            click.echo(ctx.command.get_help(ctx))
            ctx.exit()

    settings: dict[str, Any] = {"is_flag": True, "is_eager": True, "expose_value": False}
    return click.Option(["--help"], callback=show, help=text("cli.option.help"), **settings)


@contextmanager
def _own_complaints(command: click.Command, ctx: click.Context) -> Iterator[None]:
    """What click complains of, as a problem with a remedy in the reader's language."""
    try:
        yield
    except click.NoSuchOption as error:
        known = [one.opts[0] for one in command.get_params(ctx) if isinstance(one, click.Option)]
        problem = Problem("unknown_option", found=error.option_name, allowed=", ".join(known))
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


def _language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language asked for: `--lang`, else HALLSIM_LANG, else the terminal's, else Chinese."""
    asked = [b for a, b in pairwise(arguments) if a == "--lang"]
    asked += [a.partition("=")[2] for a in arguments if a.startswith("--lang=")]
    asked.append(environment.get("HALLSIM_LANG", ""))
    asked += [environment.get(name, "")[:2] for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    return next((one for name in asked for one in LANGUAGES if name == one), "zh")


# === commands === #


def hallsim(text: Text) -> Group:
    """All commands, speaking one language."""

    def option(name: str, kind: click.ParamType[Any] | None = None, **settings: Any) -> Any:
        words = settings.pop("help", None) or text(f"cli.option.{name}")
        return click.option(f"--{name}", type=kind, help=words, **settings)

    whole = Whole(1, MOST_REPLICATIONS)
    engine = OneOf(ENGINES)
    lang = option("lang", OneOf(LANGUAGES), expose_value=False)
    days = option("days", Whole(1))
    replications = option("replications", whole)
    seed = option("seed", Whole(0))
    engines = option("engine", engine, default=ENGINES[0], show_default=True)
    cores = option("cores", Whole(1, MOST_CORES))
    cluster = option("cluster", metavar="ADDRESS")
    overrides = option("set", multiple=True, metavar="PATH=VALUE")
    form = option("format", OneOf(FORMATS), default=FORMATS[0], show_default=True)
    out = option("out", metavar="DIR")
    store = option("store", metavar="DIR")
    until = option("until", multiple=True, metavar="MEASURE=WIDTH")
    file = click.argument("file", metavar="FILE")

    def command(name: str, *options: Any) -> Callable[[Callable[..., None]], click.Command]:
        def decorate(function: Callable[..., None]) -> click.Command:
            for one in reversed((*options, lang)):
                function = one(function)
            settings = {"allow_extra_args": True}
            made = Command(
                name,
                text=text,
                callback=function,
                params=list(reversed(getattr(function, "__click_params__", []))),
                help=text(f"cli.command.{name}"),
                context_settings=settings,
            )
            group.add_command(made)
            return made

        return decorate

    def version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
        del param
        if asked:
            click.echo(f"hallsim {__version__}")
            ctx.exit()

    def overview() -> None:
        ctx = click.get_current_context()
        if ctx.invoked_subcommand is None:
            click.echo(ctx.get_help())

    group = Group(
        "hallsim",
        text=text,
        help=text("cli.description"),
        params=[
            click.Option(
                ["--lang"],
                type=OneOf(LANGUAGES),
                expose_value=False,
                help=text("cli.option.lang"),
            ),
            click.Option(
                ["--version"],
                callback=version,
                is_flag=True,
                is_eager=True,
                expose_value=False,
                help=text("cli.option.version"),
            ),
        ],
        no_args_is_help=False,
        invoke_without_command=True,
        callback=overview,
    )

    @command("check", file, overrides, form)
    def check(file: str, **chosen: Any) -> None:
        _check(file, chosen["set"], chosen["format"], text)

    how = (days, replications, until, seed, engines, cores, cluster, overrides)
    run_options = (*how, form, out, store)

    @command("run", file, option("layout", metavar="ID"), *run_options)
    def run(file: str, layout: str | None, **chosen: Any) -> None:
        _study(file, lambda scenario: [layout or scenario.layouts[0].id], text, **chosen)

    @command("compare", file, option("layouts", metavar="ID,ID"), *run_options)
    def compare(file: str, layouts: str | None, **chosen: Any) -> None:
        wanted = [one.strip() for one in (layouts or "").split(",") if one.strip()]
        _study(file, lambda scenario: wanted or _all_layouts(scenario), text, **chosen)

    vary = option("vary", multiple=True, metavar="PATH=VALUES")
    measure = option("measure", default="wait", show_default=True)
    some = (days, replications, seed, engines, cores, overrides, form)
    sweep_out = option("out", metavar="DIR", help=text("cli.option.sweep_out"))

    @command("sweep", file, vary, option("layouts", metavar="ID,ID"), measure, *some, sweep_out)
    def sweep(file: str, **chosen: Any) -> None:
        _sweep(file, text, **chosen)

    levers_vary = option(
        "vary", multiple=True, metavar="PATH=LOW,HIGH", help=text("cli.option.lever_vary")
    )
    levers_out = option("out", metavar="DIR", help=text("cli.option.levers_out"))
    top = option("top", Whole(1, 1000), default=15, show_default=True)
    only = option("only", metavar="PATHS")
    levers_options = (option("layout", metavar="ID"), measure, top, only, levers_vary)

    @command("levers", file, *levers_options, *some, levers_out)
    def levers(file: str, **chosen: Any) -> None:
        _levers(file, text, **chosen)

    quiet = option("layout", metavar="ID", help=text("cli.option.reductions_layout"))
    ends = option("ends", is_flag=True)

    @command(
        "reductions",
        file,
        quiet,
        ends,
        *some,
        option("out", metavar="DIR", help=text("cli.option.reductions_out")),
    )
    def reductions(file: str, **chosen: Any) -> None:
        _reductions(file, text, **chosen)

    @command(
        "matter",
        file,
        click.argument("matter", metavar="MATTER"),
        quiet,
        *some,
        option("out", metavar="DIR", help=text("cli.option.matter_out")),
    )
    def matter(file: str, matter: str, **chosen: Any) -> None:
        _matter(file, matter, text, **chosen)

    one_run = (
        option("layout", metavar="ID"),
        option("replication", Whole(0, MOST_REPLICATIONS), default=0, show_default=True),
        days,
        seed,
        engines,
        overrides,
    )

    @command(
        "log",
        file,
        *one_run,
        option("out", metavar="LOG", required=True, help=text("cli.option.log_out")),
        option("names", OneOf(LANGUAGES)),
        option("excel", is_flag=True),
    )
    def log(file: str, out: str, names: Language | None, excel: bool, **chosen: Any) -> None:
        _log(file, Path(out), names, text, excel=excel, **chosen)

    @command(
        "case",
        file,
        click.argument("case", metavar="CASE", type=Whole(0)),
        *one_run,
        option("out", metavar="FIGURE", required=True, help=text("cli.option.case_out")),
    )
    def case(file: str, case: int, out: str, **chosen: Any) -> None:
        _case(file, case, Path(out), text, **chosen)

    @command(
        "demo",
        option("replications", whole, default=DEMO_REPLICATIONS, show_default=True),
        seed,
        engines,
        cores,
        option(
            "out",
            metavar="DIR",
            default=DEMO_FOLDER,
            show_default=True,
            help=text("cli.option.demo_out"),
        ),
    )
    def demo(**chosen: Any) -> None:
        _study(str(example_path("sanmenxia.yaml")), _all_layouts, text, **chosen)

    @command("schema")
    def schema() -> None:
        from sim.scenario.schema import schema_text

        click.echo(schema_text(), nl=False)

    @command("app", option("port", Whole(1, 65535), default=8501, show_default=True))
    def app(port: int) -> None:
        script = data_dir("app.py")
        start = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
        raise SystemExit(subprocess.call(start, cwd=script.parent))

    return group


def _all_layouts(scenario: Scenario) -> list[str]:
    return [layout.id for layout in scenario.layouts]


def _check(file: str, overrides: tuple[str, ...], form: str, text: Text) -> None:
    """Validate a scenario; print what it says, its assumptions, sources and offered loads."""
    from sim.analysis.offered import offered_load
    from sim.plan.compile import compile_plan
    from sim.scenario.load import read_scenario
    from sim.scenario.provenance import numbers
    from sim.views.console import print_check, shown_value, written_path

    scenario, warnings = read_scenario(file, overrides)
    plans = [compile_plan(scenario, layout.id) for layout in scenario.layouts]
    loads = {plan.names.layout: offered_load(plan) for plan in plans}
    known = numbers(scenario)
    problems = [*warnings, *_overloads(loads, text)]
    if form == "table":
        _print(lambda console: print_check(scenario, file, plans, loads, known, text, console))
        _warn(problems, text)
        return

    def row(one: Number) -> dict[str, str]:
        return {
            "path": written_path(one.path),
            "value": shown_value(one.value),
            "low": shown_value(one.low),
            "high": shown_value(one.high),
            "source": one.source or "",
            "note": text.said(one.note),
        }

    rows = [row(one) for one in known]
    if form == "csv":
        click.echo(_csv_text(rows), nl=False)
        return
    data = {
        "scenario": {"path": file, "hash": scenario.hash, "name": scenario.name.model_dump()},
        "numbers": rows,
        "offered_load": {
            name: [{**one._asdict(), "load": one.load if one.staffed_hours else None} for one in of]
            for name, of in loads.items()
        },
        "warnings": [problem.sentence(text) for problem in problems],
    }
    click.echo(_json_text(data), nl=False)


def _overloads(loads: Mapping[str, Sequence[Load]], text: Text) -> Iterator[Problem]:
    """A warning for each group of windows that cannot keep up, and each department once."""
    told = set()
    for layout, found in loads.items():
        for one in found:
            path = f"layouts[{layout}] {one.id}" if one.kind == "group" else one.id
            if one.load > 1 and path not in told:
                told.add(path)
                found_load = text.share(one.load, 0) if one.staffed_hours else "∞"
                yield Problem("overload", path, found=found_load, severity="warning")


def _warn(problems: Sequence[Problem], text: Text) -> None:
    for problem in problems:
        click.echo(f"{text('severity.warning')} · {problem.sentence(text)}", err=True)


def _study(
    file: str,
    choose: Choose,
    text: Text,
    *,
    replications: int | None,
    seed: int | None,
    engine: Engine,
    cores: int | None,
    out: str | None,
    cluster: str | None = None,
    store: str | None = None,
    until: tuple[str, ...] = (),
    days: int | None = None,
    set: tuple[str, ...] = (),
    format: str = FORMATS[0],
) -> None:
    """Run layouts or find them in a store, print what they do, write what was asked for."""
    from sim.engine.run import is_ready
    from sim.experiment.compare import compare
    from sim.experiment.precision import check_targets
    from sim.experiment.replicate import Study, replicate
    from sim.experiment.store import Store, run_or_find
    from sim.scenario.load import read_scenario

    if cluster is not None and cores is not None:
        raise OptionError(Problem("cluster_and_cores", "--cluster", found=cluster))
    targets = _targets(until)
    check_targets(targets)
    if targets and store is not None:
        raise OptionError(Problem("until_and_store", "--until", found=", ".join(until)))
    overrides = set if days is None else (*set, f"run.measured_days={days}")
    scenario, warnings = read_scenario(file, overrides)
    layouts = choose(scenario)
    _known_layouts(scenario, layouts)
    folder, shelf = _folder(out), _folder(store, "--store")
    _warn(warnings, text)

    def serve(scenario: Scenario, layouts: Sequence[str], asked: int, seed: int) -> Study:
        workers = min(cores or os.cpu_count() or 1, asked)
        words = {"layouts": len(layouts), "replications": asked, "cores": workers}
        key = "cli.working" if cluster is None else "cli.working_on_cluster"
        click.echo(text(key, file=file, cluster=cluster or "", **words), err=True)
        if cluster is None and not is_ready(engine):
            click.echo(text("cli.compiling"), err=True)
        with _progress(text) as progress:
            return replicate(
                scenario,
                layouts,
                asked,
                seed,
                engine,
                workers,
                progress,
                until=targets,
                cluster=cluster,
            )

    answer = run_or_find(
        scenario, layouts, replications, seed, serve, store=None if shelf is None else Store(shelf)
    )
    study = answer.study
    if answer.found:
        click.echo(text("cli.study_found", folder=answer.folder), err=True)
    if study.replications == 0:
        raise KeyboardInterrupt
    comparison = compare(study)
    _say(comparison, file, format, text)
    if study.cancelled:
        kept = text("cli.cancelled", done=study.replications, total=study.asked)
        click.echo(kept, err=True)
    if study.reached is not None and not study.cancelled:
        word = "cli.precise" if study.reached else "cli.not_precise"
        click.echo(text(word, replications=study.replications), err=True)
    if folder is not None:
        report = _write(comparison, file, folder, text)
        click.echo(text("cli.report_written", file=report.resolve()), err=format != FORMATS[0])
    if answer.problem is not None:
        raise answer.problem
    if answer.folder is not None and not answer.found:
        click.echo(text("cli.study_kept", folder=answer.folder), err=True)
    if study.cancelled:
        raise SystemExit(CANCELLED_STATUS)


class _Run(NamedTuple):
    """One replication of one layout."""

    scenario: Scenario
    tables: Tables
    seed: int


def _one_run(
    file: str,
    text: Text,
    *,
    layout: str | None,
    replication: int,
    days: int | None,
    seed: int | None,
    engine: Engine,
    set: tuple[str, ...],
) -> _Run:
    """Run one replication of one layout, as `run` would, and keep everything it tells."""
    from sim.engine.run import is_ready, run
    from sim.plan.compile import compile_plan
    from sim.plan.tape import draw_tape
    from sim.results.laws import check_laws
    from sim.results.tables import Tables
    from sim.scenario.load import read_scenario

    overrides = set if days is None else (*set, f"run.measured_days={days}")
    scenario, warnings = read_scenario(file, overrides)
    chosen = layout or scenario.layouts[0].id
    _known_layouts(scenario, [chosen])
    _warn(warnings, text)
    if not is_ready(engine):
        click.echo(text("cli.compiling"), err=True)
    used = scenario.run.seed if seed is None else seed
    plan = compile_plan(scenario, chosen)
    tape = draw_tape(plan.demand, used, replication)
    tables = Tables(plan, tape, run(plan, tape, engine))
    check_laws(tables)
    return _Run(scenario, tables, used)


def _log(
    file: str,
    out: Path,
    names: Language | None,
    text: Text,
    *,
    excel: bool,
    replication: int,
    **chosen: Any,
) -> None:
    """Write one replication as an event log."""
    from sim.results.eventlog import log_suffix, write_log
    from sim.views.values import log_labels

    log_suffix(out)
    _writable(out)
    done = _one_run(file, text, replication=replication, **chosen)
    plan = done.tables.plan
    labels = None if names is None else log_labels(done.scenario, plan.names, load_text(names))
    about = {"seed": f"{done.seed}", "replication": f"{replication}", "version": __version__}
    written = write_log(done.tables, out, labels, about, bom=excel)
    words = {"hash": done.scenario.hash, "layout": plan.names.layout, "file": out, **about}
    click.echo(text("cli.log_written", **written._asdict(), **words))


def _case(file: str, case: int, out: Path, text: Text, *, replication: int, **chosen: Any) -> None:
    """Draw what happened to one case."""
    from sim.views.matter import case_timeline

    if out.suffix.lower() not in PICTURES or not out.stem:
        allowed = ", ".join(PICTURES)
        raise OptionError(Problem("unknown_suffix", "--out", found=out.name, allowed=allowed))
    _writable(out)
    done = _one_run(file, text, replication=replication, **chosen)
    came = int((done.tables.cases.arrived_at < done.tables.plan.period.end).sum())
    if case >= came:
        allowed = f"0–{came - 1}" if came else ""
        raise OptionError(Problem("unknown_case", "CASE", found=f"{case}", allowed=allowed))
    figure = case_timeline(done.scenario, done.tables, case, text)
    try:
        figure.savefig(out, metadata=PICTURES[out.suffix.lower()])
    except OSError:
        raise OutputError(Problem("unwritable_output", found=str(out))) from None
    words = {"seed": done.seed, "replication": replication}
    click.echo(text("cli.figure_written", case=case, file=out, **words))


def _writable(out: Path) -> None:
    """Complain of a file that cannot be written before a long run rather than after it."""
    if out.is_dir() or not os.access(out.parent, os.W_OK):
        raise OutputError(Problem("unwritable_output", "--out", found=str(out)))


def _sweep(
    file: str,
    text: Text,
    *,
    vary: tuple[str, ...],
    layouts: str | None,
    measure: str,
    days: int | None,
    replications: int | None,
    seed: int | None,
    engine: Engine,
    cores: int | None,
    set: tuple[str, ...],
    format: str,
    out: str | None,
) -> None:
    """Run a grid of overrides, print one measure of it, write what was asked for."""
    from sim.experiment.export import sweep_data, sweep_rows
    from sim.experiment.sweep import check_size, sweep
    from sim.experiment.vary import read_levers
    from sim.views.console import print_sweep
    from sim.views.sweep import sweep_figure

    scenario = _scenario(file, days, set, text)
    wanted = [one.strip() for one in (layouts or "").split(",") if one.strip()]
    names = wanted or _all_layouts(scenario)
    _known_layouts(scenario, names)
    _known_measure(measure)
    levers = read_levers(scenario, vary)
    check_size(levers, len(names))
    folder = _folder(out)
    asked = scenario.run.replications if replications is None else replications
    points = math.prod(len(lever.settings) for lever in levers)
    workers = _tell_work(file, points, asked, cores, engine, text)
    with _progress(text) as progress:
        found = sweep(scenario, levers, names, asked, seed, engine, workers, progress)
    if found.replications == 0:
        raise KeyboardInterrupt
    data, rows = sweep_data(found, file), list(sweep_rows(found))
    _say_data(format, data, rows, lambda to: print_sweep(found, measure, file, text, to))
    if folder is not None:
        _write_files(
            folder, data, rows, "measures.csv", sweep_figure(found, text, measure).savefig, text
        )
    _cancelled_status(found.replications, found.asked, text)


def _levers(
    file: str,
    text: Text,
    *,
    layout: str | None,
    measure: str,
    top: int,
    only: str | None,
    vary: tuple[str, ...],
    days: int | None,
    replications: int | None,
    seed: int | None,
    engine: Engine,
    cores: int | None,
    set: tuple[str, ...],
    format: str,
    out: str | None,
) -> None:
    """Rank the levers of one layout by one measure, print them, write what was asked for."""
    from sim.experiment.export import ranking_data, ranking_rows
    from sim.experiment.levers import ENDS, assumed_levers, chosen, given_levers, rank
    from sim.views.console import print_ranking
    from sim.views.tornado import tornado_figure

    scenario = _scenario(file, days, set, text)
    name = layout or scenario.layouts[0].id
    _known_layouts(scenario, [name])
    _known_measure(measure)
    paths = [one.strip() for one in (only or "").split(",") if one.strip()]
    levers = chosen(assumed_levers(scenario, name), given_levers(scenario, vary), paths)
    folder = _folder(out)
    asked = scenario.run.replications if replications is None else replications
    workers = _tell_work(file, ENDS * len(levers.levers), asked, cores, engine, text)
    with _progress(text) as progress:
        ranking = rank(scenario, name, levers, measure, asked, seed, engine, workers, progress)
    if ranking.replications == 0:
        raise KeyboardInterrupt
    data, rows = ranking_data(ranking, file), list(ranking_rows(ranking))
    _say_data(format, data, rows, lambda to: print_ranking(ranking, top, file, text, to))
    if folder is not None:
        draw = tornado_figure(ranking, text, top).savefig
        _write_files(folder, data, rows, "levers.csv", draw, text)
    _cancelled_status(ranking.replications, ranking.asked, text)


def _reductions(
    file: str,
    text: Text,
    *,
    layout: str | None,
    ends: bool,
    days: int | None,
    replications: int | None,
    seed: int | None,
    engine: Engine,
    cores: int | None,
    set: tuple[str, ...],
    format: str,
    out: str | None,
) -> None:
    """Count the four reductions, print them, write what was asked for."""
    from sim.experiment.export import reductions_data, reductions_rows
    from sim.experiment.reductions import leanings
    from sim.views.reductions import reductions_figure
    from sim.views.reductions_console import print_reductions

    folder = _folder(out)
    how = (layout, days, replications, seed, engine, cores, set)
    found = _both_handlings(file, text, *how)
    leaning = list(leanings(found, workers=cores)) if ends else []
    data, rows = reductions_data(found, file, leaning), list(reductions_rows(found))
    _say_data(format, data, rows, lambda to: print_reductions(found, file, text, to, leaning))
    if folder is not None:
        draw = reductions_figure(found, text).savefig
        _write_files(folder, data, rows, "reductions.csv", draw, text)
    _cancelled_status(found.replications, found.asked, text)


def _matter(
    file: str,
    matter: str,
    text: Text,
    *,
    layout: str | None,
    days: int | None,
    replications: int | None,
    seed: int | None,
    engine: Engine,
    cores: int | None,
    set: tuple[str, ...],
    format: str,
    out: str | None,
) -> None:
    """Tell of one matter under both handlings, write what was asked for."""
    from sim.experiment.export import reductions_data, reductions_rows
    from sim.experiment.reductions import handled, matter_of
    from sim.experiment.replicate import replicate
    from sim.views.reductions import before_after_figure, process_figure
    from sim.views.reductions_console import print_matter

    folder = _folder(out)
    how = (layout, days, replications, seed, engine, cores, set)
    found = _both_handlings(file, text, *how, matter=matter)
    one = matter_of(found.scenario, matter)
    ways: tuple[Handling, ...] = ("separate", "bundled")
    run = (found.replications, found.seed, engine, cores)
    studies = [
        (way, replicate(handled(found.longer, way, found.matters), [found.layout], *run))
        for way in ways
    ]
    data = reductions_data(found, file)
    rows = [row for row in reductions_rows(found) if row["matter"] == matter]
    _say_data(format, data, rows, lambda to: print_matter(found, studies, one, file, text, to))
    if folder is not None:
        draw = before_after_figure(found, text, matter).savefig
        _write_files(folder, data, rows, "reductions.csv", draw, text)
        process_figure(found.scenario, matter, text).savefig(folder / "process.png")
    _cancelled_status(found.replications, found.asked, text)


def _both_handlings(
    file: str,
    text: Text,
    layout: str | None,
    days: int | None,
    replications: int | None,
    seed: int | None,
    engine: Engine,
    cores: int | None,
    overrides: tuple[str, ...],
    matter: str | None = None,
) -> Reductions:
    """The same crowds before and after; all matters are switched, also when one is looked at."""
    from sim.analysis.reductions import bundles
    from sim.experiment.reductions import matter_of, reductions

    scenario = _scenario(file, days, overrides, text)
    _known_layouts(scenario, [layout] if layout is not None else [])
    switched = bundles(scenario)
    if matter is not None and matter_of(scenario, matter).id not in switched:
        switched = (*switched, matter)
    asked = scenario.run.replications if replications is None else replications
    workers = _tell_work(file, 2, asked, cores, engine, text)
    with _progress(text) as progress:
        found = reductions(
            scenario, layout, asked, seed, engine, workers, progress, matters=switched
        )
    if found.replications == 0:
        raise KeyboardInterrupt
    return found


def _scenario(file: str, days: int | None, overrides: tuple[str, ...], text: Text) -> Scenario:
    """The scenario with what the options change in it; its warnings are told."""
    from sim.scenario.load import read_scenario

    more = () if days is None else (f"run.measured_days={days}",)
    scenario, warnings = read_scenario(file, (*overrides, *more))
    _warn(warnings, text)
    return scenario


def _known_measure(measure: str) -> None:
    from sim.experiment.sweep import ALL

    if measure not in ALL:
        allowed = ", ".join(ALL)
        problem = Problem("unknown_measure", "--measure", found=measure, allowed=allowed)
        raise OptionError(problem)


def _tell_work(
    file: str, points: int, asked: int, cores: int | None, engine: Engine, text: Text
) -> int:
    """Say how much is to be done; return the number of processes."""
    from sim.engine.run import is_ready

    workers = cores or os.cpu_count() or 1
    words = {"points": points, "replications": asked, "cores": workers}
    click.echo(text("cli.working_on_points", file=file, **words), err=True)
    if not is_ready(engine):
        click.echo(text("cli.compiling"), err=True)
    return workers


def _say_data(
    form: str,
    data: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    write: Callable[[Console], None],
) -> None:
    if form == "json":
        click.echo(_json_text(data), nl=False)
    elif form == "csv":
        click.echo(_csv_text(rows), nl=False)
    else:
        _print(write)


def _write_files(
    folder: Path,
    data: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    table: str,
    draw: Callable[[Path], None],
    text: Text,
) -> None:
    """Write data, rows and figure, and say so."""
    try:
        (folder / "result.json").write_text(_json_text(data), encoding="utf-8")
        # the mark at the start tells Excel that it is UTF-8
        (folder / table).write_text(_csv_text(rows), encoding="utf-8-sig")
        draw(folder / "figure.png")
    except OSError:
        raise OutputError(Problem("unwritable_folder", "--out", found=str(folder))) from None
    files = ", ".join(("result.json", table, "figure.png"))
    click.echo(text("cli.files_written", folder=folder.resolve(), files=files), err=True)


def _cancelled_status(done: int, asked: int, text: Text) -> None:
    if done < asked:
        click.echo(text("cli.cancelled", done=done, total=asked), err=True)
        raise SystemExit(CANCELLED_STATUS)


def _targets(until: Sequence[str]) -> dict[str, float]:
    """Half-widths by measure, from `wait=0.5`; whether the measure exists is asked later."""
    targets, problems = {}, []
    for one in until:
        measure, _, width = one.partition("=")
        try:
            targets[measure.strip()] = float(width)
        except ValueError:
            allowed = "wait=0.5, called_within=0.01 …"
            problems.append(Problem("option_value", "--until", found=one, allowed=allowed))
    if problems:
        raise OptionError(problems)
    return targets


def _known_layouts(scenario: Scenario, layouts: Sequence[str]) -> None:
    known = _all_layouts(scenario)
    problems = [
        Problem("unknown_layout", found=name, allowed=", ".join(known))
        for name in layouts
        if name not in known
    ]
    twice = {name for name in layouts if list(layouts).count(name) > 1}
    problems += [Problem("duplicate_id", "--layouts", found=name) for name in sorted(twice)]
    if problems:
        raise ScenarioError(problems)


# === what goes out === #


def _say(comparison: Comparison, file: str, form: str, text: Text) -> None:
    from sim.experiment.export import comparison_data, comparison_rows
    from sim.views.console import print_comparison

    if form == "json":
        click.echo(_json_text(comparison_data(comparison, file)), nl=False)
    elif form == "csv":
        click.echo(_csv_text(list(comparison_rows(comparison))), nl=False)
    else:
        _print(lambda console: print_comparison(comparison, file, text, console))


def _folder(out: str | None, option: str = "--out") -> Path | None:
    """The folder to write to, made before a long run rather than after it."""
    if out is None:
        return None
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".hallsim"
        probe.touch()
        probe.unlink()
    except OSError:
        raise OutputError(Problem("unwritable_folder", option, found=out)) from None
    return folder


def _write(comparison: Comparison, file: str, folder: Path, text: Text) -> Path:
    """Write the figures and the report; return the report's path."""
    from sim.experiment.export import comparison_data, comparison_rows
    from sim.views.report import write_report

    data, rows = comparison_data(comparison, file), list(comparison_rows(comparison))
    report = folder / "report.html"
    try:
        (folder / "result.json").write_text(_json_text(data), encoding="utf-8")
        # the mark at the start tells Excel that it is UTF-8
        (folder / "measures.csv").write_text(_csv_text(rows), encoding="utf-8-sig")
        write_report(comparison, text, report)
    except OSError:
        raise OutputError(Problem("unwritable_folder", "--out", found=str(folder))) from None
    return report


def _json_text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _csv_text(rows: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _print(write: Callable[[Console], None]) -> None:
    """Let something print tables; rich only lays them out, so a closed pipe is ours to meet."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    console = Console(highlight=False, width=None if terminal else PAGE, soft_wrap=False)
    with console.capture() as captured:
        write(console)
    lines = captured.get().splitlines()
    click.echo("\n".join(line.rstrip() for line in lines))


@contextmanager
def _progress(text: Text) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal; nothing when the output goes elsewhere.

    It is drawn here and not by a thread, since worker processes are forked while it stands.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int) -> None:
            words = text("cli.progress", done=done, total=total)
            bar.update(task, completed=done, total=total, description=words)
            bar.refresh()

        yield tell


# === the way in and every way out === #


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C lets workers finish for a few seconds, then ends them; twice, it ends them at once.

    Not at once by itself: a worker that dies while it hands over a result leaves a torn message
    behind, for whose rest its reader would wait.
    """
    timers: list[threading.Timer] = []

    def stop(signum: int, frame: object) -> None:
        del signum, frame
        if multiprocessing.parent_process() is not None:
            os._exit(CANCELLED_STATUS)  # a worker that has not yet learnt to leave this to us
        workers = multiprocessing.active_children()

        def end_workers() -> None:
            for worker in workers:
                with suppress(ValueError, OSError):
                    worker.terminate()

        if timers:
            end_workers()
        timers.append(threading.Timer(GRACE_S, end_workers))
        timers[-1].daemon = True
        timers[-1].start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        for timer in timers:
            timer.cancel()


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; whatever goes wrong is one clear sentence and an exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    text = load_text(_language(given, os.environ))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console without Chinese shows "?"
    raise SystemExit(_status(given, text))


def _status(arguments: list[str], text: Text) -> int:
    try:
        with _stoppable():
            group = hallsim(text)
            # not `group.main`, which has its own way with signals and pipes
            with group.make_context("hallsim", arguments) as ctx:
                group.invoke(ctx)
    except click.exceptions.Exit as left:
        return left.exit_code
    except HallError as error:
        for sentence in error.sentences(text):
            click.echo(sentence, err=True)
        return error.exit_status
    except click.ClickException as error:
        click.echo(Problem("bad_option", found=error.format_message()).sentence(text), err=True)
        return OptionError.exit_status
    except (click.Abort, KeyboardInterrupt):
        click.echo(text("cli.nothing_kept"), err=True)
        return CANCELLED_STATUS
    except BrokenPipeError:
        _forget(sys.stdout)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else INTERNAL_STATUS
    except Exception as error:
        if os.environ.get("HALLSIM_TRACEBACK"):
            raise
        problem = Problem("internal", found=f"{type(error).__name__}: {error}")
        click.echo(problem.sentence(text), err=True)
        return INTERNAL_STATUS
    return 0


def _forget(stream: IO[str]) -> None:
    """Nobody reads this stream any more: what is left in it goes nowhere, without a complaint."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()

"""The command line: `hallsim check | run | compare | schema | demo | app`."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sim import __version__, data_dir, example_path
from sim.errors import HallError, OutputError, Problem, ScenarioError
from sim.text import LANGUAGES, Language, Text, load_text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.experiment.compare import Comparison
    from sim.scenario.scenario import Scenario

ENGINES: Final = ("fast", "reference")
CANCELLED_STATUS: Final = 130
INTERNAL_STATUS: Final = 1


def _language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language asked for: `--lang`, else HALLSIM_LANG, else that of the terminal, else Chinese."""
    asked = [b for a, b in zip(arguments, arguments[1:], strict=False) if a == "--lang"]
    asked += [a.partition("=")[2] for a in arguments if a.startswith("--lang=")]
    asked += [environment.get("HALLSIM_LANG", ""), environment.get("LANG", "")[:2]]
    return next((one for name in asked for one in LANGUAGES if name == one), "zh")


WORDS: Final = load_text(_language(sys.argv[1:], os.environ))


def _shared(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Options that several commands have, each defined once."""
    options = {
        "days": click.option("--days", type=click.IntRange(1), help=WORDS("cli.option.days")),
        "replications": click.option(
            "--replications", type=click.IntRange(1), help=WORDS("cli.option.replications")
        ),
        "seed": click.option("--seed", type=click.IntRange(0), help=WORDS("cli.option.seed")),
        "engine": click.option(
            "--engine",
            type=click.Choice(ENGINES),
            default=ENGINES[0],
            show_default=True,
            help=WORDS("cli.option.engine"),
        ),
        "workers": click.option(
            "--cores", "workers", type=click.IntRange(1), help=WORDS("cli.option.cores")
        ),
        "overrides": click.option(
            "--set", "overrides", multiple=True, metavar="PATH=VALUE", help=WORDS("cli.option.set")
        ),
        "format_": click.option(
            "--format",
            "format_",
            type=click.Choice(("table", "json", "csv")),
            default="table",
            show_default=True,
            help=WORDS("cli.option.format"),
        ),
        "out": click.option("--out", type=click.Path(), help=WORDS("cli.option.out")),
        "lang": click.option(
            "--lang",
            type=click.Choice(LANGUAGES),
            default=WORDS.language,
            expose_value=False,
            help=WORDS("cli.option.lang"),
        ),
    }

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for name in reversed(names):
            command = options[name](command)
        return command

    return decorate


RUN_OPTIONS = ("days", "replications", "seed", "engine", "workers", "overrides")
SAY_OPTIONS = ("format_", "out", "lang")


@click.group(help=WORDS("cli.description"), context_settings={"help_option_names": ["--help"]})
@click.version_option(__version__, prog_name="hallsim", help=WORDS("cli.option.version"))
def hallsim() -> None:
    """Group of all commands."""


@hallsim.command(help=WORDS("cli.command.check"))
@click.argument("file", metavar="FILE")
@_shared("overrides", "format_", "lang")
def check(file: str, overrides: tuple[str, ...], format_: str) -> None:
    """Validate a scenario; print what it says, its assumptions, sources and offered loads."""
    from sim.analysis.offered import offered_load
    from sim.plan.compile import compile_plan
    from sim.scenario.load import read_scenario
    from sim.scenario.provenance import numbers
    from sim.views.console import path_text, print_check

    scenario, warnings = read_scenario(file, overrides)
    plans = [compile_plan(scenario, layout.id) for layout in scenario.layouts]
    loads = {plan.names.layout: offered_load(plan) for plan in plans}
    known = numbers(scenario)
    if format_ == "table":
        print_check(scenario, file, plans, loads, known, WORDS, _console())
        for problem in [*warnings, *_overloads(loads)]:
            click.echo(problem.sentence(WORDS), err=True)
        return
    rows = [
        {
            "path": path_text(one.path),
            "value": str(one.value),
            "low": "" if one.low is None else str(one.low),
            "high": "" if one.high is None else str(one.high),
            "source": one.source or "",
            "note": one.note or "",
        }
        for one in known
    ]
    if format_ == "csv":
        _write_csv(sys.stdout, rows)
        return
    shown = {
        name: [{**one._asdict(), "load": one.load} for one in found]
        for name, found in loads.items()
    }
    data = {
        "scenario": {"path": file, "hash": scenario.hash, "name": scenario.name.model_dump()},
        "numbers": rows,
        "offered_load": shown,
        "warnings": [problem.sentence(WORDS) for problem in warnings],
    }
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


def _overloads(loads: Mapping[str, Any]) -> Iterator[Problem]:
    for layout, found in loads.items():
        for one in found:
            if one.load > 1:
                yield Problem(
                    "overload",
                    f"layouts[{layout}] {one.id}",
                    found=WORDS.share(one.load, 0),
                    severity="warning",
                )


@hallsim.command(help=WORDS("cli.command.run"))
@click.argument("file", metavar="FILE")
@click.option("--layout", help=WORDS("cli.option.layout"))
@_shared(*RUN_OPTIONS, *SAY_OPTIONS)
def run(file: str, layout: str | None, **options: Any) -> None:
    """Simulate one layout."""
    _study(file, lambda scenario: [layout or scenario.layouts[0].id], **options)


@hallsim.command(help=WORDS("cli.command.compare"))
@click.argument("file", metavar="FILE")
@click.option("--layouts", help=WORDS("cli.option.layouts"))
@_shared(*RUN_OPTIONS, *SAY_OPTIONS)
def compare(file: str, layouts: str | None, **options: Any) -> None:
    """Serve the same crowds in several layouts."""
    wanted = [one.strip() for one in (layouts or "").split(",") if one.strip()]
    _study(file, lambda scenario: wanted or [one.id for one in scenario.layouts], **options)


@hallsim.command(help=WORDS("cli.command.demo"))
@_shared("replications", "workers", "out", "lang")
def demo(replications: int | None, workers: int | None, out: str | None) -> None:
    """The main job: the city's three layouts, a plain verdict, and a report."""
    _study(
        str(example_path("sanmenxia.yaml")),
        lambda scenario: [one.id for one in scenario.layouts],
        days=None,
        replications=replications,
        seed=None,
        engine=ENGINES[0],
        workers=workers,
        overrides=(),
        format_="table",
        out=out or "hallsim-report",
    )


@hallsim.command(help=WORDS("cli.command.schema"))
@_shared("lang")
def schema() -> None:
    """Print the JSON Schema of a scenario, for editors."""
    from sim.scenario.schema import schema_text

    click.echo(schema_text(), nl=False)


@hallsim.command(help=WORDS("cli.command.app"))
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@_shared("lang")
def app(port: int) -> None:
    """Open the app in a browser."""
    script = data_dir("app.py")
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    raise SystemExit(subprocess.call(command, cwd=script.parent))


def _study(
    file: str,
    choose: Callable[[Scenario], Sequence[str]],
    *,
    days: int | None,
    replications: int | None,
    seed: int | None,
    engine: Any,
    workers: int | None,
    overrides: tuple[str, ...],
    format_: str,
    out: str | None,
) -> None:
    """Run layouts, print what they do, write what was asked for."""
    from sim.experiment.compare import compare as compare_layouts
    from sim.experiment.replicate import replicate
    from sim.scenario.load import read_scenario

    if days is not None:
        overrides = (*overrides, f"run.measured_days={days}")
    scenario, warnings = read_scenario(file, overrides)
    layouts = choose(scenario)
    _check_layouts(scenario, layouts)
    folder = _folder(out)
    for problem in warnings:
        click.echo(problem.sentence(WORDS), err=True)
    with _progress() as progress:
        study = replicate(
            scenario, layouts, replications, seed, engine, workers=workers, progress=progress
        )
    if study.replications == 0:
        click.echo(WORDS("cli.nothing_kept"), err=True)
        raise SystemExit(CANCELLED_STATUS)
    comparison = compare_layouts(study)
    _say(comparison, file, format_)
    if study.cancelled:
        kept = WORDS("cli.cancelled", done=study.replications, total=study.asked)
        click.echo(kept, err=True)
    if folder is not None:
        _write(comparison, file, folder, quiet=format_ != "table")
    if study.cancelled:
        raise SystemExit(CANCELLED_STATUS)


def _check_layouts(scenario: Scenario, layouts: Sequence[str]) -> None:
    known = [layout.id for layout in scenario.layouts]
    problems = [
        Problem("unknown_layout", "--layouts", found=name, allowed=", ".join(known))
        for name in layouts
        if name not in known
    ]
    twice = {name for name in layouts if list(layouts).count(name) > 1}
    problems += [Problem("duplicate_id", "--layouts", found=name) for name in sorted(twice)]
    if problems:
        raise ScenarioError(problems)


def _say(comparison: Comparison, file: str, format_: str) -> None:
    from sim.experiment.export import comparison_data, comparison_rows
    from sim.views.console import print_comparison, print_study_line
    from sim.views.verdict import verdict

    if format_ == "json":
        data = comparison_data(comparison, file)
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    elif format_ == "csv":
        _write_csv(sys.stdout, list(comparison_rows(comparison)))
    else:
        console = _console()
        print_comparison(comparison, WORDS, console)
        console.print(WORDS("cli.heading.verdict"), style="bold")
        for sentence in verdict(comparison, WORDS):
            console.print(f"· {sentence}", highlight=False)
        print_study_line(comparison, file, WORDS, console)


def _folder(out: str | None) -> Path | None:
    """The folder to write to, made before a long run rather than after it."""
    if out is None:
        return None
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".hallsim"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OutputError(
            [Problem("unwritable_output", "--out", found=f"{out} ({error.strerror})")]
        ) from None
    return folder


def _write(comparison: Comparison, file: str, folder: Path, quiet: bool) -> None:
    from sim.experiment.export import comparison_data, comparison_rows
    from sim.views.report import write_report

    data = comparison_data(comparison, file)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    (folder / "result.json").write_text(text, encoding="utf-8")
    with (folder / "measures.csv").open("w", encoding="utf-8-sig", newline="") as handle:
        _write_csv(handle, list(comparison_rows(comparison)))
    report = folder / "report.html"
    write_report(comparison, WORDS, report)
    click.echo(WORDS("cli.report_written", file=report.resolve()), err=quiet)


def _write_csv(handle: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else 160
    return Console(width=width, highlight=False)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal; nothing when the output goes elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(WORDS("cli.progress", done=0, total="…"), total=None)

        def tell(done: int, total: int) -> None:
            words = WORDS("cli.progress", done=done, total=total)
            bar.update(task, completed=done, total=total, description=words)

        yield tell


def main() -> None:
    """Run a command; whatever goes wrong is one clear sentence and an exit status."""
    try:
        hallsim.main(prog_name="hallsim", standalone_mode=False)
    except HallError as error:
        for sentence in error.sentences(WORDS):
            click.echo(sentence, err=True)
        raise SystemExit(error.exit_status) from None
    except click.exceptions.Exit as error:
        raise SystemExit(error.exit_code) from None
    except click.ClickException as error:
        click.echo(_option_sentence(error, WORDS), err=True)
        raise SystemExit(2) from None
    except (click.Abort, KeyboardInterrupt):
        click.echo(WORDS("cli.nothing_kept"), err=True)
        raise SystemExit(CANCELLED_STATUS) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
    except Exception as error:
        if os.environ.get("HALLSIM_TRACEBACK"):
            raise
        problem = Problem("internal", found=f"{type(error).__name__}: {error}")
        click.echo(problem.sentence(WORDS), err=True)
        raise SystemExit(INTERNAL_STATUS) from None


def _option_sentence(error: click.ClickException, text: Text) -> str:
    return Problem("bad_option", found=error.format_message()).sentence(text)


if __name__ == "__main__":
    main()

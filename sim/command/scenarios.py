"""`govhall check`, `format`, `schema`: what a scenario says, its form, what may stand in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sim.command.help import CommandGroup
from sim.command.inputs import warn
from sim.command.options import Options, SaidText
from sim.command.outputs import say, say_data, tell
from sim.errors import OutputError, Problem, ScenarioError
from sim.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.offered import Load
    from sim.scenario.provenance import Number


UNFORMATTED_STATUS: Final = 1
"""Of `format --check` when it would change a file; 0 when it would change none, 2 when one of them
is no scenario file."""


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `check`, `format` and `schema`."""
    files = click.Argument(["files"], nargs=-1, required=True, metavar="FILE …", type=SaidText())
    check = shared("check", is_flag=True, words="format_check")
    group.add("check", _check, shared.file, shared.overrides, shared.form)
    group.add("format", _format, files, check)
    group.add("schema", _schema)


def _check(text: Text, file: str, set: tuple[str, ...], format: str) -> None:
    """Validate a scenario; print what it says, its promises, assumptions, sources, loads."""
    from sim.analysis.offered import cases_a_day, offered_load
    from sim.plan.compile import compile_plan
    from sim.scenario.load import read_scenario
    from sim.scenario.provenance import numbers
    from sim.views.promise_words import promise_sentences
    from sim.views.scenario_words import scenario_blocks, shown_value, written_path
    from sim.views.sizes import size_rows
    from sim.views.terminal import print_blocks

    scenario, warnings = read_scenario(file, set)
    plans = [compile_plan(scenario, layout.id) for layout in scenario.layouts]
    loads = {plan.names.layout: offered_load(plan) for plan in plans}
    written = numbers(scenario)
    problems = [*_overloads(loads, text), *warnings]

    def row(number: Number) -> dict[str, str]:
        return {
            "path": written_path(number.path),
            "value": shown_value(number.value),
            "low": shown_value(number.low),
            "high": shown_value(number.high),
            "source": number.source or "",
            "note": text.said(number.note),
        }

    rows = [row(number) for number in written]
    data = {
        "scenario": {"path": file, "hash": scenario.hash, "name": scenario.name.model_dump()},
        "cases_a_day": cases_a_day(plans[0]),
        "promises": promise_sentences(scenario, text),
        "numbers": rows,
        "offered_load": {
            name: [
                {**load._asdict(), "load": load.load if load.staffed_hours else None} for load in of
            ]
            for name, of in loads.items()
        },
        "matters_from": [
            {"path": size.path, "size": size.size, "assumed": not size.stated}
            for size in size_rows(scenario, text)
        ],
        "warnings": [problem.sentence(text) for problem in problems],
    }

    def print_answer(to: Console) -> None:
        print_blocks(scenario_blocks(scenario, file, plans, loads, written, text), to)

    say_data(format, data, rows, print_answer)
    if format == "table":
        warn(problems, text)


def _format(text: Text, files: tuple[str, ...], check: bool) -> None:
    """Write scenario files in one style, or name those that are not; all of them or none."""
    from sim.scenario.format import format_file

    done, problems = {}, list[Problem]()
    for path in dict.fromkeys(map(Path, files)):
        try:
            done[path] = format_file(path)
        except ScenarioError as error:
            problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    changed = [path for path, formatted in done.items() if formatted.after != formatted.before]
    for path in changed:
        if not check:
            _replace(path, done[path].after)
        say(text("cli.format_would" if check else "cli.format_done", file=path))
        if done[path].encoding != "UTF-8":
            tell(text("cli.format_encoding", file=path, encoding=done[path].encoding))
    words = {"count": len(done), "changed": len(changed)}
    say(text("cli.format_would_count" if check else "cli.format_count", **words))
    if check and changed:
        raise SystemExit(UNFORMATTED_STATUS)


def _replace(path: Path, data: bytes) -> None:
    """Put new bytes in the place of a file, or of the one that a link leads to."""
    from sim.storage.keep import write_file

    try:
        target = path.resolve()
        mode = target.stat().st_mode
        write_file(target, data)
        target.chmod(mode)
    except OSError:
        raise OutputError(Problem("format_unwritable", "", str(path))) from None


def _schema(text: Text) -> None:
    """Print the JSON schema of scenarios."""
    from sim.scenario.schema import schema_text

    del text
    say(schema_text(), nl=False)


def _overloads(loads: Mapping[str, Sequence[Load]], text: Text) -> Iterator[Problem]:
    """A warning for each set of window groups that cannot keep up, and each department once."""
    reported = set()
    for layout, of_layout in loads.items():
        for load in of_layout:
            ids = text("format.list").join(load.together or (load.id,))
            path = f"layouts[{layout}] {ids}" if load.kind == "group" else load.id
            if load.load > 1 and path not in reported:
                reported.add(path)
                found_load = text.share(load.load, 0) if load.staffed_hours else "∞"
                code = "overload_together" if load.together else "overload"
                yield Problem(code, path, found=found_load, severity="warning")

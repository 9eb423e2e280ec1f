"""`govhall log` and `case`: everything that happened in one replication."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from sim.command.help import CommandGroup
from sim.command.inputs import known_layouts, read_asked
from sim.command.options import MOST_REPLICATIONS, OneOf, Options, Whole
from sim.command.outputs import say, tell, tell_boxes, writable
from sim.errors import OptionError, OutputError, Problem
from sim.text import LANGUAGES, Language, Text, load_text
from sim.version import VERSION

if TYPE_CHECKING:
    from sim.engine.run import Engine
    from sim.results.tables import Tables
    from sim.scenario.scenario import Scenario

PICTURES: Final[Mapping[str, dict[str, None]]] = {
    ".svg": {"Date": None},
    ".png": {},
    ".pdf": {"CreationDate": None},
}
"""Kinds of figures, and what they do not say of themselves, so that their bytes are the same."""


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `log` and `case`."""
    which = Whole(0, MOST_REPLICATIONS)
    one_run = (
        *(shared.layout, shared("replication", which, default=0, show_default=True)),
        *(shared.days, shared.seed, shared.engine, shared.overrides),
    )
    log = (
        shared("out", metavar="LOG", required=True, words="log_out"),
        *(shared("names", OneOf(LANGUAGES)), shared("excel", is_flag=True)),
    )
    case = click.Argument(["case"], metavar="CASE", type=Whole(0))
    figure = shared("out", metavar="FIGURE", required=True, words="case_out")
    group.add("log", _log, shared.file, *one_run, *log)
    group.add("case", _case, shared.file, case, *one_run, figure)


class _Replication(NamedTuple):
    """One replication of one layout."""

    scenario: Scenario
    tables: Tables
    seed: int


def _one_run(
    text: Text,
    file: str,
    *,
    layout: str | None,
    replication: int,
    days: int | None,
    seed: int | None,
    engine: Engine,
    set: tuple[str, ...],
) -> _Replication:
    """Run one replication of one layout, as `run` would, and keep every event."""
    from sim.engine.run import is_ready, run
    from sim.plan.compile import compile_plan
    from sim.plan.crowd import draw_tape
    from sim.results.invariants import check_invariants
    from sim.results.tables import Tables

    scenario = read_asked(file, days, set, text)
    chosen = layout or scenario.layouts[0].id
    known_layouts(scenario, [chosen])
    if not is_ready(engine):
        tell(text("cli.compiling"))
    used = scenario.run.seed if seed is None else seed
    plan = compile_plan(scenario, chosen)
    tape = draw_tape(plan.demand, used, replication)
    tables = Tables(plan, tape, run(plan, tape, engine))
    check_invariants(tables)
    return _Replication(scenario, tables, used)


def _log(
    text: Text,
    file: str,
    out: str,
    names: Language | None,
    *,
    excel: bool,
    replication: int,
    **chosen: Any,
) -> None:
    """Write one replication as an event log."""
    from sim.results.eventlog import log_suffix, write_log
    from sim.views.scenario_names import log_labels

    to = Path(out)
    log_suffix(to)
    writable(to)
    done = _one_run(text, file, replication=replication, **chosen)
    plan = done.tables.plan
    labels = None if names is None else log_labels(done.scenario, plan.names, load_text(names))
    about = {"seed": f"{done.seed}", "replication": f"{replication}", "version": VERSION}
    written = write_log(done.tables, to, labels, about, bom=excel)
    words = {"hash": done.scenario.hash, "layout": plan.names.layout, "file": to, **about}
    say(text("cli.log_written", **written._asdict(), **words))


def _case(text: Text, file: str, case: int, out: str, *, replication: int, **chosen: Any) -> None:
    """Draw what happened to one case."""
    from sim.views.case_timeline import case_timeline

    to = Path(out)
    if to.suffix.lower() not in PICTURES or not to.stem:
        allowed = ", ".join(PICTURES)
        raise OptionError(Problem("unknown_suffix", "--out", found=to.name, allowed=allowed))
    writable(to)
    done = _one_run(text, file, replication=replication, **chosen)
    cases = done.tables.cases
    came = int((cases.arrived_at < done.tables.plan.period.end).sum())
    if case >= came and not cases.initial[case : case + 1].any():
        allowed = f"0–{came - 1}" if came else ""
        raise OptionError(Problem("unknown_case", "CASE", found=f"{case}", allowed=allowed))
    figure = case_timeline(done.scenario, done.tables, case, text)
    try:
        figure.savefig(to, metadata=PICTURES[to.suffix.lower()])
    except OSError:
        raise OutputError(Problem("unwritable_output", found=out)) from None
    tell_boxes(done.scenario, text)
    words = {"seed": done.seed, "replication": replication}
    say(text("cli.figure_written", case=case, file=to, **words))

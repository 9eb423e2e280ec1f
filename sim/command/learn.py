"""`govhall learn`: what the log of a real hall says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.command.help import CommandGroup
from sim.command.inputs import warn
from sim.command.log_inputs import asked_of_log, log_options
from sim.command.options import Options
from sim.command.outputs import folder_for, json_text, say_data, tell, writable, write_whole
from sim.errors import OptionError, OutputError, Problem
from sim.text import Text
from sim.text.foreign import csv_text

if TYPE_CHECKING:
    from rich.console import Console

    from sim.learning.learned import LearnedLog

SCENARIOS: Final = (".yaml", ".yml")
FILES: Final = ("result.json", "quality.csv", "rows.csv", "staffing.csv")


def add_to(group: CommandGroup, shared: Options) -> None:
    """Add `learn`."""
    group.add(
        "learn",
        _learn,
        *log_options(shared),
        shared("join", multiple=True, metavar="FILE"),
        shared.form,
        shared("out", metavar="DIR|FILE.yaml", words="learn_out"),
        shared("name", metavar="NAME", words="scenario_name"),
        shared("uncalibrated", is_flag=True, words="learn_uncalibrated"),
        shared("figures", metavar="DIR", words="learn_figures"),
    )


def _learn(
    text: Text,
    files: tuple[str, ...],
    mapping: tuple[str, ...],
    quality: tuple[str, ...],
    join: tuple[str, ...],
    out: str | None,
    name: str | None,
    uncalibrated: bool,
    figures: str | None,
    *,
    format: str,
    **hall: str | None,
) -> None:
    """Read a log, say how good it is and what was fitted, and write it, or a scenario of it."""
    from sim.learning.learned import read_log
    from sim.learning.learned_file import learned_file
    from sim.storage.learn_export import factor_data, learned_data, quality_rows

    form, by_hand, chosen, about_hall = asked_of_log(mapping, quality, hall)
    to_scenario = out is not None and Path(out).suffix.lower() in SCENARIOS
    if to_scenario:
        writable(Path(out or ""))
    elif figures is None:
        _refuse_without_scenario(name, uncalibrated)
    folder = None if to_scenario else folder_for(out)
    pictures = folder_for(figures, "--figures")
    problems: list[Problem] = []
    learned = read_log(files, form, by_hand, chosen, about_hall, problems, join)
    warn(problems, text)
    data, rows = learned_data(learned), quality_rows(learned)
    written = None
    if to_scenario or pictures is not None:
        written = learned_file(learned, name or "", about_hall, not uncalibrated)
        data["roster_factor"] = factor_data(written.factor)

    def write(console: Console) -> None:
        from sim.views.blocks import HeadingBlock
        from sim.views.learn_words import learned_blocks
        from sim.views.roster_factor_words import factor_sentence
        from sim.views.terminal import print_blocks

        print_blocks(learned_blocks(learned, text), console)
        if written is not None and written.factor is not None:
            heading = HeadingBlock(text("learned_scenario.fit"))
            print_blocks([heading, factor_sentence(written.factor, text)], console)

    say_data(format, data, rows, write)
    if folder is not None:
        _write(folder, learned, data, rows, text)
    if written is not None and to_scenario:
        write_whole(Path(out or ""), written.words.encode("utf-8"))
        tell(text("cli.file_written", file=Path(out or "").resolve()))
    if written is not None and pictures is not None:
        _draw(pictures, learned, written.words, about_hall.holidays, text)


def _refuse_without_scenario(name: str | None, uncalibrated: bool) -> None:
    """Options that are about a scenario, where none is asked for."""
    allowed = "--out FILE.yaml"
    problems = []
    if name is not None:
        problems.append(Problem("option_value", "--name", found=name, allowed=allowed))
    if uncalibrated:
        problems.append(Problem("option_value", "--uncalibrated", found="true", allowed=allowed))
    if problems:
        raise OptionError(problems)


def _draw(folder: Path, learned: LearnedLog, written: str, holidays: Any, text: Text) -> None:
    """The figure of an average day, observed and simulated."""
    from sim.learning.learned_day import learned_day
    from sim.scenario.load import scenario_from_text
    from sim.views.learned_day import learned_day_figure

    scenario = scenario_from_text(written)
    day = learned_day(learned.log, scenario, holidays)  # type: ignore[arg-type]
    path = folder / "figure.png"
    try:
        learned_day_figure(day, text).savefig(path)
    except OSError:
        raise OutputError(Problem("unwritable_folder", "--figures", found=str(folder))) from None
    tell(text("cli.file_written", file=path.resolve()))


def _write(
    folder: Path,
    learned: LearnedLog,
    data: Mapping[str, Any],
    rows: list[dict[str, Any]],
    text: Text,
) -> None:
    """The account of the log in a folder."""
    from sim.storage.learn_export import caught_rows_of
    from sim.storage.learn_staffing import staffing_rows

    try:
        (folder / FILES[0]).write_text(json_text(data), encoding="utf-8")
        (folder / FILES[1]).write_text(csv_text(rows), encoding="utf-8-sig")
        (folder / FILES[2]).write_text(csv_text(caught_rows_of(learned)), encoding="utf-8-sig")
        (folder / FILES[3]).write_text(csv_text(staffing_rows(learned)), encoding="utf-8-sig")
    except OSError:
        raise OutputError(Problem("unwritable_folder", "--out", found=str(folder))) from None
    tell(text("cli.files_written", folder=folder.resolve(), files=", ".join(FILES)))

"""How each command of the program is invoked on a scenario, and what versions of it understand."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

from sim.errors import HallError
from sim.questions.levers import assumed_levers
from sim.scenario.edit import bundles
from sim.scenario.load import load_scenario
from sim.scenario.scenario import Scenario
from sim.scenario.travel import candidates

SIZE: Final = "--replications 2 --cores 1"
INVOCATIONS: Final[Mapping[str, str]] = {
    "check": "check",
    "run": f"run {SIZE}",
    "run_by": f"run {SIZE} --by class,matter,list,group,county,slot,day",
    "run_until": "run --layout LAYOUT --replications 4 --cores 1 --until wait=0.5",
    "compare": f"compare {SIZE}",
    "compare_until": "compare --replications 4 --cores 1 --until called_within=0.01",
    "compare_layouts": f"compare {SIZE} --layouts LAYOUT,LAST_LAYOUT --by class",
    "assumptions": f"compare {SIZE} --assumptions wait",
    "sweep": f"sweep {SIZE} --layouts LAYOUT --vary STAFF=1,2 --measure turnaround",
    "levers": f"levers {SIZE} --layout LAYOUT --measure turnaround --top 5 --only LEVERS",
    "levers_screen": f"levers {SIZE} --layout LAYOUT --screen --only LEVERS",
    "levers_vary": f"levers {SIZE} --vary STAFF=1,2 --only STAFF",
    "reductions": f"reductions {SIZE} --layout LAYOUT",
    "reductions_ends": f"reductions {SIZE} --ends",
    "matter": f"matter MATTER {SIZE} --layout LAYOUT",
    "warmup": f"warmup {SIZE} --layouts LAYOUT",
    "size": f"size {SIZE} --layout LAYOUT --set targets.promises="
    '[{"measure":"called_within","at_least":0.8,"each":"half_hour"}]',
    "allocate": f"allocate {SIZE} --layout LAYOUT --hours 40",
    "roster": f"roster {SIZE} --layout LAYOUT --weeks 1",
    "switches": f"switches {SIZE} --layout LAYOUT --switch online --switch assistance=1,2,30",
    "tune": f"tune {SIZE} --layout LAYOUT --lever STAFF=1,2 --any-hours --measure stay --zone 0.5",
    "extend": f"extend {SIZE} --layout LAYOUT --points TOWNSHIPS",
    "extend_each": f"extend {SIZE} --layout LAYOUT --points TOWNSHIPS --each",
    "extend_budget": f"extend {SIZE} --layout LAYOUT --budget YUAN",
    "extend_at_most": f"extend {SIZE} --layout LAYOUT --at-most 2",
    "next": f"extend {SIZE} --layout LAYOUT --next --top 2",
    "frontier": f"extend {SIZE} --layout LAYOUT --frontier --at-most 2",
    "reform": f"reform BASE {SIZE} --layout LAYOUT",
    "reform_matter": f"reform BASE {SIZE} --matters MATTER",
    "log": "log --layout LAYOUT --replication 1 --out log.csv",
}
"""Name -> command and options; each is given a scenario's file, and its size by `--set`. Words in
capitals are of the scenario."""
LARGE: Final = 30
"""Ranges of numbers; the city's scenarios have more."""
OF_EACH_RANGE: Final = ("assumptions", "reductions_ends")
"""Invocations that run the ends of each range: too long on a large scenario."""
UNCOMPARED: Final[Mapping[str, str]] = {
    "case": "draws a figure; what it draws is in the log",
    "animate": "writes a page; that its counts are the journal's is tested in tests/analysis",
    "format": "writes scenario files; that they say the same is compared by their check",
    "workbook": "writes scenario files; that they say the same is tested in tests/storage",
    "schema": "is the language itself, not an answer about a scenario",
    "demo": "is compare, of a scenario that ships",
    "learn": "reads a log, not a scenario; tests/learning, tests/answers",
    "backtest": "learns from a log, not a scenario; tests/learning, tests/answers",
    "new": "drafts a scenario from answers, and reads none; tests/drafting",
    "backup": "copies what is kept; tests/storage",
    "restore": "copies what is kept; tests/storage",
    "report": "draws a kept study; its numbers are those of the study, by tests/views",
    "replay": "replays a log, not a scenario; tests/learning, tests/answers",
    "app": "is the app; its figures are those of the commands",
}
"""Commands that are not invoked, with the reason."""
UNCOMPARED_OPTIONS: Final[Mapping[str, str]] = {
    "--help": "is asked for what a command understands",
    "--lang": "changes words, not numbers",
    "--format": "both forms are compared, each in turn",
    "--set": "gives the size of a run",
    "--days": "is --set run.measured_days",
    "--seed": "another crowd of the same kind",
    "--engine": "both engines are held against each other in tests/engine",
    "--cluster": "needs a cluster; the same runs elsewhere",
    "--store": "keeps an answer; tests/storage",
    "--out": "writes the same data again, with figures",
    "--save": "writes the scenario that the data describe",
    "--names": "changes words of a log, not its numbers",
    "--repeats": "sizes again on other crowds; tests/questions",
    "--from": "begins a roster on another date; tests/questions",
    "--staff": "reads a table of people; tests/storage",
    "--posted": "reads a table of duties; tests/questions",
    "--day": "chooses the day of a page that is played",
    "--excel": "puts a mark before a log",
    "--existing": "says what a restored backup replaces; tests/storage",
}
"""Options that no invocation has, with the reason."""


@dataclass(frozen=True)
class Understood:
    """What a version understands, as its `--help` says."""

    options: Mapping[str, frozenset[str]]
    """Command -> its options."""

    def lacks(self, arguments: str) -> str:
        """What of an invocation a version does not understand; empty when it understands all."""
        command, *words = arguments.split()
        if command not in self.options:
            return command
        missing = [
            word for word in words if word.startswith("--") and word not in self.options[command]
        ]
        return f"{command} {' '.join(missing)}" if missing else ""


def commands_in(help_page: str) -> tuple[str, ...]:
    """Commands that a page of help lists.

    Examples
    --------
    >>> commands_in("Usage: x\\n\\n  All.\\n\\nCommands:\\n  run   Run it.\\n  log   Write.\\n")
    ('run', 'log')
    """
    return tuple(re.findall(r"^  ([a-z]\w*) {2,}\S", help_page, re.MULTILINE))


def options_in(help_page: str) -> frozenset[str]:
    """Options that a page of help lists.

    Examples
    --------
    >>> sorted(options_in("Options:\\n  --at-most N  Not more.\\n  --help       Say this.\\n"))
    ['--at-most', '--help']
    """
    return frozenset(re.findall(r"^  (--[a-z][a-z-]*)", help_page, re.MULTILINE))


class NotApplicableError(Exception):
    """Why an invocation says nothing about a scenario."""


@dataclass(frozen=True)
class Subject:
    """A scenario file and what invocations name in it."""

    file: str
    """As it is passed to the program."""
    words: Mapping[str, str]
    """Word in capitals -> what it is in this scenario."""
    size: Sequence[str]
    """Overrides that make its run small."""
    is_large: bool
    """Whether its runs take long."""

    def arguments(self, name: str) -> list[str]:
        """An invocation on this scenario.

        Raises
        ------
        NotApplicableError
            When the scenario has nothing of the kind that the invocation is about.
        """
        if self.is_large and name in OF_EACH_RANGE:
            raise NotApplicableError("has many ranges, each of which would be run at both ends")
        command, *words = INVOCATIONS[name].split()
        for word in re.findall(r"\b[A-Z_]{4,}\b", INVOCATIONS[name]):
            if word not in self.words:
                raise NotApplicableError(f"has no {word.lower()}")
        filled = [
            re.sub(r"\b[A-Z_]{4,}\b", lambda word: self.words[word[0]], text) for text in words
        ]
        # the file comes first among what has no option
        sizes = [text for override in self.size for text in ("--set", override)]
        return [command, self.file, *filled, *sizes, "--lang", "en"]


@cache
def read_subject(folder: Path, file: str) -> Subject:
    """A scenario file as this version reads it.

    Raises
    ------
    NotApplicableError
        When it cannot be read.
    """
    try:
        scenario = load_scenario(folder / file)
    except HallError as error:
        raise NotApplicableError(str(error)) from None
    ranges = [lever.path for lever in assumed_levers(scenario, scenario.layouts[0].id).levers]
    words = _words(scenario, ranges)
    text = (folder / file).read_text(encoding="utf-8")
    if extended := re.search(r"^extends: (\S+)", text, re.MULTILINE):
        words["BASE"] = str(PurePosixPath(file).parent / extended[1])
    is_large = len(ranges) > LARGE
    return Subject(file, words, _size(scenario, is_large), is_large)


def _words(scenario: Scenario, ranges: Sequence[str]) -> dict[str, str]:
    first = scenario.layouts[0]
    words = {
        "LAYOUT": first.id,
        "STAFF": f"layouts.{first.id}.windows.{first.windows[0].id}.clerks",
    }
    if ranges:
        words["LEVERS"] = ",".join((*ranges[:2], *ranges[2:][-1:]))
    if len(scenario.layouts) > 1:
        words["LAST_LAYOUT"] = scenario.layouts[-1].id
    if matters := bundles(scenario):
        words["MATTER"] = matters[0]
    if scenario.places is not None and (siting := scenario.places.siting) is not None:
        townships = candidates(scenario)
        words["TOWNSHIPS"] = f"{townships[0].id},{townships[-1].id}"
        words["YUAN"] = str(math.ceil(2 * siting.station.yearly_cost))
    return words


def _size(scenario: Scenario, is_large: bool) -> list[str]:
    """Overrides for a few days of it."""
    most = {"measured_days": 1 if is_large else 3, "warmup_days": 1, "followup_days": 2}
    days = {name: min(getattr(scenario.run, name), number) for name, number in most.items()}
    return [f"run.{name}={number}" for name, number in days.items()]

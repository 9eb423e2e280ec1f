"""Every figure draws in every language without a warning, and none is forgotten here."""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

import sim.views
from sim import Run, example_path, load_scenario, read_levers, sweep
from sim.analysis.story import story_of
from sim.learning.backtest import Backtest, backtest_log
from sim.learning.learned import read_log
from sim.learning.learned_day import LearnedDay, learned_day
from sim.learning.learned_scenario import learned_scenario
from sim.learning.log_replay import LogReplay, replay_log
from sim.learning.queue_backtest import QueueBacktest, backtest_snapshots
from sim.learning.ticket_log import TicketLog
from sim.questions.allocate import Allocation
from sim.questions.compare import Comparison, compare
from sim.questions.extend import extend
from sim.questions.extension import Extension
from sim.questions.frontier import Frontier, frontier
from sim.questions.levers import assumed_levers, chosen, given_levers
from sim.questions.next_point import NextPoints, next_points
from sim.questions.ranking import Ranking, rank
from sim.questions.reductions import Reductions, reductions
from sim.questions.reform import follow
from sim.questions.roster import DutyRoster
from sim.questions.shortlist import Shortlist, shortlist
from sim.questions.size import Sizing
from sim.questions.staffing import StaffingCurve, StaffingPoint
from sim.questions.sweep import Sweep
from sim.questions.switches import SwitchedHall, compare_switches
from sim.questions.tune import Tuning
from sim.questions.warm_up import WarmUpCheck, warm_up
from sim.results.tables import Tables
from sim.runs.replicate import Study
from sim.scenario.format import flow_text
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from sim.scenario.switches import HallSwitch
from sim.scenario.travel import ways_to_places
from sim.text import Text, load_text
from sim.views.allocate import allocation_figure
from sim.views.backtest_words import backtest_figure
from sim.views.case_timeline import case_timeline, story_timeline
from sim.views.causes import causes_figure, last_department_figure
from sim.views.compare import compare_figure
from sim.views.day import load_by_time, queue_by_time, waits_by_time
from sim.views.extend import burden_figure, extension_figure, money_figure
from sim.views.frontier import frontier_figure
from sim.views.headlines import headline_figure
from sim.views.item_network import matter_network
from sim.views.learned_day import learned_day_figure
from sim.views.log_replay_words import replay_figure
from sim.views.map import read_borders, townships_map
from sim.views.next_point import next_points_figure
from sim.views.observed_waits import observed_waits_figure
from sim.views.queue_backtest_words import queue_backtest_figure
from sim.views.queue_heat import queue_heat
from sim.views.reductions import before_after_figure, process_figure, reductions_figure
from sim.views.reform import reform_figure
from sim.views.roster import cover_figure, posted_figure
from sim.views.shortlist import shortlist_figure
from sim.views.size import kept_figure, size_figure
from sim.views.staffing import staffing_figure
from sim.views.style import as_svg, drawing, look, sheet
from sim.views.sweep import sweep_figure
from sim.views.switches import switches_figure
from sim.views.tornado import tornado_figure
from sim.views.tune import tune_figure
from sim.views.waits import wait_distribution
from sim.views.warm_up import warm_up_figure
from sim.views.window_use import use_by_time
from tests.learning.made_log import FILE
from tests.learning.made_snapshots import display_csv, display_rows, display_tables
from tests.views.drawn import in_words
from tests.views.rostered import rostered
from tests.views.sized import allocated, sized
from tests.views.tuned import tuned


class Things(NamedTuple):
    """What figures are drawn from."""

    scenario: Scenario
    study: Study
    comparison: Comparison
    tables: Tables
    curve: StaffingCurve
    sweep: Sweep
    ranking: Ranking
    reductions: Reductions
    area: Scenario
    """The same hall, with townships and places around it."""
    extension: Extension
    next_points: NextPoints
    frontier: Frontier
    shortlist: Shortlist
    warm_up: WarmUpCheck
    sizing: Sizing
    allocation: Allocation
    roster: DutyRoster
    tuning: Tuning


def made_log() -> TicketLog:
    log = read_log(FILE).log
    assert isinstance(log, TicketLog)
    return log


@cache
def made_replay() -> LogReplay:
    return replay_log(made_log())


@cache
def made_switches() -> SwitchedHall:
    days = ["run.measured_days=4", "run.replications=3"]
    hall = load_scenario(example_path("exact/hall_day.yaml"), days)
    switches = [HallSwitch("online", (40, 3)), HallSwitch("training", (23, 22))]
    return compare_switches(hall, switches, run=Run(workers=1))


@cache
def made_day() -> LearnedDay:
    written = flow_text(learned_scenario(read_log(FILE), "A made office"))
    return learned_day(made_log(), scenario_from_text(written))


@cache
def made_backtest() -> Backtest:
    return backtest_log(made_log())


@cache
def made_queues() -> QueueBacktest:
    content = display_csv(display_rows(display_tables()))
    return backtest_snapshots(read_log("display.csv", content=content), date(2025, 3, 14))


def longest_case(tables: Tables) -> int:
    cases = tables.cases
    return int(np.argmax(np.where(cases.closed_at >= 0, cases.closed_at - cases.arrived_at, -1)))


GALLERY: Mapping[str, Callable[[Things, Text], Figure]] = {
    "compare_figure": lambda things, text: compare_figure(things.comparison, text),
    "headline_figure": lambda things, text: headline_figure(things.comparison, text),
    "waits_by_time": lambda things, text: waits_by_time(things.study, text),
    "queue_by_time": lambda things, text: queue_by_time(things.study, text),
    "queue_heat": lambda things, text: queue_heat(things.study, text),
    "load_by_time": lambda things, text: load_by_time(things.study, text),
    "use_by_time": lambda things, text: use_by_time(things.study, text),
    "wait_distribution": lambda things, text: wait_distribution(things.study, text),
    "reform_figure": lambda things, text: reform_figure(
        follow([things.study, things.study], "one"), text
    ),
    "switches_figure": lambda _, text: switches_figure(made_switches(), text),
    "sweep_figure": lambda things, text: sweep_figure(things.sweep, text),
    "tune_figure": lambda things, text: tune_figure(things.tuning, text),
    "tornado_figure": lambda things, text: tornado_figure(things.ranking, text),
    "size_figure": lambda things, text: size_figure(things.sizing, things.sizing.layouts[0], text),
    "kept_figure": lambda things, text: kept_figure(
        things.sizing, things.sizing.layouts[0], 0, text
    ),
    "allocation_figure": lambda things, text: allocation_figure(things.allocation, text),
    "cover_figure": lambda things, text: cover_figure(things.roster, text),
    "posted_figure": lambda things, text: posted_figure(things.roster, text),
    "staffing_figure": lambda things, text: staffing_figure(things.curve, text),
    "reductions_figure": lambda things, text: reductions_figure(things.reductions, text),
    "before_after_figure": lambda things, text: before_after_figure(
        things.reductions, text, "shop"
    ),
    "process_figure": lambda things, text: process_figure(things.scenario, "shop", text),
    "matter_network": lambda things, text: matter_network(things.scenario, "shop", text),
    "case_timeline": lambda things, text: case_timeline(
        things.scenario, things.tables, longest_case(things.tables), text
    ),
    "story_timeline": lambda things, text: story_timeline(
        things.scenario, story_of(things.tables, longest_case(things.tables)), text
    ),
    "causes_figure": lambda things, text: causes_figure(things.study, text, "shop"),
    "last_department_figure": lambda things, text: last_department_figure(things.study, text),
    "townships_map": lambda things, text: townships_map(
        things.area,
        ways_to_places(things.area).minutes.min(axis=1),
        text("unit.min"),
        text,
        new=[things.area.applicants.townships[-1].id],
        borders=read_borders(example_path("data/sanmenxia_counties.geojson")),
    ),
    "extension_figure": lambda things, text: extension_figure(things.extension, text),
    "burden_figure": lambda things, text: burden_figure(things.extension, text, "fare", "class"),
    "money_figure": lambda things, text: money_figure(things.extension, text),
    "next_points_figure": lambda things, text: next_points_figure(things.next_points, text),
    "backtest_figure": lambda things, text: backtest_figure(made_backtest(), text),
    "queue_backtest_figure": lambda things, text: queue_backtest_figure(made_queues(), text),
    "learned_day_figure": lambda things, text: learned_day_figure(made_day(), text),
    "replay_figure": lambda things, text: replay_figure(made_replay(), text),
    "observed_waits_figure": lambda things, text: observed_waits_figure(
        made_replay().cells,
        made_replay().people.first_date,
        text("log_replay.title"),
        made_replay().scenario.hash,
        text,
    ),
    "warm_up_figure": lambda things, text: warm_up_figure(things.warm_up, text),
    "shortlist_figure": lambda things, text: shortlist_figure(things.shortlist, text),
    "frontier_figure": lambda things, text: frontier_figure(things.frontier, text),
}
ALONE = {"matter_network", "case_timeline", "story_timeline", "process_figure", "townships_map"}
"""Figures that rest on no replications."""
OF_LOGS = (
    "replay_figure",
    "observed_waits_figure",
    "backtest_figure",
    "queue_backtest_figure",
    "learned_day_figure",
)
DRAWINGS = Path(__file__).with_name("drawings")
LANGUAGES = [load_text("zh"), load_text("en"), load_text("keys")]


@pytest.fixture(scope="module")
def curve(comparison: Comparison) -> StaffingCurve:
    study = comparison.study
    points = [
        StaffingPoint(layout, clerks, estimates)
        for layout, estimates in zip(study.layouts, comparison.layouts, strict=True)
        for clerks in (4, 3)
    ]
    return StaffingCurve(study.scenario, study.layouts, tuple(points), 3, 1)


@pytest.fixture(scope="module")
def swept(scenario: Scenario) -> Sweep:
    texts = ["demand.shop.per_day=30,50", "departments.*.reviewers=2,3", "hall.closing=cut_off"]
    levers = read_levers(scenario, texts)
    return sweep(scenario, levers, run=Run(engine="reference", workers=1))


@pytest.fixture(scope="module")
def ranking(scenario: Scenario) -> Ranking:
    levers = assumed_levers(scenario, "one")
    varied = given_levers(scenario, ["layouts.one.windows.any.clerks=2,4", "hall.name.en=A,B"])
    levers = chosen(levers, varied)
    return rank(scenario, "one", levers, run=Run(engine="reference", workers=1))


@pytest.fixture(scope="module")
def before_after(scenario: Scenario) -> Reductions:
    return reductions(scenario, "one", run=Run(engine="reference", workers=1), followup=10)


@pytest.fixture(scope="module")
def things(
    scenario: Scenario,
    study: Study,
    comparison: Comparison,
    tables: Tables,
    curve: StaffingCurve,
    swept: Sweep,
    ranking: Ranking,
    before_after: Reductions,
) -> Things:
    area = load_scenario(example_path("sanmenxia_townships.yaml"))
    days = ["run.warmup_days=0", "run.measured_days=1", "run.followup_days=0"]
    short = load_scenario(example_path("sanmenxia_townships.yaml"), days)
    extension = extend(
        short, ["t411224204"], run=Run(replications=3, seed=1, workers=1), rival=False
    )
    more = next_points(short, ["t411224204"], 2, run=Run(replications=3, seed=1, workers=1))
    numbers = frontier(short, [1, 2], run=Run(replications=3, seed=1, workers=1))
    names = ["t411224204", "t411202001"]
    listed = shortlist(short, names, run=Run(replications=3, seed=1, workers=1))
    return Things(
        scenario,
        study,
        comparison,
        tables,
        curve,
        swept,
        ranking,
        before_after,
        area,
        extension,
        more,
        numbers,
        listed,
        warm_up(scenario, run=Run(replications=3, seed=1, engine="reference", workers=1)),
        sized(scenario),
        allocated(scenario),
        rostered(scenario),
        tuned(scenario),
    )


def test_every_figure_function_is_in_the_gallery() -> None:
    drawing = set()
    for module in pkgutil.iter_modules(sim.views.__path__, "sim.views."):
        for name, member in inspect.getmembers(importlib.import_module(module.name)):
            if inspect.isfunction(member) and not name.startswith("_"):
                returns = inspect.signature(member).return_annotation
                if returns == "Figure" and member.__module__ != "sim.views.style":
                    drawing.add(name)
    assert drawing == set(GALLERY)


@pytest.mark.parametrize("text", LANGUAGES, ids=lambda text: text.language)
@pytest.mark.parametrize("name", GALLERY)
def test_it_draws_without_a_warning(name: str, text: Text, things: Things) -> None:
    """Warnings are errors in this suite: a missing glyph would be one."""
    figure = GALLERY[name](things, text)
    figure.savefig(io.BytesIO(), format="png", dpi=40)


@pytest.mark.parametrize("name", GALLERY)
def test_it_says_what_it_shows_and_what_it_rests_on(name: str, things: Things) -> None:
    figure = GALLERY[name](things, load_text("en"))
    assert any(axes.get_xlabel() for axes in figure.axes)
    words = " ".join(text.get_text() for text in figure.texts)
    short = things.extension.scenario
    area = ("extension_figure", "burden_figure", "money_figure")
    about = dict.fromkeys(
        (*area, "next_points_figure", "frontier_figure", "shortlist_figure"), short
    )
    about |= dict.fromkeys(OF_LOGS, made_replay().scenario)
    about["backtest_figure"] = made_backtest().scenario
    about["queue_backtest_figure"] = made_queues().scenario
    about["learned_day_figure"] = made_day().scenario
    about["switches_figure"] = made_switches().scenario
    about["townships_map"] = things.area
    about |= dict.fromkeys(("size_figure", "kept_figure"), things.sizing.scenario)
    about |= dict.fromkeys(("cover_figure", "posted_figure"), things.roster.scenario)
    assert about.get(name, things.scenario).hash in words
    if name not in (*ALONE, *OF_LOGS):
        assert "3 replications" in words
        assert "seed 1" in words


@pytest.mark.parametrize("name", GALLERY)
def test_it_is_the_drawing_that_was_kept(
    name: str, things: Things, request: pytest.FixtureRequest
) -> None:
    """A figure differs from the one that was looked at only on purpose: see `--keep-drawings`."""
    file = DRAWINGS / f"{name}.txt"
    # words are keys: the figure stays the same when a sentence is put better
    drawn = in_words(GALLERY[name](things, load_text("keys")))
    if request.config.getoption("--keep-drawings"):
        file.write_text(drawn, encoding="utf-8")
    assert drawn.splitlines() == file.read_text(encoding="utf-8").splitlines()


def test_no_drawing_is_kept_of_a_figure_that_is_gone() -> None:
    assert {file.stem for file in DRAWINGS.glob("*.txt")} == set(GALLERY)


def test_text_is_drawn_as_outlines_and_asks_for_nothing(things: Things) -> None:
    svg = as_svg(GALLERY["compare_figure"](things, load_text("zh")), "one", "图")
    assert "<text" not in svg
    outside = [url for url in re.findall(r"https?://[^\"'\s)]+", svg) if "w3.org" not in url]
    assert outside == []
    assert svg.startswith('<svg role="img" aria-label="图"')


def test_ids_of_two_figures_on_one_page_differ(things: Things) -> None:
    figure = GALLERY["waits_by_time"](things, load_text("en"))
    ids = [set(re.findall(r'\bid="([^"]+)"', as_svg(figure, name))) for name in ("a", "b")]
    assert not ids[0] & ids[1]
    used = set(re.findall(r'href="#([^"]+)"', as_svg(figure, "a")))
    assert used <= ids[0]


def test_the_same_figure_gives_the_same_bytes(things: Things) -> None:
    first, second = (
        as_svg(GALLERY["wait_distribution"](things, load_text("en"))) for _ in range(2)
    )
    assert first == second


def test_a_layout_keeps_its_look_whichever_others_are_shown(scenario: Scenario) -> None:
    looks = [look(scenario, layout.id) for layout in scenario.layouts]
    assert len({look.colour for look in looks}) == len(looks)
    assert len({look.marker for look in looks}) == len(looks)


def test_other_figures_keep_their_own_style() -> None:
    before = dict(mpl.rcParams)
    with drawing():
        figure = sheet("x", 2.0)
    figure.savefig(io.BytesIO(), format="png", dpi=30)
    assert dict(mpl.rcParams) == before


def test_a_dollar_sign_in_a_name_is_no_formula() -> None:
    with drawing():
        figure = sheet("$\\frac{1}{", 2.0)
        figure.subplots().set_title("cost $_^")
    figure.savefig(io.BytesIO(), format="png", dpi=30)


def test_no_figure_needs_pyplot() -> None:
    for path in Path(sim.views.__path__[0]).glob("*.py"):
        assert "pyplot" not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("name", ["compare_figure", "waits_by_time", "causes_figure"])
def test_one_replication_has_no_interval_and_still_draws(name: str, things: Things) -> None:
    study = things.study
    alone = study._replace(asked=3, tallies=tuple(rows[:1] for rows in study.tallies))
    few = things._replace(study=alone, comparison=compare(alone))
    figure = GALLERY[name](few, load_text("zh"))
    figure.savefig(io.BytesIO(), format="png", dpi=30)
    assert "3" in figure.texts[-1].get_text()

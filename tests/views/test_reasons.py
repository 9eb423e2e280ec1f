"""Cuts beside published ones, and figures that would be doubted: told with what makes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim import Run, example_path, load_scenario
from sim.analysis.offered import Load
from sim.analysis.story import story_of
from sim.questions.doubts import doubts
from sim.questions.reductions import Reductions, reductions
from sim.results.tables import Tables
from sim.runs.replicate import Study
from sim.scenario.limits import longest_work
from sim.scenario.load import scenario_from_text
from sim.scenario.scenario import Scenario
from sim.storage.reductions_export import reductions_data
from sim.text import LANGUAGES, Language, load_text
from sim.views.case_timeline import case_timeline
from sim.views.causes import causes_figure, causes_reach
from sim.views.reasons import reason_sentences
from sim.views.reductions_words import beside_published, reduction_sentences
from tests.views.test_gallery import longest_case
from tests.web.halls import SMALL

EN = load_text("en")
MATTERS = ("birth", "annual_report", "study_abroad")


@pytest.fixture(scope="module")
def city() -> Reductions:
    """Few cases of a rare matter; one that is all online; one that takes hours."""
    scenario = load_scenario(example_path("sanmenxia.yaml"), ["run.measured_days=4"])
    return reductions(
        scenario, "counters", run=Run(replications=1, workers=1), followup=60, matters=MATTERS
    )


@pytest.mark.parametrize(
    ("cut", "published", "words"),
    [
        (0.96, 0.93, "3 percentage points larger than the published one"),
        (0.83, 0.86, "97 % of the published one, 3 percentage points less"),
        (0.9998, 1.0, "equal"),
        (0.926, 0.934, "equal"),
        (0.8549, 0.86, "99 % of the published one, 1 percentage points less"),
        (-0.75, 0.05, "80 percentage points smaller"),
        (0.0, 0.05, "5 percentage points smaller"),
    ],
)
def test_no_cut_is_more_than_all_of_a_published_one(
    cut: float, published: float, words: str
) -> None:
    assert words in beside_published(cut, published, EN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_share_of_a_published_cut_is_above_all_of_it(
    city: Reductions, language: Language
) -> None:
    text = load_text(language)
    said = "\n".join(reduction_sentences(city, text, "birth"))
    after_the_cut = {"en": "of the published one", "zh": "为公布幅度的"}[language]
    for part in (
        said.split(after_the_cut)[1:] if language == "zh" else said.split(after_the_cut)[:-1]
    ):
        number = part.split("%")[0] if language == "zh" else part.rsplit("is ", 1)[1].split()[0]
        assert float(number) < 100


def test_a_time_as_long_as_promised_carries_none(tmp_path: Path) -> None:
    """Most of a day's work where a day is promised."""
    path = tmp_path / "small.yaml"
    text = SMALL.replace("3 wd", "1 wd").replace("per_day: 10", "per_day: 1")
    path.write_text(text.replace("review: 10 min", "review: 90 min"), encoding="utf-8")
    scenario = load_scenario(path)
    matter = next(m.id for m in scenario.matters if m.promised is not None)
    slow = reductions(
        scenario, scenario.layouts[0].id, run=Run(replications=2, workers=1), matters=[matter]
    )
    assert "soon" not in [doubt.reason for doubt in doubts(slow, matter)]


def test_a_short_time_carries_its_reason(city: Reductions) -> None:
    """Newborns: 36 minutes of reviewers' work against five promised working days."""
    [doubt] = [each for each in doubts(city, "birth") if each.reason == "soon"]
    assert doubt.promised is not None
    assert doubt.working_days < doubt.promised.workdays / 3
    assert doubt.is_assumed
    [sentence] = [each for each in reason_sentences(city, EN, "birth") if "so short" in each]
    for words in ("5 wd", "36 min", "assumed", "no item has a span", f"{24 * doubt.days:.1f} h"):
        assert words in sentence
    assert sentence in reduction_sentences(city, EN, "birth")


def test_a_matter_without_trips_says_that_all_of_it_is_online(city: Reductions) -> None:
    reasons = [doubt.reason for doubt in doubts(city, "annual_report")]
    assert "no_trips" in reasons
    assert "no_trips" not in [doubt.reason for doubt in doubts(city, "birth")]
    assert any(
        "100 % of the compared cases apply online" in sentence
        for sentence in reason_sentences(city, EN, "annual_report")
    )


def test_few_cases_are_told(city: Reductions) -> None:
    [doubt] = [each for each in doubts(city, "study_abroad") if each.reason in {"few", "none"}]
    assert doubt.compared < 30
    assert not [each for each in doubts(city, "birth") if each.reason == "none"]


def test_all_matters_are_told_by_reason(city: Reductions) -> None:
    said = reason_sentences(city, EN)
    names = {matter.id: EN.name(matter.name) for matter in city.scenario.matters}
    [soon] = [sentence for sentence in said if "less than a third" in sentence]
    assert names["birth"] in soon
    assert [
        sentence
        for sentence in said
        if "without a trip" in sentence and names["annual_report"] in sentence
    ]
    data = reductions_data(city)["matters"]
    assert "soon" in data["birth"]["doubts"]


def test_overloads_are_told_in_whole_percent_before_and_after(city: Reductions) -> None:
    department = city.scenario.departments[0]
    desk = (Load("reception", "", 118.4, 100), Load("reception", "", 61.6, 100))
    office = (desk[0]._replace(kind="department", id=department.id), desk[1])
    over = replace(city, overloads=(desk, office))
    [overload] = [
        sentence for sentence in reduction_sentences(over, EN) if "grow on and on" in sentence
    ]
    for name in (EN("cli.load_kind.reception"), EN.name(department.name)):
        assert f"{name} 118 % (bundled 62 %)" in overload
    assert not [
        sentence for sentence in reduction_sentences(city, EN) if "grow on and on" in sentence
    ]


CHAIN = """\
name: {zh: 链, en: Chain}
source: reckoned by hand
run: {start: 2025-01-06, measured_days: 1}
calendars: [{id: week, weekly: {mon-fri: [09:00-17:00]}}]
hall: {name: {zh: 厅, en: Hall}, hours: week}
departments: [{id: office, name: {zh: 局, en: Office}, reviewers: 1, hours: week}]
matters:
- id: m
  name: {zh: 事, en: Matter}
  lead: office
  service: {base: 1 min}
  items:
  - {id: a, name: {zh: a, en: a}, department: office, review: 10 min}
  - {id: b, name: {zh: b, en: b}, department: office, review: 25 min}
  - {id: c, name: {zh: c, en: c}, department: office, review: 20 min, after: [a]}
demand: [{id: f, matter: m, per_day: 1}]
layouts:
- {id: l, name: {zh: l, en: l}, windows: [{id: w, serves: [m], clerks: 1}]}
"""


def test_the_longest_work_is_that_of_a_chain() -> None:
    """Ten and then twenty minutes; twenty-five at their side."""
    assert longest_work(scenario_from_text(CHAIN).matters[0]) == 30 * 60_000


def test_timelines_of_one_person_are_read_by_one_scale(scenario: Scenario, tables: Tables) -> None:
    """Before and after from the same day to the same day, so neither is in other units."""
    case = longest_case(tables)
    start, end = story_of(tables, case).reach
    assert 0 <= start < end
    alone = case_timeline(scenario, tables, case, EN).axes[0].get_xlim()
    assert alone[0] < start
    assert end < alone[1]
    wide = (start, end + 40)
    long = case_timeline(scenario, tables, case, EN, wide).axes[0].get_xlim()
    assert long[1] > end + 40
    same = case_timeline(scenario, tables, case, EN, (start, end)).axes[0].get_xlim()
    assert same == alone


def test_causes_before_and_after_share_their_axes(study: Study) -> None:
    days, hours = causes_reach(study, "shop")
    assert days > 0
    figure = causes_figure(study, EN, "shop", reach=(3 * days, 2 * hours))
    whole, part = (axes.get_xlim() for axes in figure.axes[:2])
    assert whole[1] == pytest.approx(1.04 * 3 * days)
    assert part[1] >= 2 * hours
    plain = causes_figure(study, EN, "shop").axes[0].get_xlim()
    limits = causes_figure(study, EN, "shop", reach=(days / 9, 0.0)).axes[0].get_xlim()
    assert limits[1] == pytest.approx(plain[1])

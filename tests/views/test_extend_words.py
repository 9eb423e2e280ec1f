"""What is said of new stations: never more than intervals allow, in either language."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from sim import Run
from sim.analysis.effects import Effect, GroupEffect
from sim.analysis.intervals import Interval
from sim.questions.extend import extend
from sim.questions.extension import Extension
from sim.scenario.places import MarketDays, ServicePoint
from sim.storage.extend_export import extension_data
from sim.text import LANGUAGES, Language, load_text
from sim.views.blocks import AnyBlock, TableBlock
from sim.views.effects import difference_words, mean_words
from sim.views.extend import burden_figure, money_figure, saved_minutes
from sim.views.extend_counted import counted_cautions, counted_sentences, year_cautions
from sim.views.extend_report import render_extension
from sim.views.extend_words import (
    area_blocks,
    cautions_of,
    most_gaining,
    station_blocks,
    terminal_blocks,
)
from sim.views.worth_words import answer_of, money_sentences
from tests.questions.test_extend import ANYWHERE, EVERYTHING, NEAREST, area

EN = load_text("en")
STATIONS = {
    "ridge": ServicePoint(
        hours="office",
        clerks={"mon-sun 00:00-24:00": 2},
        accepts=("police",),
        market_days=MarketDays(ends_in=(3, 8)),
        yuan_per_year=40_000,
    )
}


@pytest.fixture(scope="module")
def extension() -> Extension:
    scenario = area(EVERYTHING.replace("  siting:\n", NEAREST))
    return extend(
        scenario,
        ["port", "ridge"],
        run=Run(replications=3, seed=3, engine="reference", workers=1),
        stations=STATIONS,
    )


def table_of(blocks: Sequence[AnyBlock]) -> TableBlock:
    [table] = (block for block in blocks if isinstance(block, TableBlock))
    return table


def test_every_table_has_a_head_for_each_cell(extension: Extension) -> None:
    for language in LANGUAGES:
        text = load_text(language)
        blocks = terminal_blocks(extension, "area.yaml", text)
        tables = [block for block in blocks if isinstance(block, TableBlock)]
        assert len(tables) == 6
        for table in tables:
            assert len(set(table.heads)) == len(table.heads), "else no page can show it"
            assert {len(row) for row in table.rows} == {len(table.heads)}
            assert not any("nan" in cell for row in table.rows for cell in row)


def test_where_an_interval_holds_zero_nothing_is_said_to_differ(extension: Extension) -> None:
    kinds = ("not_distinguishable", "identical", "no_difference_that_matters")
    alike = [EN(f"figure.judgement.{kind}") for kind in kinds]
    column = table_of(area_blocks(extension, EN)).heads.index(EN("page.results.judgement"))
    differing = 0
    for effect, row in zip(
        extension.summary.stations.area, table_of(area_blocks(extension, EN)).rows, strict=True
    ):
        low, high = effect.difference.low, effect.difference.high
        assert (row[column] in alike) == (low <= 0 <= high), effect.measure
        differing += row[column] not in alike
    assert differing > 0


@pytest.mark.parametrize(
    ("measure", "unit", "sign", "better"),
    [
        ("travel", "min", -1, "better"),
        ("travel", "min", 1, "worse"),
        ("within_30", "share", 1, "better"),
        ("gini", "number", -1, "better"),
        ("visits", "trip", -1, "differs"),
    ],
)
def test_which_way_is_better(measure: str, unit: str, sign: int, better: str) -> None:
    from sim.analysis.judge import judge

    gap = Interval(sign * 2.0, sign * 2.0 - 1, sign * 2.0 + 1, n=9)
    assert judge(Effect(measure, unit, gap, gap, gap).change) == better


def test_what_can_be_told_apart_is_not_shown_as_nothing() -> None:
    """Unevenness changes in the fourth decimal; then so many are shown."""
    some = Interval(0.5, 0.4, 0.6, n=9)
    tiny = Interval(-0.0004, -0.0006, -0.0002, n=9)
    effect = Effect("gini", "number", some, some, tiny)
    assert difference_words(effect, EN) == "−0.00040 [−0.00060, −0.00020]"
    assert mean_words(effect.before, effect, EN) == "0.50000"


def costing(extension: Extension, yuan: float) -> Extension:
    """The same, with stations that cost so much a year in all."""
    costs = [{"yuan_per_year": salary, "setup_yuan": 0.0} for salary in (yuan, 0.0)]
    dear = [
        point.model_copy(update=cost) for point, cost in zip(extension.opened, costs, strict=True)
    ]
    places = extension.extended.places
    assert places is not None
    opened = (*places.open[: -len(dear)], *dear)
    changed = places.model_copy(update={"open": opened})
    return replace(extension, extended=extension.extended.model_copy(update={"places": changed}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_follows_the_interval(extension: Extension, language: Language) -> None:
    text, saved = load_text(language), extension.worth.residents

    assert saved.low > 0
    for yuan, word in (
        (saved.low * 0.5, "more"),
        (saved.mean, "alike"),
        (saved.high * 2, "less"),
    ):
        template = text.template(f"stations.answer.{word}")
        pattern = re.escape(template)
        for name in ("names", "saved", "yearly", "value"):
            pattern = pattern.replace(re.escape(f"{{{name}}}"), ".+")
        assert re.fullmatch(pattern, answer_of(costing(extension, yuan), text)), word
    alone = replace(extension, tallies=tuple(rows[:1] for rows in extension.tallies))
    assert answer_of(alone, text) != answer_of(extension, text)
    assert {"zh": "无法判断", "en": "too few"}[language] in answer_of(alone, text)


def test_an_hour_is_worth_what_pays(extension: Extension) -> None:
    """At the worth that is told residents save what the stations cost."""
    cheap = costing(extension, 1.0)
    assert EN("stations.any_value") in money_sentences(cheap, EN), "the fares alone do"
    dear = costing(extension, 3 * extension.worth.residents.mean)
    words = "\n".join(money_sentences(dear, EN))
    value = float(re.findall(r"from ([\d.]+) yuan an hour", words)[0])
    rows = extension_data(dear)["against"]["stations"]["area"]
    saved = {row["measure"]: -row["difference"]["mean"] for row in rows}
    cases = extension_data(dear)["year"]["cases"]
    hours = (saved["travel"] + saved["inside"]) / 60
    low, high = (cases * (saved["fare"] + hours * (value + by)) for by in (-0.51, 0.51))
    assert low < dear.worth.yearly < high


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.04, "3.0"), (19.94, "19.9"), (19.99, "20.0"), (20.01, "20"), (50.4, "50")],
)
def test_the_worth_of_an_hour_has_a_decimal_below_twenty_yuan(
    extension: Extension, value: float, shown: str
) -> None:
    """Stations that cost as much as all hours are worth at `value`, and the fares."""
    hours = sum(float(extension.worth.saved[burden].mean()) for burden in ("travel", "inside")) / 60
    dear = costing(extension, float(extension.worth.saved["fare"].mean()) + hours * value)
    sentence = EN("stations.value", value=shown, hours=EN.number(hours, 0))
    assert sentence in money_sentences(dear, EN)


def test_where_no_time_is_saved_no_worth_of_it_pays() -> None:
    idle = ANYWHERE.replace("station: {clerks: 1, accepts: [police]", "station: {clerks: 1")
    extension = extend(
        area(idle),
        ["ridge"],
        run=Run(replications=2, seed=3, engine="reference", workers=1),
        rival=False,
    )
    assert EN("stations.no_value") in money_sentences(extension, EN)
    assert most_gaining(extension.summary.stations.groups["township"]) == ()
    burden_figure(extension, EN)
    money_figure(extension, EN)


def test_those_come_first_that_gain_most_in_all(extension: Extension) -> None:
    rows = most_gaining(extension.summary.stations.groups["township"])
    gains = [
        group.cases
        * next(each.difference.mean for each in group.effects if each.measure == "travel")
        for group in rows
    ]
    assert gains == sorted(gains)
    assert all(gain < 0 for gain in gains)
    assert saved_minutes(extension)[rows[0].group].mean > 0


def test_the_rival_saves_what_is_told_of_it(extension: Extension) -> None:
    online = extension.summary.online
    assert online is not None
    cost = online.effect("resident_cost")
    assert math.copysign(1, online.residents.mean) == -math.copysign(1, cost.difference.mean)


def test_stations_are_told_as_they_serve(extension: Extension) -> None:
    port, ridge = table_of(station_blocks(extension, EN)).rows
    assert ridge[2:6] == ("2", "3, 8", "0", "40,000")
    assert ridge[1] == "Monday to Friday 09:00-17:00"
    assert port[3] == EN("stations.every_day")


def test_few_and_stopped_are_told(extension: Extension) -> None:
    several = len(cautions_of(extension, EN))
    assert EN("report.provisional", replications=3) in cautions_of(extension, EN)
    assert len(cautions_of(replace(extension, asked=9), EN)) == several + 1


def test_the_twelve_that_gain_most_in_all_are_told(extension: Extension) -> None:
    """Fourteen townships gain, one keeps its way, one loses: cases times minutes decides."""
    some = most_gaining(extension.summary.stations.groups["township"])[0]
    travel = next(effect for effect in some.effects if effect.measure == "travel")

    def town(name: str, cases: float, minutes: float) -> GroupEffect:
        gap = Interval(minutes, minutes - 1, minutes + 1, n=9)
        return some._replace(group=name, cases=cases, effects=(travel._replace(difference=gap),))

    towns = [town(f"t{n}", 100 - n, -1.0 - n) for n in range(14)]
    towns += [town("same", 50, 0.0), town("worse", 50, 3.0)]
    assert [town.group for town in most_gaining(towns)] == [f"t{n}" for n in range(13, 1, -1)]


def test_nine_replications_are_few_and_ten_are_not(extension: Extension) -> None:
    for n, are_few in ((9, True), (10, False)):
        repeated = replace(
            extension, asked=n, tallies=tuple((rows * 4)[:n] for rows in extension.tallies)
        )
        word = EN("report.provisional", replications=n)
        assert (word in cautions_of(repeated, EN)) == are_few
        assert EN("report.cut_short", done=n, asked=n) not in cautions_of(repeated, EN)


def test_over_whom_figures_are_is_told(extension: Extension) -> None:
    """The year, the cases measured, and what became of them, as in the data."""
    data, year = extension_data(extension), extension.year
    counted, standing = counted_sentences(extension, EN)
    measured = sum(data["counted"]["as_it_is"]["cases"].values())
    for number in (f"{year.number}:", f"{year.hall_days} days", f"{year.counted:,.0f} cases"):
        assert number in counted
    assert f"mean of {measured:,} cases" in counted
    for name, say in (("as_it_is", "as it is"), ("stations", "with the points")):
        share = data["counted"][name]["cases"]["open"] / measured
        assert f"{100 * share:.1f} % {'were not finished ' if say == 'as it is' else ''}{say}" in (
            standing
        )
    vain = data["counted"]["stations"]
    assert f"{100 * vain['trips_in_vain'] / vain['trips']:.1f} % of the trips" in standing


def test_measured_days_unlike_the_year_are_a_caution(extension: Extension) -> None:
    """Saturdays that were not measured, cases that were not finished; a flow, a load."""
    cautions = counted_cautions(extension, EN)
    assert "Saturday" in cautions[0]
    assert "not finished" in cautions[1]
    year = extension.year
    quiet = year._replace(
        measured_by_weekday=year.by_weekday,
        measured=np.array([0.0, year.measured[1]]),
        measured_hall_days=1000,
    )
    flow, load = year_cautions(extension.scenario, quiet, EN)
    assert f"{year.cases[0]:,.0f} cases a year of " in flow
    assert f"has {100 * quiet.busier:.0f} % of the cases" in load
    like = quiet._replace(measured=year.cases / year.hall_days * 1000)
    assert year_cautions(extension.scenario, like, EN) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_whole_and_asks_for_nothing(extension: Extension, language: Language) -> None:
    text = load_text(language)
    page = render_extension(extension, text)
    assert answer_of(extension, text) in page
    assert extension.scenario.hash in page
    for key in ("stations.area", "stations.who", "cli.heading.places", "report.method"):
        assert text(key) in page
    assert re.findall(r"(?:src|href)=\"(https?://[^\"]+)", page) == []
    assert page.count("<svg") == 4

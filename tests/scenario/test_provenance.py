"""Every number with its unit, and what is known of it."""

from __future__ import annotations

import pytest

from sim import example_path
from sim.errors import ScenarioError
from sim.questions.levers import assumed_levers
from sim.scenario.load import load_scenario, scenario_from_text
from sim.scenario.provenance import Number, numbers, unsourced
from tests.scenario.town import TOWN, changed


def by_path(text: str) -> dict[str, Number]:
    return {".".join(map(str, n.path)): n for n in numbers(scenario_from_text(text))}


def test_numbers_are_shown_with_their_units() -> None:
    written = by_path(TOWN)
    shown = {path: written[path].value for path in written}
    assert shown["hall.last_ticket"] == "15 min"
    assert shown["matters.open_shop.promised"] == "5 wd"
    assert shown["matters.open_shop.service.base.mean"] == "12 min"
    assert shown["matters.open_shop.service.base.cv"] == 0.6
    assert shown["matters.id_card.service.base.value"] == "8 min"
    assert shown["demand.cards.rate"] == "6 per h"
    assert shown["demand.shops.months.3"] == 1.1
    assert shown["calendars.week.weekly.mon-fri.0"] == "08:30-12:00"
    assert shown["layouts.zone.windows.plain.clerks"] == 2
    assert shown["layouts.zone.windows.one_stop.clerks.sat 09:00-12:00"] == 1


def test_defaults_and_settings_are_no_numbers_of_the_city() -> None:
    written = by_path(TOWN)
    assert not [path for path in written if path.startswith(("run", "targets"))]
    assert "applicants.assistance_factor" not in written


def test_a_source_holds_for_what_is_inside_until_another_is_nearer() -> None:
    written = by_path(changed("  - id: shops\n", "  - id: shops\n    source: the ledger\n"))
    assert written["demand.shops.per_day"].source == "the ledger"
    assert written["demand.cards.rate"].source == "a test"


def test_numbers_without_source_or_range_are_found() -> None:
    text = changed("source: a test\n", "assumed: {hall.last_ticket: [5 min, 30 min]}\n")
    paths = {number.path for number in unsourced(numbers(scenario_from_text(text)))}
    assert ("demand", "cards", "rate") in paths
    assert ("hall", "last_ticket") not in paths


class TestRanges:
    def test_a_range_belongs_to_its_number(self) -> None:
        text = changed(
            "  seed: 7\n", "  seed: 7\nassumed: {hall.last_ticket: [5 min, 30 min]}\nnote: why\n"
        )
        number = by_path(text)["hall.last_ticket"]
        assert (number.low, number.high, number.note, number.assumed) == (
            "5 min",
            "30 min",
            "why",
            True,
        )
        assert number.stated_at == ("assumed", "hall.last_ticket")

    def test_a_star_is_for_every_entry_and_a_name_goes_before_it(self) -> None:
        ranges = "{demand.shops.online_share: [0, 0.2], demand.*.online_share: [0, 0.9]}"
        text = changed("per_day: 20", "per_day: 20\n    online_share: 0.1")
        written = by_path(f"assumed: {ranges}\n{text}")
        assert written["demand.shops.online_share"].high == 0.2
        assert written["demand.cards.online_share"].high == 0.9

    def test_a_nearer_range_goes_before_a_further_one(self) -> None:
        text = changed(
            "  last_ticket: 15 min\n",
            "  last_ticket: 15 min\n  assumed: {last_ticket: [9 min, 20 min]}\n",
        )
        written = by_path(f"assumed: {{hall.last_ticket: [1 min, 60 min]}}\n{text}")
        assert written["hall.last_ticket"].low == "9 min"

    def test_a_range_of_a_law_is_told_once_with_the_law(self) -> None:
        ranges = "{matters.*.service.base: [5 min, 20 min]}"
        written = by_path(f"assumed: {ranges}\n{TOWN}")
        assert written["matters.open_shop.service.base"].value == {
            "law": "gamma",
            "mean": "12 min",
            "cv": 0.6,
        }
        assert written["matters.id_card.service.base"].value == "8 min"
        assert "matters.open_shop.service.base.mean" not in written

    def test_a_range_of_a_mapping_is_for_each_of_its_numbers(self) -> None:
        written = by_path(f"assumed: {{demand.shops.classes: [0.3, 0.7]}}\n{TOWN}")
        assert written["demand.shops.classes.booked"].low == 0.3
        assert written["demand.shops.classes.walk_in"].high == 0.7


def test_every_number_of_the_city_is_accounted_for() -> None:
    written = numbers(load_scenario(example_path("sanmenxia.yaml")))
    assert len(written) > 500
    assert all(number.source or number.assumed for number in written)
    assert not [
        number for number in written if isinstance(number.value, int) and abs(number.value) > 1e6
    ]


MEASURED = "measured: {hall.last_ticket: {file: log.csv, n: 40, interval: [12 min, 18 min]}}\n"


class TestMeasured:
    def test_a_measured_number_has_its_data_and_its_interval(self) -> None:
        number = by_path(changed("source: a test\n", MEASURED))["hall.last_ticket"]
        assert (number.origin, number.low, number.high) == ("measured", "12 min", "18 min")
        assert number.measured is not None
        assert (number.measured.file, number.measured.n) == ("log.csv", 40)
        assert not number.assumed

    def test_levers_move_it_within_its_interval(self) -> None:
        scenario = scenario_from_text(changed("source: a test\n", MEASURED))
        [lever] = assumed_levers(scenario, scenario.layouts[0].id).levers
        assert lever.path == "hall.last_ticket"
        assert [setting.value for setting in lever.settings] == ["12 min", "18 min"]

    @pytest.mark.parametrize(
        ("text", "code", "path"),
        [
            (MEASURED.replace("12 min, 18 min", "18 min, 12 min"), "bounds_order", "interval"),
            (MEASURED.replace("12 min, 18 min", "12, 18"), "bare_number", "interval"),
            (MEASURED.replace("12 min, ", ""), "wrong_bounds", "interval"),
            (MEASURED.replace("n: 40", "n: 0"), "too_small", "n"),
            (MEASURED.replace("file: log.csv, ", ""), "missing_field", "file"),
            (MEASURED.replace("last_ticket", "last_tickets"), "unknown_key", "hall.last_tickets"),
            (
                MEASURED + "assumed: {hall.last_ticket: [5 min, 30 min]}\n",
                "measured_and_assumed",
                "hall.last_ticket",
            ),
        ],
    )
    def test_what_cannot_be_a_measurement_is_told_at_its_place(
        self, text: str, code: str, path: str
    ) -> None:
        with pytest.raises(ScenarioError) as caught:
            scenario_from_text(changed("source: a test\n", "source: a test\n" + text))
        [problem] = caught.value.problems
        assert problem.code == code
        assert problem.path.endswith(path)
        assert problem.line


def test_a_source_without_an_address_is_not_public() -> None:
    assert by_path(TOWN)["demand.cards.rate"].origin == "document"
    text = changed("source: a test\n", "source: table 3 of https://example.org/t\n")
    assert by_path(text)["demand.cards.rate"].origin == "published"

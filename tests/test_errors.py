"""Every error is one sentence a planner can act on."""

from __future__ import annotations

import pickle

import pytest

from sim import errors
from sim.errors import Cancelled, HallError, LawViolation, Problem, RunError, ScenarioError
from sim.text import LANGUAGES, Language, MissingText, load_text

EN, ZH = load_text("en"), load_text("zh")
CODES = sorted(
    key.removeprefix("error.")
    for key in EN.entries
    if key.startswith("error.") and key.count(".") == 1 and key != "error.pattern"
)
TREE = [thing for thing in vars(errors).values() if isinstance(thing, type)]
ERRORS = [thing for thing in TREE if issubclass(thing, HallError)]


class TestSentence:
    def test_says_where_what_allowed_and_remedy(self) -> None:
        problem = Problem(
            "unknown_matter",
            "layouts.zone.windows[0].serves",
            "baseline.yaml",
            41,
            9,
            found="open_resturant",
            allowed="open_restaurant, close_company",
            remedy="correct the id",
            values=(("nearest", "open_restaurant"),),
        )
        assert problem.sentence(EN) == (
            "baseline.yaml:41:9 layouts.zone.windows[0].serves: unknown matter 'open_resturant'"
            " (did you mean 'open_restaurant'?); allowed: open_restaurant, close_company;"
            " correct the id"
        )
        assert problem.sentence(ZH).startswith(
            "baseline.yaml:41:9 layouts.zone.windows[0].serves：没有定义事项“open_resturant”"
        )

    def test_without_a_place_it_starts_with_what_is_wrong(self) -> None:
        assert Problem("cancelled").sentence(EN).startswith("the run was cancelled; ")

    @pytest.mark.parametrize(
        ("problem", "where"),
        [
            (Problem("unused", file="a.yaml"), "a.yaml"),
            (Problem("unused", file="a.yaml", line=3), "a.yaml:3"),
            (Problem("unused", "hall", "a.yaml", 3, 1), "a.yaml:3:1 hall"),
            (Problem("unused", "hall"), "hall"),
        ],
    )
    def test_where(self, problem: Problem, where: str) -> None:
        assert problem.sentence(EN).startswith(f"{where}: ")

    def test_found_is_added_where_the_words_do_not_use_it(self) -> None:
        assert "(1.2)" in Problem("shares_sum", found="1.2").sentence(EN)
        assert Problem("bare_number", found="15").sentence(EN).count("15") == 1

    def test_allowed_may_name_a_key(self) -> None:
        values = (("low", "0"), ("high", "20"))
        problem = Problem("outside_range", found="21", allowed="allowed.between", values=values)
        assert "allowed: 0 to 20;" in problem.sentence(EN)
        assert "0 到 20" in problem.sentence(ZH)

    def test_found_is_data(self) -> None:
        sentence = Problem("unknown_key", found="{path} error.unused\n  {0}").sentence(EN)
        assert "'{path} error.unused {0}'" in sentence

    def test_a_long_find_is_cut(self) -> None:
        assert len(Problem("yaml_syntax", found="x" * 10_000).sentence(EN)) < 500

    def test_an_unknown_code_is_refused(self) -> None:
        with pytest.raises(MissingText, match=r"error\.unknown_mater"):
            Problem("unknown_mater").sentence(EN)

    def test_under_keys_it_is_place_and_code(self) -> None:
        problem = Problem("unused", "hall", "a.yaml", 3)
        assert problem.sentence(load_text("keys")) == "a.yaml:3 hall error.unused"

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("code", CODES)
    def test_every_code_is_one_sentence_with_a_remedy(self, code: str, language: Language) -> None:
        text = load_text(language)
        names = (*("waits", "work", "room", "all", "share"), *("kept", "known", "groups", "beside"))
        more = ("missing", "more", "measure", "layouts", "first", "shortest", "rows", "cells")
        tables = (
            "file",
            "ids",
            "column",
            "run",
            "list",
            "entries",
            "group",
            "field",
            "row",
            "days",
            "opens",
        )
        numbers = tuple((name, "9") for name in (*names, *more, *tables))
        problem = Problem(code, "hall.hours", "city.yaml", 7, 3, found="17", values=numbers)
        sentence = problem.sentence(text)
        assert "17" in sentence
        assert text(f"error.{code}.remedy") in sentence
        assert "\n" not in sentence
        assert "{found}" not in sentence


class TestTree:
    def test_all_are_hall_errors_and_drawn_in_the_module(self) -> None:
        assert len(ERRORS) == 8
        for error in ERRORS:
            assert error.__name__ in str(errors.__doc__)
            assert f"exit status {error.exit_status}" in str(errors.__doc__) or error is HallError

    def test_bad_input_and_failed_runs_leave_different_statuses(self) -> None:
        statuses = {error.__name__: error.exit_status for error in ERRORS}
        wrong_input = {name for name, status in statuses.items() if status == 2}
        assert wrong_input == {"ScenarioError", "OptionError"}
        assert set(statuses.values()) == {1, 2}

    def test_problems_come_in_the_order_of_the_file(self) -> None:
        problems = [
            Problem("unused", "b", "b.yaml", 1),
            Problem("unused", "z", "a.yaml", 9, 2),
            Problem("unused", "y", "a.yaml", 9, 1),
            Problem("unused", "c", "a.yaml", 10),
            Problem("unused", "b", "a.yaml", 10),
        ]
        places = [sentence.split(": ")[0] for sentence in ScenarioError(problems).sentences(EN)]
        assert places == [
            "a.yaml:9:1 y",
            "a.yaml:9:2 z",
            "a.yaml:10 b",
            "a.yaml:10 c",
            "b.yaml:1 b",
        ]

    def test_str_is_english(self) -> None:
        error = ScenarioError([Problem("no_demand"), Problem("unused", "x")])
        assert str(error) == "\n".join(error.sentences(EN))

    def test_an_error_without_a_problem_is_a_mistake(self) -> None:
        with pytest.raises(ValueError, match="at least one Problem"):
            ScenarioError([])

    @pytest.mark.parametrize("error", ERRORS)
    def test_every_error_travels_from_workers(self, error: type[HallError]) -> None:
        sent = error(Problem("internal", found="lost a ticket"))
        received = pickle.loads(pickle.dumps(sent))
        assert type(received) is error
        assert received.problems == sent.problems

    def test_cancelling_needs_no_words(self) -> None:
        assert Cancelled().problems[0].code == "cancelled"

    def test_a_violated_law_is_a_failed_run(self) -> None:
        assert issubclass(LawViolation, RunError)


def test_a_place_with_line_breaks_is_told_in_one_line() -> None:
    """Names that a user breaks over lines do not break the sentence."""
    problem = Problem("unknown_measure", "a\n0", "odd\nname.yaml", 3, found="x")
    assert "\n" not in problem.sentence(load_text("en"))
    assert problem.where == "odd name.yaml:3 a 0"

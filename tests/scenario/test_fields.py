"""What may stand at a place, by name and in words."""

from __future__ import annotations

import pytest

from sim.scenario.fields import SIDE_NOTES, allowed_at, join_names, names_at, nearest
from sim.text import LANGUAGES, Language, load_text


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (("run",), ["start", "warmup_days", "measured_days", "followup_days"]),
        (("matters", 0, "service", "base", "gamma"), ["law", "mean", "cv"]),
        (("matters", "some_id", "service", "base", "constant"), ["law", "value"]),
        (("applicants", "unserved"), ["returns", "online", "lost", "at_most", "after"]),
        (("hall", "name"), ["zh", "en"]),
        (("demand", 0, "classes"), []),
    ],
)
def test_names_of_fields(path: tuple[str | int, ...], names: list[str]) -> None:
    listed = [name for name in names_at(path) if name not in SIDE_NOTES]
    assert listed[: len(names)] == names


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("run", "seed"), "a whole number from 0 to 9,223,372,036,854,775,807"),
        (("run", "start"), "a date as YYYY-MM-DD"),
        (("run", "holidays"), "one of none, china"),
        (("hall",), "a mapping of the fields listed in scenarios/README.md"),
        (("hall", "name"), "a name, or one in each language: {zh: …, en: …}"),
        (("hall", "last_ticket"), "a number and a unit: s, min, h or d"),
        (("demand", 0, "at"), "a list (one '- ' line per entry)"),
        (("demand", 0, "at", 0), "a date and a time of day as YYYY-MM-DD HH:MM"),
        (("demand", 0, "per_day"), "0 to 100,000,000"),
        (("demand", 0, "classes", "x"), "a share from 0 to 1"),
        (("demand", 0, "weekdays", "x", "[key]"), "one of mon, tue, wed, thu, fri, sat, sun"),
        (("calendars", 0, "weekly", "x", 0), "an interval as HH:MM-HH:MM"),
        (
            ("matters", 0, "promised"),
            "a number and a unit: s, min, h, d (calendar days) or wd (working days)",
        ),
        (("applicants", "assistance_factor"), "a number above 0 and up to 100"),
        (("hall", "training", "service_rate"), "a number above 0 and up to 1"),
        (("matters", 0, "items", 0, "external", "law"), "one of constant, uniform"),
    ],
)
def test_words_for_what_may_stand_there(path: tuple[str | int, ...], words: str) -> None:
    key, values = allowed_at(path)
    assert load_text("en")(key, **dict(values)) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_law_is_told_with_its_choices(language: Language) -> None:
    key, values = allowed_at(("matters", 0, "service", "base"))
    assert "lognormal" in load_text(language)(key, **dict(values))


def test_nearest_is_silent_when_nothing_is_near() -> None:
    assert nearest("xyz", ["promised"]) == ()
    assert nearest("", ["promised"]) == ()
    assert nearest("promised" * 10_000, ["promised"]) == ()


@pytest.mark.parametrize(("names", "cut"), [(24, False), (25, True)])
def test_up_to_24_names_are_listed(names: int, cut: bool) -> None:
    words = join_names([f"n{n}" for n in range(names)])
    assert words.count("n") == 24
    assert words.endswith(" …") is cut

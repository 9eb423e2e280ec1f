"""What is wrong with a text, for the tests that make what a remedy advises."""

from __future__ import annotations

from sim.errors import ScenarioError
from sim.scenario.load import scenario_from_text
from sim.text import LANGUAGES, load_text
from tests.cases.test_check import read_text


def problems_or_warnings(text: str) -> list[str]:
    """Codes of what is wrong with a text, or else of what is warned of; all can be told."""
    try:
        return [warning.code for warning in read_text(text)]
    except ScenarioError as error:
        return codes_of(error)


def problems_in(text: str) -> set[str]:
    """Codes of what is wrong with a text, warnings left aside."""
    try:
        scenario_from_text(text)
    except ScenarioError as error:
        return set(codes_of(error))
    return set()


def codes_of(error: ScenarioError) -> list[str]:
    """Codes of an error, which can be told in both languages."""
    assert all(all(error.sentences(load_text(language))) for language in LANGUAGES)
    return [problem.code for problem in error.problems]

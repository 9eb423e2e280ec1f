"""Every code that the scenario reader can tell has its remedy proven, or is listed as not."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

import sim.scenario
import sim.text
from tests.cases.test_check import FUTILE
from tests.scenario import test_remedies, test_remedies_places, test_remedies_values

NO_ROW: Final = {
    "a template of other sentences, no error": "pattern",
    "about the file and not its text": (
        "missing_file unreadable_file not_a_file too_large_file damaged_encoding"
        " read_in_encoding yaml_not_mapping yaml_too_deep"
    ),
    "several files": "extends_too_deep extends_cycle extends_conflict unknown_entry",
    "an override or a table beside the file": (
        "override_path override_conflict override_value legs_file_unavailable legs_columns"
        " legs_row legs_cell"
    ),
    "nothing is advised but to look": "read_as",
    "not yet proven": (
        "crowded_book given_after_run given_at_door given_turned_away holidays_mixed"
        " holidays_not_kept holidays_unpublished id_of_the_hall limit_shorter_than_work"
        " missing_leg no_demand no_own_matter no_source no_terrain no_tickets no_townships"
        " profile_after_closing profile_outside_hours tidal_out_of_reach too_long_list"
        " unequal_budget unknown_layout unused workdays_on_holidays"
    ),
}
"""Codes without a row, by reason."""


def _told() -> set[str]:
    """Codes with a remedy that a module of the scenario reader names."""
    words = tomllib.loads((Path(sim.text.__file__).parent / "en.toml").read_text(encoding="utf-8"))
    folder = Path(sim.scenario.__file__).parent
    named = {
        code
        for module in folder.glob("*.py")
        for code in re.findall(r'"([a-z][a-z_]+)"', module.read_text(encoding="utf-8"))
    }
    return {code for code in named if f"{code}.remedy" in words["error"]}


def _proven() -> set[str]:
    """Codes with a row."""
    rows = {
        *(row[0] for row in test_remedies.CASES),
        *(row[0] for row in test_remedies_values.ROWS),
        *(row[0] for row in test_remedies_values.WARNED),
        *(row[0] for row in test_remedies_places.ROWS),
    }
    return rows | {code or "ignored_field" for _, _, code in FUTILE}


def test_every_remedy_is_proven_or_listed() -> None:
    """A new code needs a row; one that got its row leaves the list."""
    listed = [code for codes in NO_ROW.values() for code in codes.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) == _told() - _proven()

"""Every error and warning with a remedy has it proven, or is listed as not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

import sim
import sim.text
from tests.scenario import (
    test_promises,
    test_remedies,
    test_remedies_deleted,
    test_remedies_files,
    test_remedies_places,
    test_remedies_sections,
    test_remedies_values,
    test_rostering,
)
from tests.scenario.test_futile import FUTILE

NO_ROW: Final = {
    "a template of other sentences, no error": "pattern",
    "nothing is advised but to look": "read_as",
    "a function of its own beside the rows": (
        "no_source holidays_unpublished missing_leg no_terrain unknown_layout unreadable_file"
        " promise_redundant promise_group_elsewhere"
    ),
    "an option of a command or a call": (
        "another_demand bad_option cluster_and_cores extra_argument lever_hours lever_no_number"
        " lever_one_value lever_other_layout lever_shape lever_two_values market_digits"
        " missing_argument missing_value named_twice long_shortlist"
        " no_bundle no_levers no_one_hall no_points no_siting"
        " no_promises no_study no_such_post no_township_left not_confirmed not_measured"
        " not_on_cluster"
        " one_extension one_stage one_layout option_value point_hours"
        " kept_unchanged not_of_log one_to_play only_of_log too_many_switches"
        " roster_dated_hours roster_needs_differ roster_varies"
        " roster_without_needs"
        " stray_station too_many_points unknown_bundle unknown_case unknown_command unknown_lever"
        " unknown_measure unknown_option unknown_suffix until_and_store vary_count vary_equal"
        " vary_form vary_missing vary_nothing vary_run vary_twice vary_units"
    ),
    "a run, its results, the page or the machine": (
        "cancelled closed_output cluster_differs cluster_empty cluster_lost cluster_silent"
        " field_value file_not_kept format_differs format_unwritable"
        " full_output hall_not_kept internal law_violated lost_file no_dask no_glyph"
        " no_memory out_of_memory queue_full queue_full_of_all run_crashed run_too_long"
        " unknown_study"
        " unreadable_study unwritable_folder unwritable_output worker_lost"
    ),
    "a backup, whose tests are beside its reader": (
        "backup_damaged backup_differs backup_foreign backup_format disk_full no_backup"
        " nothing_to_back_up"
    ),
    "a table of data, whose tests are beside its reader": (
        "arrivals_booked_day arrivals_damaged arrivals_doubled arrivals_file_unavailable"
        " arrivals_form arrivals_instant arrivals_no_instant arrivals_service arrivals_sorted"
        " arrivals_unknown replay_at_door replay_outside_run replay_same_arrivals"
        " replay_turned_away table_column_twice table_columns table_empty table_left_aside"
        " table_line_break table_row"
        " table_too_many_rows"
    ),
    "a log of tickets, whose tests are beside its reader": (
        "log_dates log_files_differ log_files_own log_guessed log_instants_unread log_memory"
        " log_lacks_arrivals log_lacks_place log_lacks_services log_lacks_staffing"
        " log_lacks_tickets log_no_row_left"
        " log_not_ours log_part log_strangers"
        " log_without_instants backtest_days more_clerks more_clerks_layout replay_cases"
        " replay_snapshots snapshots_no_numbers"
        " log_day_cases log_day_no_calls log_day_none log_day_places log_day_snapshots"
        " replay_no_day replay_no_services replay_no_waits replay_people replay_places"
        " no_such_heading no_such_place personal_heading trap_treatment unknown_log_column"
        " unknown_log_form unknown_trap"
    ),
    "a staff table, whose tests are beside its reader": (
        "staff_columns staff_day staff_doubled staff_empty staff_flag staff_heading staff_hours"
        " staff_limit staff_name staff_nobody staff_shifts staff_skill staff_weekends staff_wish"
        " table_too_large"
        " table_unreadable"
    ),
    "files that are uploaded together, whose tests are of uploads": (
        "one_scenario table_not_brought table_not_named tables_not_kept"
    ),
    "answers to the twelve questions, whose tests are in tests/drafting": (
        "answer_clock answer_column answer_column_left answer_date answer_days"
        " answer_file answer_half_span"
        " answer_hours_twice answer_lunch answer_missing answer_name answer_never_open"
        " answer_no_cell answer_no_clerks answer_no_lead answer_no_rows answer_no_such"
        " answer_no_template answer_no_weight answer_not_accepted answer_number answer_percent"
        " answer_periods_overlap answer_rows answer_sheet answer_sheet_left"
        " answer_span_order answer_twice"
        " answers_and_template"
    ),
    "a hall's workbook, whose tests are beside its reader": (
        "book_columns book_emptied book_fixed book_heading book_heading_left book_heading_twice"
        " book_mixed book_no_id book_no_out book_no_over book_other book_row_gone book_sheet"
        " book_sheet_left book_sheet_twice book_twice"
    ),
    "a table of clerks, whose tests are beside its reader": (
        "clerk_twice clerks_clock clerks_damaged clerks_date clerks_elsewhere"
        " clerks_file_unavailable clerks_no_group clerks_number clerks_or_clerk clerks_order"
        " clerks_outside_run"
        " clerks_overlap clerks_unknown_group clerks_when_shut roster_in_table"
    ),
    "reviewers and failures of systems, whose tests are beside their mechanism": (
        "downtime_order outage_half outage_never outage_too_often reviewers_outside_hours"
        " reviews_nothing"
    ),
    "a point by another clock than China's, whose tests are of coordinates": "beyond_globe",
    "a roster that somebody wrote down, whose tests are beside its reader": (
        "posted_cell posted_date posted_no_dates posted_no_people posted_person posted_says_when"
        " posted_shut posted_twice posted_nobody"
    ),
    "service modes, whose tests are beside their question": (
        "switch_dated switch_is_open switch_no_pool switch_numbers unknown_switch"
    ),
    "what may be set, whose tests are beside the levers and their question": (
        "lever_absent lever_dated lever_last_clerk lever_late_lunch lever_move lever_no_lunch"
        " lever_other_hours lever_outside_day no_levers_named nothing_counted"
        " unknown_hall_lever"
    ),
    "a roster's files, whose tests are beside its command": "one_folder",
    "told by a command that holds the work against the clerks": (
        "no_sources overload overload_together"
    ),
}
"""Codes without a row, by reason."""


def _advised() -> set[str]:
    """Codes with a remedy."""
    words = tomllib.loads((Path(sim.text.__file__).parent / "en.toml").read_text(encoding="utf-8"))
    return {key.removesuffix(".remedy") for key in words["error"] if key.endswith(".remedy")}


def _proven() -> set[str]:
    """Codes with a row."""
    rows = {
        *(row[0] for row in test_promises.ROWS),
        *(row[0] for row in test_rostering.ROWS),
        *(row[0] for row in test_remedies.CASES),
        *(row[0] for row in test_remedies_values.ROWS),
        *(row[0] for row in test_remedies_values.WARNED),
        *(row[0] for row in test_remedies_places.ROWS),
        *(row[0] for row in test_remedies_sections.ROWS),
        *(row[0] for row in test_remedies_deleted.ROWS),
        *(row[0] for row in test_remedies_deleted.TEXTS),
        *(row[0] for row in test_remedies_files.ROWS),
    }
    return rows | {code or "ignored_field" for _, _, code in FUTILE}


def test_every_remedy_is_proven_or_listed() -> None:
    """A new code needs a row; one that got its row leaves the list."""
    listed = [code for codes in NO_ROW.values() for code in codes.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) == _advised() - _proven()


def test_every_code_with_a_remedy_is_told_somewhere() -> None:
    """A sentence whose code no module names is never read."""
    modules = Path(sim.__file__).parent.rglob("*.py")
    source = "\n".join(module.read_text(encoding="utf-8") for module in modules)
    assert {code for code in _advised() if f'"{code}"' not in source} == set()

"""The log that ships is what the program draws today."""

from __future__ import annotations

from tests.learning.made_log import FILE, csv_of, made_rows, made_tables


def test_the_shipped_log_is_the_programs_own() -> None:
    """Nothing in it is of a real office."""
    assert FILE.read_bytes() == csv_of(made_rows(made_tables()))

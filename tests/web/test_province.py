"""A province on the pages: it is read once, and no page draws more of it than of a small area."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.scenario import tables
from sim.web.change import Change, Source, made
from sim.web.session import Session
from sim.web.tables import keep_tables
from tests.speed.halls import made_province
from tests.speed.province_files import province_files
from tests.web.test_pages import home, open_each_page, opened, pytestmark

__all__ = ["home", "pytestmark"]

PREFECTURES = 5
"""More townships than a map has circles for."""


@pytest.fixture
def province(home: Path) -> Source:
    """A province whose tables a reader brought."""
    files = province_files(PREFECTURES, 1)
    return Source("province.yaml", files.text, keep_tables(files.tables))


def test_files_are_the_province_that_is_made(province: Source) -> None:
    read, wanted = made(Change(province)).scenario, made_province(PREFECTURES, 1)
    assert read is not None
    assert read.model_copy(update={"name": wanted.name}) == wanted


def test_all_pages_read_each_table_once(province: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many scenarios they make of it: each page changes something."""
    tables_read: list[str] = []
    read_table = tables.read_table

    def counted(path: Path, *rest: Any) -> Any:
        tables_read.append(path.name)
        return read_table(path, *rest)

    monkeypatch.setattr(tables, "read_table", counted)
    assert province.text is not None
    never_read = province._replace(text=f"{province.text}# {monkeypatch}\n")
    app = opened("home")
    app.session_state["session"] = Session("zh", Change(never_read))
    for _ in open_each_page(app):
        assert sorted(tables_read) in ([], ["places.csv", "townships.csv"])
    assert len(tables_read) == 2

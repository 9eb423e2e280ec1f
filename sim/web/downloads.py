"""Results to take along: tables for spreadsheets, plain data, a report to print."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from sim.text import Text
from sim.text.foreign import csv_text, escaped_json


def csv_bytes(rows: Iterable[dict[str, Any]]) -> bytes:
    """Rows as CSV with code names; the mark in front tells Excel that it is UTF-8."""
    return csv_text(rows).encode("utf-8-sig")


def json_bytes(data: Any) -> bytes:
    """Data as JSON."""
    return escaped_json(json.dumps(data, ensure_ascii=False, indent=1)).encode()


def downloads(
    name: str,
    text: Text,
    table: Callable[[], bytes],
    data: Callable[[], bytes],
    report: Callable[[], bytes],
    key: str = "",
) -> None:
    """Three buttons for files that are made when they are asked for.

    Parameters
    ----------
    name
        Of the files, without what says their kind.
    key
        Before the keys of the buttons, where a page has more of them.
    """
    st.subheader(text("app.download"), anchor=False)
    kinds = (
        ("csv", "app.download_csv", table, "text/csv"),
        ("json", "page.results.json", data, "application/json"),
        ("html", "app.download_report", report, "text/html"),
    )
    for place, (kind, words, made, mime) in zip(st.columns(len(kinds)), kinds, strict=True):
        place.download_button(
            text(words),
            made,
            f"{name}.{kind}",
            mime,
            key=f"{key}{kind}",
            on_click="ignore",
            width="stretch",
        )


def download_table(
    name: str, text: Text, table: Callable[[], bytes], key: str, words: str = "app.download_csv"
) -> None:
    """One button for a table that is made when it is asked for.

    Parameters
    ----------
    name
        Of the file, without its ending.
    words
        Key of what the button says.
    """
    st.download_button(text(words), table, f"{name}.csv", "text/csv", key=key, on_click="ignore")

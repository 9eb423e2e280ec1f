"""Streamlit's own words in an uploader of files, in the reader's language."""

from __future__ import annotations

import streamlit as st

from sim.text import Text


def words_of_uploader(name: str, limit: str, text: Text) -> None:
    """Say them in the uploader inside the container of this key.

    Parameters
    ----------
    limit
        Which files are taken.
    """
    place = f'.st-key-{name} [data-testid="stFileUploaderDropzone"]'
    hint = f'.st-key-{name} [data-testid="stFileUploaderDropzoneInstructions"]'
    pick, taken = css_text(text("page.data.pick")), css_text(limit)
    st.html(
        "<style>"
        f"{place} button p, {place} button div, {hint} span, {hint} small {{font-size: 0}}"
        f"{place} button p::after {{content: {pick}; font-size: 1rem}}"
        f"{hint}::after {{content: {taken}; font-size: 0.875rem; opacity: 0.7}}"
        "</style>"
    )


def css_text(words: str) -> str:
    """Words as a string of a style sheet."""
    escaped = "".join(sign if sign.isalnum() else f"\\{ord(sign):x} " for sign in words)
    return f'"{escaped}"'

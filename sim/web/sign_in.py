"""Signing in with an account of the department, where whoever runs the app has set that up."""

from __future__ import annotations

import importlib.util

import streamlit as st

from sim.text import Language, Text
from sim.web.kept_choices import keep_language
from sim.web.reader import browser_name


def is_signed_in() -> bool:
    """Whether the reader has signed in."""
    return bool(st.user.to_dict().get("is_logged_in"))


def must_sign_in() -> bool:
    """Whether accounts are set up, as `[auth]` of Streamlit's secrets, and the reader has none."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets and not is_signed_in()


def sign_in_page(text: Text) -> None:
    """All that is shown to a reader who has not signed in."""
    st.title(text("app.title"), anchor=False)
    st.markdown(text("app.sign_in.what"))
    if importlib.util.find_spec("authlib") is None:
        st.error(text("app.sign_in.no_package"))
        return
    label = text("app.sign_in.go")
    st.button(label, key="sign_in", type="primary", on_click=_sign_in, args=(text.language,))


def _sign_in(language: Language) -> None:
    keep_language(browser_name(), language)
    st.login()


def sign_out_button(text: Text) -> None:
    """A way to leave, for a reader who has signed in."""
    if is_signed_in():
        st.button(text("app.sign_in.leave"), key="sign_out", type="tertiary", on_click=st.logout)

"""Who reads: a name for a browser, so that readers share the machine and see their own jobs only.

Where people sign in, the name is theirs: with an account (OpenID Connect, set up in Streamlit's
secrets), or at the web server in front, which tells their name in a header. Else it is a random
mark in a cookie of the browser (`gate.py`); else one that lasts as long as the page.
Only a digest of it is ever written down.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from typing import Final

import streamlit as st

COOKIE: Final = "govhall_reader"
MARK: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
USER_HEADER: Final = "GOVHALL_USER_HEADER"
"""Setting: the header in which a web server in front tells who has signed in there."""
KEY: Final = "reader"
"""In the state of the session."""


def new_mark() -> str:
    """A mark that nobody can guess."""
    return secrets.token_hex(16)


def reader() -> str:
    """The name of the reader of this page; the same in all pages of a browser or of a person."""
    if KEY not in st.session_state:
        st.session_state[KEY] = digest(
            _signed_in() or _from_proxy() or _from_cookie() or new_mark()
        )
    return str(st.session_state[KEY])


def browser_name() -> str:
    """The name of the browser, whoever has signed in at it; empty where it keeps no mark."""
    mark = _from_cookie()
    return digest(mark) if mark else ""


def digest(mark: str) -> str:
    """What is written down of a mark.

    Examples
    --------
    >>> digest("a") == digest("a") != digest("b")
    True
    """
    return hashlib.sha256(f"govhall {mark}".encode()).hexdigest()[:32]


def _signed_in() -> str:
    user = st.user.to_dict()
    if not user.get("is_logged_in"):
        return ""
    return " ".join(str(user.get(name, "")) for name in ("iss", "sub", "email"))


def _from_proxy() -> str:
    header = os.environ.get(USER_HEADER, "").strip()
    name = st.context.headers.get(header, "").strip() if header else ""
    return f"{header} {name}" if name else ""


def _from_cookie() -> str:
    mark = st.context.cookies.get(COOKIE, "")
    return mark if isinstance(mark, str) and MARK.fullmatch(mark) else ""

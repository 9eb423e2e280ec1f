"""Chinese signs that pages show in any language."""

from __future__ import annotations

from sim import data_dir
from sim.web.opened_log import EXAMPLE


def signs_of_log(page: str) -> frozenset[str]:
    """Those of the log that ships, whose matters and windows page *My log* names as it does.

    Examples
    --------
    >>> len(signs_of_log("my_log")) > 0, signs_of_log("layouts")
    (True, frozenset())
    """
    if page != "my_log":
        return frozenset()
    return frozenset((data_dir("scenarios") / "data" / EXAMPLE).read_text(encoding="utf-8"))

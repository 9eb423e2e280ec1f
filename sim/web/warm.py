"""What the first readers would wait for is read when the server starts, beside its service."""

from __future__ import annotations

import threading

from sim.storage.example import EXAMPLE_OF, example_folder
from sim.storage.shipped import example_name
from sim.web.change import Change, made
from sim.web.data import built_in
from sim.web.session import comparison_of, load_result
from sim.web.shipped_figures import shipped_figure
from sim.web.townships import AREA


def warm_in_background() -> None:
    """Have it read, by a thread that ends with the server."""
    threading.Thread(target=read_examples, daemon=True).start()


def read_examples() -> None:
    """Read what pages show first, the pages that most begin with before others."""
    made(Change())
    shipped_figure(())
    comparison_of(example_folder())
    for kind in EXAMPLE_OF:
        if kind != "compare":
            load_result(kind, example_name(kind))
    made(Change(AREA))
    built_in()

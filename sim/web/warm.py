"""What the first readers would wait for is read when the server starts, before it answers."""

from __future__ import annotations

from sim.storage.example import EXAMPLE_OF, example_folder
from sim.storage.shipped import example_name
from sim.web.change import Change, made
from sim.web.data import built_in
from sim.web.session import comparison_of, load_result
from sim.web.shipped_figures import shipped_figure
from sim.web.townships import AREA


def read_examples() -> None:
    """Read what pages show first: scenarios, answers and figures of the examples."""
    made(Change())
    shipped_figure(())
    comparison_of(example_folder())
    for kind in EXAMPLE_OF:
        if kind != "compare":
            load_result(kind, example_name(kind))
    made(Change(AREA))
    built_in()

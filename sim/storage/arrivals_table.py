"""Replayed arrivals written as a table again (CSV), from which the same rows are read."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from sim.arrays import Ints, Shorts
from sim.clock import SECOND
from sim.scenario.arrival_rows import NOT_BOOKED, ArrivalRows

HEAD = ("instant", "matter", "class", "township", "booked_for", "service_seconds")


def arrivals_csv(rows: ArrivalRows) -> bytes:
    """A table of arrivals in UTF-8, with those columns in which anything stands.

    Examples
    --------
    >>> from sim.scenario.arrival_rows import ArrivalRows
    >>> print(arrivals_csv(ArrivalRows([0, 1_500], matters=("cards",), matter=[0, -1])).decode())
    instant,matter
    1970-01-01 00:00:00.000,cards
    1970-01-01 00:00:01.500,
    <BLANKLINE>
    """
    import pyarrow as pa  # a tenth of a second
    from pyarrow import csv

    columns = {
        "instant": _clocks(rows.instants),
        "matter": _names(rows.matters, rows.matter),
        "class": _names(rows.classes, rows.class_),
        "township": _names(rows.townships, rows.township),
        "booked_for": _clocks(rows.booked_for),
        "service_seconds": np.where(rows.service >= 0, rows.service / SECOND, np.nan),
    }
    arrays: dict[str, Any] = {name: pa.array(column) for name, column in columns.items()}
    arrays["service_seconds"] = pa.array(columns["service_seconds"], from_pandas=True)
    filled = {name: array for name, array in arrays.items() if array.null_count < len(rows)}
    content = io.BytesIO()
    options = csv.WriteOptions(quoting_style="none", quoting_header="none")
    csv.write_csv(pa.table(filled), content, options)
    return content.getvalue()


def _clocks(ticks: Ints) -> Any:
    """Instants, to the second where all are whole seconds; none where nothing is said."""
    is_booked = ticks != NOT_BOOKED
    instants = np.where(is_booked, ticks, np.datetime64("NaT").astype(np.int64)).astype(
        "datetime64[ms]"
    )
    return instants if (ticks[is_booked] % SECOND).any() else instants.astype("datetime64[s]")


def _names(names: tuple[str, ...], codes: Shorts) -> Any:
    return np.array([*names, None], dtype=object)[codes]

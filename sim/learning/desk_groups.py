"""Which tickets share windows: groups of windows that serve the same lists or matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sim.arrays import Ints
from sim.learning.desk_spans import DeskSpans
from sim.learning.ticket_log import TicketLog

LEAST_SHARE: Final = 0.02
"""Of a window's tickets: of a list with fewer it helped out, and is none of the list's windows."""


@dataclass(frozen=True)
class DeskGroup:
    """Windows of a log that share the work.

    Attributes
    ----------
    id : str
        `desks`, `desks_2` …: the group with the most tickets is the first.
    windows : tuple of str
        Their names; empty where the log has none.
    lists : tuple of str
        Lists, else matters, whose tickets they serve; empty where the log has neither.
    n_tickets : int
    """

    id: str
    windows: tuple[str, ...]
    lists: tuple[str, ...]
    n_tickets: int


def desk_groups(log: TicketLog, spans: DeskSpans) -> tuple[tuple[DeskGroup, ...], Ints]:
    """The groups, and the group of each called ticket, int64, shape (spans,).

    Windows are of one group if they serve a list in common, directly or through others. Where the
    log has no windows, every list of a place shares them.
    """
    tickets = log.tickets
    window = tickets.window[spans.ticket].astype(np.int64)
    has_lists = bool(log.names.lists)
    names = log.names.lists if has_lists else log.names.matters
    served = (tickets.list_ if has_lists else tickets.matter)[spans.ticket].astype(np.int64)
    n_places, n_kinds = len(log.names.places) + 1, len(names) + 1
    place = tickets.place[spans.ticket].astype(np.int64) + 1
    kind = (np.maximum(served, -1) + 1) * n_places + place
    n_windows = len(log.names.windows)
    if n_windows == 0:
        label = np.unique(place, return_inverse=True)[1].astype(np.int64)
    else:
        at_window = window >= 0
        desk = np.where(at_window, window, 0) * n_places + place
        n_desks = n_windows * n_places
        pair = kind[at_window] * n_desks + desk[at_window]
        pairs, counts = np.unique(pair, return_counts=True)
        desks = pairs % n_desks
        of_desk = np.bincount(desks, weights=counts, minlength=n_desks)
        joined = counts >= LEAST_SHARE * of_desk[desks]
        n_nodes = n_kinds * n_places + n_desks
        ends: Any = (pairs[joined] // n_desks, desks[joined] + n_kinds * n_places)
        links = coo_array((np.ones(int(joined.sum())), ends), shape=(n_nodes, n_nodes))
        component: Any = connected_components(links, directed=False)[1]
        label = np.where(at_window, component[desk + n_kinds * n_places], component[kind])
        label = np.unique(label, return_inverse=True)[1].astype(np.int64)
    sizes = np.bincount(label)
    order = np.argsort(-sizes, kind="stable")
    rank = np.argsort(order)
    groups = []
    for number, old in enumerate(order.tolist()):
        here = label == old
        windows = np.unique(window[here & (window >= 0)]).tolist()
        lists = np.unique(served[here & (served >= 0)]).tolist()
        groups.append(
            DeskGroup(
                id="desks" if number == 0 else f"desks_{number + 1}",
                windows=tuple(log.names.windows[n] for n in windows),
                lists=tuple(names[n] for n in lists),
                n_tickets=int(sizes[old]),
            )
        )
    return tuple(groups), rank[label]

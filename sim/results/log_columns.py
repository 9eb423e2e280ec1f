"""What an event log says of a case and of an event, and the words that stand for indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.plan.plan import Names
from sim.results.columns import CASE_FATES, FATES
from sim.results.log_events import ACTIVITIES, CHANNELS, OUTCOMES, PURPOSES


class LogColumn(NamedTuple):
    """One attribute of a log."""

    key: str
    """As tools know it: with the prefix of an XES extension, or the project's word."""
    column: str
    """Under which text `column.<name>` people find what it holds."""
    kind: str
    """Element of XES."""


CASE_COLUMNS: Final = {
    "case": LogColumn("concept:name", "case", "string"),
    "matter": LogColumn("matter", "matter", "string"),
    "class_": LogColumn("class", "class", "string"),
    "township": LogColumn("township", "township", "string"),
    "channel": LogColumn("channel", "channel", "string"),
    "fate": LogColumn("fate", "case_fate", "string"),
    "trips": LogColumn("trips", "trips", "int"),
    "people": LogColumn("people", "people", "int"),
    "measured": LogColumn("measured", "measured", "boolean"),
    "booked_for": LogColumn("booked_for", "booked_for", "date"),
}
"""Attributes of a trace; in CSV their keys begin with `case:`."""
EVENT_COLUMNS: Final = {
    "activity": LogColumn("concept:name", "activity", "string"),
    "at": LogColumn("time:timestamp", "timestamp", "date"),
    "transition": LogColumn("lifecycle:transition", "transition", "string"),
    "instance": LogColumn("concept:instance", "activity_instance", "string"),
    "resource": LogColumn("org:resource", "window", "string"),
    "group": LogColumn("org:group", "window_group", "string"),
    "place": LogColumn("place", "place", "string"),
    "list_": LogColumn("list", "list", "string"),
    "trip": LogColumn("trip", "trip", "int"),
    "purpose": LogColumn("purpose", "purpose", "string"),
    "channel": LogColumn("channel", "channel", "string"),
    "round": LogColumn("round", "round", "int"),
    "outcome": LogColumn("outcome", "outcome", "string"),
}
"""Attributes of an event, in the order in which they are written."""


class Labels(NamedTuple):
    """What the indices of a log are written as; letters as in `plan.py`."""

    activities: Sequence[str]
    """ACTIVITIES, FATES and CASE_FATES."""
    items: Sequence[str]
    """Shape (I,): the reviews of an item."""
    externals: Sequence[str]
    """Shape (I,): the external span of an item."""
    matters: Sequence[str]
    classes: Sequence[str]
    townships: Sequence[str]
    departments: Sequence[str]
    places: Sequence[str]
    lists: Sequence[str]
    windows: Sequence[str]
    groups: Sequence[str]
    """Shape (W,): group of each window."""
    outcomes: Sequence[str]
    channels: Sequence[str]
    purposes: Sequence[str]


def id_labels(names: Names) -> Labels:
    """Ids, which no language and no changed display name touches."""
    return Labels(
        activities=(*ACTIVITIES, *FATES, *CASE_FATES),
        items=names.items,
        externals=[f"{item}.external" for item in names.items],
        matters=names.matters,
        classes=names.classes,
        townships=names.townships,
        departments=names.departments,
        places=names.places,
        lists=names.lists,
        windows=names.windows,
        groups=names.groups,
        outcomes=OUTCOMES,
        channels=CHANNELS,
        purposes=PURPOSES,
    )

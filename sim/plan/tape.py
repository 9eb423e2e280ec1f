"""The tape: everything random of one replication, a record of tables (DESIGN §2).

A tape is the crowd. It is drawn (`crowd.py`) from the demand alone, so the same tape object serves
every layout; which place each person chooses depends on a layout's places, and stands in its
journal.
Letters: `C` cases (in order of arrival), `E` errands, `J` items of cases, `Q` reviews.
An errand is one piece of window (or online) business: an intake, complete or not, or handing in
mended papers. A review is one round of one item.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from sim.arrays import Bools, Bytes, Ints, Shorts, Singles
from sim.plan.streams import Uint64s

INTAKE: Final = 0
HAND_IN: Final = 1
APPLY: Final = 2
COLLECT: Final = 3
ALSO: Final = 4
ON_THE_SPOT: Final = 0
ONLINE: Final = 1
ANOTHER_TRIP: Final = 2
SAME_DAY: Final = 3
"""By another trip, on the same day where tickets are still given then."""
RETURNS: Final = 0
GOES_ONLINE: Final = 1
IS_LOST: Final = 2


class CaseDraws(NamedTuple):
    """Cases and the traits of their applicants. Instants and spans are int64 ticks everywhere;
    indices and choices take less room."""

    arrived_at: Ints
    """int64, shape (C,), sorted: when the applicant first comes or applies; NEVER = not at all."""
    wished_at: Ints
    """int64, shape (C,): when they would come if nobody booked."""
    booked_for: Ints
    """int64, shape (C,): begin of the slot that is booked; -1 = none."""
    no_show: Bools
    """bool, shape (C,): booked, and does not come for it."""
    matter: Shorts
    flow: Shorts
    class_: Shorts
    township: Shorts
    """int32, shape (C,): -1 = origin unknown."""
    assisted: Bools
    taste: Uint64s
    """uint64, shape (C,): key of what the person likes about places."""
    pace: Singles
    """float32, shape (C,): factor on the ticks of walks in the hall."""
    companions: Bytes
    """int8, shape (C,): people who come along, on every trip."""
    patience: Ints
    """int64, shape (C,): wait after which a ticket is given up."""
    after_leaving: Bytes
    """int8, shape (C,): RETURNS, GOES_ONLINE or IS_LOST when not served."""
    habit: Singles
    """float32, shape (C,): uniform that names the list a person always chooses."""
    issue_ticks: Ints
    """int64, shape (C,): time in the post, or the applicant's delay before collecting; 0 for what
    is issued electronically."""
    issue_workdays: Shorts
    """int32, shape (C,): the working days of it, which are counted first."""
    also: Shorts
    """int32, shape (C,): errand of a second matter on the same ticket; -1 = none."""
    collection: Shorts
    """int32, shape (C,): errand of the trip to collect the result; -1 = none."""
    errand_offsets: Shorts
    """int32, shape (C + 1,): where a case's errands start; intakes come first."""
    item_offsets: Shorts
    """int32, shape (C + 1,): where a case's items start."""


class ErrandDraws(NamedTuple):
    """Errands, in order of cases."""

    case: Shorts
    purpose: Bytes
    """int8, shape (E,): INTAKE; HAND_IN of papers a reviewer asked for; APPLY, a visit to one more
    department; COLLECT the result; or ALSO, a second matter."""
    sought: Shorts
    """int32, shape (E,): matter at whose windows it is done."""
    complete: Bools
    """bool, shape (E,): the papers are complete."""
    online: Bools
    """bool, shape (E,): done through the net."""
    service: Ints
    """int64, shape (E,): window work of a clerk whose factor is 1."""
    wrap_up: Ints
    """int64, shape (E,): work of such a clerk once the person has left; 0 = none."""
    precheck: Ints
    """int64, shape (E,): touch time if it is done online."""
    reception: Ints
    """int64, shape (E,): time at the reception desk."""
    catch: Singles
    """float32, shape (E,): the desk finds incomplete papers when this is below its share."""
    route: Singles
    """float32, shape (E,): uniform that names the list under fixed shares."""
    missed: Bools
    """bool, shape (E,): does not answer the first call."""
    mend: Bytes
    """int8, shape (E,): how incomplete papers are mended."""
    mend_delay: Ints
    """int64, shape (E,): time to mend them at home."""
    spot_delay: Ints
    """int64, shape (E,): time to mend them inside the hall, or to fetch them on the same day."""
    return_delay: Ints
    """int64, shape (E,): time until the person comes again when not served."""
    position: Singles
    """float32, shape (E,): where in the day's ticket hours a further trip falls, 0 to 1."""


class GroupServiceDraws(NamedTuple):
    """Window work by the laws of window groups (`service_laws`), of errands that have such."""

    first: Shorts
    """int32, shape (E,): row of an errand's work by the first of its matter's laws of groups; -1 =
    the same at all windows. (0,) = no group has a law."""
    ticks: Ints
    """int64: work of a clerk whose factor is 1, a row for each of these laws."""


class ItemDraws(NamedTuple):
    """Items that cases need, in order of cases."""

    case: Shorts
    item: Shorts
    """int32, shape (J,): number of the item in the plan."""
    rejected: Bools
    external_ticks: Ints
    external_workdays: Shorts
    application: Shorts
    """int32, shape (J,): first errand of the visit that the item is; -1 = it is none."""
    apply_delay: Ints
    """int64, shape (J,): the applicant's own delay before that visit."""
    review_offsets: Shorts
    """int32, shape (J + 1,): where an item's review rounds start; the last round decides."""


class ReviewDraws(NamedTuple):
    """Rounds of review, in order of items."""

    case_item: Shorts
    """int32, shape (Q,): item of a case, a row of `ItemDraws`."""
    touch: Ints
    """int64, shape (Q,): working time of the reviewer."""
    mend: Bytes
    """int8, shape (Q,): how papers are mended after this round; ONLINE or ANOTHER_TRIP."""
    mend_delay: Ints
    """int64, shape (Q,): the applicant's time to mend them."""
    hand_in: Shorts
    """int32, shape (Q,): errand of the trip that follows the round; -1 = none."""
    attends: Shorts
    """int32, shape (Q,): first attendance of a joint survey; -1 = one reviewer does it."""


class AttendanceDraws(NamedTuple):
    """Attendances of joint surveys: each of a reviewer whom one department sends."""

    review: Shorts
    """int32: the survey, in the order of reviews."""


class ReturnDraws(NamedTuple):
    """Coming again unserved on the same day."""

    delay: Ints
    """int64, shape (E * times,): ticks until each errand's person is back each time that they come
    again; -1 = they come another day. (0,) = nobody comes again on the same day."""


class ChanceDraws(NamedTuple):
    """What befalls the hall: nobody's errand, and the same for every layout."""

    absence_key: Uint64s
    """uint64, shape (1,): what says with a clerk's group, number and day whether they come; (0,) =
    all come."""
    outage: Shorts
    """int32, a row each time that a system is down by chance: the outage of the scenario."""
    down_at: Ints
    up_at: Ints


class Tape(NamedTuple):
    """One crowd, and what befalls the hall meanwhile. All columns of a table but offsets and keys
    have a row a case, errand, item and so on."""

    cases: CaseDraws
    errands: ErrandDraws
    group_services: GroupServiceDraws
    items: ItemDraws
    reviews: ReviewDraws
    attendances: AttendanceDraws
    returns: ReturnDraws
    chances: ChanceDraws

    def __repr__(self) -> str:
        return f"Tape({len(self.cases.arrived_at)} cases, {len(self.errands.purpose)} errands)"


Table = TypeVar(
    "Table",
    CaseDraws,
    ErrandDraws,
    GroupServiceDraws,
    ItemDraws,
    ReviewDraws,
    AttendanceDraws,
    ReturnDraws,
    ChanceDraws,
)

KINDS: Final[dict[str, type[np.generic]]] = {
    "Ints": np.int64,
    "Shorts": np.int32,
    "Bytes": np.int8,
    "Bools": np.bool_,
    "Singles": np.float32,
    "Uint64s": np.uint64,
}
"""The type of a column, by the name of its annotation."""


def make_table(table: type[Table], **columns: Any) -> Table:
    """A table of these columns, each of the type that its field declares.

    Examples
    --------
    >>> make_table(AttendanceDraws, review=np.arange(2)).review.dtype
    dtype('int32')
    """
    declared = table.__annotations__
    kinds = {name: KINDS[declared[name].__forward_arg__] for name in columns}
    return table(**{name: np.ascontiguousarray(columns[name], kinds[name]) for name in columns})


def empty_tape() -> Tape:
    """A crowd of nobody, with every column of the type that it declares.

    Examples
    --------
    >>> empty_tape()
    Tape(0 cases, 0 errands)
    """
    return Tape(
        _empty(CaseDraws),
        _empty(ErrandDraws),
        _empty(GroupServiceDraws),
        _empty(ItemDraws),
        _empty(ReviewDraws),
        _empty(AttendanceDraws),
        _empty(ReturnDraws),
        _empty(ChanceDraws),
    )


def _empty(table: type[Table]) -> Table:
    """No rows; offsets have the one at which nothing starts."""
    sizes = {name: int(name.endswith("_offsets")) for name in table._fields}
    return make_table(table, **{name: np.zeros(n) for name, n in sizes.items()})

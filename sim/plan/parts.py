"""Parts of matters, as a plan counts them: items, and of separate handling also the visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sim.arrays import Ints
from sim.plan.columns import offsets_of
from sim.scenario.matters import Item, Matter

VISIT: Final = "visit:"
"""Begins the ids of visits; no item's id has a colon."""


class Part(NamedTuple):
    """An item as the plan has it; or a visit to one department, which stands before its items."""

    id: str
    item: Item
    """The item; of a visit, the first one it is for."""
    after: tuple[str, ...]
    visit: str | None = None
    """Id of the visit by which it is applied for."""
    order: int = -1
    """Place of a visit among those of its matter; -1 = an item."""

    @property
    def is_visit(self) -> bool:
        """Whether it is no item."""
        return self.order >= 0

    @property
    def surveyors(self) -> tuple[str, ...]:
        """Departments that come to its joint survey, its own one first; none without one."""
        survey = None if self.is_visit else self.item.survey
        return (self.item.department, *survey.joined_by) if survey else ()


def parts_of(matter: Matter) -> list[Part]:
    """What a matter consists of, in the order of a plan: by id.

    Bundled, these are its items. Handled department by department there is a visit to each in turn,
    after all that came before it; a visit is for all items that a department can begin with then.
    """
    parts = [Part(item.id, item, item.after) for item in matter.items]
    if matter.handling == "separate":
        parts = []
        before: tuple[str, ...] = ()
        for order, items in enumerate(visits_of(matter)):
            visit = f"{VISIT}{order}:{items[0].department}"
            parts.append(Part(visit, items[0], before, order=order))
            parts += [Part(item.id, item, (*item.after, visit), visit) for item in items]
            before = (*before, visit, *(item.id for item in items))
    return sorted(parts, key=lambda part: part.id)


def visits_of(matter: Matter) -> list[list[Item]]:
    """Items in the order in which an applicant can get them one department after the other.

    A department is not left while it has an item that can begin.
    """
    left, done, visits = list(matter.items), set[str](), list[list[Item]]()
    while left:
        ready = [item for item in left if done.issuperset(item.after)]
        here = [item for item in ready if visits and item.department == visits[-1][0].department]
        chosen = here or [item for item in ready if item.department == ready[0].department]
        visits += [] if here else [[]]
        visits[-1] += chosen
        done.update(item.id for item in chosen)
        left = [item for item in left if item.id not in done]
    return visits


class PlanParts(NamedTuple):
    """All parts of all matters, numbered as in a plan."""

    matters: tuple[Matter, ...]
    """Sorted by id."""
    of_matter: tuple[tuple[Part, ...], ...]
    """Parts of each matter."""

    @property
    def every(self) -> list[Part]:
        """The parts of one matter after those of another."""
        return [part for parts in self.of_matter for part in parts]

    @property
    def offsets(self) -> Ints:
        """int64, shape (M + 1,): where a matter's parts start."""
        return offsets_of([len(parts) for parts in self.of_matter])

    @property
    def ids(self) -> list[str]:
        """Ids of the matters."""
        return [matter.id for matter in self.matters]


def plan_parts(matters: Sequence[Matter]) -> PlanParts:
    """Matters and what they consist of, in the order of a plan."""
    in_order = tuple(sorted(matters, key=lambda matter: matter.id))
    return PlanParts(in_order, tuple(tuple(parts_of(matter)) for matter in in_order))

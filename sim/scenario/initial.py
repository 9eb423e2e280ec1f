"""How a run begins: people who wait already, and cases that are open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from sim.scenario.base import Block, FewIds, Id, Share
from sim.scenario.distributions import NO_TIME, DurationLaw

InitialNumber = Annotated[int, Field(ge=0, le=100_000)]


class WaitingPeople(Block):
    """People at the hall's door when the run begins (期初排队), before all who come then."""

    id: Id
    matter: Id
    """What they have come for."""
    number: InitialNumber
    """How many they are; 0 = nobody."""
    waited: DurationLaw = NO_TIME
    """How long each has waited when the hall opens for the first time."""
    classes: Annotated[Mapping[Id, Share], Field(max_length=200)] = Field(default_factory=dict)
    """Share of each priority class; default: all in the first class."""


class OpenCases(Block):
    """Cases in hand when the run begins (期初积压): departments have them from its start on."""

    id: Id
    matter: Id
    number: InitialNumber
    """How many they are; 0 = none."""
    filed: date | None = None
    """When they were accepted, before the run: limits count from here; default: the day before."""
    done: FewIds = ()
    """Items of the matter that are finished; the others are still to be done."""
    remaining: Share = 1.0
    """Part of the review work that is left of items in hand: those that wait for no other."""
    classes: Annotated[Mapping[Id, Share], Field(max_length=200)] = Field(default_factory=dict)
    """Share of each priority class; default: all in the first class."""


class InitialState(Block):
    """How a run begins (初始状态): with a queue, and with a backlog of the departments."""

    waiting: Annotated[tuple[WaitingPeople, ...], Field(max_length=500)] = ()
    backlog: Annotated[tuple[OpenCases, ...], Field(max_length=500)] = ()

    @property
    def size(self) -> tuple[int, int]:
        """How many people wait, and how many cases are open.

        Examples
        --------
        >>> early = WaitingPeople(id="early", matter="errand", number=3)
        >>> InitialState(waiting=(early,)).size
        (3, 0)
        """
        return sum(each.number for each in self.waiting), sum(each.number for each in self.backlog)

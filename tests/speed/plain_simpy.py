"""The two workloads as somebody would write them with SimPy alone: processes, resources, random.

Nothing of `sim` is used. Times are minutes from the first midnight. Each function gives one record
a person, so that its figures can be held against those of the scenario files.
"""

from __future__ import annotations

import math
import random
from collections.abc import Generator
from typing import Any, NamedTuple

import simpy

Story = Generator[simpy.Event, Any, None]

DAY = 1440.0
OPENS, CLOSES = 540.0, 1020.0
SLOT = 30.0
RATES = (1.6, 2.2, 3.4, 3.8, 3.4, 2.6, 1.8, 1.4, 1.8, 2.8, 3.6, 3.4, 2.8, 2.2, 1.6, 1.6)
"""People a minute, by half hour."""
KINDS = (
    ("inquiry", 300, 3.0, 1),
    ("certificate", 216, 5.0, 1),
    ("business", 144, 7.0, 1),
    ("tax", 90, 6.0, 1),
    ("senior", 96, 6.0, 0),
    ("booked", 36, 6.0, 0),
    ("departmental", 318, 20.0, 1),
)
"""Name, people a day, mean minutes at the window, priority."""
COUNTERS = (2, 3, 2, 3, 2, 3, 2, 3)
OFFICERS = (2, 3, 4, 6, 3, 4, 2, 5)
REVIEWS = (1.5, 2.2, 3.0, 4.5, 2.2, 3.0, 1.5, 3.7)
OPINION_SHARE = 0.75
"""Share of cases that need one of two neighbouring departments, either alike."""


class Person(NamedTuple):
    """What one person met, in minutes."""

    day: int
    arrived_at: float
    desk_wait: float
    waits: tuple[float, ...]
    """One a ticket."""
    left_at: float
    done_at: float


def lognormal(mean: float, cv: float) -> tuple[float, float]:
    """Parameters of the logarithm."""
    variance = math.log(1 + cv * cv)
    return math.log(mean) - variance / 2, math.sqrt(variance)


# === workload 1 === #


def one_list(customers: int, seed: int) -> list[float]:
    """Waits of so many customers at ten windows with one list."""
    env, rng, waits = simpy.Environment(), random.Random(seed), []
    windows = simpy.Resource(env, capacity=10)

    def customer() -> Story:
        arrived_at = env.now
        with windows.request() as turn:
            yield turn
            waits.append(env.now - arrived_at)
            yield env.timeout(rng.expovariate(1.0))

    def door() -> Story:
        for _ in range(customers):
            yield env.timeout(rng.expovariate(9.5))
            env.process(customer())

    env.process(door())
    env.run()
    return waits


# === workload 2 === #


class PlainHall:
    """Desk, zone, counters, offices; people are processes."""

    def __init__(self, days: int, seed: int) -> None:
        self.env, self.rng, self.days = simpy.Environment(), random.Random(seed), days
        self.desk = simpy.Resource(self.env, capacity=3)
        self.zone = simpy.PriorityResource(self.env, capacity=12)
        self.counters = [simpy.PriorityResource(self.env, capacity=n) for n in COUNTERS]
        self.offices = [simpy.Resource(self.env, capacity=n) for n in OFFICERS]
        self.desk_law = lognormal(0.95, 0.5)
        self.window_laws = [lognormal(mean, 0.6 if mean == 20 else 0.7) for _, _, mean, _ in KINDS]
        self.review_laws = [lognormal(mean, 0.8) for mean in REVIEWS]
        self.volumes = [volume for _, volume, _, _ in KINDS]
        self.people: list[Person] = []

    def run(self) -> list[Person]:
        """Everybody's record, once all cases are done."""
        self.env.process(self.door())
        self.env.run()
        return self.people

    def door(self) -> Story:
        """People come by half hours with different rates."""
        kinds = range(len(KINDS))
        for day in range(self.days):
            for slot, rate in enumerate(RATES):
                starts = day * DAY + OPENS + slot * SLOT
                comes = starts + self.rng.expovariate(rate)
                while comes < starts + SLOT:
                    yield self.env.timeout(comes - self.env.now)
                    kind = self.rng.choices(kinds, self.volumes)[0]
                    self.env.process(self.person(day, kind))
                    comes += self.rng.expovariate(rate)

    def person(self, day: int, kind: int) -> Story:
        """The desk, the window until the papers are right, and the approvals."""
        env, rng, arrived_at, waits = self.env, self.rng, self.env.now, []
        with self.desk.request() as turn:
            yield turn
            desk_wait = env.now - arrived_at
            yield env.timeout(rng.lognormvariate(*self.desk_law))
        station, priority = self.zone, KINDS[kind][3]
        if KINDS[kind][0] == "departmental":
            station = rng.choices(self.counters, COUNTERS)[0]
        while True:
            joined_at = env.now
            with station.request(priority=priority) as turn:
                yield turn
                waits.append(env.now - joined_at)
                yield env.timeout(rng.lognormvariate(*self.window_laws[kind]))
            if rng.random() >= 0.1:
                break
            yield env.timeout(rng.expovariate(1 / 8.0))
        left_at = env.now
        opinions = [
            env.process(self.opinion(2 * pair + rng.randrange(2)))
            for pair in range(len(OFFICERS) // 2)
            if rng.random() < OPINION_SHARE
        ]
        if opinions:
            yield env.all_of(opinions)
        self.people.append(Person(day, arrived_at, desk_wait, tuple(waits), left_at, env.now))

    def opinion(self, office: int) -> Story:
        """One department's review: begun in its hours, finished whatever the hour."""
        with self.offices[office].request() as turn:
            yield turn
            closed = closed_for(self.env.now % DAY)
            if closed > 0:
                yield self.env.timeout(closed)
            yield self.env.timeout(self.rng.lognormvariate(*self.review_laws[office]))


def closed_for(clock: float) -> float:
    """Minutes until the offices open; 0 when they are.

    Examples
    --------
    >>> closed_for(600), closed_for(730), closed_for(1020)
    (0.0, 50, 960.0)
    """
    if OPENS <= clock < 720 or 780 <= clock < CLOSES:
        return 0.0
    if 720 <= clock < 780:
        return 780 - clock
    return OPENS - clock if clock < OPENS else OPENS + DAY - clock

"""Engines beside plain SimPy and programs of others: in turn, round after round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from time import process_time
from typing import Any, Final, NamedTuple

import sim
from sim.analysis.estimates import estimates
from sim.engine.run import ENGINES
from tests.speed.peers import Peer, peer_speed
from tests.speed.plain_simpy import PlainHall
from tests.speed.workloads import Workload, load

PLAIN: Final = "plain SimPy"
C: Final = "c"
TABLES: Final = ("tickets", "visits", "cases", "services")
STUDY_DAYS: Final = 20
STUDY_REPLICATIONS: Final = 30


class Timing(NamedTuple):
    """One program in one round; seconds of processor time."""

    customers: int
    crowd: float
    """Drawing the crowd; programs that draw while they run: 0."""
    loop: float
    """The run alone."""
    tables: float
    """Tables of tickets, visits, cases and services from the journal."""
    bytes_: int = 0
    """Of crowd and journal."""

    @property
    def speed(self) -> float:
        """Customers a second, all told."""
        return self.customers / (self.crowd + self.loop + self.tables)

    @property
    def loop_speed(self) -> float:
        """Customers a second of the loop alone."""
        return self.customers / self.loop


def size(record: Any) -> int:
    """Bytes of all columns."""
    return sum(size(part) if isinstance(part, tuple) else part.nbytes for part in record)


def time_engine(workload: Workload, engine: Any, seed: int) -> Timing:
    """Draw a crowd, serve it, make tables."""
    plan = workload.plan
    begun = process_time()
    tape = sim.draw_tape(plan.demand, seed, replication=0)
    drawn = process_time()
    journal = sim.run(plan, tape, engine)
    served = process_time()
    tables = sim.Tables(plan, tape, journal)
    for name in TABLES:
        getattr(tables, name)
    ended = process_time()
    spans = (drawn - begun, served - drawn, ended - served)
    return Timing(len(tape.cases.arrived_at), *spans, size(tape) + size(journal))


def time_plain(workload: Workload, seed: int) -> Timing:
    """Run the plain program."""
    assert workload.plain is not None
    before = process_time()
    n = workload.plain(seed)
    return Timing(n, 0.0, process_time() - before, 0.0)


def measure(workload: Workload, rounds: int, peers: Sequence[Peer] = ()) -> dict[str, list[Timing]]:
    """All programs in turn, round after round; a first round that warms up is not counted."""
    timings: dict[str, list[Timing]] = {}
    for round_ in range(rounds + 1):
        of_round: dict[str, Timing] = {}
        for engine in ENGINES:
            of_round[engine] = time_engine(workload, engine, round_)
        if workload.plain is not None:
            of_round[PLAIN] = time_plain(workload, round_)
        for peer in peers:
            if peer.workload == workload.name and (speed := peer_speed(peer, round_ + 1)):
                of_round[peer.name] = Timing(1, 0.0, 1.0 / speed, 0.0)
        for name, timing in of_round.items():
            if round_:
                timings.setdefault(name, []).append(timing)
    return timings


def ratios(timings: Mapping[str, list[Timing]], program: str, against: str) -> list[float]:
    """How many times as fast one program is as another, round by round."""
    pairs = zip(timings[program], timings[against], strict=True)
    return [timing.speed / timing_against.speed for timing, timing_against in pairs]


def loop_ratios(timings: Mapping[str, list[Timing]], program: str, against: str) -> list[float]:
    """How many times as long the loop of one takes as that of another, round by round."""
    pairs = zip(timings[program], timings[against], strict=True)
    return [timing_against.loop_speed / timing.loop_speed for timing, timing_against in pairs]


def figures(timings: Mapping[str, list[Timing]]) -> dict[str, dict[str, Any]]:
    """What is kept of the timings of one workload."""
    by_program: dict[str, dict[str, Any]] = {}
    for name, list_ in timings.items():
        by_program[name] = {
            "customers_per_s": [timing.speed for timing in list_],
            "loop_customers_per_s": [timing.loop_speed for timing in list_],
            "crowd_over_loop": median(timing.crowd / timing.loop for timing in list_),
            "bytes_per_customer": median(timing.bytes_ / timing.customers for timing in list_),
        }
        if PLAIN in timings:
            by_program[name]["times_plain"] = ratios(timings, name, PLAIN)
        if C in timings:
            by_program[name]["loop_times_c"] = loop_ratios(timings, name, C)
    return by_program


def study(rounds: int) -> dict[str, Any]:
    """Thirty replications of twenty days with laws, statistics and intervals, on one core.

    Plain SimPy runs one of them, without statistics, and is scaled up by people.
    """
    scenario = load("w2", f"run.measured_days={STUDY_DAYS}")
    ours, times = [], []
    for round_ in range(rounds):
        begun = process_time()
        replicated = sim.replicate(
            scenario, ["hall"], run=sim.Run(replications=STUDY_REPLICATIONS, seed=round_, workers=1)
        )
        estimates(replicated.of("hall"))
        ours.append(process_time() - begun)
        # in this workload everybody comes once
        people = sum(int(tally.by_day["visits"][0].sum()) for tally in replicated.of("hall"))
        begun = process_time()
        n = len(PlainHall(STUDY_DAYS, round_).run())
        times.append((process_time() - begun) / n * people / ours[-1])
    return {"seconds": ours, "times_plain": times}

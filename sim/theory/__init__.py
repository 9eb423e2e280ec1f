"""Queues with known answers: closed forms, exact recursions and exact Markov chains.

The simulator is held against these, and they make the first guess wherever one is needed.
Every argument may be in any unit of time as long as one call keeps to it: rates per unit of
time, durations in that unit. Words are the textbooks': arrival, service, server, load.

=================================================  ==================
question                                           file
=================================================  ==================
M/M/c: waits, stays; Erlang B and C                `erlang.py`
M/M/c/K: places run out                            `limited_room.py`
M/M/c+M (Erlang A), M/M/c+G: people leave          `patience.py`
law of patience and of the wait it meets           `offered_wait.py`
windows for a target, square root, moving load     `staffing.py`
M/G/1, M/D/1, GI/M/1, Allen–Cunneen                `single.py`
groups, other work between visits, outages         `irregular.py`
classes called first, with and without stopping    `priority.py`
Jackson, stations in a row, pooling, two queues    `network.py`
any small chain, from its moves                    `chain.py`
fork and join, joint approval                      `fork_join.py`
an hour-by-hour hall day with shifts               `transient.py`
… its slots and its answer                         `day.py`
… the chain inside it                              `uniformisation.py`
… what is left to do after closing                 `drain.py`
a session by appointment                           `appointments.py`
a queue before the doors open, as a fluid          `backlog.py`
shifts that cover every period at least cost       `shifts.py`
… of a week, for people of unlike skills           `week_shifts.py`
… and who works them, evenly                       `shift_people.py`
… the parts of a day that they cover, with rests   `day_cover.py`
… and who rests in which turn                      `rest_turns.py`
integer programmes, column by column and row by row`programme.py`
people who stand by in case of absence             `absence.py`
work that several may do, and its bottleneck       `shared_work.py`
what training saves, by a learning curve           `learning.py`
where to put sites: p-median, cover, capacity      `location.py`
who chooses which place, with the waits it makes   `choice.py`
how unevenly a burden is shared: Gini and others   `equity.py`
lunar months: days of markets, dates of festivals  `lunar.py`
replications spent on candidates: OCBA           `budget.py`
impossible input, refused                          `checks.py`
=================================================  ==================

Examples
--------
Five windows, 24 visitors an hour, ten minutes each: how long do they wait?

>>> round(mmc(arrival_rate=24 / 60, service_mean=10, servers=5).mean_wait, 2)
5.54
"""

from sim.theory.absence import chance_of_too_few, people_with_absence
from sim.theory.appointments import SessionOutcome, appointment_session
from sim.theory.backlog import backlog_servers, backlog_time
from sim.theory.chain import long_run_mean, long_run_shares
from sim.theory.choice import (
    ChoiceEquilibrium,
    choice_equilibrium,
    halls_equilibrium,
    huff_shares,
    logit_shares,
)
from sim.theory.day import Day, Moment, Slot
from sim.theory.equity import gini, share_within, worst_mean
from sim.theory.erlang import (
    Steady,
    erlang_b,
    erlang_c,
    mmc,
    mmc_stay_tail,
    mmc_wait_quantile,
    mmc_wait_tail,
)
from sim.theory.fork_join import (
    Bounds,
    flatto_hahn,
    fork_join_bounds,
    fork_join_exact,
    maximum_quantile,
    mean_maximum,
    mean_maximum_exponential,
    nelson_tantawi,
)
from sim.theory.irregular import groups_wait, outage_stay, vacation_wait
from sim.theory.learning import learning_curve
from sim.theory.limited_room import LimitedRoom, mmck
from sim.theory.location import Sites, capacitated_sites, max_covering, p_median
from sim.theory.lunar import Festivals, festivals, lunar_day
from sim.theory.network import Network, jackson, pooling_ratio, shorter_of_two, tandem
from sim.theory.offered_wait import (
    Patience,
    constant_patience,
    exponential_patience,
    mixed_patience,
)
from sim.theory.patience import (
    Impatient,
    ImpatientClass,
    Within,
    erlang_a,
    mmc_patience,
    mmc_patiences,
    patience_within,
)
from sim.theory.priority import accumulating_mg1, preemptive_mg1, priority_mg1, priority_mmc
from sim.theory.shared_work import SharedLoads, shared_loads
from sim.theory.shift_people import PeopleOnShifts, people_on_shifts
from sim.theory.shifts import Shifts, cheapest_shifts
from sim.theory.single import allen_cunneen, gim1, md1_wait_within, mg1, mixture_moments
from sim.theory.staffing import (
    halfin_whitt,
    halfin_whitt_beta,
    load_by_slot,
    load_of_wave,
    smallest_places,
    smallest_servers,
    square_root_servers,
)
from sim.theory.transient import hall_day
from sim.theory.week_shifts import WeekShifts, week_shifts

__all__ = [
    "Bounds",
    "ChoiceEquilibrium",
    "Day",
    "Festivals",
    "Impatient",
    "ImpatientClass",
    "LimitedRoom",
    "Moment",
    "Network",
    "Patience",
    "PeopleOnShifts",
    "SessionOutcome",
    "SharedLoads",
    "Shifts",
    "Sites",
    "Slot",
    "Steady",
    "WeekShifts",
    "Within",
    "accumulating_mg1",
    "allen_cunneen",
    "appointment_session",
    "backlog_servers",
    "backlog_time",
    "capacitated_sites",
    "chance_of_too_few",
    "cheapest_shifts",
    "choice_equilibrium",
    "constant_patience",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "exponential_patience",
    "festivals",
    "flatto_hahn",
    "fork_join_bounds",
    "fork_join_exact",
    "gim1",
    "gini",
    "groups_wait",
    "halfin_whitt",
    "halfin_whitt_beta",
    "hall_day",
    "halls_equilibrium",
    "huff_shares",
    "jackson",
    "learning_curve",
    "load_by_slot",
    "load_of_wave",
    "logit_shares",
    "long_run_mean",
    "long_run_shares",
    "lunar_day",
    "max_covering",
    "maximum_quantile",
    "md1_wait_within",
    "mean_maximum",
    "mean_maximum_exponential",
    "mg1",
    "mixed_patience",
    "mixture_moments",
    "mmc",
    "mmc_patience",
    "mmc_patiences",
    "mmc_stay_tail",
    "mmc_wait_quantile",
    "mmc_wait_tail",
    "mmck",
    "nelson_tantawi",
    "outage_stay",
    "p_median",
    "patience_within",
    "people_on_shifts",
    "people_with_absence",
    "pooling_ratio",
    "preemptive_mg1",
    "priority_mg1",
    "priority_mmc",
    "share_within",
    "shared_loads",
    "shorter_of_two",
    "smallest_places",
    "smallest_servers",
    "square_root_servers",
    "tandem",
    "vacation_wait",
    "week_shifts",
    "worst_mean",
]

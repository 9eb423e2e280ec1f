"""Over whom the figures of new stations are: the year, the measured cases, who was not finished."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from sim.analysis.area import CountedCases
from sim.plan.replay import flow_parts
from sim.plan.year import Year, year_of
from sim.questions.extension import Extension
from sim.scenario.scenario import Scenario
from sim.text import Text

LEAST_SHARE: Final = 0.0005
"""Shares below are none, as they are shown."""
MUCH_OPEN: Final = 0.05
"""Share of cases that are not finished from which trips after the end may matter."""
UNLIKE: Final = 0.1
"""How much busier or quieter than the year's mean measured days may be without a word."""


def counted_sentences(extension: Extension, text: Text) -> list[str]:
    """Of which year yearly figures are, which cases were measured, and how these stand."""
    year, counted = extension.year, extension.summary.counted
    said = [
        text(
            "stations.counted",
            year=year.number,
            hall_days=year.hall_days,
            cases=text.number(year.counted, 0),
            measured=text.number(counted[0].cases, 0),
            days=year.measured_hall_days,
            replications=extension.replications,
        )
    ]
    shares = [_shares(cases) for cases in counted[:2]]
    if max(map(max, shares)) >= LEAST_SHARE:
        names = ("open", "lost", "vain")
        words = {
            f"{name}_{when}": text.share(share, 1)
            for when, row in zip(("before", "after"), shares, strict=True)
            for name, share in zip(names, row, strict=True)
        }
        said.append(text("stations.standing", **words))
    return said


def _shares(counted: CountedCases) -> tuple[float, float, float]:
    """Shares of cases not finished and given up, and of trips in vain."""
    return counted.share("open"), counted.share("lost"), counted.share_in_vain


def counted_cautions(extension: Extension, text: Text) -> list[str]:
    """What a reader must know of the cases that are counted before acting on the answer."""
    warnings = year_cautions(extension.scenario, extension.year, text)
    still_open = max(counted.share("open") for counted in extension.summary.counted[:2])
    if still_open > MUCH_OPEN:
        warnings.append(text("stations.much_open", share=text.share(still_open, 0)))
    return warnings


def year_sentences(scenario: Scenario, text: Text) -> list[str]:
    """Of which year yearly figures are, and in what the measured days are not like it."""
    year = _year_of(scenario)
    whole = text(
        "stations.of_year",
        year=year.number,
        hall_days=year.hall_days,
        cases=text.number(year.counted, 0),
        days=year.measured_hall_days,
    )
    return [*year_cautions(scenario, year, text), whole]


@lru_cache(maxsize=8)
def _year_of(scenario: Scenario) -> Year:
    """A page says it of several answers about the same area."""
    return year_of(scenario)


def year_cautions(scenario: Scenario, year: Year, text: Text) -> list[str]:
    """In what the measured days are not like the year that they stand for."""
    warnings = []
    if year.unseen_weekdays:
        names = (text(f"weekday.{day + 1}") for day in year.unseen_weekdays)
        share = year.by_weekday[list(year.unseen_weekdays)].sum() / year.by_weekday.sum()
        warnings.append(
            text(
                "stations.unseen_weekdays",
                weekdays=text("format.list").join(names),
                share=text.share(float(share), 0),
            )
        )
    if year.unseen_flows:
        flows = list(year.unseen_flows)
        of_flow = [part.matter for part in flow_parts(scenario)]
        ids = dict.fromkeys(of_flow[f] for f in flows)
        matters = {matter.id: text.name(matter.name) for matter in scenario.matters}
        warnings.append(
            text(
                "stations.unseen_flows",
                matters=text("format.list").join(matters[matter] for matter in ids),
                cases=text.number(float(year.cases[flows].sum()), 0),
            )
        )
    if math.isfinite(year.busier) and abs(year.busier - 1) > UNLIKE:
        warnings.append(text("stations.unlike_load", share=text.share(year.busier, 0)))
    return warnings


def settled_sentence(extension: Extension, text: Text) -> str:
    """How well the waits that people expect agree with those that they find."""
    worst = max(extension.settled, key=lambda equilibrium: equilibrium.residual)
    key = "cli.waits_settled" if worst.converged else "cli.waits_unsettled"
    return text(key, residual=text.number(worst.residual, 1), rounds=worst.rounds)


def is_settled(extension: Extension) -> bool:
    """Whether what people expect of all places is what they find there."""
    return all(equilibrium.converged for equilibrium in extension.settled)

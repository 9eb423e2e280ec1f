"""What nobody is asked for: the same in every hall that is drafted, each with its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WEEKDAYS: Final = {"mon": 1.09, "tue": 0.94, "wed": 0.94, "thu": 0.94, "fri": 1.09}
"""Monday and Friday a tenth above the mean, other days below, so that the mean is 1; from the only
week of a hall that is known."""
ASSUMED: Final[Mapping[str, tuple[Any, Any]]] = {
    "matters.*.service.individual.mean": (0.8, 1.2),
    "matters.*.service.individual.cv": (0.4, 0.9),
    "matters.*.correction_share": (0.03, 0.30),
    "matters.*.items.*.correction_share": (0.0, 0.15),
    "demand.*.weekdays.mon": (1.0, 1.2),
    "demand.*.weekdays.tue": (0.85, 1.0),
    "demand.*.weekdays.wed": (0.85, 1.0),
    "demand.*.weekdays.thu": (0.85, 1.0),
    "demand.*.weekdays.fri": (1.0, 1.2),
    "hall.last_ticket": ("0 min", "30 min"),
    "applicants.day_factor.mean": (0.8, 1.2),
    "applicants.day_factor.cv": (0.03, 0.25),
    "applicants.patience.mean": ("30 min", "120 min"),
    "applicants.unserved.returns": (0.4, 0.9),
    "applicants.unserved.online": (0.0, 0.3),
    "applicants.unserved.lost": (0.05, 0.4),
    "applicants.unserved.at_most": (1, 4),
    "applicants.unserved.after.low": ("1 d", "2 d"),
    "applicants.unserved.after.high": ("2 d", "10 d"),
    "corrections.at_most": (1, 5),
    "corrections.service_share": (0.2, 0.9),
    "corrections.on_the_spot": (0.1, 0.6),
    "corrections.online": (0.0, 0.5),
    "corrections.spot_delay.mean": ("5 min", "40 min"),
    "corrections.delay.low": ("1 d", "2 d"),
    "corrections.delay.high": ("2 d", "10 d"),
    "corrections.hand_in": ("2 min", "10 min"),
    "corrections.review_again": (0.2, 1.0),
}
"""Ranges of what is not asked: it is the same in every hall that is drafted."""
UNASKED: Final[Mapping[str, Any]] = {
    "applicants": {
        "day_factor": {"law": "gamma", "mean": 1, "cv": 0.1},
        "patience": {"law": "exponential", "mean": "60 min"},
        "unserved": {
            **{"returns": 0.7, "online": 0.1, "lost": 0.2, "at_most": 2},
            "after": {"law": "uniform", "low": "1 d", "high": "5 d"},
        },
    },
    "corrections": {
        **{"at_most": 3, "service_share": 0.5, "on_the_spot": 0.3, "online": 0.2},
        "spot_delay": {"law": "exponential", "mean": "15 min"},
        "delay": {"law": "uniform", "low": "1 d", "high": "5 d"},
        **{"hand_in": "5 min", "review_again": 0.5},
    },
}
"""Parts of the scenario as they are written."""
WITHOUT_NET: Final[Mapping[str, Any]] = {
    "applicants": {
        **UNASKED["applicants"],
        "unserved": {
            **{"returns": 0.7, "lost": 0.3, "at_most": 2},
            "after": UNASKED["applicants"]["unserved"]["after"],
        },
    },
    "corrections": {
        name: value for name, value in UNASKED["corrections"].items() if name != "online"
    },
}
"""The same where nothing can be done over the net: who gives up comes again, or stays away."""

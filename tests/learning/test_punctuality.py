"""Booked people come as early or late as the log's slots say, however these are written."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from sim.arrays import Floats
from sim.clock import MINUTE
from sim.learning.learned import LearnedLog, read_log
from sim.learning.learned_scenario import learned_scenario
from sim.learning.traps import LogHall
from sim.text import load_text


def slots_log(cell: str, path: Path) -> tuple[LearnedLog, Floats]:
    """Sixty days of people who come from ten minutes ahead on, later by gamma of 8 min.

    Parameters
    ----------
    cell
        How the column of slots is written, from its begin and end.

    Returns
    -------
    The log read, and ticks of each after the begin of the slot.
    """
    rng = np.random.default_rng(4)
    heads, rows, after = "取号时间,叫号时间,结束时间,预约时段", list[str](), list[float]()
    for day in range(60):
        for begin in range(9, 16):
            for booked in (True, True, False):
                late = timedelta(minutes=rng.gamma(1.0, 8.0) - 10)
                slot = datetime(2025, 3, 3, begin) + timedelta(days=day)
                came = (slot + late).replace(microsecond=0)
                words = cell.format(begin=slot, end=slot + timedelta(minutes=30)) if booked else ""
                call = came + timedelta(seconds=int(rng.integers(300)))
                stamps = (came, call, call + timedelta(seconds=60 + int(rng.integers(600))))
                rows.append(",".join([*map(str, stamps), words]))
                if booked:
                    after.append((came - slot) / timedelta(milliseconds=1))
    path.write_text("\n".join([heads, *rows]), encoding="utf-8")
    return read_log(path, hall=LogHall("none")), np.array(after)


@pytest.mark.parametrize(
    "cell",
    ["{begin:%Y-%m-%d %H:%M}", "{begin:%H:%M}-{end:%H:%M}", "{begin:%Y-%m-%d %H:%M}~{end:%H:%M}"],
)
def test_punctuality_is_that_of_the_people_however_slots_are_written(
    cell: str, tmp_path: Path
) -> None:
    learned, after = slots_log(cell, tmp_path / "log.csv")
    fit = learned.punctuality
    assert fit is not None
    assert (fit.n, fit.n_other_day) == (len(after), 0)
    assert fit.after.mean == pytest.approx(after.mean())
    assert fit.after.low <= -2 * MINUTE <= fit.after.high
    assert fit.median == np.median(after)
    assert fit.ahead == pytest.approx(10 * MINUTE, abs=MINUTE / 2)
    assert fit.lateness is not None
    assert fit.lateness.mean.mean == pytest.approx(8 * MINUTE, rel=0.1)
    assert fit.late_share.low <= np.exp(-10 / 8) <= fit.late_share.high
    assert learned.booked is not None  # who has a slot is booked, and nobody else
    assert learned.booked.share.mean == pytest.approx(2 / 3)


def test_without_slots_punctuality_stays_an_assumption_that_is_listed(tmp_path: Path) -> None:
    with_slots, _ = slots_log("{begin:%Y-%m-%d %H:%M}", tmp_path / "log.csv")
    note = learned_scenario(with_slots, "A")["note"]["en"]
    assert load_text("en")("learned_scenario.no_slots") not in note
    assert "slot" in note
    said = (tmp_path / "log.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.rpartition(",") for line in said[1:]]
    plain = [f"{first},{'是' if slot else '否'}" for first, _, slot in rows]
    path = tmp_path / "plain.csv"
    path.write_text("\n".join(["取号时间,叫号时间,结束时间,是否预约", *plain]), encoding="utf-8")
    learned = read_log(path, hall=LogHall("none"))
    assert learned.punctuality is None
    note = learned_scenario(learned, "A")["note"]["en"]
    assert load_text("en")("learned_scenario.no_slots") in note

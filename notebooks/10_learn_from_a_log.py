# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Learn from a log · 从叫号日志学习
#
# **Question.** Our ticket system has written a log for four weeks. What does it say, and what can
# it not say? Does a simulated hall that was learned from it wait as the log did? What would one
# more clerk at the peak have brought to these very people? And may one trust such a model on days
# that it has not seen?
#
# The log that ships is a made one, in the form of a real ticket system: an office of three windows.
# Put a file of your own in its place: csv, xlsx, xls or Parquet. It all runs in half a minute.

# %%
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

import sim
from sim.learning.backtest import backtest_log
from sim.learning.learned import read_log
from sim.learning.learned_day import learned_day
from sim.learning.learned_file import learned_file
from sim.learning.log_replay import replay_log
from sim.scenario.load import scenario_from_text
from sim.scenario.provenance import numbers
from sim.text import load_text
from sim.views.backtest_words import backtest_blocks, backtest_figure
from sim.views.blocks import SentenceBlock, TableBlock
from sim.views.learn_fit_words import service_blocks
from sim.views.learn_people_words import patience_blocks
from sim.views.learn_staffing_words import staffing_blocks
from sim.views.learn_words import account, arrival_blocks, column_table, finding_words
from sim.views.learned_day import learned_day_figure
from sim.views.log_replay_words import replay_blocks, replay_figure
from sim.views.roster_factor_words import factor_sentence

text = load_text("zh")  # "en" for English
FILE = sim.data_dir("scenarios") / "data" / "made_ticket_log.csv"


def as_frame(table):
    """A table of an answer as a data frame."""
    rows = [[getattr(cell, "words", cell) for cell in row] for row in table.rows]
    return pd.DataFrame(rows, columns=table.heads).set_index(table.heads[0])


def say(blocks, *tones):
    """The sentences among blocks; their first table."""
    blocks = list(blocks)
    for block in blocks:
        if isinstance(block, SentenceBlock) and (not tones or block.tone in tones):
            print(block.words)
    tables = [block for block in blocks if isinstance(block, TableBlock)]
    return as_frame(tables[0]) if tables else None


# %% [markdown]
# ## 1 Reading it
#
# Columns are known by their headings, or by the form of the system that wrote them; what leads to
# people is never shown. At the command line: `govhall learn FILE`.

# %%
learned = read_log(FILE)
log = learned.log
print(f"{learned.form}: {len(log):,} tickets, {log.n_days} dates from {log.first_date}")
as_frame(column_table(learned, text))

# %% [markdown]
# ## 2 How good it is
#
# 37 known faults of logs are looked for, and each is counted, shown with its rows, and kept, mended
# or left out. This log has none; so here is the same file with two rows spoiled: a service that
# ends before it begins, and a ticket that is in it twice.

# %%
print(account(learned.quality, text))

# %%
lines = FILE.read_text(encoding="utf-8").splitlines()
cells = lines[100].split(",")
cells[5], cells[6] = cells[6], cells[5]
lines[100] = ",".join(cells)
lines.insert(201, lines[200])
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "spoiled.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    spoiled = read_log(path)
print(account(spoiled.quality, text))
for finding in spoiled.quality.findings:
    print("·", finding_words(finding, text))

# %% [markdown]
# ## 3 What was fitted
#
# Who comes when, how long work takes, how long people are willing to wait, and how many windows
# were in use; each with an interval of 95 %. Days are the sample: the people of one day have much
# in common.

# %%
say(arrival_blocks(learned.arrivals, text))

# %%
say(service_blocks(learned.services, text))

# %%
say(patience_blocks(learned, text))

# %% [markdown]
# How many windows are in use is exact only while people wait. When nobody does, a clerk without a
# visitor leaves no trace, and the log tells a lower bound.

# %%
say(staffing_blocks(learned.staffing, text))

# %% [markdown]
# ## 4 A scenario of it
#
# All of it as an ordinary scenario: each number says what it was measured from, and what the log
# cannot tell is an assumption with its range. At the command line: `govhall learn FILE --out
# hall.yaml --figures FOLDER`, then `govhall check hall.yaml`.

# %%
written = learned_file(learned, "办事处")
hall = scenario_from_text(written.words)
print(hall.note.zh)
print()
print(pd.Series([number.origin for number in numbers(hall)]).value_counts().to_string())
[group] = hall.layouts[0].windows
print(f"{group.id}: {dict(group.clerks)}")

# %% [markdown]
# Does it live as the log did? An average day of both, nineteen runs as long as the log: in nine of
# ten half hours the line of the log should lie within the band. Where the mean wait is one that
# chance does not bring, one factor on the clerks makes it that of the log, and says so.

# %%
print(factor_sentence(written.factor, text).words)

# %%
day = learned_day(log, hall)
learned_day_figure(day, text)

# %%
busy = [slot for slot in day.slots if slot.came > 1]
came = sum(slot.came_low <= slot.came <= slot.came_high for slot in busy)
waited = sum(slot.wait_low <= slot.wait <= slot.wait_high for slot in busy)
print(f"inside the band: arrivals {came}, waits {waited} of {len(busy)} half hours")
print(f"mean wait: log {day.mean:.1f} min, runs {day.mean_low:.1f} to {day.mean_high:.1f} min")

# %% [markdown]
# It is the hall's habits that were learned, no single day of it: for those, the log is replayed.
#
# ## 5 The same people, and one more clerk
#
# Everybody comes again when they came, with the work that they were, before the clerks of each
# date. What such a replay lacks against the log is due neither to staffing nor to arrivals. Then
# one more clerk from ten to twelve: what would it have brought, to whom?

# %%
replay = replay_log(log, "办事处", more_clerks=["desks=1@10:00-12:00"])
say(replay_blocks(replay, text))

# %%
replay_figure(replay, text)

# %%
changed = replay.changed
as_it_was = {
    cell.key: cell.simulated for cell in replay.cells if cell.by == "hour" and cell.n >= 30
}
pd.DataFrame(
    {
        "回放 replay [min]": {f"{hour:02}:00": as_it_was[hour] for hour in as_it_was},
        "加人 one more [min]": {f"{hour:02}:00": dict(changed.by_hour)[hour] for hour in as_it_was},
    }
).round(1)

# %% [markdown]
# Only the two hours change: at noon the queue is gone with three clerks as well. As the people are
# the same in both, the difference is told far more exactly than two means would tell it.
#
# ## 6 Days that it has not seen
#
# A replay knows the answer: clerks are told from the waits. So learn until 20 March alone, and
# predict the days after it: given who came, from the calendar alone, and with the clerks of each
# date known. Forecasts that need no model stand beside: does a model beat them?

# %%
backtest = backtest_log(log, date(2025, 3, 20), "办事处")
blocks = list(backtest_blocks(backtest, text))
say(blocks)

# %%
tables = [block for block in blocks if isinstance(block, TableBlock)]
print(tables[1].title)
as_frame(tables[1])

# %%
backtest_figure(backtest, text)

# %% [markdown]
# The verdict stands in words at the top, with the bar that each error was held against. Where it
# says no, the model may still compare two layouts or rosters on the same people, whose difference
# is not hurt by a level that both share; it should not promise a waiting time for next Tuesday.

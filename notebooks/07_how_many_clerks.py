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
# # How many clerks · 需要多少人
#
# **Question.** A hall promises that nine of ten are called within a quarter of an hour, in every
# half hour of the day. How many clerks does that take, and when? Why so many, and what does one
# fewer do? Where does today's roster break the promise, would the same hours do if they were spread
# otherwise, and would a formula have said the same?
#
# The hall has one list, six windows all day, and a peak in the morning and in the afternoon. Take a
# file of your own in place of `promised_day.yaml`; it needs `targets.promises`. It all runs in less
# than a minute.

# %%
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path.cwd().parent))  # the planners' rules stand beside the tests

import sim
from sim.analysis.promises import promise_cells
from sim.clock import HOUR
from sim.questions.size import sized_scenario
from sim.scenario.edit import with_overrides
from sim.text import load_text
from sim.views.promise_words import promise_words
from sim.views.size import kept_figure, size_figure
from sim.views.size_words import answer_sentence, broken_table, needs_table, sureness
from sim.views.style import PALETTE, clock_axis, drawing, finish, sheet
from tests.speed.planners import plan_by_every_rule

text = load_text("zh")  # "en" for English
LAYOUT = "hall"
REPLICATIONS, SEED, FRESH = 10, 1, 20

hall = sim.load_scenario(sim.example_path("promised_day.yaml"))
[promise] = hall.targets.promises
for language in ("zh", "en"):
    print(promise_words(hall, promise, load_text(language)))
print(f"{hall.run.measured_days} days × {REPLICATIONS} replications, seed {SEED}")

# %% [markdown]
# ## 1 The answer
#
# `size` tries staffs on the same crowds, and proves the answer on as many that it has not seen. The
# sentence says no more than those have confirmed; the bound says how much better any roster could
# be. At the command line: `govhall size scenarios/promised_day.yaml`.

# %%
run = sim.Run(replications=REPLICATIONS, seed=SEED)
sizing = sim.size(hall, [LAYOUT], run=run)
[row] = sizing.layouts
print(answer_sentence(sizing, row, text))
print(*sureness(sizing, row, text), sep="\n")
PROOF = f"n = {sizing.confirmed_on} × {hall.run.measured_days} d, seed {SEED}"
print(f"{row.evaluations} staffs tried; proven on fresh crowds, {PROOF}")

# %%
size_figure(sizing, row, text)

# %% [markdown]
# The need follows the people a little later than they come: who waits at half past eleven came
# before. Clerks at work (below the line) are fewer than clerks needed: the rest is what it takes so
# that chance does not make nine of ten wait.
#
# ## 2 Why so many, half hour by half hour
#
# Clerks needed and of today, how busy they are, and what the promise comes to with one clerk fewer,
# in the worst of the half hours that feel it. A half hour is not a hall of its own: who is missing
# at eleven leaves a queue to those at half past.


# %%
def as_frame(table):
    """A table of an answer as a data frame."""
    frame = pd.DataFrame(table.rows, columns=table.heads)
    return frame.set_index(table.heads[0])


as_frame(needs_table(sizing, row, text))

# %%
starts = np.array([need.starts for need in row.needs]) / HOUR
edges = [*starts, row.needs[-1].ends / HOUR]
with drawing():
    figure = sheet("少一人会怎样 What one fewer does", 3.2)
    axes = figure.subplots()
    as_sized = [100 * checked.sized.mean for checked in row.cells]
    fewer = [100 * need.one_fewer for need in row.needs]
    axes.stairs(as_sized, edges, baseline=None, color=PALETTE[0], linewidth=2)
    axes.plot(starts + 0.25, fewer, "v", color=PALETTE[1])
    axes.axhline(100 * promise.level, color=PALETTE[6], linewidth=0.8)
    clock_axis(axes, edges[0], edges[-1])
    axes.set(ylabel="按时叫到 called in time [%]", xlabel="取号时间 ticket taken")
    note = (
        "蓝线：测算排班；三角：该半小时少一人时，受影响的最差半小时。\n"
        "Line: as sized. Triangles: one clerk fewer in that half hour, the worst that feels it.\n"
    )
    finish(figure, note + PROOF)
figure

# %% [markdown]
# A triangle below the promise is a clerk who cannot be spared. Those above it could be spared one
# at a time, as far as these crowds can tell, but not all at once; the search keeps a margin, as a
# roster that was chosen for being just good enough on some crowds is worse on others.
#
# ## 3 Today's roster
#
# Six windows all day: where is the promise broken, and by how much?

# %%
kept_figure(sizing, row, 0, text)

# %%
as_frame(broken_table(sizing, row, text))

# %% [markdown]
# ## 4 Beside what a planner would use
#
# Erlang's formula for each half hour by itself (as workforce packages compute it), the square-root
# rule, and the hours of our answer spread equally. They are given the people of each half hour as
# counted on the crowds of the search. All are judged on the same fresh crowds, in hours a day and
# half hours in which fewer than nine of ten are called in time.

# %%
planned = plan_by_every_rule(hall, LAYOUT, run, n_fresh=FRESH)
names = {
    "sized": "仿真定员 sized",
    "today": "现行 today",
    "erlang_c": "Erlang C",
    "square_root": "平方根法则 square root",
    "equal": "同样工时均摊 same hours, equally",
}
pd.DataFrame(
    {
        names[name]: {
            "每周工时 clerk hours a week": f"{roster.hours:.0f}",
            "未达标半小时 half hours broken": f"{roster.broken} / {len(roster.shares)}",
            "其中可以肯定 of them for certain": f"{roster.surely_broken}",
            "最差半小时 worst of them [%]": f"{100 * roster.worst:.1f}",
        }
        for name, roster in planned.rosters.items()
    }
)

# %%
looks = {
    "sized": (PALETTE[0], "-"),
    "erlang_c": (PALETTE[1], "--"),
    "equal": (PALETTE[2], "-."),
}
with drawing():
    figure = sheet("三种配置 Three rosters", 4.6)
    clerks, share = figure.subplots(2, 1, sharex=True)
    lines = []
    for name, (colour, line) in looks.items():
        roster = planned.rosters[name]
        style = {"baseline": None, "color": colour, "linestyle": line, "linewidth": 1.8}
        clerks.stairs(roster.clerks, edges, label=names[name], **style)
        lines.append(share.stairs(100 * roster.shares, edges, label=names[name], **style))
    share.axhline(100 * promise.level, color=PALETTE[6], linewidth=0.8)
    clerks.set(ylabel="人员 clerks", ylim=(0, None))
    share.set(ylabel="按时叫到 called in time [%]", xlabel="时间 time of day")
    clock_axis(share, edges[0], edges[-1])
    finish(figure, f"n = {FRESH} × {hall.run.measured_days} d, seed {SEED}", lines)
figure

# %% [markdown]
# A formula for each half hour by itself knows nothing of the queue that the half hour before leaves
# behind, so it is short where the peak ends, and it has too many where the peak begins, when the
# queue is not there yet. The same hours spread equally are enough in sum and break the promise at
# both peaks.
#
# ## 5 What fresh crowds say
#
# The answer was chosen on some crowds and proven on others. Here are 200 further days, which nobody
# has looked at: are the intervals of the proof right about them?

# %%
DAYS, OTHER_SEED = 200, 20_250_106
further = with_overrides(
    sized_scenario(sizing, LAYOUT), [f"run.measured_days={DAYS}", "run.warmup_days=0"]
)
plan = sim.compile_plan(further, LAYOUT)
crowd = sim.draw_tape(plan.demand, OTHER_SEED, replication=0)
promised = promise_cells(plan, further)
shares = promised.values(promised.sums(sim.Tables(plan, crowd, sim.run(plan, crowd))))
proof = [checked.sized for checked in row.cells]
inside = [each.low <= share <= each.high for each, share in zip(proof, shares, strict=True)]
print(f"{DAYS} days, seed {OTHER_SEED}:")
print(f"{(shares >= promise.level).sum()} of {len(shares)} half hours at the promise or above,")
print(f"worst {shares.min():.1%}; {sum(inside)} of {len(inside)} inside the interval of the proof")

# %%
middles = starts + 0.25
means = np.array([100 * each.mean for each in proof])
bars = np.abs(np.array([[100 * each.low, 100 * each.high] for each in proof]).T - means)
with drawing():
    figure = sheet("检验与新的 200 天 The proof, and 200 further days", 3.2)
    axes = figure.subplots()
    points = axes.errorbar(
        middles, means, bars, fmt="o", capsize=2, color=PALETTE[0], label="检验 proof"
    )
    days_seen = axes.plot(middles, 100 * shares, "x", color=PALETTE[1], label="新的 further days")
    axes.axhline(100 * promise.level, color=PALETTE[6], linewidth=0.8)
    clock_axis(axes, edges[0], edges[-1])
    axes.set(ylabel="按时叫到 called in time [%]", xlabel="取号时间 ticket taken")
    finish(figure, f"{PROOF}; {DAYS} d, seed {OTHER_SEED}", [points, *days_seen])
figure

# %% [markdown]
# The intervals hold for all half hours together (95 %), so each by itself is wide, and the days
# that are compared with them are few themselves. What does not happen is what happens to a roster
# that was chosen and judged on the same days: that nearly every half hour comes out worse.

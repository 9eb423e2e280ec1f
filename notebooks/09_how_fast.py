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
# # How fast · 有多快
#
# **Question.** How long does an answer take, what does that allow us to ask, and does speed cost
# any truth?
#
# Everything below is measured while you read it, on this machine, in a few seconds: small runs, so
# the numbers swing. The full measurement is one command, at the end.

# %%
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path.cwd().parent))  # the benchmark stands beside the tests

import sim
from sim.scenario.edit import with_clerks
from sim.views.style import PALETTE, drawing, finish, sheet
from tests.speed import side_by_side
from tests.speed.__main__ import machine
from tests.speed.crowds import variance_ratios
from tests.speed.figure import draw
from tests.speed.workloads import load, workloads

# %% [markdown]
# ## 1 Two engines, one journal
#
# The readable engine (SimPy) and the fast one (compiled) serve the same crowd of the city. They
# must agree in every field, tick for tick; the first run of the fast engine after a change compiles
# it, which takes some seconds and is kept on disk.

# %% tags=["measured"]
scenario = sim.load_scenario(
    sim.example_path("sanmenxia.yaml"),
    ["run.warmup_days=1", "run.measured_days=3", "run.followup_days=1"],
)
plan = sim.compile_plan(scenario, "parallel")
crowd = sim.draw_tape(plan.demand, seed=1, replication=0)
sim.run(plan, crowd)  # compiled, or read from disk
journals, seconds = {}, {}
for engine in ("reference", "fast"):
    begun = time.perf_counter()
    journals[engine] = sim.run(plan, crowd, engine)
    seconds[engine] = time.perf_counter() - begun
for column, told in journals["reference"]._asdict().items():
    np.testing.assert_array_equal(getattr(journals["fast"], column), told, column)
print(
    f"{len(crowd.cases.arrived_at):,} cases, {len(journals['fast'].errand):,} tickets: "
    f"the same journal, {seconds['reference'] / seconds['fast']:.0f} times sooner"
)

# %% [markdown]
# ## 2 Beside the same hall written by hand
#
# Two workloads, each as a scenario file and as a program in plain SimPy: ten windows with one list
# (W1), and a hall with a desk, a zone, eight counters, corrections and eight departments (W2). Ours
# counts drawing the crowd, the run, and making tables.

# %% tags=["measured"]
found = {"machine": machine(), "engines": {}}
for workload in workloads(days=2):
    timings = side_by_side.measure(workload, rounds=2)
    found["engines"][workload.name] = side_by_side.figures(timings)
draw(found)

# %% [markdown]
# ## 3 What the same crowd is worth
#
# Speed is one half. The other: when two halls serve the *same* people, luck cancels, and far fewer
# replications tell them apart. The variance of a difference, with independent crowds over the same
# crowd, says how many times fewer.

# %%
pd.DataFrame(variance_ratios(pairs=20, n_days=5)).T.round(1)

# %% [markdown]
# ## 4 So ask about many halls
#
# `screen` serves each crowd in every hall it is given, on all cores, and keeps a few sums. Here,
# W2 with 26 to 45 clerks.

# %% tags=["measured"]
base = load("w2", "run.measured_days=2")
clerks = range(26, 46)
plans = [sim.compile_plan(with_clerks(base, "hall", n), "hall") for n in clerks]
begun = time.perf_counter()
screening = sim.screen(plans, run=sim.Run(replications=6))
spent = time.perf_counter() - begun
print(f"{len(plans)} halls × 6 crowds × 2 days in {spent:.1f} s")

# %%
waits = [screening.interval(n, "wait") for n in range(len(plans))]
lows, highs = [w.mean - w.low for w in waits], [w.high - w.mean for w in waits]
with drawing():
    figure = sheet("窗口人数与平均等候 Clerks at windows and the mean wait", 3.4, 8.0)
    axes = figure.subplots()
    means = [w.mean for w in waits]
    axes.errorbar(clerks, means, [lows, highs], fmt="o", capsize=2, color=PALETTE[0])
    axes.set(xlabel="窗口人员 clerks", ylabel="平均等候 mean wait [min]", yscale="log")
    axes.set(xticks=clerks[::2], yticks=[1, 3, 10, 30], yticklabels=["1", "3", "10", "30"])
    finish(figure, f"{len(plans)} halls × 6 crowds × 2 days, 95 % intervals")
figure

# %% [markdown]
# ## 5 The whole measurement
#
# ```sh
# .venv/bin/python -m tests.speed --json speed.json --figure speed.png
# ```
#
# It adds longer runs, cost against days, windows and endless queues, a second core, starting, and
# the city's own question. Programs of others are measured beside it where they are installed
# (`--peers FOLDER`, see `tests/speed/README.md`). Quote ratios and their range, never seconds.

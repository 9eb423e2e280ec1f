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
# # Compare two layouts · 比较两种布局
#
# **Question.** Should the city hall take its bundled services in a zone of their own (专区) or at
# the counters of the departments? By how much do waits differ, is the difference sure, does it
# matter, for whom is it the other way round, and on which assumption does the answer hang?
#
# Ten measured days and eight replications, so that it all runs in less than a minute. For a
# decision take the days of the file and 20 replications:
#
# ```sh
# govhall compare scenarios/sanmenxia.yaml --layouts zone,counters --replications 20
# ```

# %%
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd

import sim
from sim.analysis.groups import group_changes
from sim.analysis.intervals import (
    independent_difference,
    multiple_comparison_with_best,
    paired_difference,
)
from sim.analysis.judge import judge
from sim.analysis.replications import replications_needed
from sim.clock import MINUTE
from sim.questions.alike import means_of, unlike
from sim.questions.turning import turning
from sim.text import load_text
from sim.views.accounts import group_blocks
from sim.views.compare import compare_figure
from sim.views.scenario_names import layout_name
from sim.views.style import PALETTE, drawing, finish, sheet
from sim.views.turning import turning_sentences
from sim.views.values import judgement_name
from sim.views.verdict import answer, cautions, sentences

text = load_text("zh")  # "en" for English
LAYOUTS, REPLICATIONS = ["zone", "counters"], 8

short = ["run.warmup_days=5", "run.measured_days=10", "run.followup_days=10"]
city = sim.load_scenario(sim.example_path("sanmenxia.yaml"), short)
names = {layout.id: layout_name(city, layout.id, text) for layout in city.layouts}


def shown(interval, digits=2):
    """A mean with its bounds."""
    mean, low, high = (f"{bound:.{digits}f}" for bound in interval[:3])
    return f"{mean} [{low}, {high}]"


# %% [markdown]
# ## 1 Are the two alike
#
# A comparison of layouts is one of *arrangements*: the same clerks for the same hours, standing
# elsewhere. Who gives one of them more people has asked another question. So before anything runs:

# %%
means = [means_of(city, layout) for layout in LAYOUTS]
print("unlike in:", unlike(means) or "nothing")
pd.DataFrame(
    {
        "每周窗口工时 clerk hours a week": [layout.clerk_hours for layout in means],
        "最多在岗人数 most clerks at a time": [layout.most_clerks for layout in means],
        "有窗口开放的小时 hours staffed": [layout.staffed_hours for layout in means],
        "窗口组 groups of windows": [len(city.layout(layout).windows) for layout in LAYOUTS],
    },
    index=[names[layout] for layout in LAYOUTS],
)

# %% [markdown]
# Had one clerk more been written into one of them, the scenario would have been refused unless it
# says `equal_budget: none`, and the verdict would begin with the hours.
#
# ## 2 The same people in both
#
# One replication draws one **crowd**: who comes when, with which matter and papers, how long each
# takes at a window. The crowd has not heard of layouts, so both serve the same one (*common random
# numbers*). A crowd that is large in one hall is large in the other:

# %%
study = sim.replicate(city, LAYOUTS, run=sim.Run(replications=REPLICATIONS, seed=1, workers=1))
others = sim.replicate(
    city, LAYOUTS, run=sim.Run(replications=REPLICATIONS, seed=2, workers=1)
)  # other people


def mean_waits(runs, layout):
    """Mean wait of each replication, in minutes."""
    sums = np.array([tally.by_day["wait"].sum(axis=1) for tally in runs.of(layout)])
    return sums[:, 0] / sums[:, 1] / MINUTE


zone, counters = (mean_waits(study, layout) for layout in LAYOUTS)
with drawing():
    figure = sheet("每批群众在两种布局中的平均等候 Each crowd in both layouts", 3.8, 6.5)
    axes = figure.subplots()
    axes.plot(zone, counters, "o", color=PALETTE[0])
    ends = [min(zone.min(), counters.min()), max(zone.max(), counters.max())]
    axes.plot(ends, ends, "--", color="grey", linewidth=1)
    axes.set(xlabel=f"{names['zone']} [min]", ylabel=f"{names['counters']} [min]")
    finish(
        figure,
        f"{REPLICATIONS} replications of 10 days; below the line {names['counters']} waits less",
    )
figure

# %% [markdown]
# Crowds differ by minutes, the layouts by much less, and nearly every point lies on the same side
# of the line. The difference crowd by crowd sees that; two means with intervals of their own do
# not. Once more, with other people in the second hall:

# %%
paired = paired_difference(zone, counters)
apart = independent_difference(zone, mean_waits(others, "counters"))
pd.DataFrame(
    {
        "差值 difference [min]": [shown(paired), shown(apart)],
        "半宽 half-width [min]": [f"{interval.half_width:.2f}" for interval in (paired, apart)],
    },
    index=["同一批群众 the same people", "各自的群众 other people"],
)

# %%
both = [
    np.concatenate([mean_waits(runs, layout) for runs in (study, others)]) for layout in LAYOUTS
]
alone, together = both[0].var(ddof=1) + both[1].var(ddof=1), (both[1] - both[0]).var(ddof=1)
print(f"correlation of the two layouts over {len(both[0])} crowds: {np.corrcoef(*both)[0, 1]:.3f}")
print(f"without pairing it would take about {alone / together:.0f} times as many replications")

# %% [markdown]
# ## 3 The verdict
#
# `compare` takes every measure that way, corrects for the number of pairs, and says in words what
# the intervals allow to say. A difference has to pass two thresholds: zero (is it sure?) and the
# size from which it matters (`targets.matters_from`: a minute of waiting, one percentage point, a
# twentieth of a trip, unless the scenario says otherwise).

# %%
comparison = sim.compare(study)
print(answer(comparison, text))
for sentence in sentences(comparison, text):
    print("·", sentence)

# %%
compare_figure(comparison, text)

# %% [markdown]
# Right, the differences: the grey band holds what is too small to matter, a full diamond beyond it
# is sure and matters, a pale one is sure but of open size, a hollow one is not sure. And what must
# be known before acting on it:

# %%
for caution in cautions(comparison, text):
    print("·", caution)

# %% [markdown]
# ## 4 For whom
#
# A mean over everybody can be made of gains for some and losses for others. The same paired
# differences by class of people, and by kind of matter:

# %%
for block in group_blocks(comparison, ["class"], text)[:1]:
    print(block.title)
pd.DataFrame(block.rows, columns=block.heads).set_index(block.heads[0])

# %%
bundles = {matter.id for matter in city.matters if "one_matter" in matter.groups}
changes = group_changes(
    study.plans[0], study.of("zone"), study.of("counters"), "matter", city.targets
)
matters = {matter.id: text.name(matter.name) for matter in city.matters}
most = sorted(changes, key=lambda change: -change.called)
shown_matters = [change for change in most if change.id not in bundles][:6]
shown_matters += [change for change in most if change.id in bundles][:6]
pd.DataFrame(
    {
        "类型 kind": [
            "一件事 one matter" if change.id in bundles else "单项 single item"
            for change in shown_matters
        ],
        "叫号 called": [round(change.called) for change in shown_matters],
        "等候变化 change [min]": [
            shown(change.figures["wait"].interval, 1) for change in shown_matters
        ],
        "在部门窗口 at the counters": [
            judgement_name(judge(change.figures["wait"]), text) for change in shown_matters
        ],
    },
    index=[matters[change.id] for change in shown_matters],
)

# %% [markdown]
# The six with most people of each kind. Each row stands for itself at 95 %, so of twelve one may be
# wrong by luck. The mean over everybody hides it: counters help many who come for a single item,
# and most of those who come for a bundled matter wait longer there. The question is then no longer
# which layout is better, but *for whom* the hall is arranged.
#
# ## 5 And a third one
#
# With three layouts there are three differences, each a little wider for it. Who only wants to know
# *which is best* compares each with the best of the others (Hsu): an interval that begins at 0
# cannot be the best, one that ends at 0 is.

# %%
third = sim.replicate(city, ["parallel"], run=sim.Run(replications=REPLICATIONS, seed=1, workers=1))
waits = np.array([zone, counters, mean_waits(third, "parallel")])
pd.DataFrame(
    {
        "平均等候 mean wait [min]": waits.mean(axis=1).round(2),
        "比其余最好者多 above the best of the others [min]": [
            shown(interval) for interval in multiple_comparison_with_best(waits)
        ],
    },
    index=[names[layout] for layout in (*LAYOUTS, "parallel")],
)

# %% [markdown]
# ## 6 How many replications are enough
#
# The width that is needed follows from the decision: a difference that should be told from zero, or
# from the size that matters, must be known to a part of it. A first study says how many that takes,
# with pairing and without:

# %%
pd.DataFrame(
    {
        f"± {width} min": [replications_needed(interval, width) for interval in (paired, apart)]
        for width in (0.2, 0.1, 0.05)
    },
    index=["同一批群众 the same people", "各自的群众 other people"],
)

# %% [markdown]
# Or let it go on until every layout's own mean is known to half a minute (`--until wait=0.5`). It
# looks after each replication, and goes on for a few more before it believes what it sees:

# %%
enough = sim.replicate(city, LAYOUTS, run=sim.Run(replications=60, workers=1), until={"wait": 0.5})
widths = [sim.compare(enough).estimate(layout, "wait").interval.half_width for layout in LAYOUTS]
print(f"{enough.replications} replications: ± {widths[0]:.2f} and ± {widths[1]:.2f} min")

# %% [markdown]
# ## 7 What the verdict hangs on
#
# Intervals cover luck. They take the scenario's numbers for granted, and most of these are assumed,
# within a range. `turning` sets each assumed number to both ends of its range and looks for those
# at which the verdict would be another one. The city has some 600 such ends, which takes minutes:
#
# ```sh
# govhall compare scenarios/sanmenxia.yaml --layouts zone,counters --assumptions wait
# ```
#
# So here is a hall that fits on a page, with the oldest question of all: two kinds of business, a
# counter each, or one list for both, whose clerks know everything and take longer for it
# (`proficiency`, a factor on the minutes)?

# %%
SMALL = """
name: {zh: 小厅, en: Small hall}
run: {start: 2025-03-03, measured_days: 20, replications: 8}
calendars:
  - {id: day, weekly: {mon-fri: ["09:00-12:00", "13:00-17:00"]}}
hall: {name: {zh: 小厅, en: Small hall}, hours: day, closing: serve_all}
departments:
  - {id: office, name: {zh: 部门, en: Office}, reviewers: 1, hours: day}
matters:
  - id: tax
    name: {zh: 办税, en: Tax}
    groups: [all]
    lead: office
    service: {base: {law: exponential, mean: 9 min}, assumed: {base.mean: [8 min, 10 min]}}
  - id: land
    name: {zh: 不动产, en: Land register}
    groups: [all]
    lead: office
    service: {base: {law: exponential, mean: 15 min}, assumed: {base.mean: [13 min, 16 min]}}
demand:
  - {id: for_tax, matter: tax, per_day: 110, assumed: {per_day: [90, 120]}}
  - {id: for_land, matter: land, per_day: 65, assumed: {per_day: [50, 70]}}
layouts:
  - id: counters
    name: {zh: 分设窗口, en: Two counters}
    windows:
      - {id: tax, serves: [tax], clerks: 3}
      - {id: land, serves: [land], clerks: 3}
  - id: one_list
    name: {zh: 综合窗口, en: One list}
    windows:
      - id: all
        serves: [all]
        clerks: 6
        proficiency: 1.05
        assumed: {proficiency: [1.0, 1.25]}
"""
path = Path(mkdtemp()) / "small.yaml"
path.write_text(SMALL, encoding="utf-8")
small = sim.replicate(sim.load_scenario(path), run=sim.Run(workers=1))
print(answer(sim.compare(small), text))

# %%
hangs_on = turning(small, "wait", run=sim.Run(workers=1))
for sentence in turning_sentences(hangs_on, small.scenario, text):
    print("·", sentence)

# %% [markdown]
# Whatever is named here deserves the next hour of work: a week of tickets from the hall, timed, is
# worth more than any number of replications. What is not named may stay assumed.
#
# ## Where next
#
# * What an interval promises and what it does not: notebook 04.
# * Which assumption moves a *single* layout most: `govhall levers scenarios/sanmenxia.yaml --layout
#   zone`.
# * Your own third layout: write it under `layouts:` in a file that begins with `extends:
#   sanmenxia.yaml`.

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
# # A day in the hall · 大厅的一天
#
# **Question.** What happens to the people who come to Sanmenxia's city hall on one morning and
# afternoon, and would the same people be better off with the windows arranged in another way?
#
# We go from the scenario file to a crowd, from the crowd to tables, from one visitor's day to
# everybody's waits, and end with a comparison that may be trusted. Running it all takes less than
# a minute. Change any cell and run it again: nothing here can break the project.

# %%
from datetime import date, timedelta

import pandas as pd

import sim
from sim.clock import DAY, MINUTE
from sim.text import load_text
from sim.views.case_timeline import case_timeline
from sim.views.compare import compare_figure
from sim.views.day import waits_by_time
from sim.views.verdict import answer, sentences

text = load_text("zh")  # "en" for English

# %% [markdown]
# ## 1 The scenario
#
# A scenario is a text file with units beside every number. We shorten the run to one measured day,
# after six days that fill the back office, with ten more in which its cases may end.

# %%
short = ["run.warmup_days=6", "run.measured_days=1", "run.followup_days=10"]
scenario = sim.load_scenario(sim.example_path("sanmenxia.yaml"), short)
pd.DataFrame(
    {
        "布局 layout": [text.name(layout.name) for layout in scenario.layouts],
        "窗口人员 clerks": [
            sum(max(group.clerks.values()) for group in layout.windows)
            for layout in scenario.layouts
        ],
        "窗口组 groups of windows": [len(layout.windows) for layout in scenario.layouts],
    },
    index=[layout.id for layout in scenario.layouts],
)

# %% [markdown]
# Every layout has the same number of clerks. That is on purpose: more clerks are not a better
# layout.
#
# ## 2 The crowd, before anything happens
#
# `compile_plan` turns one layout into arrays. `draw_tape` draws everything random of one
# replication **before** the doors open: who comes and when, with which matter, how patient they
# are, how long they will need at a window. It looks at the demand only and has not heard of
# layouts. That is why the same tape can be played in two halls.

# %%
plan = sim.compile_plan(scenario, "parallel")
crowd = sim.draw_tape(plan.demand, seed=1, replication=0)
today = int(plan.period.hall_days[0])
day_name = text.date(date.fromordinal(plan.period.start_ordinal) + timedelta(days=today))
matters = {matter.id: text.name(matter.name) for matter in scenario.matters}


def clock(ticks: int) -> str:
    """The time of day of an instant; the date too when it is not today."""
    days, rest = divmod(int(ticks), DAY)
    time = f"{rest // (60 * MINUTE):02d}:{rest // MINUTE % 60:02d}"
    if days == today:
        return time
    return f"{date.fromordinal(plan.period.start_ordinal) + timedelta(days=days)} {time}"


people = pd.DataFrame(
    {
        "arrived_at": crowd.cases.arrived_at,
        "matter": [matters[plan.names.matters[m]] for m in crowd.cases.matter],
        "class": [plan.names.classes[k] for k in crowd.cases.class_],
        "patience_min": crowd.cases.patience / MINUTE,
        "window_min": crowd.errands.service[crowd.cases.errand_offsets[:-1]] / MINUTE,
        "papers_complete": crowd.errands.complete[crowd.cases.errand_offsets[:-1]],
        "online": crowd.errands.online[crowd.cases.errand_offsets[:-1]],
    }
)
people.index.name = "case"
come_today = people[people.arrived_at // DAY == today]
print(day_name, "·", len(come_today), "cases")
come_today.assign(arrived_at=come_today.arrived_at.map(clock)).round(1).head(8)

# %% [markdown]
# `window_min` is what a clerk of average speed needs; `patience_min` the wait after which this
# person gives up. Both belong to the person and go along into every layout.
#
# ## 3 One day, played
#
# `run` plays the tape in the hall and returns a journal of instants. It draws nothing and measures
# nothing. `Tables` reads the journal as rows.

# %%
day = sim.Tables(plan, crowd, sim.run(plan, crowd))
tickets = day.frame("tickets")
tickets = tickets[(tickets.arrived_at // DAY == today) & (tickets.trip > 0)]  # trip 0: online
tickets["wait_min"] = (tickets.called_at - tickets.taken_at).where(tickets.called_at >= 0) / MINUTE
fates = tickets.fate.map(lambda fate: text(f"fate.{fate}"))
fates.value_counts().rename("取号 tickets").to_frame()

# %% [markdown]
# A **ticket** is one place in a waiting list. A **visit** is one trip to the hall, from the door to
# leaving, and may hold several tickets (papers mended on the spot). A **case** is one applicant
# with one matter, through the back office to the result.

# %%
visits = day.frame("visits")
visits = visits[visits.arrived_at // DAY == today]
cases = day.frame("cases").loc[come_today.index]
pd.Series(
    {
        "visits 到厅": len(visits),
        "mean stay 平均在厅 [min]": ((visits.left_at - visits.arrived_at) / MINUTE).mean(),
        "mean wait 平均等候 [min]": tickets.wait_min.mean(),
        "cases 办件": len(cases),
        "of which online 其中网办": cases.online.sum(),
        "issued by the end of the run 已办结": (cases.fate == "issued").sum(),
        "needed more than one trip 跑动多于一次": (cases.trips > 1).sum(),
    }
).round(1).to_frame("")

# %% [markdown]
# ## 4 One visitor
#
# Means hide people. Here is one whose papers were not complete, in words and then as a picture.

# %%
bundles = [matter.id for matter in scenario.matters if "one_matter" in matter.groups]
came_again = cases.index[cases.fate.eq("issued") & (cases.last_item >= 0) & (cases.trips > 1)]
found = tickets[tickets.fate.eq("sent_back") & tickets.case.isin(came_again)]
found = found.assign(bundle=found.matter.isin(bundles)).sort_values(["bundle", "wait_min"])
who = int(found.case.iloc[-1])  # the one-matter applicant who waited longest for it
names = {
    group.id: text.name(group.name)
    for layout in scenario.layouts
    for group in layout.windows
    if group.name is not None
}
departments = {one.id: text.name(one.name) for one in scenario.departments}
item_names = {
    f"{matter.id}.{item.id}": text.name(item.name)
    for matter in scenario.matters
    for item in matter.items
}

all_tickets = day.frame("tickets")
print(f"{matters[cases.matter[who]]} · case {who}")
for ticket in all_tickets[all_tickets.case == who].itertuples():
    if ticket.trip == 0:
        print(f"  {clock(ticket.arrived_at)} applies online: {text(f'fate.{ticket.fate}')}")
        continue
    said = f"  {clock(ticket.arrived_at)} trip {ticket.trip}"
    if ticket.taken_at >= 0:
        said += f", ticket at {clock(ticket.taken_at)} for {names.get(ticket.list, ticket.list)}"
    if ticket.called_at >= 0:
        wait = (ticket.called_at - ticket.taken_at) / MINUTE
        work = (ticket.ended_at - ticket.called_at) / MINUTE
        said += f", waits {wait:.0f} min, {work:.0f} min at window {ticket.window}"
    print(f"{said}: {text(f'fate.{ticket.fate}')}")
items = day.frame("items")
for item in items[items.case == who].sort_values("completed_at").itertuples():
    print(
        f"  {clock(item.completed_at)} {departments[item.department]} has finished "
        f"{item_names[item.item]} (released {clock(item.released_at)}, {item.rounds} round/s)"
    )
print(f"  {clock(cases.closed_at[who])} {text(f'fate.{cases.fate[who]}')}")

# %%
case_timeline(scenario, day, who, text)

# %% [markdown]
# ## 5 Everybody's waits, by half hour
#
# The morning peak is what people remember. The few tickets of the lunch break belong to people who
# mended their papers inside the hall. This is **one** day: another day would look different.

# %%
half_hour = tickets.taken_at // (30 * MINUTE) % 48
by_time = tickets[tickets.taken_at >= 0].groupby(half_hour).wait_min
table = by_time.agg(["size", "mean", lambda waits: waits.quantile(0.9)])
table.columns = ["取号 tickets", "平均 mean [min]", "90% [min]"]
table.index = [f"{slot // 2:02d}:{slot % 2 * 30:02d}" for slot in table.index]
table.round(1)

# %% [markdown]
# ## 6 The same people in another hall
#
# Now the same crowd walks into the hall where everything is taken at the departments' counters.
# Row by row it is the same person, so we may ask who gained and who lost.

# %%
other_plan = sim.compile_plan(scenario, "counters")
other_day = sim.Tables(other_plan, crowd, sim.run(other_plan, crowd))


def first_waits(tables: sim.Tables) -> pd.Series:
    """Wait of each of today's people for their first call, in minutes; nan when never called."""
    in_hall = tables.frame("tickets").query("trip > 0")
    found = in_hall.drop_duplicates("case").set_index("case")
    waits = (found.called_at - found.taken_at).where(found.called_at >= 0) / MINUTE
    return waits.reindex(come_today.index)


here, there = first_waits(day), first_waits(other_day)
kind = cases.matter.isin(bundles).map({True: "一件事 one matter", False: "单项 single item"})
change = (there - here).rename("change")
pd.DataFrame(
    {
        "人数 people": change.groupby(kind).count(),
        "少等 gained (> 1 min)": (change < -1).groupby(kind).sum(),
        "多等 lost (> 1 min)": (change > 1).groupby(kind).sum(),
        "平均变化 mean change [min]": change.groupby(kind).mean().round(2),
    }
)

# %% [markdown]
# A layout that is better on average still makes some people wait longer. Who they are is often what
# a hall's director wants to know first.
#
# ## 7 A comparison that may be trusted
#
# One day is an anecdote. Below, four crowds come to each of the three layouts, and differences are
# taken crowd by crowd. Four are few, and the verdict says so where they do not suffice; for a
# decision take 20 or more and the full 20 days of the scenario (`govhall demo` does).

# %%
study = sim.replicate(scenario, run=sim.Run(replications=4, workers=2))
comparison = sim.compare(study)
print(answer(comparison, text))
for sentence in sentences(comparison, text):
    print("·", sentence)

# %%
compare_figure(comparison, text, ["wait", "called_within"])

# %%
waits_by_time(study, text)

# %% [markdown]
# ## Where next
#
# * `govhall check scenarios/sanmenxia.yaml` lists every number with its source or its range.
# * Change a number: `sim.load_scenario(path, ["layouts.zone.windows.zone.proficiency=1.0"])`.
# * `python3 run.py app` asks the same questions without Python.

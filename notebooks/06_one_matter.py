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
# # One matter · 一件事
#
# **Question.** A resident wants to open a restaurant. What does it take when every department is
# visited in turn, what when it is handled as one matter, and how much of the promised cut in steps,
# papers, time and trips does a simulation of the same people bear out?
#
# We begin with the papers on the desk, count by hand, let the same crowd live through both
# handlings, look at one person, and end with what parallel review costs and what would help most.
# Running it all takes less than a minute. Put another id into `chosen` for another matter.

# %%
from typing import NamedTuple

import pandas as pd

import sim
from sim.analysis.intervals import Interval, ratio_difference, ratio_interval
from sim.analysis.paperwork import everything, hand_count
from sim.clock import DAY, MINUTE
from sim.questions.causes import last_shares
from sim.questions.reductions import leanings, matter_of, reductions
from sim.scenario.edit import with_handling
from sim.scenario.matters import Handling
from sim.text import load_text
from sim.views.case_timeline import case_timeline
from sim.views.causes import causes_figure, last_department_figure
from sim.views.item_network import matter_network
from sim.views.lever_names import lever_name
from sim.views.reductions import before_after_figure, process_figure
from sim.views.scenario_names import department_name, layout_name

text = load_text("zh")  # "en" for English
chosen = "restaurant"

scenario = sim.load_scenario(sim.example_path("sanmenxia.yaml"), ["run.measured_days=5"])
matter = matter_of(scenario, chosen)
print(f"{text.name(matter.name)} · {matter.name.en}")

# %% [markdown]
# ## 1 What belongs to it
#
# Items, whose they are, which applicants need them, and what they wait for. An item that only some
# applicants need has a dashed frame.

# %%
pd.DataFrame(
    [
        {
            "事项 item": text.name(item.name),
            "部门 department": department_name(scenario, item.department, text),
            "需要者占比 share [%]": round(100 * item.share),
            "在其后 after": "、".join(item.after) or "–",
        }
        for item in matter.items
    ],
    index=pd.Index([item.id for item in matter.items], name="id"),
)

# %%
matter_network(scenario, chosen, text)

# %% [markdown]
# The same items twice: above, a visit to each department in turn; below, one intake, departments
# side by side, one issue.

# %%
process_figure(scenario, chosen, text)

# %% [markdown]
# ## 2 Counted by hand
#
# Before any simulation: steps, papers and trips of an applicant who needs as much as anybody can,
# whose papers are complete. It is what a guide prints, and what a simulation has to give back when
# nothing goes wrong.

# %%
ways: tuple[Handling, Handling] = ("separate", "bundled")
names = {way: text(f"handling.{way}") for way in ways}
by_hand = {
    names[way]: hand_count(scenario, matter, way, everything(matter))._asdict() for way in ways
}
pd.DataFrame(by_hand).rename(index=lambda name: text(f"reduction.{name}"))

# %% [markdown]
# ## 3 The same people, before and after
#
# `reductions` plays every tape twice: all matters of the city department by department, then all of
# them bundled. People, papers and patience are the same. It takes the layout whose busiest windows
# had least to do before the reform, so that windows nobody would have queued at do not make the
# reform look good. Days are followed until the cases of the time before are closed.
#
# Four crowds of five days are few. For a decision take 20 and the days of the file:
# `govhall matter scenarios/sanmenxia.yaml restaurant`.

# %%
before_after = reductions(scenario, run=sim.Run(replications=4, workers=2), followup=60)
of_chosen = before_after.summary.matters[chosen]
counted = of_chosen.cases
print(layout_name(scenario, before_after.layout, text))
print(f"{counted.cases} cases, {counted.compared} with a result under both handlings;")
print(f"not closed {counted.open}, given up {counted.lost} (before, after)")


def shown(interval: Interval, digits: int = 1, factor: float = 1.0) -> str:
    """Mean and 95 % interval; the mean alone where one crowd knows of it."""
    low, mean, high = (
        f"{factor * end:z.{digits}f}" for end in (interval.low, interval.mean, interval.high)
    )
    return mean if low == "nan" else f"{mean} [{low}, {high}]"


# %%
pd.DataFrame(
    [
        {
            "单位 unit": text(f"unit.{cut.unit}"),
            names["separate"]: shown(cut.before),
            names["bundled"]: shown(cut.after),
            "压减 cut [%]": shown(cut.cut, 0, 100),
            "公布 published": "–"
            if cut.published_before is None
            else f"{cut.published_before:g} → {cut.published_after:g}",
            "公布压减 published cut [%]": "–"
            if cut.published_cut is None
            else f"{100 * cut.published_cut:.0f}",
        }
        for cut in of_chosen.cuts.values()
    ],
    index=[text(f"reduction.{name}") for name in of_chosen.cuts],
)

# %%
before_after_figure(before_after, text, chosen)

# %% [markdown]
# Read it with two warnings. Published days are *limits*, the most that is promised; the model's
# days are what a case takes. And a published trip is one that the procedure asks for; in the model
# some people come again because their papers were incomplete, and some never come, being online.
#
# ## 4 One person under both handlings
#
# The case that gained most of those that needed all three departments, day by day. Above, visit
# after visit; below, one intake and the departments side by side. The scales differ.


# %%
class Played(NamedTuple):
    """What the first crowd went through under one handling."""

    scenario: sim.Scenario
    tables: sim.Tables


played: dict[str, Played] = {}
for way in ways:
    one_way = with_handling(before_after.longer, way, before_after.matters)
    plan = sim.compile_plan(one_way, before_after.layout)
    crowd = sim.draw_tape(plan.demand, before_after.seed, replication=0)
    played[way] = Played(one_way, sim.Tables(plan, crowd, sim.run(plan, crowd)))


def mine(way: str) -> pd.DataFrame:
    """This matter's cases of the measured days that ended with a result."""
    tables = played[way].tables
    cases = tables.frame("cases").assign(day=tables.day_of(tables.cases.arrived_at))
    return cases[(cases.matter == chosen) & (cases.fate == "issued") & (cases.day >= 0)]


days = pd.concat({way: (mine(way).closed_at - mine(way).arrived_at) / DAY for way in ways}, axis=1)
items = played["separate"].tables.frame("items")
departments = items[items.case.isin(days.dropna().index)].groupby("case").department.nunique()
who = days.loc[departments.index[departments == departments.max()]].eval("separate - bundled")
case = int(who.idxmax())
days.loc[[case]].round(1)

# %%
before, after = (played[way] for way in ways)
case_timeline(before.scenario, before.tables, case, text)

# %%
case_timeline(after.scenario, after.tables, case, text)

# %% [markdown]
# ## 5 Who is last, and where the time goes
#
# Handled apart, the last department is simply the last one visited. Side by side it is the one that
# the others wait for, and that is worth knowing: nothing else that is made quicker helps.

# %%
studies = {
    way: sim.replicate(
        played[way].scenario,
        [before_after.layout],
        run=sim.Run(replications=4, seed=before_after.seed, workers=2),
    )
    for way in ways
}
last = {
    names[way]: {
        department_name(scenario, name, text): shown(share, 0, 100)
        for name, share in last_shares(study, before_after.layout, chosen).items()
        if share.mean > 0
    }
    for way, study in studies.items()
}
pd.DataFrame(last).rename_axis("最后办完的部门 last department [%]")

# %%
last_department_figure(studies["bundled"], text, chosen)

# %%
causes_figure(studies["bundled"], text, chosen)

# %% [markdown]
# Along that path reviewers work for less than an hour. The rest is departments that are closed, the
# day that the joint visit is appointed for, and applicants who mend their papers.
#
# ## 6 What parallel review costs
#
# Side by side, departments review cases that another department is about to refuse. In the city's
# matters refusals are rare, so over all 24 the price a case is small; on a case that is refused it
# is not. (So few were refused in five days that they have no interval.)

# %%
costs = before_after.summary.whole.review_costs
pd.DataFrame(
    [
        {
            "单位 unit": text(f"unit.{cost.unit}"),
            names["separate"]: shown(cost.before),
            names["bundled"]: shown(cost.after),
            "差值 difference": shown(cost.difference),
        }
        for cost in costs
    ],
    index=[text(f"reduction.{cost.name}") for cost in costs],
)

# %% [markdown]
# Where half of all applications are refused the price is plain. Two scenarios with a known answer
# ask three levels for an approval, in a row and all at once. In a row a refusal ends the case; at
# once it waits for the longest of three reviews, and all three are always paid for.

# %%
rows = {}
for name in ("approvals_series", "approvals_parallel"):
    levels = sim.load_scenario(sim.example_path(f"exact/{name}.yaml"), ["run.measured_days=1"])
    plan = sim.compile_plan(levels, "hall")
    crowd = sim.draw_tape(plan.demand, seed=1, replication=0)
    tables = sim.Tables(plan, crowd, sim.run(plan, crowd))
    closed, reviews = tables.frame("cases"), tables.frame("items")
    minutes = (closed.closed_at - closed.accepted_at) / MINUTE
    rows[text.name(levels.name)] = {
        "批准用时 approved after [min]": minutes[closed.fate == "issued"].mean(),
        "不予许可用时 refused after [min]": minutes[closed.fate == "rejected"].mean(),
        "每件审批次数 reviews a case": (reviews.reviewed_at >= 0).sum() / len(closed),
    }
pd.DataFrame(rows).round(1)

# %% [markdown]
# By hand: in a row an approval takes 3.5 + 6 + 7.5 = 17 minutes, and 1 + 0.7 + 0.7 × 0.8 = 2.26
# reviews are made of a case; all at once an approval takes the longest of the three, and 3 reviews
# are made. Who is approved gains nine minutes; who is refused is told later, and reviewers pay.
#
# ## 7 Which assumption the cut hangs on
#
# Nobody publishes how long applicants wait before they go on to the next department, how long a
# review takes, or how often papers are incomplete. Each in turn is put to both ends of its range,
# for all 24 matters, all else and all people the same. An assumption also moves the queues of the
# time before, so both ends may lie on one side of the cut as it is; where departments have more
# work than they can do under either handling, hardly any cut is left.

# %%
now = before_after.summary.whole.cuts["time"]
ends = {}
for leaning in leanings(before_after, run=sim.Run(workers=2)):
    low, high = leaning.lever.settings
    ends[lever_name(leaning.lever.path, scenario, text)] = {
        "范围 range": f"{low.value} … {high.value}",
        "取低值 cut at low [%]": "–" if leaning.low is None else shown(leaning.low.cut, 0, 100),
        "取高值 cut at high [%]": "–" if leaning.high is None else shown(leaning.high.cut, 0, 100),
    }
print(f"now {shown(now.cut, 0, 100)} %")
pd.DataFrame(ends).T

# %% [markdown]
# ## 8 What would help this matter most
#
# Under the new handling, on the same people: a reviewer more in each of its departments, fewer
# incomplete papers, every form filled in beforehand, a joint visit on the same day, reviewers at
# their desks all day. Times are from the first arrival to the result.

# %%
path = f"matters.{chosen}"
tried = {
    "材料不齐减半 half as many incomplete papers": [f"{path}.correction_share=0.04"],
    "表单全部预填 form wholly pre-filled": [f"{path}.service.prefilled_share=1"],
    "当天踏勘 joint visit on the same day": [f"{path}.items.joint_visit.external=0 wd"],
    "部门全天审批 departments open all day": [
        "departments.fire.hours=office",
        "departments.urban.hours=office",
    ],
}
for reviewing in dict.fromkeys(item.department for item in matter.items):
    department = next(each for each in scenario.departments if each.id == reviewing)
    tried[f"{text.name(department.name)} +1"] = [
        f"departments.{department.id}.reviewers={department.most_reviewers + 1}"
    ]


def elapsed(*overrides: str) -> tuple[list[int], list[int]]:
    """Ticks from arrival to result, and cases, of each replication."""
    settings = ["run.measured_days=5", f"run.followup_days={before_after.followup}", *overrides]
    city = sim.load_scenario(sim.example_path("sanmenxia.yaml"), settings)
    study = sim.replicate(
        city, [before_after.layout], run=sim.Run(replications=4, seed=before_after.seed, workers=2)
    )
    row = study.plans[0].names.matters.index(chosen)
    sums = [tally.by_group["elapsed", "matter"][:, row] for tally in study.of(before_after.layout)]
    return [int(total) for total, _ in sums], [int(cases) for _, cases in sums]


as_it_is = elapsed()
print(f"now {shown(ratio_interval(*as_it_is), 2, 1 / DAY)} days")
gains = {what: ratio_difference(*as_it_is, *elapsed(*tried[what])) for what in tried}
pd.DataFrame(
    {"变化 change [d]": [shown(gain, 2, 1 / DAY) for gain in gains.values()]}, index=list(gains)
).loc[sorted(gains, key=lambda what: gains[what].mean)]

# %% [markdown]
# An interval that includes 0 says that this hall cannot be told apart from the one as it is, on
# these people. What helps is what keeps a case from standing still; more hands do not help where
# nobody waits for hands.
#
# ## Where next
#
# * Another matter: change `chosen` and run again. `birth` has the longest way before the reform.
# * `govhall reductions scenarios/sanmenxia.yaml --ends` does sections 3 and 7 for all matters.
# * `python3 run.py app` shows this page by page, and lets papers and reviewers be tried.

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
# # Which townships · 哪些乡镇设点
#
# **Question.** Who has far to go to a hall? What does a service point (便民服务点) in one far
# township bring, for whom, and what does it cost? Where should the next one be, and how many are
# worth it? Would the net do as well? And which assumption does the answer hang on?
#
# Few replications of short runs, so that it all runs in about two minutes. The intervals say how
# far the numbers can be trusted; for a decision leave out `SHORT` and take 20 replications.

# %%
import numpy as np
import pandas as pd

import sim
from sim.analysis.access import nearness, reach
from sim.questions.proposals import propose
from sim.text import load_text
from sim.views.extend import extension_figure
from sim.views.map import borders_of, townships_map
from sim.views.style import PALETTE, drawing, finish, sheet

text = load_text("zh")  # "en" for English
SHORT = ["run.warmup_days=2", "run.measured_days=12", "run.followup_days=4"]
REPLICATIONS = 4


def area_with(*overrides):
    """The whole prefecture, with other numbers."""
    return sim.load_scenario(
        sim.example_path("sanmenxia_townships.yaml"), [*SHORT, *map(str, overrides)]
    )


def shown(interval, scale=1.0, digits=1):
    """A mean with its 95 % interval."""
    mean, low, high = (f"{bound / scale:,.{digits}f}" for bound in interval[:3])
    return f"{mean} [{low}, {high}]"


area = area_with()
towns = {town.id: text.name(town.name) for town in area.applicants.townships}
people = np.array([town.population for town in area.applicants.townships], dtype=float)

# %% [markdown]
# ## 1 Who has far to go now
#
# The city hall and six county halls; no point is open, as the city does not publish which it has.
# One way from the centre of each township to the nearest place that takes in, for instance,
# services for disabled people (残疾人服务), by the roads and speeds that the scenario assumes:

# %%
MATTER = "disability"
now = nearness(area, MATTER)
label = "到最近可办地点的单程时间（分钟）"
townships_map(area, now.before, label, text, borders=borders_of(area))

# %%
nearest = reach(now.before, people)
print(
    f"mean {nearest.mean:.0f} min · within 30 min {nearest.within[1]:.0%} of residents · "
    f"worst-off tenth {nearest.worst:.0f} min · Gini {nearest.gini:.2f}"
)
far = np.argsort(-now.before)[:10]
pd.DataFrame(
    {
        "单程分钟 minutes one way": now.before[far].round(),
        "人口 residents": people[far].astype(int),
    },
    index=[list(towns.values())[n] for n in far],
)

# %% [markdown]
# The farthest have few residents, and the many live near their county's seat. Whether a point pays
# depends on both: how much shorter each trip becomes, and how many trips there are.
#
# ## 2 What a point in a far township brings
#
# One trained person and a terminal in the mornings, who takes in what guides of other provinces
# let townships take in, sends papers of four more matters on to the county's hall (代收), and goes
# out to the old and the disabled. The **same people** are served with and without it; so the
# differences are not luck. In 汤河乡 of Lushi, two and a half hours from its county hall, and
# beside it online as the rival: as many cases more apply online, from anywhere.

# %%
FAR = "t411224204"
far_point = sim.extend(area, [FAR], run=sim.Run(replications=REPLICATIONS, workers=1))
names = {
    "trips": "跑动 trips a case",
    "travel": "路途 minutes on the way",
    "inside": "在场所 minutes at places",
    "fare": "车费 yuan of fares",
    "resident_cost": "合计 yuan, fares and time",
    "worst_tenth": "最远一成 worst-off tenth, min",
}
rows = {}
for effect, online in zip(
    far_point.summary.stations.area, far_point.summary.online.area, strict=True
):
    if effect.measure in names:
        rows[names[effect.measure]] = (
            f"{effect.before.mean:.2f}",
            shown(effect.difference, digits=3),
            shown(online.difference, digits=3),
        )
heads = ["现在 now", "设点后变化 with the point", "对照：改为网上办理 online instead"]
pd.DataFrame(rows, index=heads).T

# %% [markdown]
# Spread over the whole city one point is next to nothing. Its county feels it; for a single
# township so short a run has too few cases to tell:

# %%
county = next(town.county for town in area.applicants.townships if town.id == FAR)
county_effects = next(
    group for group in far_point.summary.stations.groups["county"] if group.group == county
)
pd.DataFrame(
    {
        names[effect.measure]: (f"{effect.before.mean:.1f}", shown(effect.difference))
        for effect in county_effects.effects
        if effect.measure in names
    },
    index=heads[:2],
).T


# %% [markdown]
# And the money, both ways, in yuan a year: the calendar year, with the cases that its own days
# bring. The few days that are run here only say what one case gains; more of them make the
# intervals narrower and move no expectation.


# %%
def account(extension):
    """What the new stations cost and save."""
    money = extension.worth
    stations = [place for place in extension.summary.stations.places if place.is_new]
    busy = " / ".join(f"{station.utilisation.after.mean:.0%}" for station in stations)
    return {
        "到点人次 visits a year": shown(money.visits, digits=0),
        "成本 costs": f"{money.yearly:,.0f}",
        "群众节省 residents save": shown(money.residents, digits=0),
        "大厅少付工时 halls' work saved": f"{money.hall_saved:,.0f}",
        "保本人次 visits to break even": f"{money.break_even:,.0f}",
        "忙碌率 busy (desk / at home)": busy,
    }


pd.DataFrame({towns[FAR]: account(far_point)})

# %% [markdown]
# Break-even asks residents' savings alone; work taken off the halls is money only where their
# clerks are needed elsewhere. More people come than the township itself has cases: for its
# neighbours too the point is nearer than the county's hall, and each of their visits saves much.
#
# ## 3 Where the next point does most
#
# All townships are valued on the map, where nobody waits; the best are run on the same crowds and
# ranked by what residents save. Intervals of a column hold together.

# %%
ranking = sim.next_points(area, (), 4, run=sim.Run(replications=REPLICATIONS, workers=1))
pd.DataFrame(
    {
        towns[row.township]: {
            "群众节省 residents save": shown(row.saved, 1e4),
            "减成本 less its cost": shown(row.net, 1e4),
            "到点人次 visits": shown(row.visits, digits=0),
            "忙碌率 busy": f"{row.use.mean:.0%}",
            "比首位少 behind the first": shown(row.behind, 1e4),
        }
        for row in ranking.rows
    }
).T

# %% [markdown]
# In 10,000 yuan a year. Where *behind the first* holds zero, so few replications cannot tell two
# townships apart. Neither the farthest nor the largest need come first: a township does that others
# with a long way reach easily. The next one is sought beside the first, which has taken some of its
# visitors:

# %%
first = ranking.rows[0].township
second = sim.next_points(area, [first], 2, run=sim.Run(replications=REPLICATIONS, workers=1))
for row in second.rows:
    print(f"{towns[row.township]}: {shown(row.net, 1e4)} 万元/年 beside {towns[first]}")

# %% [markdown]
# ## 4 How many
#
# For each number of points an integer programme finds the set that makes all trips cheapest; the
# same crowds then go there.

# %%
many = sim.frontier(area, [1, 2, 4, 8, 16], run=sim.Run(replications=REPLICATIONS, workers=1))
numbers = [step.number for step in many.steps]
with drawing():
    figure = sheet("设点数量与净效益 Number of points and what they bring", 3.6, 8.0)
    axes = figure.subplots()
    for what, name, colour in (
        ("saved", "群众节省 residents save", PALETTE[0]),
        ("net", "减去设点成本 less the cost of the points", PALETTE[1]),
    ):
        means = np.array([getattr(step, what).mean for step in many.steps]) / 1e4
        spread = np.array([getattr(step, what).half_width for step in many.steps]) / 1e4
        axes.errorbar(numbers, means, spread, fmt="o-", capsize=2, color=colour, label=name)
    axes.axhline(0, color="grey", linewidth=0.8)
    axes.set(xlabel="设点数 points", ylabel="万元/年 10,000 yuan a year", xticks=numbers)
    finish(
        figure,
        f"{REPLICATIONS} replications, the same crowds; 95 % intervals hold together",
        axes.get_legend_handles_labels()[0],
    )
figure

# %%
best = many.best
print(f"most net with {best.number}: {', '.join(towns[point] for point in best.points)}")
pd.DataFrame(
    {
        step.number: {
            "成本 costs": f"{step.yearly / 1e4:.1f}",
            "群众节省 residents save": shown(step.saved, 1e4),
            "比上一档多 more than before": shown(step.more, 1e4),
            "减成本 net": shown(step.net, 1e4),
        }
        for step in many.steps[1:]
    }
).T

# %% [markdown]
# A point more costs as much as the first and finds shorter ways left to shorten: what residents
# save bends, what the points cost does not. Whom the best number helps, in minutes on the way that
# a case of each township saves:

# %%
chosen = sim.extend(
    area, best.points or (first,), run=sim.Run(replications=REPLICATIONS, workers=1)
)
extension_figure(chosen, text)

# %% [markdown]
# ## 5 Or online
#
# The rival of all these points: as many cases of the same matters apply online. Who goes online
# need not travel at all, and nobody has to be paid for it; but they may live anywhere, while a
# point serves those who live far. A case of everybody, and the worst-off tenth:

# %%
pd.DataFrame(
    {
        names[effect.measure]: (
            shown(effect.difference, digits=2),
            shown(online.difference, digits=2),
        )
        for effect, online in zip(
            chosen.summary.stations.area, chosen.summary.online.area, strict=True
        )
        if effect.measure in ("trips", "travel", "resident_cost", "worst_tenth")
    },
    index=["设点 points", "网办 online instead"],
).T

# %% [markdown]
# ## 6 What the answer hangs on
#
# Two assumptions above all: what an hour of a resident is worth (5.5 to 21 yuan), and how many
# cases there are (factor 2.6 to 4.82, as the period is read in which 138,000 were counted). With
# more cases the halls and departments need more people, else their queues would decide: they grow
# alike here, the points do not. The same points at both ends:


# %%
def grown(factor):
    """The area with so large a volume, and as many more people at county halls and departments."""
    times = factor / area.applicants.volume_factor
    clerks = []
    for place in area.places.open[1:]:
        roster = ", ".join(f"{key}: {round(n * times)}" for key, n in place.clerks.items())
        clerks.append(f"places.open.{place.id}.clerks={{{roster}}}")
    reviewers = [
        f"departments.{each.id}.reviewers={round(each.most_reviewers * times)}"
        for each in area.departments
    ]
    return area_with(f"applicants.volume_factor={factor}", *clerks, *reviewers)


hour = "places.travel.value_of_time_yuan_per_h"
ends = {
    "as assumed 按现假设": area,
    "an hour is worth 5.5 yuan 时间价值低": area_with(f"{hour}=5.5"),
    "an hour is worth 21 yuan 时间价值高": area_with(f"{hour}=21"),
    "2.6 times the volume 业务量低": grown(2.6),
    "4.82 times the volume 业务量高": grown(4.82),
}
outcomes = {}
for name, scenario in ends.items():
    again = chosen
    if scenario is not area:
        again = sim.extend(
            scenario, chosen.points, run=sim.Run(replications=REPLICATIONS, workers=1), rival=False
        )
    money = again.worth
    net = money.residents._replace(
        mean=money.residents.mean - money.yearly,
        low=money.residents.low - money.yearly,
        high=money.residents.high - money.yearly,
    )
    [nearest_set] = propose(scenario, 1, ["p_median"])
    outcomes[name] = {
        "到点人次 visits a year": shown(money.visits, digits=0),
        "减成本 net, 10,000 yuan": shown(net, 1e4),
        "保本人次 break-even": f"{money.break_even:,.0f}",
        "首选 first by map": ", ".join(towns[point] for point in nearest_set.points),
    }
pd.DataFrame(outcomes).T

# %% [markdown]
# Where the net turns inside the range of an assumption, or its interval comes to hold zero, the
# answer is one about that assumption. A month of ticket exports of the county halls would replace
# the factor; the value of time is for the city to say.
#
# ## Where next
#
# * `govhall extend scenarios/sanmenxia_townships.yaml --budget 300000` proposes points within a
#   budget and runs them at full length.
# * A point that opens on market days (赶集日): write `market_days: {ends_in: [3, 6, 9]}` under
#   `places.siting.station` and run this again.
# * Roads: put the measured ways of a township under `places.travel.legs`.

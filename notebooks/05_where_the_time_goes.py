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
# # Where the time goes · 时间花在哪里
#
# **Question.** Between the day an applicant first comes and the day the result is issued, what
# takes the time: the queue, the window, the departments, closed hours, or the applicant? What has
# each step of the reform brought, and what would help most now?
#
# Few replications, so that it all runs in less than a minute. The intervals say how far the numbers
# can be trusted; for a decision take 20 replications or more.

# %%
import pandas as pd

import sim
from sim.analysis.causes import CAUSES
from sim.analysis.estimates import group_estimates
from sim.analysis.offered import offered_load
from sim.clock import HOUR
from sim.questions.causes import last_shares, mean_causes
from sim.questions.reform import follow
from sim.text import load_text
from sim.views.causes import causes_figure, last_department_figure
from sim.views.reform import reform_figure
from sim.views.values import number_of

text = load_text("zh")  # "en" for English
LAYOUT, REPLICATIONS = "zone", 5

# %% [markdown]
# ## 1 One number hides eight causes
#
# Every tick between first arrival and issue belongs to one cause. Once a case is accepted, its
# items run side by side; what counts is the **critical path** (关键路径), walked back from the item
# that finished last. The causes of a case add up to its time exactly.

# %%
city = sim.load_scenario(sim.example_path("sanmenxia.yaml"))
study = sim.replicate(city, [LAYOUT], run=sim.Run(replications=REPLICATIONS, workers=1))
names = {matter.id: text.name(matter.name) for matter in city.matters}
bundles = [matter.id for matter in city.matters if "one_matter" in matter.groups]
causes_figure(study, text)

# %% [markdown]
# Most of it is nights and week-ends (非工作时间), the applicant's own time, and external spans
# (外部时限) such as publicity, which no clerk can shorten. Matter by matter the picture differs. In
# hours, the mean case of each of the 24 matters, longest first:

# %%
rows = {names[bundle]: mean_causes(study, LAYOUT, bundle) / HOUR for bundle in bundles}
table = pd.DataFrame(rows, index=[text(f"cause.{cause}") for cause in CAUSES]).T.dropna()
table.insert(0, "合计 all", table.sum(axis=1))
table.sort_values("合计 all", ascending=False).round(1)

# %% [markdown]
# Two matters with the same elapsed time may need opposite remedies: one waits for a department, the
# other for a period of publicity. Averages over matters cannot say this.
#
# ## 2 Who was last
#
# An item that finishes early shortens nothing: its case waits for the **last department**
# (最后办结部门).

# %%
last_department_figure(study, text)

# %%
departments = {department.id: text.name(department.name) for department in city.departments}
last = {}
for bundle in bundles:
    shares = last_shares(study, LAYOUT, bundle)
    if shares:
        who = max(shares, key=lambda name: shares[name].mean)
        last[names[bundle]] = (departments[who], f"{shares[who].mean:.0%}")
pd.DataFrame(last, index=["最后 most often last", "占比 share of cases"]).T

# %% [markdown]
# ## 3 Which resource binds
#
# **Offered load** (负荷) is work over staffed hours, known before any run; utilisation
# (忙碌率) is what came of it. Offered load knows nothing of people who give up, which takes work
# away, or who come again, which brings it: utilisation may lie on either side.

# %%
plan = study.plans[0]
loads = {(offered.kind, offered.id): offered.load for offered in offered_load(plan)}
groups = sorted(set(plan.names.groups))
window_names = {
    group.id: text.name(group.name) for group in city.layout(LAYOUT).windows if group.name
}
utilisation = group_estimates(study.of(LAYOUT), "utilisation", "group")
pd.DataFrame(
    {
        "负荷 offered load": [loads["group", group] for group in groups],
        "忙碌率 utilisation": [interval.mean for interval in utilisation],
        "± ": [interval.half_width for interval in utilisation],
    },
    index=[window_names.get(group, group) for group in groups],
).sort_values("忙碌率 utilisation", ascending=False).map("{:.1%}".format)

# %%
reviewers = {department.id: department.most_reviewers for department in city.departments}
office = pd.DataFrame(
    {
        "审批人员 reviewers": [reviewers[name] for kind, name in loads if kind == "department"],
        "负荷 offered load": [load for (kind, _), load in loads.items() if kind == "department"],
    },
    index=[departments[name] for kind, name in loads if kind == "department"],
)
office.sort_values("负荷 offered load", ascending=False).head(10).round(2)

# %% [markdown]
# The tightest department need not be the one that is most often last: a slow item that nobody waits
# for costs nothing.
#
# ## 4 What each step of the reform brought
#
# First the largest one. The same people with the same matters, sent from department to department
# (分头办理), and bundled (一件事联办): one intake, reviews side by side. Neither has pre-filled
# forms for the 24 matters or Saturdays. Departments' counters take everything here, as the zone had
# no part in the old way. Time to issue is that of cases issued within the run; of the old way more
# are still open at the end, so it is worse than it looks.

# %%
bundled = sim.load_scenario(sim.example_path("sanmenxia_bundled.yaml"))
closed = next(calendar.closed for calendar in bundled.calendars if calendar.id == "hall")
as_then = [
    f"run.warmup_days={bundled.run.warmup_days}",
    f"run.measured_days={bundled.run.measured_days}",
    f"run.followup_days={bundled.run.followup_days}",
    f"calendars.hall.closed=[{', '.join(map(str, closed))}]",
    *(f"matters.{bundle}.service.prefilled_share=0" for bundle in bundles),
]
before = sim.load_scenario(sim.example_path("sanmenxia_before.yaml"), as_then)
before_after = [
    sim.replicate(handling, ["counters"], run=sim.Run(replications=REPLICATIONS, workers=1))
    for handling in (before, bundled)
]
reform_figure(follow(before_after, "counters", bundles), text)

# %% [markdown]
# Now the chain of scenario files, each of which extends the one before by one step: pre-filled
# forms (免填写), booking (预约), Saturdays (周六延时), training (业务培训), tidal windows
# (潮汐窗口). **The people are the same wherever no star stands**: they want the same at the same
# instants, so luck cancels and small differences can be seen. With Saturdays other people come, and
# more of them: that interval is wide. Only the 24 matters are counted; the figure after it counts
# everybody.

# %%
CHAIN = ("bundled", "prefill", "booking", "saturday", "training", "tidal")
chain = [
    sim.replicate(
        sim.load_scenario(sim.example_path(f"sanmenxia_{step}.yaml")),
        [LAYOUT],
        run=sim.Run(replications=REPLICATIONS, workers=1),
    )
    for step in CHAIN
]
reform = follow(chain, LAYOUT, bundles)
reform_figure(reform, text)

# %%
everybody = follow(chain, LAYOUT)
reform_figure(everybody, text)

# %% [markdown]
# Two things to notice. A step that touches the zone only is small for the hall as a whole, where
# most people come for single items. And tidal windows help people on average while one-matter
# applicants wait longer: the zone lends its clerks. The order matters as well: a later step finds
# less left to improve.
#
# ## 5 What would help one matter most
#
# One matter, a list of what could be done about it, one at a time, on the same crowds. A lever is a
# field; counted are only the people of this matter.

# %%
MATTER = "retirement"
matter = next(matter for matter in city.matters if matter.id == MATTER)
zone = "layouts.zone.windows.zone.clerks.mon-fri 00:00-24:00"
ideas = {
    "80 % pre-filled 预填八成": [f"matters.{MATTER}.service.prefilled_share=0.8"],
    "half online 一半网办": [f"demand.{MATTER}.online_share=0.5"],
    "papers always complete 材料一次齐全": [f"matters.{MATTER}.correction_share=0"],
    "one more clerk in the zone 专区加一人": [f"{zone}=13", "equal_budget=none"],
}
for department in dict.fromkeys(item.department for item in matter.items):
    more = f"departments.{department}.reviewers={reviewers[department] + 1}"
    ideas[f"one more reviewer 审批加一人: {departments[department]}"] = [more]
gains = {}
for idea, overrides in ideas.items():
    scenario = sim.load_scenario(sim.example_path("sanmenxia.yaml"), overrides)
    other = sim.replicate(scenario, [LAYOUT], run=sim.Run(replications=REPLICATIONS, workers=1))
    change = follow([study, other], LAYOUT, [MATTER]).changes[1]
    changes = {key: change.difference(key) for key in ("elapsed", "wait", "trips")}
    gains[idea] = {key: difference for key, difference in changes.items() if difference is not None}
ranked = sorted(gains, key=lambda idea: gains[idea]["elapsed"].interval.mean)
print(names[MATTER])
pd.DataFrame(
    {
        "办结 elapsed [d]": [number_of(gains[idea]["elapsed"], text) for idea in ranked],
        "等候 wait [min]": [number_of(gains[idea]["wait"], text) for idea in ranked],
        "跑动 trips": [number_of(gains[idea]["trips"], text) for idea in ranked],
    },
    index=ranked,
)

# %% [markdown]
# Each interval stands for itself; where it holds zero, so few replications cannot tell. More
# reviewers help where cases wait for reviewers; complete papers save a trip and the days until it
# is made. Applying online saves trips, and yet the result may come later: papers that are not
# complete are mended at home then, not on the spot. What an idea costs is not in this table.
#
# ## Where next
#
# * `govhall levers scenarios/sanmenxia.yaml --layout zone` tries every assumed number at both ends
#   of its range.
# * `govhall case scenarios/sanmenxia.yaml CASE --layout zone` draws one case, item by item.
# * Change `MATTER`, or write a step of your own: a file that begins with `extends:`.

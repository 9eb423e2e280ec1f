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
# # Reading intervals · 怎样读区间
#
# **Question.** Every figure of a simulation comes with an interval (置信区间). What does it
# promise, what makes it narrower, when is a difference sure, when does it matter, and what does no
# interval tell?
#
# We ask a hall whose true answer is known: one list and five windows, open day and night, of which
# queueing theory gives the mean wait exactly (Erlang C). So every promise can be checked by
# counting how often it is kept. Running it all takes well under a minute.

# %%
import numpy as np
import pandas as pd
from scipy.stats import binom

import sim
from sim.analysis.estimates import Estimate
from sim.analysis.intervals import (
    bonferroni,
    independent_difference,
    multiple_comparison_with_best,
    paired_difference,
    quantile_interval,
    section_quantile,
    t_interval,
)
from sim.analysis.judge import judge, rated
from sim.analysis.replications import (
    batch_means,
    batch_means_interval,
    lag1,
    mser,
    replications_needed,
)
from sim.clock import DAY, HOUR, MINUTE
from sim.scenario.edit import with_clerks
from sim.text import load_text
from sim.theory.erlang import mmc, mmc_wait_quantile
from sim.views.style import FAINT, INK, PALETTE, SHADE, drawing, finish, sheet
from sim.views.values import judgement_name

text = load_text("zh")  # "en" for English

# %% [markdown]
# ## 1 One answer, and how far to trust it
#
# Ten **replications** (重复): the same hall with ten crowds of its own, three days each after a day
# of warm-up. Each replication gives one mean wait; Student's t makes an interval of the ten. Beside
# it, halls with more windows on the same crowds, and what theory says.

# %%
RATE, SERVICE = 0.4, 10  # people a minute; minutes at a window
WINDOWS = (5, 6, 7, 8)
STUDIES, REPLICATIONS = 200, 10  # so many studies of so many replications

days = ["run.warmup_days=1", "run.measured_days=3", "run.followup_days=1"]
hall = sim.load_scenario(sim.example_path("exact/mmc.yaml"), days)
plans = [sim.compile_plan(with_clerks(hall, "hall", n), "hall") for n in WINDOWS]
screening = sim.screen(plans, run=sim.Run(replications=STUDIES * REPLICATIONS))
waited, people = screening.sums[:, :, 0].transpose(2, 0, 1)  # ticks and tickets
waits = waited / people / MINUTE  # of each hall and replication, in minutes
truth = [mmc(RATE, SERVICE, n).mean_wait for n in WINDOWS]


def shown(interval, digits=2):
    """A mean with its bounds."""
    mean, low, high = (f"{bound:.{digits}f}" for bound in interval[:3])
    return f"{mean} [{low}, {high}]"


pd.DataFrame(
    {
        "十次重复 ten replications [min]": [
            shown(t_interval(means[:REPLICATIONS])) for means in waits
        ],
        "理论值 theory [min]": np.round(truth, 2),
    },
    index=[f"{n} 个窗口 windows" for n in WINDOWS],
)

# %% [markdown]
# ## 2 What 95 % means: coverage
#
# Somebody else with ten other crowds gets another interval. The promise is about all of them: of
# many studies, 95 in 100 have an interval that holds the true mean. It is **not** that 95 % of the
# people wait so long. Here the first hundred of 200 studies; those that miss the truth stand out.


# %%
def holds(interval, true):
    return interval.low <= true <= interval.high


def kept(intervals, true):
    """How many keep the promise."""
    return f"{sum(holds(interval, true) for interval in intervals)} / {len(intervals)}"


def mean_width(intervals):
    return f"{np.mean([interval.half_width for interval in intervals]):.2f}"


studies = [t_interval(means) for means in waits[0].reshape(STUDIES, REPLICATIONS)]
with drawing():
    figure = sheet("一百次研究的区间 The intervals of a hundred studies", 3.2)
    axes = figure.subplots()
    for n, interval in enumerate(studies[:100]):
        colour = FAINT if holds(interval, truth[0]) else PALETTE[1]
        axes.plot([n, n], [interval.low, interval.high], color=colour, linewidth=2.2)
    axes.axhline(truth[0], color=INK, linewidth=1)
    axes.set(xlabel="研究 study", ylabel="平均等候 mean wait [min]")
    finish(figure, f"five windows, {REPLICATIONS} replications a study; line: Erlang C")
figure

# %%
hits = sum(holds(interval, truth[0]) for interval in studies)
few, many = (int(end) for end in binom.interval(0.95, STUDIES, 0.95))
print(f"{hits} of {STUDIES} intervals hold the true mean; if 95 % is true, {few} to {many} would")

# %% [markdown]
# ## 3 What may be counted as a sample
#
# Three days have some 1,700 visitors. Why not an interval over all these waits, from one run? Since
# neighbours wait in the same queue: a long wait comes with other long waits, and 1,700 of them say
# less than they seem to. Such intervals are narrow, and break the promise:


# %%
def waits_by_arrival(plan, replication):
    """Waits of one replication's visitors in their order, in minutes."""
    crowd = sim.draw_tape(plan.demand, seed=1, replication=replication)
    journal = sim.run(plan, crowd)
    counted = np.isin(journal.arrived_at // DAY, plan.period.hall_days)
    in_order = np.argsort(journal.arrived_at[counted], kind="stable")
    return (journal.called_at - journal.taken_at)[counted][in_order] / MINUTE


runs = [waits_by_arrival(plans[0], n) for n in range(400)]
naive = [t_interval(run) for run in runs]
fair = [t_interval(means) for means in waits[0, :400].reshape(-1, REPLICATIONS)]
pd.DataFrame(
    {
        "半宽 half-width [min]": [mean_width(them) for them in (naive, fair)],
        "含真值 hold the truth": [kept(them, truth[0]) for them in (naive, fair)],
    },
    index=["一次运行的全部来人 all visitors of one run", "十次重复 ten replications"],
)

# %% [markdown]
# So what is counted are replications, never visitors: wherever the tool prints n, it is the number
# of replications (or of hall days, where each day starts empty and replications are few).
#
# ## 4 What makes it narrower
#
# More replications, but slowly: four times as many halve the width (一比根号 n). Mean half-width of
# all the studies of n that 2,000 replications hold:

# %%
numbers = np.array([5, 10, 20, 40, 80, 160])
widths = np.array(
    [
        np.mean(
            [t_interval(means).half_width for means in waits[0, : 2000 // n * n].reshape(-1, n)]
        )
        for n in numbers
    ]
)
with drawing():
    figure = sheet("重复次数与半宽 Replications and half-width", 3.2, 8.0)
    axes = figure.subplots()
    axes.loglog(numbers, widths, "o", color=PALETTE[0], label="实测 measured")
    line = widths[-1] * np.sqrt(numbers[-1] / numbers)
    axes.loglog(numbers, line, "--", color=FAINT, label="1/√n")
    axes.set_xticks(numbers, [str(n) for n in numbers], minor=False)
    axes.set_yticks([0.2, 0.5, 1], ["0.2", "0.5", "1"], minor=False)
    axes.minorticks_off()
    axes.set(xlabel="重复次数 replications", ylabel="半宽 half-width [min]")
    finish(figure, "five windows; 95 %", axes.get_legend_handles_labels()[0])
figure

# %% [markdown]
# Below ten, Student's t asks for more than the square root. A first study tells how many are needed
# for a given width; being a guess from ten, it is sometimes too low. How often, and what came of
# it:

# %%
WANTED = 0.25  # minutes
asked = [replications_needed(study, WANTED) for study in studies]
reached = [t_interval(waits[0, :n]).half_width for n in asked]
print(f"first study: ± {studies[0].half_width:.2f} min, so ± {WANTED} would take {asked[0]}")
print(f"all studies: {min(asked)} to {max(asked)}, median {np.median(asked):.0f}")
print(f"with so many, ± {WANTED} was reached by {np.mean(np.array(reached) <= WANTED):.0%}")

# %% [markdown]
# Therefore `govhall run --until wait=0.25` looks after every replication instead of trusting a
# first guess, and keeps looking for a while after the goal is reached.
#
# ## 5 A difference: let luck cancel
#
# Does a sixth window help? Both halls may serve **the same crowds** (common random numbers,
# 同一批群众), and the difference is taken crowd by crowd. Or each has crowds of its own. Both
# intervals are right; measured over 100 studies:

# %%
five, six = waits[:2].reshape(2, -1, REPLICATIONS)
paired = [paired_difference(five[n], six[n]) for n in range(100)]
apart = [independent_difference(five[n], six[n + 100]) for n in range(100)]
true_difference = truth[1] - truth[0]
pd.DataFrame(
    {
        "一次研究 one study [min]": [shown(them[0]) for them in (paired, apart)],
        "半宽 half-width [min]": [mean_width(them) for them in (paired, apart)],
        "含真值 hold the truth": [kept(them, true_difference) for them in (paired, apart)],
    },
    index=["同一批群众 same crowds", "各自的群众 crowds of their own"],
)

# %%
alone = waits[0].var(ddof=1) + waits[1].var(ddof=1)
together = (waits[1] - waits[0]).var(ddof=1)
print(f"theory: {true_difference:.2f} min")
print(f"correlation of both halls over 2,000 crowds {np.corrcoef(waits[0], waits[1])[0, 1]:.2f}")
print(f"without common crowds it would take {alone / together:.1f} times as many replications")

# %% [markdown]
# The more alike two halls are, the more cancels: 46 windows arranged in two ways gain more
# (notebook 02). Two intervals of single halls that overlap say nothing about their difference.
#
# ## 6 The longest tenth
#
# A mean hides the long waits. The wait that nine of ten do not exceed has an interval too, and the
# same trap: `section_quantile` knows that visitors of one replication go together,
# `quantile_interval` takes independent values. Both over 40 studies of ten replications:

# %%
true_quantile = mmc_wait_quantile(0.9, RATE, SERVICE, WINDOWS[0])
labels = [np.full(len(run), n) for n, run in enumerate(runs)]
sections, as_if = [], []
for start in range(0, len(runs), REPLICATIONS):
    part = slice(start, start + REPLICATIONS)
    pooled = np.concatenate(runs[part])
    sections.append(section_quantile(pooled, np.concatenate(labels[part]), 0.9))
    as_if.append(quantile_interval(pooled, 0.9))
print(f"theory: {true_quantile:.1f} min")
pd.DataFrame(
    {
        "一次研究 one study [min]": [shown(them[0], 1) for them in (sections, as_if)],
        "含真值 hold the truth": [kept(them, true_quantile) for them in (sections, as_if)],
    },
    index=["按重复 by replication", "当作独立 as if independent"],
)

# %% [markdown]
# `quantile_interval` has its place where values are independent, such as the longest wait of each
# replication. It asks for no law of the waits, but for enough values: with ten there is no upper
# bound for what nine of ten stay below, as all ten may well be among those nine.

# %%
longest = np.array([run.max() for run in runs])
print("longest wait of three days, which 9 of 10 replications stay below:")
for n in (10, 50, 400):
    print(f"n = {n:3d}: {shown(quantile_interval(longest[:n], 0.9), 0)} min")

# %% [markdown]
# ## 7 Sure is not large
#
# With enough replications every difference becomes sure, however small. So a planner says first
# from what size on a difference matters (`targets.matters_from`; a minute of waiting unless the
# scenario says otherwise), and the verdict holds the whole interval against both: zero, and that
# size. One more window, beginning with five, six and seven:


# %%
def verdict(before, n):
    """What n replications allow to say of one more window."""
    change = paired_difference(waits[before, :n], waits[before + 1, :n])
    estimate = Estimate("wait", "min", "low", change)
    word = judge(rated(estimate, waits[before, :n].mean(), hall.targets))
    return f"{judgement_name(word, text)} {shown(change)}"


pd.DataFrame(
    {
        f"{WINDOWS[n]} → {WINDOWS[n + 1]}": [verdict(n, count) for count in (2, 5, 20, 200, 2000)]
        for n in range(3)
    },
    index=[f"n = {count}" for count in (2, 5, 20, 200, 2000)],
)

# %% [markdown]
# In theory the three differences are:

# %%
print(", ".join(f"{truth[n + 1] - truth[n]:.2f} min" for n in range(3)))

# %% [markdown]
# *Better* needs an interval that lies beyond a minute; *too little* one that ends before it; where
# it holds the minute, the size is open and more replications are the remedy. A small difference is
# not made important by being certain.
#
# ## 8 Many comparisons at once
#
# Who compares often enough finds something. Four halls that are **the same**, each with five crowds
# of its own: in how many of 100 studies does one of the six pairs look different?

# %%
same = waits[0].reshape(100, 4, 5)
pairs = [(first, second) for first in range(4) for second in range(first + 1, 4)]


def false_alarms(level):
    """Studies of halls without any difference in which some pair seems to have one."""
    return sum(
        any(not holds(independent_difference(study[a], study[b], level), 0.0) for a, b in pairs)
        for study in same
    )


level = bonferroni(0.95, len(pairs))
print(f"each pair at 95 %:  {false_alarms(0.95)} of 100 studies raise an alarm about nothing")
print(f"each pair at {level:.1%}: {false_alarms(level)} of 100 (Bonferroni: all six hold together)")

# %% [markdown]
# So `compare` widens the differences of one measure for the number of pairs. Where the question is
# only *which is best*, fewer comparisons do: each hall with the best of the others. How many
# windows cost people least of their time, that of clerks at windows and that of visitors who wait,
# in hours a day?

# %%
clerk_hours = np.array(WINDOWS)[:, None] * 24.0
hours = clerk_hours + waited / HOUR / hall.run.measured_days
exact = [n * 24 + RATE * 24 * true for n, true in zip(WINDOWS, truth, strict=True)]
best = multiple_comparison_with_best(hours[:, :REPLICATIONS])
pd.DataFrame(
    {
        "合计工时 hours a day": [shown(t_interval(daily[:REPLICATIONS]), 1) for daily in hours],
        "比其余最好者多 above the best of the others": [shown(interval, 1) for interval in best],
        "理论值 theory": np.round(exact, 1),
    },
    index=[f"{n} 个窗口 windows" for n in WINDOWS],
)

# %% [markdown]
# The best is the one whose interval ends at 0; one whose interval begins at 0 cannot be the best.
# Where several reach across 0, the study cannot tell which of them is best. All four statements
# hold together at 95 %.
#
# ## 9 A hall that never closes: warm-up and long runs
#
# A hall that opens empty each morning has no warm-up: the quiet first half hour is part of its day.
# One that never closes is empty at first in the computer only, and its first days look too good.
# The busier it is, the longer that lasts; here windows are busy 95 % of the time. `mser` looks for
# the cut (预热期) after which the mean is known best, in the wait of the n-th visitor, averaged
# over 200 replications:


# %%
def never_closing(rate, warmup_days, measured_days):
    """The hall with so many people a minute."""
    overrides = [
        f"demand.everybody.rate={rate} per min",
        f"run.warmup_days={warmup_days}",
        f"run.measured_days={measured_days}",
        "run.followup_days=1",
    ]
    return sim.compile_plan(
        sim.load_scenario(sim.example_path("exact/mmc.yaml"), overrides), "hall"
    )


empty_plan = never_closing(0.475, 0, 25)
from_empty = [waits_by_arrival(empty_plan, n) for n in range(200)]
length = min(len(run) for run in from_empty)
series = np.mean([run[:length] for run in from_empty], axis=0)
cut = mser(series)
crowded = mmc(0.475, SERVICE, 5).mean_wait
print(f"drop {cut.n_dropped:,} of {length:,} visitors; was the run too short: {cut.too_short}")
print(f"theory {crowded:.1f} min; all visitors {series.mean():.1f}, without those {cut.mean:.1f}")

# %%
with drawing():
    figure = sheet("从空厅开始 Beginning with an empty hall", 3.0)
    axes = figure.subplots()
    axes.plot(series, color=PALETTE[0], linewidth=0.7)
    axes.axhline(crowded, color=INK, linewidth=1)
    axes.axvspan(0, cut.n_dropped, color=SHADE, zorder=0)
    axes.set(xlabel="第几位来人 visitor number", ylabel="等候 wait [min]")
    finish(figure, "200 replications; line: Erlang C; grey: what MSER-5 drops")
figure

# %% [markdown]
# The scenario says it in days, `run.warmup_days`. A hall that closes needs warm-up too where
# something stays overnight: cases in the departments do, and so the city has fifteen days.
#
# Instead of starting again, one run may go on: its warm-up is paid once. Then it is cut into
# **batches** (批) so long that one hardly remembers the one before. `lag1` of the batch means
# tells: above 0.2 they are too short, and the interval is too narrow. A hundred runs of 100 days of
# the five windows that we know, in batches of so many visitors as come in an hour, a day and five
# days:

# %%
long_plan = never_closing(RATE, 1, 100)
long_runs = [waits_by_arrival(long_plan, n) for n in range(100)]
rows = {}
for name, visitors in (("一小时 an hour", 24), ("一天 a day", 576), ("五天 five days", 2880)):
    counts = [len(run) // visitors for run in long_runs]
    means = [batch_means(run, n) for run, n in zip(long_runs, counts, strict=True)]
    intervals = [batch_means_interval(run, n) for run, n in zip(long_runs, counts, strict=True)]
    rows[name] = {
        "一次运行 one run [min]": shown(intervals[0]),
        "相邻批的相关 lag 1": f"{np.mean([lag1(batches) for batches in means]):.2f}",
        "含真值 hold the truth": kept(intervals, truth[0]),
    }
pd.DataFrame(rows).T

# %% [markdown]
# Batches of an hour know less than they count. Long ones come near the promise and stay a little
# short of it: waits are skewed, and a rush that comes once in a hundred days is not in every run.
#
# ## 10 What no interval tells
#
# An interval covers the luck of the days: which people came, how long each took. It takes every
# assumption for the truth. Suppose that a service takes ten minutes, and somebody has written nine:

# %%
wrong = sim.load_scenario(
    sim.example_path("exact/mmc.yaml"), [*days, "matters.errand.service.base.mean=9 min"]
)
wrong_plan = sim.compile_plan(wrong, "hall")
for n in (10, 100, 400):
    interval = sim.screen([wrong_plan], run=sim.Run(replications=n)).interval(0, "wait")
    print(f"{n:3d} replications: {shown(interval)} min, while the hall's is {truth[0]:.2f}")

# %% [markdown]
# More replications make a wrong answer more precise. Against that help other means: `govhall check`
# lists what is assumed and how far it may be off, `govhall compare --assumptions wait` says which
# assumption would turn the verdict (notebook 02), `govhall levers` which matters most.
#
# ## To remember
#
# * n counts replications. Fewer than ten make a provisional answer.
# * Half the width takes four times the replications, or the same crowds in both halls.
# * Zero outside of the interval: sure. The size that matters outside of it as well: worth acting
#   on.
# * The more you compare, the wider each interval has to be.
# * Narrow is not the same as right.

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
# # My hall · 我的大厅
#
# **Question.** We have no data, only twelve answers: how long will people wait in *our* hall, would
# windows that accept everything be better, and on which of our guesses does the answer hang?
#
# The same twelve questions stand on the page *My hall* of the app, and in the workbook that
# `govhall new NAME --out HALL.xlsx` writes. It all runs in half a minute.

# %%
import pandas as pd

import sim
from sim.drafting.answers import template_answers
from sim.drafting.draft import draft_hall
from sim.drafting.form import QUESTIONS
from sim.drafting.templates import TEMPLATES, load_template
from sim.scenario.edit import with_overrides
from sim.scenario.provenance import numbers
from sim.text import load_text
from sim.views.compare import compare_figure
from sim.views.draft_words import draft_blocks
from sim.views.verdict import answer, cautions, sentences

text = load_text("zh")  # "en" for English
REPLICATIONS = 6

for template in map(load_template, TEMPLATES):
    print(f"{template.id:9} {template.name.zh} · {template.name.en}")

# %% [markdown]
# ## 1 Twelve answers
#
# A template answers all of them, so one changes what is different. Here: a county hall that stays
# open at noon, has 380 visitors a day, and two clerks fewer at social security in the first hour.

# %%
answers = template_answers("county", "zh").with_cells(
    hall_name="某县政务服务大厅", lunch_from=None, lunch_to=None, per_day=380
)
clerks = {"of_group": "社会保障窗口", "08:30": 2, "09:00": 2}
answers = answers.with_table("clerks", (clerks,))

pd.DataFrame(
    [
        (text(f"draft.question.{question.name}"), text(f"draft.head.{cell.name}"), str(value))
        for question in QUESTIONS
        for cell in question.cells
        if (value := answers.cells.get(cell.name)) is not None
    ],
    columns=["问 question", "项 item", "答 answer"],
)

# %% [markdown]
# What is wrong is told by question and row, all of it at once. Nothing is guessed: 0.2 may be a
# fifth, or a fifth of a per cent.

# %%
wrong = answers.with_cells(opens="八点半左右", online_share=0.2, called_within="尽快")
for fault in draft_hall(wrong, text).faults:
    print(fault.problem.sentence(text))

# %% [markdown]
# ## 2 What is known, and what is assumed
#
# What was answered says so in its `source`. Everything else is an assumption of the template with
# its range, or published.

# %%
hall = draft_hall(answers, text).scenario
origins = pd.Series([number.origin for number in numbers(hall)]).value_counts()
print(origins.to_string())
print()
print(draft_blocks(hall, text)[0].words)

# %% [markdown]
# ## 3 The answer
#
# The hall as it is, and the same clerks in the same half hours at windows that accept everything.
# The same people come to both; ten days are enough for a first look.

# %%
short = with_overrides(hall, ["run.warmup_days=5", "run.measured_days=10", "run.followup_days=5"])
study = sim.replicate(short, run=sim.Run(replications=REPLICATIONS, seed=1, workers=1))
comparison = sim.compare(study)
print(answer(comparison, text))
for sentence in sentences(comparison, text):
    print("·", sentence)
for caution in cautions(comparison, text):
    print("!", caution)

# %%
compare_figure(comparison, text)

# %% [markdown]
# ## 4 What it hangs on
#
# Nobody has measured our hall. If the visitors were a quarter more, or an item took two minutes
# longer, would people still be called in time?

# %%
changes = {
    "如所填 as answered": answers,
    "来客多四分之一 a quarter more visitors": answers.with_cells(per_day=475),
    "单项 12 分钟 items of 12 minutes": answers.with_table(
        "matters",
        tuple(
            {**row, "minutes": 12} if row["minutes"] == 10 else row
            for row in answers.tables["matters"]
        ),
    ),
}
rows = {}
for name, changed in changes.items():
    scenario = with_overrides(
        draft_hall(changed, text).scenario,
        ["run.warmup_days=5", "run.measured_days=10", "run.followup_days=5"],
    )
    run = sim.Run(replications=REPLICATIONS, seed=1, workers=1)
    result = sim.compare(sim.replicate(scenario, ["today"], run=run))
    rows[name] = [
        text.measured(*result.estimate("today", measure).interval[:3], unit)
        for measure, unit in (("wait", "min"), ("called_within", "share"))
    ]
pd.DataFrame(rows, index=[text("measure.wait"), text("measure.called_within")]).T

# %% [markdown]
# Which of the many assumptions matters most is a question of its own: `govhall levers`, page
# *Sensitivity*, or notebook 02. With a month of the ticket system's log, `govhall learn` puts
# measurements in the place of these guesses.

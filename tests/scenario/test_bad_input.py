"""Each mistake a planner can make in a file: told at its place, in both languages."""

# ruff: noqa: E501 one row a mistake

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from sim.errors import ScenarioError
from sim.scenario.format import formatted
from sim.scenario.load import load_scenario, scenario_from_text
from sim.text import load_text
from tests.scenario.town import TOWN, changed, only, place_of, problems, read

EN, ZH = load_text("en"), load_text("zh")


class Mistake(NamedTuple):
    """A change of the town, and the one problem it must give."""

    old: str
    new: str
    mark: str
    """Text at whose start the problem stands."""
    path: str
    code: str
    found: str = ""
    allowed: str = ""
    """Something the English sentence says under "allowed"."""
    nearest: str = ""


SERVICE = "matters[open_shop].service"
BASE = f"{SERVICE}.base"
DUTY = "layouts[zone].windows[one_stop].clerks"
PATIENCE = "  patience: {law: exponential, mean: 60 min}\n"
MISTAKES = {
    # --- keys --------------------------------------------------------------------------------
    "unknown key": Mistake(
        "promised: 5 wd",
        "promissed: 5 wd",
        "promissed",
        "matters[open_shop].promissed",
        "unknown_key",
        "promissed",
        "promised",
        "promised",
    ),
    "unknown key at the top": Mistake(
        "online: {", "on_line: {", "on_line", "on_line", "unknown_key", "on_line", "layouts", "online"
    ),
    "unknown parameter of a law": Mistake(
        "cv: 0.6", "cv: 0.6, sd: 1 min", "sd:", f"{BASE}.sd", "unknown_key", "sd", "law, mean, cv"
    ),
    "duplicate key": Mistake(
        "  seed: 7\n", "  seed: 7\n  seed: 8\n", "seed: 8", "run.seed", "duplicate_key", "seed"
    ),
    "missing field": Mistake(
        "  measured_days: 5\n", "", "run:", "run.measured_days", "missing_field", "", "1 to 100,000"
    ),
    "missing section": Mistake(
        "name: {zh: 小镇, en: Town}\n", "", "source: a", "name", "missing_field", "", "in each language"
    ),
    "missing law": Mistake(
        "law: gamma, mean", "mean", "base: {mean", f"{BASE}.law", "missing_field", "", "gamma"
    ),
    # --- durations and clocks ----------------------------------------------------------------
    "bare number for a duration": Mistake(
        "last_ticket: 15 min",
        "last_ticket: 15",
        "last_ticket",
        "hall.last_ticket",
        "bare_number",
        "15",
        "a number and a unit",
    ),
    "bare number in a law": Mistake(
        "mean: 12 min", "mean: 12", "mean: 12,", f"{BASE}.mean", "bare_number", "12", "s, min, h or d"
    ),
    "bare number for a law": Mistake(
        "{base: 8 min}",
        "{base: 8}",
        "base: 8",
        "matters[id_card].service.base",
        "bare_number",
        "8",
    ),
    "bare number for a rate": Mistake(
        "rate: 6 per h", "rate: 6", "rate: 6", "demand[cards].rate", "bare_number", "6", "24 per h"
    ),
    "unknown unit": Mistake(
        "15 min",
        "15 weeks",
        "last_ticket",
        "hall.last_ticket",
        "wrong_unit",
        "15 weeks",
        "s, min, h or d",
    ),
    "working days for work": Mistake(
        "per_material: 1 min",
        "per_material: 1 wd",
        "per_material",
        f"{SERVICE}.per_material",
        "wrong_unit",
        "1 wd",
    ),
    "no duration": Mistake(
        "15 min", "soon", "last_ticket", "hall.last_ticket", "wrong_duration", "soon"
    ),
    "negative duration": Mistake(
        "15 min", "-15 min", "last_ticket", "hall.last_ticket", "negative", "-15 min"
    ),
    "endless duration": Mistake(
        "15 min", "9" * 400 + " d", "last_ticket", "hall.last_ticket", "too_long_span", "999"
    ),
    "8.30 and not 08:30": Mistake(
        "[08:30-12:00, 14:30",
        "[8.30-12:00, 14:30",
        "8.30-12:00",
        "calendars[week].weekly.mon-fri[0]",
        "wrong_clock",
        "8.30",
        "HH:MM",
    ),
    "8:3 as a key": Mistake(
        "{08:30-10:00: 3",
        "{8:3-10:00: 3",
        "8:3-10",
        "profiles[morning].shape.8:3-10:00",
        "wrong_clock",
        "8:3",
        "HH:MM",
    ),
    "no interval": Mistake(
        "sat: [09:00-12:00]",
        "sat: [morning]",
        "morning]",
        "calendars[week].weekly.sat[0]",
        "wrong_interval",
        "morning",
    ),
    "interval that ends before it starts": Mistake(
        "sat: [09:00-12:00]",
        "sat: [12:00-09:00]",
        "12:00-09:00",
        "calendars[week].weekly.sat[0]",
        "empty_interval",
        "12:00-09:00",
    ),
    "no day": Mistake(
        "sat: [09:00-12:00]",
        "weekend: [09:00-12:00]",
        "weekend",
        "calendars[week].weekly.weekend",
        "wrong_day_name",
        "weekend",
        "mon-fri",
    ),
    "no month": Mistake(
        "{3: 1.1}", "{13: 1.1}", "13: 1.1", "demand[shops].months.13", "outside_range", "13"
    ),
    "no date": Mistake(
        "2025-03-03", "2025-02-30", "start:", "run.start", "wrong_date", "2025-02-30", "YYYY-MM-DD"
    ),
    "instant for a date": Mistake(
        "2025-03-03", "2025-03-03 09:00", "start:", "run.start", "wrong_date", "2025-03-03 09:00"
    ),
    "date for an instant": Mistake(
        "rate: 6 per h",
        "at: [2025-03-03]",
        "2025-03-03]",
        "demand[cards].at[0]",
        "wrong_date",
        "2025-03-03",
        "HH:MM",
    ),
    "instant before the first day": Mistake(
        "rate: 6 per h",
        "at: [2025-03-02 09:00]",
        "2025-03-02",
        "demand[cards].at[0]",
        "outside_range",
        "2025-03-02",
        "2025-03-03",
    ),
    "year beyond calendars": Mistake(
        "2025-03-03", "9999-03-03", "start:", "run.start", "outside_range", "9999-03-03", "2199"
    ),
    # --- numbers -----------------------------------------------------------------------------
    "probability above 1": Mistake(
        "{share: 0.1,", "{share: 1.2,", "share: 1.2", "corrections.share", "share_outside", "1.2", "0 to 1"
    ),
    "probability below 0": Mistake(
        "{share: 0.1,", "{share: -0.1,", "share: -", "corrections.share", "share_outside", "-0.1"
    ),
    "negative number": Mistake(
        "reviewers: 2", "reviewers: -2", "reviewers: -", "departments[market].reviewers", "negative", "-2"
    ),
    "zero where something must be": Mistake(
        "cv: 0.6", "cv: 0", "cv: 0}", f"{BASE}.cv", "too_small", "0", "above 0"
    ),
    "not a number": Mistake(
        "per_day: 20", "per_day: .nan", "per_day", "demand[shops].per_day", "not_a_number", ".nan"
    ),
    "infinite": Mistake(
        "per_day: 20", "per_day: -.inf", "per_day", "demand[shops].per_day", "not_a_number", "-.inf"
    ),
    "more digits than a number holds": Mistake(
        "per_day: 20", "per_day: 1e999", "per_day", "demand[shops].per_day", "not_a_number", ".inf"
    ),
    "endless duration as a float": Mistake(
        "15 min", ".inf", "last_ticket", "hall.last_ticket", "not_a_number", ".inf"
    ),
    "boolean for a number": Mistake(
        "seed: 7", "seed: true", "seed", "run.seed", "wrong_type", "true", "a whole number"
    ),
    "boolean for clerks": Mistake(
        "clerks: 2}", "clerks: true}", "clerks: true", "layouts[zone].windows[plain].clerks", "wrong_type"
    ),
    "text for a number": Mistake(
        "seed: 7", "seed: seven", "seed", "run.seed", "wrong_type", "seven", "a whole number"
    ),
    "fraction for a whole number": Mistake(
        "seed: 7", "seed: 7.5", "seed", "run.seed", "wrong_type", "7.5", "a whole number"
    ),
    "a billion visits": Mistake(
        "per_day: 20", "per_day: 1e9", "per_day", "demand[shops].per_day", "outside_range", "1000000000"
    ),
    "a hundred million visits a day": Mistake(
        "per_day: 20", "per_day: 1e8", "id: shops", "demand[shops]", "too_many_visits", "550,000,720", "20,000,000"
    ),
    "a flow a millisecond": Mistake(
        "rate: 6 per h", "every: 0 min", "{id: cards", "demand[cards]", "too_many_visits"
    ),
    "too many days": Mistake(
        "measured_days: 5", "measured_days: 90000", "measured_days", "run.measured_days", "too_many_days", "90,000"
    ),
    "training of nobody": Mistake(
        "last_ticket: 15 min\n", "last_ticket: 15 min\n  training: {sessions: 3, people: 20, staff: 0}\n", "staff: 0", "hall.training.staff", "too_small", "0", "1 to 1,000,000"
    ),
    "training that makes slower": Mistake(
        "last_ticket: 15 min\n", "last_ticket: 15 min\n  training: {sessions: 3, people: 20, staff: 9, service_rate: 1.1}\n", "service_rate", "hall.training.service_rate", "outside_range", "1.1", "above 0 and up to 1"
    ),
    "training that teaches all at once": Mistake(
        "last_ticket: 15 min\n", "last_ticket: 15 min\n  training: {sessions: 3, people: 20, staff: 9, correction_rate: 0}\n", "correction_rate", "hall.training.correction_rate", "too_small", "0", "above 0"
    ),
    "floor of training above 1": Mistake(
        "last_ticket: 15 min\n", "last_ticket: 15 min\n  training: {sessions: 3, people: 20, staff: 9, least_service: 1.5}\n", "least_service", "hall.training.least_service", "share_outside", "1.5", "0 to 1"
    ),
    "a rule at breaks that is none": Mistake(
        "last_ticket: 15 min\n", "last_ticket: 15 min\n  at_break: serve\n", "at_break: serve", "hall.at_break", "wrong_choice", "serve", "wait", "serve_first"
    ),
    "a quota of no list": Mistake(
        "id: zone\n", "id: zone\n    quota: {tickets: {nowhere: 9}}\n", "nowhere: 9", "layouts[zone].quota.tickets.nowhere", "unknown_list", "nowhere"
    ),
    "a quota below nothing": Mistake(
        "id: zone\n", "id: zone\n    quota: {tickets: {plain: -1}}\n", "plain: -1", "layouts[zone].quota.tickets.plain", "negative", "-1"
    ),
    "third of a clerk": Mistake(
        "clerks: 2}", "clerks: 2.33}", "clerks: 2.33", "layouts[zone].windows[plain].clerks", "clerks_alternate", "2.33", "a multiple of 0.05: whole clerks that alternate over 20 weeks at most"
    ),
    "boolean for a share": Mistake(
        "{share: 0.1,", "{share: true,", "share: true", "corrections.share", "wrong_type", "true", "0 to 1"
    ),
    # --- kinds of values ---------------------------------------------------------------------
    "list for a mapping": Mistake(
        "run:\n  start: 2025-03-03\n  measured_days: 5\n  seed: 7\n",
        "run: [5]\n",
        "run:",
        "run",
        "wrong_type",
        "[5]",
        "a mapping",
    ),
    "mapping for a list": Mistake(
        "after: [licence]",
        "after: {a: licence}",
        "after",
        "matters[open_shop].items[seal].after",
        "wrong_type",
        "{a: licence}",
        "a list",
    ),
    "text for a list": Mistake(
        "serves: [one_matter]", "serves: one_matter", "serves: one", "layouts[zone].windows[one_stop].serves", "wrong_type"
    ),
    "text for a roster": Mistake(
        "clerks: 2}", "clerks: two}", "clerks: two", "layouts[zone].windows[plain].clerks", "wrong_type", "two", "hours"
    ),
    "empty list": Mistake(
        "serves: [police]", "serves: []", "serves: []", "layouts[zone].windows[plain].serves", "too_short_list", "0"
    ),
    "empty roster": Mistake(
        "clerks: 2}", "clerks: {}}", "clerks: {}", "layouts[zone].windows[plain].clerks", "too_short_list", "0"
    ),
    "foreign language": Mistake(
        "en: Hall}", "en: Hall, fr: Salle}", "fr: Salle", "hall.name.fr", "unknown_key", "fr", "zh, en"
    ),
    "name of nothing": Mistake(
        "{zh: 大厅, en: Hall}", '""', 'name: ""', "hall.name", "empty_text"
    ),
    "empty name": Mistake(
        "en: Hall}", 'en: ""}', 'en: ""', "hall.name.en", "empty_text"
    ),
    "endless name": Mistake(
        "en: Hall}", f"en: {'x' * 300}}}", "en: xxx", "hall.name.en", "too_long_text", "xxx", "200"
    ),
    "no id": Mistake(
        "id: shops", "id: Shops", "id: Shops", "demand[Shops].id", "wrong_id", "Shops", "lower-case"
    ),
    "no choice": Mistake(
        "rule: shares", "rule: share", "rule: share", "layouts[zone].routing.rule", "wrong_choice", "share", "shortest_wait", "shares"
    ),
    "no law": Mistake(
        "law: gamma", "law: gama", "law: gama", f"{BASE}.law", "wrong_law", "gama", "lognormal", "gamma"
    ),
    "a law that spans cannot have": Mistake(
        "law: uniform, low", "law: gamma, low", "law: gamma, low", "matters[open_shop].items[seal].external.law", "wrong_law", "gamma", "constant, uniform"
    ),
    "bounds in the wrong order": Mistake(
        "low: 1 wd", "low: 4 wd", "external", "matters[open_shop].items[seal].external", "bounds_order", "low: 4 wd, high: 3 wd"
    ),
    "working days beside calendar days": Mistake(
        "low: 1 wd", "low: 1 d", "external", "matters[open_shop].items[seal].external", "mixed_units", "low: 1 d, high: 3 wd"
    ),
    "two amounts": Mistake(
        "per_day: 20", "per_day: 20\n    per_year: 9", "id: shops", "demand[shops]", "one_amount", "per_year, per_day"
    ),
    "given instants made more": Mistake(
        "rate: 6 per h, online_share: 0.1}\napplicants:\n", "every: 10 min, online_share: 0.1}\napplicants:\n  volume_factor: 2\n", "every", "demand[cards].every", "given_not_scaled", "2", "per_day or rate"
    ),
    # --- references --------------------------------------------------------------------------
    "unknown matter of a flow": Mistake(
        "matter: open_shop", "matter: open_shp", "matter: open_shp", "demand[shops].matter", "unknown_matter", "open_shp", "open_shop, id_card", "open_shop"
    ),
    "unknown matter at a window": Mistake(
        "serves: [police]", "serves: [police, polise]", "polise]", "layouts[zone].windows[plain].serves[1]", "unknown_matter", "polise", "", "police"
    ),
    "law of a group for an unknown matter": Mistake(
        "helps: [one_stop]", "helps: [one_stop], service_laws: {id_cart: 6 min}", "id_cart", "layouts[zone].windows[plain].service_laws.id_cart", "unknown_matter", "id_cart", "open_shop, id_card", "id_card"
    ),
    "law of a group without a unit": Mistake(
        "helps: [one_stop]", "helps: [one_stop], service_laws: {id_card: {law: gamma, mean: 6, cv: 1}}", "mean: 6,", "layouts[zone].windows[plain].service_laws.id_card.mean", "bare_number", "6", "s, min, h or d"
    ),
    "law of a group below zero": Mistake(
        "helps: [one_stop]", "helps: [one_stop], service_laws: {id_card: {law: exponential, mean: -6 min}}", "mean: -6", "layouts[zone].windows[plain].service_laws.id_card.mean", "negative", "-6 min", ""
    ),
    "law of a group without spread": Mistake(
        "helps: [one_stop]", "helps: [one_stop], service_laws: {id_card: {law: gamma, mean: 6 min, cv: 0}}", "cv: 0}", "layouts[zone].windows[plain].service_laws.id_card.cv", "too_small", "0", "above 0"
    ),
    "unknown law of a group": Mistake(
        "helps: [one_stop]", "helps: [one_stop], service_laws: {id_card: {law: pareto, mean: 6 min}}", "law: pareto", "layouts[zone].windows[plain].service_laws.id_card.law", "wrong_law", "pareto", ""
    ),
    "unknown department of a matter": Mistake(
        "lead: police", "lead: fire", "lead: fire", "matters[id_card].lead", "unknown_department", "fire", "market, police"
    ),
    "unknown department of an item": Mistake(
        "department: police", "department: polices", "department: polices", "matters[open_shop].items[seal].department", "unknown_department", "polices", "", "police"
    ),
    "unknown calendar": Mistake(
        "hours: week", "hours: weeks", "hours: weeks", "hall.hours", "unknown_calendar", "weeks", "week, office", "week"
    ),
    "unknown class": Mistake(
        "{booked: 0.4", "{boked: 0.4", "boked: 0.4", "demand[shops].classes.boked", "unknown_class", "boked", "booked, walk_in", "booked"
    ),
    "unknown profile": Mistake(
        "profile: morning", "profile: evening", "profile: evening", "demand[shops].profile", "unknown_profile", "evening", "morning"
    ),
    "unknown list that is helped": Mistake(
        "helps: [one_stop]", "helps: [one_shop]", "one_shop]", "layouts[zone].windows[plain].helps[0]", "unknown_list", "one_shop", "one_stop, plain", "one_stop"
    ),
    "unknown list in routing": Mistake(
        "plain: 1}", "plane: 1}", "plane: 1", "layouts[zone].routing.shares.plane", "unknown_list", "plane", "", "plain"
    ),
    "unknown item": Mistake(
        "after: [licence]", "after: [license]", "license]", "matters[open_shop].items[seal].after[0]", "unknown_item", "license", "licence, seal", "licence"
    ),
    "duplicate id": Mistake(
        "id: cards", "id: shops", "id: shops, matter", "demand[shops].id", "duplicate_id", "shops"
    ),
    "one name for two things": Mistake(
        "groups: [one_matter]", "groups: [one_matter, police]", "police]\n    lead", "matters[open_shop].groups[1]", "ambiguous_name", "police"
    ),
    # --- the whole ---------------------------------------------------------------------------
    "items in a circle": Mistake(
        "review: 10 min}", "review: 10 min, after: [seal]}", "after: [seal]", "matters[open_shop].items[licence].after", "cycle_after", "licence → seal → licence"
    ),
    "a matter no window accepts": Mistake(
        "serves: [police]", "serves: [one_matter]", "windows:", "layouts[zone].windows", "matter_not_accepted", "id_card"
    ),
    "overlapping hours of a calendar": Mistake(
        "12:00, 14:30-17:30]", "12:00, 11:30-17:30]", "11:30-17:30", "calendars[week].weekly.mon-fri[1]", "overlapping_intervals", "08:30-12:00, 11:30-17:30"
    ),
    "overlapping intervals of a profile": Mistake(
        "10:00-12:00: 1}", "09:30-12:00: 1}", "09:30-12:00: 1", "profiles[morning].shape.09:30-12:00", "overlapping_intervals", "08:30-10:00, 09:30-12:00"
    ),
    "overlapping duty": Mistake(
        "08:30-12:00: 2,", "08:30-12:00: 2, wed 11:00-12:00: 1,", "wed 11:00-12:00: 1", f"{DUTY}.wed 11:00-12:00", "overlapping_intervals"
    ),
    "a calendar that never opens": Mistake(
        "{mon-fri: [09:00-17:00]}", "{mon-fri: []}", "weekly: {mon-fri: []", "calendars[office].weekly", "empty_calendar"
    ),
    "a profile that brings no one": Mistake(
        "{08:30-10:00: 3, 10:00-12:00: 1}", "{08:30-10:00: 0}", "shape", "profiles[morning].shape", "empty_profile"
    ),
    "duty outside opening hours": Mistake(
        "fri 08:30-12:00: 2", "fri 08:00-12:00: 2", "mon-fri 08:00-12:00: 2", f"{DUTY}.mon-fri 08:00-12:00", "roster_outside_hours", "08:00-12:00", "mon 08:30-12:00, 14:30-17:30"
    ),
    "duty on a shut day": Mistake(
        "sat 09:00-12:00: 1", "sun 09:00-12:00: 1", "sun 09:00", f"{DUTY}.sun 09:00-12:00", "roster_outside_hours", "sun 09:00-12:00", "sun -"
    ),
    "more clerks than windows": Mistake(
        "08:30-12:00: 2", "08:30-12:00: 4", "mon-fri 08:30-12:00: 4", f"{DUTY}.mon-fri 08:30-12:00", "more_clerks_than_windows", "4", "≤ 3"
    ),
    "class shares that miss 1": Mistake(
        "walk_in: 0.6}", "walk_in: 0.5}", "classes: {booked", "demand[shops].classes", "shares_sum", "0.9", "1"
    ),
    "shares of the unserved that miss 1": Mistake(
        "lost: 0.3", "lost: 0.4", "unserved", "applicants.unserved", "shares_sum", "1.1", "1"
    ),
    "shares of corrections above 1": Mistake(
        "on_the_spot: 0.5", "on_the_spot: 0.9", "corrections", "corrections", "shares_sum", "1.1", "≤ 1"
    ),
    "shares of alternatives above 1": Mistake(
        "review: 10 min}\n      - id: seal\n", "review: 10 min, one_of: x, share: 0.7}\n      - id: seal\n        one_of: x\n        share: 0.4\n", "share: 0.4", "matters[open_shop].items[seal].share", "shares_sum", "1.1", "≤ 1"
    ),
    "online without an intake": Mistake(
        "online: 0.2}\nonline: {department: market, precheck: 5 min}\n", "online: 0}\n", "online_share", "demand[cards].online_share", "online_without_intake", "0.1"
    ),
    "a promise beyond the law": Mistake(
        "promised: 5 wd", "promised: 5 wd\n    statutory: 3 wd", "promised", "matters[open_shop].promised", "promise_beyond_statute", "5 wd", "≤ 3 wd"
    ),
    # --- appointments ----------------------------------------------------------------------
    "a book of an unknown matter": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [polise], share: 0.5, slots: 5, slot: 30 min}}]\n", "polise]", "applicants.appointments[cards].serves[0]", "unknown_matter", "polise", "", "police"
    ),
    "a book with an unknown class": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [police], share: 0.5, slots: 5, slot: 30 min, priority_class: boked}}]\n", "priority_class", "applicants.appointments[cards].priority_class", "unknown_class", "boked", "booked, walk_in", "booked"
    ),
    "a matter in two books": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [police], share: 0.5, slots: 5, slot: 30 min}}, {{id: more, name: {{zh: 约, en: More}}, serves: [id_card], share: 0.5, slots: 5, slot: 15 min}}]\n", "id_card], share", "applicants.appointments[more].serves[0]", "booked_twice", "id_card: cards, more", "one book at most"
    ),
    "a book without a place": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [police], share: 0.5, slots: {{09:00-11:00: 0}}, slot: 30 min}}]\n", "slots: ", "applicants.appointments[cards].slots", "empty_book", "0", "above 0"
    ),
    "slots when the hall is closed": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [police], share: 0.5, slots: {{mon-fri 08:00-12:00: 5}}, slot: 30 min}}]\n", "mon-fri 08:00", "applicants.appointments[cards].slots.mon-fri 08:00-12:00", "slots_outside_hours", "08:00-12:00", "mon 08:30-12:00, 14:30-17:30"
    ),
    "slots that do not fill the hours": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [police], share: 0.5, slots: {{09:00-11:00: 5}}, slot: 45 min}}]\n", "slot: 45", "applicants.appointments[cards].slot", "slot_does_not_fit", "45 min", "divides the hours"
    ),
    "slots of no length": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [police], share: 0.5, slots: 5, slot: 0 min}}]\n", "slot: 0", "applicants.appointments[cards].slot", "slot_does_not_fit", "0", "above 0"
    ),
    "slots longer than the hall is open": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [police], share: 0.5, slots: 5, slot: 9 h}}]\n", "slot: 9", "applicants.appointments[cards].slot", "slot_does_not_fit", "9 h", "divides"
    ),
    "overlapping slots": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [police], share: 0.5, slots: {{09:00-11:00: 5, 10:00-12:00: 5}}, slot: 30 min}}]\n", "10:00-12:00: 5", "applicants.appointments[cards].slots.10:00-12:00", "overlapping_intervals", "09:00-11:00, 10:00-12:00", ""
    ),
    "no places in words": Mistake(
        PATIENCE, f"{PATIENCE}  appointments: [{{id: cards, name: {{zh: 约, en: Cards}}, serves: [police], share: 0.5, slots: many, slot: 30 min}}]\n", "slots: many", "applicants.appointments[cards].slots", "wrong_type", "many", "people a slot"
    ),
    # --- assumptions -------------------------------------------------------------------------
    "assumption about no field": Mistake(
        "  last_ticket: 15 min\n", "  last_ticket: 15 min\n  assumed: {last_tickt: [0 min, 30 min]}\n", "last_tickt", "hall.assumed.last_tickt", "unknown_key", "last_tickt", "closing", "last_ticket"
    ),
    "assumption in the wrong order": Mistake(
        "  last_ticket: 15 min\n", "  last_ticket: 15 min\n  assumed: {last_ticket: [30 min, 5 min]}\n", "last_ticket: [", "hall.assumed.last_ticket", "bounds_order", "[30 min, 5 min]", "lowest"
    ),
    "assumption without a unit": Mistake(
        "  last_ticket: 15 min\n", "  last_ticket: 15 min\n  assumed: {last_ticket: [5, 30]}\n", "last_ticket: [", "hall.assumed.last_ticket", "bare_number", "[5, 30]", "15 min"
    ),
    "assumption in another unit": Mistake(
        "  last_ticket: 15 min\n", "  last_ticket: 15 min\n  assumed: {last_ticket: [5 per h, 9 per h]}\n", "last_ticket: [", "hall.assumed.last_ticket", "wrong_unit", "[5 per h, 9 per h]", "15 min"
    ),
    "assumption without a range": Mistake(
        "  last_ticket: 15 min\n", "  last_ticket: 15 min\n  assumed: {last_ticket: 30 min}\n", "last_ticket: 30", "hall.assumed.last_ticket", "wrong_bounds", "30 min", "[lowest, highest]"
    ),
    "assumption with three bounds": Mistake(
        "  last_ticket: 15 min\n", "  last_ticket: 15 min\n  assumed: {last_ticket: [1 s, 2 s, 3 s]}\n", "last_ticket: [", "hall.assumed.last_ticket", "wrong_bounds", "[1 s, 2 s, 3 s]"
    ),
}  # fmt: skip

REMEDIES = {
    "bare number for a duration": "error.bare_number.remedy_span",
    "bare number in a law": "error.bare_number.remedy_span",
    "bare number for a law": "error.bare_number.remedy_span",
    "law of a group without a unit": "error.bare_number.remedy_span",
    "bare number for a rate": "error.wrong_rate.remedy",
    "no duration": "error.wrong_duration.remedy_span",
    "8.30 and not 08:30": "error.sign.point",
    "no interval": "error.sign.half_day",
    "boolean for a number": "error.wrong_type.remedy_whole",
    "boolean for clerks": "error.wrong_type.remedy_number",
    "boolean for a share": "error.wrong_type.remedy_number",
    "fraction for a whole number": "error.wrong_type.remedy_whole",
    "text for a number": "error.sign.digits",
    "text for a roster": "error.sign.digits",
    "no places in words": "error.sign.digits",
}
"""What is advised where it is not what is advised for the code."""

UNREADABLE = {
    "yaml syntax": (changed("  seed: 7", "  seed: [7"), ":\n  - id: week", "yaml_syntax"),
    "tab": (changed("  seed: 7", "\tseed: 7"), "\tseed", "yaml_sign"),
    "full-width colon": (changed("online: {d", "online：{d"), "：{d", "yaml_sign"),
    "two documents": (changed("hall:\n", "---\nhall:\n"), "---", "yaml_syntax"),
    "control character": (changed("seed: 7", "seed: \x01"), "\x01", "unfit_sign"),
    "a sign of no text": (changed("seed: 7", 'seed: "\\0"'), '"\\0"', "unfit_sign"),
    "half of a pair": (changed("seed: 7", 'seed: "\\ud800"'), '"\\ud800"', "unfit_sign"),
    "half of a pair as a key": (changed("seed: 7", '"\\udc00": 7'), '"\\udc00"', "unfit_sign"),
    "anchor": (changed("seed: 7", "seed: &seed 7"), "&seed", "yaml_alias"),
    "alias": (changed("seed: 7", "seed: *seed"), "*seed", "yaml_alias"),
    "tag": (changed("seed: 7", "seed: !!python/name:os.system 7"), "!!python", "yaml_tag"),
    "deep nesting": (changed("seed: 7", f"seed: {'[' * 30}"), None, "yaml_too_deep"),
    "endless nesting": (changed("seed: 7", f"seed: {'[' * 100_000}"), None, "yaml_too_deep"),
    "alias bomb": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
        "&a",
        "yaml_alias",
    ),
}


def test_the_town_itself_is_sound(tmp_path: Path) -> None:
    scenario, warnings = read(tmp_path, TOWN)
    assert warnings == ()
    assert scenario.demand[0].months == {3: 1.1}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_place_in_both_languages(name: str, tmp_path: Path) -> None:
    mistake = MISTAKES[name]
    text = changed(mistake.old, mistake.new)
    problem = only(problems(tmp_path, text))
    line, column = place_of(text, mistake.mark)
    where = f"{tmp_path / 'town.yaml'}:{line}:{column} {mistake.path}"
    assert (problem.code, problem.where) == (mistake.code, where)
    assert mistake.found in problem.found
    assert dict(problem.values).get("nearest", "") == mistake.nearest
    english, chinese = problem.sentence(EN), problem.sentence(ZH)
    assert english.startswith(f"{where}: ")
    assert chinese.startswith(f"{where}：")
    assert "; allowed: " in english
    assert "；应为：" in chinese
    assert mistake.allowed in english.partition("; allowed: ")[2]
    remedies = problem.remedy or f"error.{problem.code}.remedy"
    assert remedies == REMEDIES.get(name, f"error.{problem.code}.remedy")
    assert english.endswith(EN(remedies))
    assert chinese.endswith(ZH(remedies))
    assert "allowed." not in english + chinese


@pytest.mark.parametrize(("places", "crowded"), [("5", False), ("32", False), ("33", True)])
def test_more_places_than_windows_can_serve(places: str, crowded: bool, tmp_path: Path) -> None:
    """Two clerks on duty for 6.5 h have 780 min; 3 slots of 32 people, 8 min each, are 768."""
    name = "{id: cards, name: {zh: 约, en: Cards}, serves: [police], share: 1, slot: 60 min"
    book = f"appointments: [{name}, slots: {{mon-fri 14:30-17:30: {places}}}}}]"
    text = changed(PATIENCE, f"{PATIENCE}  {book}\n")
    warnings = read(tmp_path, text)[1]
    assert [problem.code for problem in warnings] == ["crowded_book"] * crowded
    if crowded:
        for words in (EN, ZH):
            sentence = warnings[0].sentence(words)
            assert "mon 99 × 8.0 min = 13.2 h" in sentence
            assert "≤ 13.0 h (zone)" in sentence


def test_the_work_of_a_place_is_papers_and_fields_too(tmp_path: Path) -> None:
    """6 min, 4 papers of 30 s and half of 30 fields of 10 s, each as long again for everybody."""
    service = "{base: 6 min, materials: 4, per_material: 30 s, fields: 30, per_field: 10 s,"
    service += " prefilled_share: 0.5, individual: 2}"
    book = "appointments: [{id: cards, name: {zh: 约, en: Cards}, serves: [police], share: 1,"
    book += " slot: 60 min, slots: {mon-fri 14:30-17:30: 40}}]"
    text = changed(PATIENCE, f"{PATIENCE}  {book}\n")
    before = text[text.index("- id: id_card") :]
    old = next(line for line in before.splitlines() if "service:" in line).partition("service: ")[2]
    [warning] = [
        warning
        for warning in read(tmp_path, text.replace(before, before.replace(old, service, 1)))[1]
        if warning.code == "crowded_book"
    ]
    assert "× 21.0 min" in warning.found


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("open_shop", "id_card", "open_shop: first, third"),
        ("id_card", "open_shop", "open_shop: second, third"),
        ("id_card", "id_card", "id_card: first, second"),
    ],
)
def test_a_matter_in_two_books_is_told_with_both(
    first: str, second: str, clash: str, tmp_path: Path
) -> None:
    """The third has both matters by the name of their group: told is one, and who has it first."""
    books = ", ".join(
        f"{{id: {id_}, name: {{zh: 约, en: Book}}, serves: [{serves}], share: 0.1, slots: 1,"
        " slot: 30 min}"
        for id_, serves in (("first", first), ("second", second), ("third", "one_matter"))
    )
    text = changed(PATIENCE, f"{PATIENCE}  appointments: [{books}]\n")
    text = text.replace("lead: police", "groups: [one_matter]\n    lead: police")
    twice = [problem for problem in problems(tmp_path, text) if problem.code == "booked_twice"]
    assert twice[0].found == clash
    assert [problem.path for problem in twice][-1] == "applicants.appointments[third].serves[0]"


WINDOWS = (
    "{id: calm, serves: [police], clerks: 1}",
    "{id: counter, serves: [police], clerks: 2}",
    "{id: reserve, list: plain, serves: [police], clerks: 1, tidal: {opens_at: 6, pool: counter,"
    " keep: %d}}",
)


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 1, 0)])
@pytest.mark.parametrize("keep", [1, 2])
def test_a_pool_keeps_fewer_than_it_has_wherever_it_stands(
    keep: int, order: tuple[int, ...], tmp_path: Path
) -> None:
    text = TOWN.replace(
        "      - {id: plain,",
        "".join(f"      - {WINDOWS[n]}\n".replace("%d", str(keep)) for n in order)
        + "      - {id: plain,",
    )
    if keep < 2:
        read(tmp_path, text)
    else:
        problem = only(problems(tmp_path, text))
        assert (problem.code, problem.found, problem.allowed) == ("tidal_keep", "counter", "< 2")
        assert problem.path == "layouts[zone].windows[reserve].tidal.keep"


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_plain_yaml_is_refused_at_its_place(name: str, tmp_path: Path) -> None:
    text, mark, code = UNREADABLE[name]
    problem = only(problems(tmp_path, text))
    assert problem.code == code
    place = place_of(text, mark) if mark else (6, 9 + 22)
    assert (problem.line, problem.column) == place
    for words in (EN, ZH):
        assert problem.sentence(words).startswith(f"{tmp_path / 'town.yaml'}:{place[0]}:{place[1]}")


@pytest.mark.parametrize("text", ["", "# nothing\n", "- 1\n", "5"])
def test_a_file_without_fields_is_refused(text: str, tmp_path: Path) -> None:
    problem = only(problems(tmp_path, text))
    assert (problem.code, problem.line, problem.column) == ("yaml_not_mapping", 1, 1)
    for function in (scenario_from_text, formatted):
        with pytest.raises(ScenarioError) as caught:
            function(text)
        [same_problem] = caught.value.problems
        assert (same_problem.code, same_problem.line, same_problem.column) == (
            "yaml_not_mapping",
            1,
            1,
        )


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Of syntax of values, of fields, of references in sound parts, and keys written twice."""
    text = TOWN
    for old, new in (
        ("  seed: 7", "  seed: 7\n  seed: 8"),
        ("hours: week", "hours: weak"),
        ("reviewers: 2", "reviewers: -2"),
        ("lead: police", "lead: fire"),
        ("matter: open_shop", "matter: open_shp"),
        ("rate: 6 per h", "rate: 6"),
        ("lost: 0.3", "lost: 0.4"),
        ("helps: [one_stop]", "helps: [one_shop]"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    reported = problems(tmp_path, text)
    assert [problem.code for problem in reported] == [
        "duplicate_key",
        "unknown_calendar",
        "negative",
        "unknown_department",
        "unknown_matter",
        "bare_number",
        "shares_sum",
        "unknown_list",
    ]
    assert [problem.line for problem in reported] == sorted(problem.line for problem in reported)


def test_what_a_lost_part_may_have_caused_is_not_told(tmp_path: Path) -> None:
    """A department that is wrong itself is still known to those who refer to it."""
    text = changed("{id: police, name: {zh: 公安, en: Police}, reviewers: 1", "{id: police")
    assert {problem.code for problem in problems(tmp_path, text)} == {"missing_field"}


def test_every_missing_field_of_one_part_is_told(tmp_path: Path) -> None:
    text = changed(
        "{id: market, name: {zh: 市监, en: Market}, reviewers: 2, hours: office}", "{id: market}"
    )
    paths = [problem.path.rpartition(".")[2] for problem in problems(tmp_path, text)]
    assert paths == ["hours", "name", "reviewers"]


class TestFiles:
    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(ScenarioError) as caught:
            load_scenario(tmp_path / "none.yaml")
        problem = only(caught.value.problems)
        assert problem.code == "missing_file"
        assert problem.where == str(tmp_path / "none.yaml")
        assert caught.value.exit_status == 2

    def test_a_path_that_names_no_file(self) -> None:
        with pytest.raises(ScenarioError, match="no such file"):
            load_scenario(Path("a\0b"))

    def test_a_name_that_is_too_long(self) -> None:
        with pytest.raises(ScenarioError, match="cannot be read"):
            load_scenario(Path("x" * 5000))

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ScenarioError, match="this is a folder"):
            load_scenario(tmp_path)

    def test_without_permission(self, tmp_path: Path) -> None:
        path = tmp_path / "town.yaml"
        path.write_text(TOWN, encoding="utf-8")
        path.chmod(0)
        try:
            path.read_text(encoding="utf-8")
        except PermissionError:
            pass
        else:
            pytest.skip("this user reads files without permission (root)")
        with pytest.raises(ScenarioError, match="cannot be read"):
            load_scenario(path)

    def test_a_file_that_fails_while_it_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What permission does, also for root."""

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(ScenarioError, match=r"cannot be read .Permission denied"):
            load_scenario(tmp_path / "town.yaml")

    def test_not_utf8(self, tmp_path: Path) -> None:
        path = tmp_path / "town.yaml"
        path.write_bytes(changed("小镇", "é").encode("latin-1", errors="ignore"))
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        problem = only(caught.value.problems)
        assert (problem.code, problem.line, problem.column) == ("not_utf8", 1, 12)

    def test_a_byte_order_mark_is_no_mistake(self, tmp_path: Path) -> None:
        path = tmp_path / "town.yaml"
        path.write_bytes(b"\xef\xbb\xbf" + TOWN.replace("\n", "\r\n").encode())
        assert load_scenario(path).run.seed == 7

    def test_ten_megabytes_are_refused_before_they_are_parsed(self, tmp_path: Path) -> None:
        path = tmp_path / "town.yaml"
        path.write_bytes(b"a: 1\n" * 2_000_000)
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        problem = only(caught.value.problems)
        assert (problem.code, problem.found) == ("too_large_file", "10,000,000 B")

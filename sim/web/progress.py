"""A job while it runs: how far it is, and a way to stop it."""

from __future__ import annotations

import math

import streamlit as st

from sim.storage.job_folder import Job
from sim.text import Text
from sim.web.reader import reader
from sim.web.session import job_of, jobs
from sim.web.sides import ENDED
from sim.web.telling import tell

EVERY_S = 0.7


def watch(name: str, text: Text) -> Job | None:
    """Show a job until it ends; the page is run once more when it has."""
    job = job_of(name)
    live = job is not None and job.live
    early = jobs().early(name) if live else None

    @st.fragment(run_every=EVERY_S if live else None)
    def follow() -> None:
        now = job_of(name)
        if now is None:
            return
        if now.live:
            if jobs().early(name) != early:
                st.rerun()
            _bar(now, text)
        elif live:
            st.session_state[ENDED] = name
            st.rerun()
        elif now.state == "failed":
            tell(now.problems, text)
        elif now.state == "cancelled":
            st.info(text("app.nothing_kept"))

    follow()
    return job


def _bar(job: Job, text: Text) -> None:
    if job.state == "queued":
        words = text("app.queued", before=jobs().count_before(job.id))
    elif not job.done:
        words = text("app.starting")
    elif math.isnan(job.left_s):
        words = text("app.running")
    else:
        minutes = text.number(job.left_s / 60, 1)
        words = text("app.progress", done=job.done, total=job.total, minutes=minutes)
    if not jobs().owned(job.id, reader()):  # who has only the address may look on
        st.progress(job.done / job.total if job.total else 0.0, text=words)
        return
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    bar.progress(job.done / job.total if job.total else 0.0, text=words)
    stop.button(
        text("app.cancel"),
        key=f"stop-{job.id}",
        on_click=jobs().cancel,
        args=(job.id,),
        width="stretch",
    )
    if (jobs().runs / job.id / "cancel").exists():
        st.caption(text("app.cancelling"))

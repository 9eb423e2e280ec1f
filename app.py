"""The app for planners: `streamlit run app.py`."""

import streamlit as st

import sim

st.set_page_config(
    page_title="政务服务大厅仿真", page_icon=str(sim.data_dir("static") / "icon.png"), layout="wide"
)
st.title("政务服务大厅仿真")

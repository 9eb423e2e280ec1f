"""The app for planners: `streamlit run app.py`, or `python3 run.py app`.

Pages are functions in `sim/web`, listed in `sim/web/pages.py`.
"""

from sim.web.pages import serve

serve()

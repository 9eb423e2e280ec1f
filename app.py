"""The app for planners: `streamlit run app.py`, or `python3 run.py app`.

Pages are functions in `sim/web`, listed in `sim/web/pages.py`. The server imports this file for
`app`; for each reader the file is run as a script.
"""

from streamlit.starlette import App

from sim.web.gate import GATE
from sim.web.pages import serve
from sim.web.telling import tell_of_crash
from sim.web.warm import read_examples

if __name__ == "__main__":
    serve()
else:
    read_examples()
    app = App(__file__, middleware=GATE, on_script_error=tell_of_crash)

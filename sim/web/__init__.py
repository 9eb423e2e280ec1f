"""The app for planners: pages over the library, in the reader's language. Streamlit only here."""

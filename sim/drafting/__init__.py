"""A hall from answers to twelve questions: templates, checks of each cell, the scenario's text."""

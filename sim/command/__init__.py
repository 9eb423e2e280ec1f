"""The command line: what a planner types, and every way out of it."""

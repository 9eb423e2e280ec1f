"""Floor above runs: what a hall's own log says, read into the tables of a simulated day."""

"""Tables in, numbers out: measures, intervals, comparisons, all pure functions."""

"""Floor 5: tables in, numbers out: measures, intervals, comparisons, all pure functions."""

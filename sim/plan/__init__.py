"""Floor 2: what the machine runs: flat read-only arrays, the crowd's tape, the blank journal."""

"""Floor 3: engines turn a plan and a tape into a journal; they draw nothing (DESIGN §4)."""

"""Floor 6: questions asked of many replications."""

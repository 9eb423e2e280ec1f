"""Floor 1: what the planner writes, validated and frozen (DESIGN §3)."""

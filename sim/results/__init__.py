"""Floor 4: journals become tables; the invariants of the hall are checked on each of them."""

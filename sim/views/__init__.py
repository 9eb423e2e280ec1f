"""Floor 7: figures and reports; matplotlib only here."""

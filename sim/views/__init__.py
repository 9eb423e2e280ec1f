"""Floor 9: figures, tables of words and reports; matplotlib only here."""

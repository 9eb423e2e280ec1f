"""Floor 7: what people ask: each file a question, how it is answered, and its answer."""

"""Events in, rows out: each once, whatever dies in between."""

"""What was asked and what came of it: one row a turn, written by the consumer."""

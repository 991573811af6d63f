"""The office: its edits to answers and guide, training from the log, privacy, and the official text."""

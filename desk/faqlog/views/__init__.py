"""The pages of the log, the inbox and the reports."""

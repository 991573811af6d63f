"""Editions of the guide: what was published when, by whom and why, and which is in use."""

"""Checking the configured accounts: ``python -m bot doctor``."""

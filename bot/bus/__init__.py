"""The Redis side, one file one idea."""

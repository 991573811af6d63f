"""Tests of the encoded guide."""

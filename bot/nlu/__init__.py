"""Rasa graph components that read an applicant's Chinese."""

"""Rasa custom actions: slots in, guide asked, messages out."""

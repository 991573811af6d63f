"""Conversations that people take over: who owns one, what was said, who waits, and the console."""

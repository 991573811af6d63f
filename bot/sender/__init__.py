"""The sender: takes what is in the outbox and sends it. Run as ``python -m bot.sender``."""

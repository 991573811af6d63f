"""The gateway: the only process that the internet reaches. ``python -m bot.gateway`` runs it."""

from bot.gateway.app import create_app

__all__ = ["create_app"]

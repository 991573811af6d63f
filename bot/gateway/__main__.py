"""Run the gateway on the address that the settings name."""

from __future__ import annotations

import uvicorn

from bot import logs, settings
from bot.gateway.app import create_app


def main() -> None:
    """Serve until SIGINT or SIGTERM; requests in hand are finished first."""
    logs.configure()
    found = settings.load()
    uvicorn.run(
        create_app(found),
        host=found.host,
        port=found.gateway_port,
        access_log=False,
        log_config=None,
        server_header=False,
        ws="none",  # unused, and uvicorn would import a newer websockets than Rasa allows
        timeout_graceful_shutdown=7,
    )


if __name__ == "__main__":
    main()

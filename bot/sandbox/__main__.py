"""``python -m bot.sandbox [--gateway URL]``: serve the stand-in until it is told to stop."""

from __future__ import annotations

import argparse
import sys
from types import FrameType

import uvicorn

from bot import settings as settings_module
from bot.errors import SettingsError
from bot.sandbox.app import create_app, streams
from bot.sandbox.hub import Hub


class _Server(uvicorn.Server):
    """A server that ends the pages' streams first, as it would wait for them for ever."""

    def __init__(self, config: uvicorn.Config, hubs: list[Hub]) -> None:
        super().__init__(config)
        self._hubs = hubs

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the streams, then stop."""
        for hub in self._hubs:
            hub.close()
        super().handle_exit(sig, frame)


def main(argv: list[str]) -> int:
    """Serve; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="微信沙箱：演示和测试用")
    parser.add_argument("--gateway", help="网关的回调地址，默认是本机网关的 /wechat")
    arguments = parser.parse_args(argv)
    try:
        settings = settings_module.load()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    app = create_app(settings, gateway_url=arguments.gateway)
    # No web sockets here; by itself uvicorn would look for a library for them, and fail on an old one.
    config = uvicorn.Config(
        app,
        settings.host,
        settings.sandbox_port,
        ws="none",
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
    server = _Server(config, streams(app))
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

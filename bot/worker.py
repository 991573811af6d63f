"""The worker: one process that takes turns. Run as ``python -m bot.worker``; any number, on any machine."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import structlog

from bot import logs, settings
from bot.bus.connection import connect, disconnect
from bot.dialogue.train import model_path, quiet_environment


async def serve() -> int:
    """Load the model and work until SIGINT or SIGTERM; returns the process's exit code."""
    # Rasa reads its environment when it is imported, and its libraries warn of their age: so only now.
    from bot.dialogue.loop import Worker

    config = settings.load()
    redis = connect(config.redis_url)
    worker = Worker(redis, model_path(config), config.conversation_days)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, worker.stop)
    structlog.get_logger().info("ready")
    await worker.run()
    await disconnect(redis)
    return 1 if worker.hung else 0


def main() -> None:
    """Run the worker."""
    quiet_environment()
    logs.configure()
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    sys.exit(asyncio.run(serve()))


if __name__ == "__main__":
    main()

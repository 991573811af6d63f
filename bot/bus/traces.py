"""Everything that Redis holds of one conversation: found for an export, and removed for an erasure.

Which keys there are is known to the rooms that write them. An erasure mustn't miss one that a room adds
later, so this looks at every key: by its name, and where a key is shared, by what is in it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from bot.bus.connection import Client, bus_errors
from bot.bus.events import streams

_PAGE = 500


class Person:
    """How one applicant is named in Redis.

    Attributes:
        conversation: ``<channel>:<account>:<user>``.
        marks: what any key or value about them contains: the conversation, and the start of the keys that
            name their messages (`bot.channels`), ``<channel>|<account>|<user>|``.
    """

    def __init__(self, conversation: str) -> None:
        self.conversation = conversation
        channel, account, user = [*conversation.split(":", 2), "", ""][:3]
        self.marks = (conversation.encode(), f"{channel}|{account}|{user}|".encode())

    def named(self, text: bytes) -> bool:
        """Whether a text is about this applicant: a longer user id that begins alike isn't."""
        return text.endswith(self.marks[0]) or self.marks[1] in text or self._inside(text)

    def _inside(self, text: bytes) -> bool:
        at = text.find(self.marks[0])
        while at >= 0:
            after = text[at + len(self.marks[0]) : at + len(self.marks[0]) + 1]
            if not after.isalnum() and after not in (b"-", b"_"):
                return True
            at = text.find(self.marks[0], at + 1)
        return False


_SKIP = (b"model:files:", b"guide:files:", b"events:")
"""Big, or dealt with apart; published files are about nobody."""


async def erase(redis: Client, conversation: str) -> dict[str, int]:
    """Remove every trace of a conversation; returns how many were found, by kind. Raises `BusError`."""
    person = Person(conversation)
    found = {"keys": 0, "members": 0, "events": 0}
    with bus_errors():
        for stream in streams():
            found["events"] += await _cut(redis, stream, person)
        async for page in _pages(redis):
            mine = [key for key in page if person.named(key)]
            if mine:
                found["keys"] += int(await redis.delete(*mine))
            for key, kind, value in await _values(redis, [key for key in page if key not in mine]):
                found["members"] += await _weed(redis, key, kind, value, person)
        await _rewrite(redis)
    return found


async def _pages(redis: Client) -> AsyncIterator[list[bytes]]:
    """All keys, some hundred at a time."""
    cursor = 0
    while True:
        cursor, keys = await redis.scan(cursor, count=_PAGE)
        yield [key for key in keys if not key.startswith(_SKIP)]
        if cursor == 0:
            return


async def _values(redis: Client, keys: list[bytes]) -> list[tuple[bytes, str, Any]]:
    """Keys with their kind and content, in two round trips."""
    if not keys:
        return []
    pipe = redis.pipeline(transaction=False)
    for key in keys:
        pipe.type(key)
    kinds = [kind.decode() for kind in await pipe.execute()]
    pipe = redis.pipeline(transaction=False)
    asked = [(key, kind) for key, kind in zip(keys, kinds, strict=True) if kind in _READ]
    for key, kind in asked:
        _READ[kind](pipe, key)
    # A key may have gone, or become another kind, between the two: then its answer is an error.
    values = await pipe.execute(raise_on_error=False)
    return [
        (key, kind, value)
        for (key, kind), value in zip(asked, values, strict=True)
        if not isinstance(value, Exception)
    ]


_READ: dict[str, Any] = {
    "hash": lambda pipe, key: pipe.hgetall(key),
    "list": lambda pipe, key: pipe.lrange(key, 0, -1),
    "set": lambda pipe, key: pipe.smembers(key),
    "zset": lambda pipe, key: pipe.zrange(key, 0, -1),
    "string": lambda pipe, key: pipe.get(key),
}


async def collect(redis: Client, conversation: str) -> dict[str, Any]:
    """Every trace of a conversation, key to what is in it, for an export. Raises `BusError`."""
    person = Person(conversation)
    found: dict[str, Any] = {}
    with bus_errors():
        async for page in _pages(redis):
            for key, _, value in await _values(redis, page):
                theirs = isinstance(value, dict) and value.get(b"conversation") == conversation.encode()
                if person.named(key) or theirs:
                    found[_plain(key)] = _plain(value)
        for stream in streams():
            entries = [_plain(fields) async for _, fields in _entries(redis, stream, person)]
            if entries:
                found[stream] = entries
    return found


async def _entries(redis: Client, stream: str, person: Person) -> AsyncIterator[tuple[bytes, Any]]:
    last = "-"
    while page := await redis.xrange(stream, min=last, max="+", count=_PAGE):
        for id, fields in page:
            if any(person.named(text) for pair in (fields or {}).items() for text in pair):
                yield id, fields
        last = "(" + page[-1][0].decode()


async def _cut(redis: Client, stream: str, person: Person) -> int:
    ids = [id async for id, _ in _entries(redis, stream, person)]
    for at in range(0, len(ids), _PAGE):
        await redis.xdel(stream, *ids[at : at + _PAGE])
    return len(ids)


async def _weed(redis: Client, key: bytes, kind: str, value: Any, person: Person) -> int:
    """Take one person's members out of a key that others share, or drop a key that is all theirs."""
    if kind == "string":
        return int(await redis.delete(key)) if person.named(value or b"") else 0
    if kind == "hash":
        if value.get(b"conversation") == person.conversation.encode():
            return int(await redis.delete(key))
        gone = [name for name, each in value.items() if person.named(name) or person.named(each)]
        return int(await redis.hdel(key, *gone)) if gone else 0
    gone = [each for each in dict.fromkeys(value) if person.named(each)]
    if not gone:
        return 0
    if kind == "list":
        return sum([int(await redis.lrem(key, 0, each)) for each in gone])
    remove: Any = redis.srem if kind == "set" else redis.zrem
    return int(await remove(key, *gone))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {_plain(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple | set) else value


async def _rewrite(redis: Client) -> None:
    """Have the log on disk written anew without what was removed, where the server keeps one and lets us."""
    from redis.exceptions import ResponseError

    try:
        if (await redis.config_get("appendonly")).get("appendonly") == "yes":
            await redis.bgrewriteaof()
    except ResponseError:
        return  # a managed server: it rewrites by itself

"""Which sender has an account, and what stands in the way of its sending.

Keys with the prefix ``account:{<channel>}:``: ``holder`` is the token of the one sender, for 6 s at a
time; ``stop`` and ``mute`` hold a reason in Chinese and run out by themselves. While ``stop`` lasts nothing
is sent; while ``mute`` lasts the account has no right to push, and what there is waits for the user.
"""

from __future__ import annotations

import secrets

import msgspec

from bot.bus import alerts
from bot.bus.connection import Client, bus_errors
from bot.bus.script import Script

HOLD_SECONDS = 6.0
"""A second sender takes over when the first hasn't been heard of for so long."""

LABELS = {"wechat": "公众号", "wecom": "企业微信", "kf": "微信客服"}

_hold, _leave = Script("account_hold"), Script("account_leave")


class Standing(msgspec.Struct, frozen=True):
    """What stands in the way: reasons in Chinese, empty when nothing does. ``seconds`` the stop lasts."""

    stopped: str = ""
    seconds: float = 0.0
    muted: str = ""


class Account:
    """The account of one channel, as one process sees it. Every method raises `BusError`.

    Attributes:
        known: what stood in the way when this process last heard or said something of it.
    """

    def __init__(self, redis: Client, channel: str, hold: float = HOLD_SECONDS) -> None:
        self._redis = redis
        self._channel = channel
        self._prefix = f"account:{{{channel}}}:"
        self._token = secrets.token_hex(8)
        self._hold = int(hold * 1000)
        self.known = Standing()

    async def hold(self) -> bool:
        """Be the sender of this account for the next 6 s; False when another one is."""
        with bus_errors():
            return bool(await _hold(self._redis, self._prefix, self._token, self._hold))

    async def leave(self) -> None:
        """Stop being its sender, so that another needn't wait."""
        with bus_errors():
            await _leave(self._redis, self._prefix, self._token)

    async def stop(self, seconds: float, reason: str) -> None:
        """Send nothing for a while."""
        # Known here before anything else is taken from the outbox.
        self.known = msgspec.structs.replace(self.known, stopped=reason, seconds=seconds)
        with bus_errors():
            await self._redis.set(f"{self._prefix}stop", reason, px=int(seconds * 1000))

    async def mute(self, seconds: float, reason: str) -> None:
        """The account may not push; look again after a while."""
        self.known = msgspec.structs.replace(self.known, muted=reason)
        with bus_errors():
            await self._redis.set(f"{self._prefix}mute", reason, px=int(seconds * 1000))

    async def alarm(self, code: int, reason: str) -> None:
        """Tell staff, once an hour, that something has to be done about the account."""
        text = f"**{LABELS.get(self._channel, self._channel)}发不出消息（错误码 {code}）**\n{reason}"
        await alerts.add(self._redis, text, f"account:{self._channel}:{code}")

    async def standing(self) -> Standing:
        """What stands in the way now."""
        with bus_errors():
            pipe = self._redis.pipeline(transaction=False)
            for name in ("stop", "mute"):
                pipe.get(self._prefix + name)
            pipe.pttl(f"{self._prefix}stop")
            stopped, muted, left = await pipe.execute()
        self.known = Standing((stopped or b"").decode(), max(int(left), 0) / 1000, (muted or b"").decode())
        return self.known

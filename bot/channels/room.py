"""What a channel shows of itself to gateway and sender. `bot.channels.registry` has the list of channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec

from bot.bus.messages import Inbound, Kind, Reply
from bot.channels.common.envelope import Opened
from bot.channels.common.refusal import Refusal
from bot.channels.common.token import TokenStore

Message = dict[str, Any]
"""One message as it goes over the wire, in the channel's form. With ``msgid`` it is safe to repeat."""


class Signal(msgspec.Struct, frozen=True):
    """A callback without a message: something waits at the platform, and ``token`` helps to fetch it."""

    channel: str
    account: str
    token: str


class Bounced(msgspec.Struct, frozen=True):
    """A message of ours was taken and didn't arrive. ``receipt``: its msgid; ``reason``: Chinese."""

    user: str
    receipt: str
    reason: str


class Away(msgspec.Struct, frozen=True):
    """The platform's own agents have the user's session from now on; not any more, with ``agent`` empty."""

    user: str
    agent: str


class Overheard(msgspec.Struct, frozen=True):
    """What one of the platform's agents said to the user. ``at``: seconds since 1970."""

    user: str
    key: str
    agent: str
    text: str
    at: int


class Page(msgspec.Struct, frozen=True):
    """Some of what waits at the platform. ``more`` may be true although nothing is in it."""

    items: list[Inbound | Bounced | Away | Overheard]
    cursor: str
    more: bool


class Source(Protocol):
    """A channel whose messages have to be fetched. Its methods raise as an API client's ``call``."""

    @property
    def account(self) -> str:
        """The account's id, as in its signals."""

    @property
    def hands_over(self) -> bool:
        """Whether the settings want the platform's own agents to take over from the assistant."""

    async def fetch(self, cursor: str, token: str) -> Page:
        """What came after ``cursor``; ``token`` is a signal's, or empty."""

    async def hand_over(self, user: str) -> bool:
        """Give the user's session to the platform's own agents; False when that isn't wanted."""

    def judge(self, code: int, message: str) -> Refusal:
        """What to do about an error code."""

    async def close(self) -> None:
        """Close what is open."""


class Door(Protocol):
    """Callbacks, in and out."""

    def verify_url(self, params: Mapping[str, str]) -> str:
        """What to answer when the platform checks our address. Raises `EnvelopeError`."""

    def open(self, params: Mapping[str, str], body: bytes) -> Opened:
        """What the platform vouches for. Raises `EnvelopeError`."""

    def parse(self, text: str) -> Inbound | Signal | None:
        """What is in it; None for nothing. Raises `EnvelopeError`."""

    def render(self, reply: Reply) -> list[str]:
        """The texts that say it passively, one an answer; none: say nothing."""

    def carries(self, reply: Reply) -> bool:
        """Whether a passive answer can carry the reply; else the sender sends it."""

    def answer(self, opened: Opened, inbound: Inbound, text: str, now: int) -> str:
        """The body of a passive answer. ``now``: seconds since 1970."""


class Pusher(Protocol):
    """A channel's way to send."""

    @property
    def can_push(self) -> bool:
        """Whether the account has the right to."""

    def messages(self, reply: Reply, ticket: str) -> tuple[Message, ...]:
        """The messages that say it. Raises `RenderError`.

        ``ticket``: what the platform gave with the message that is replied to, such as a single-use code.
        """

    def split(self, message: Message) -> tuple[Message, ...]:
        """The same in smaller messages; none when it can't be cut."""

    async def ready(self) -> None:
        """Get ready to send, without sending."""

    async def send(self, user: str, message: Message) -> None:
        """Send one message."""

    def judge(self, code: int, message: str) -> Refusal:
        """What to do about an error code."""

    async def close(self) -> None:
        """Close what is open."""


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """One account of one channel.

    Attributes:
        name: before the first colon of its conversations' ids.
        label: what staff call it.
        path: of its callback.
        tokens: the name of its access token.
        silence: the body of an answer that says nothing.
        pusher: makes its way to send; given how to get the token store of a name.
        can_push: it may send by itself what comes too late for an answer.
        rationed: only so many messages may follow one of the user's (`bot.bus.ledger`).
        pace: how many messages a user may get in how many seconds.
        right: as what kind of message one of the user's counts there; None: it gives no right to send.
        source: where its messages are fetched, if they don't come by themselves.
    """

    name: str
    label: str
    path: str
    door: Door
    tokens: str
    pusher: Callable[[Callable[[str], TokenStore]], Pusher]
    silence: str = ""
    can_push: bool = True
    rationed: bool = True
    pace: tuple[tuple[int, int], ...] = ()
    right: Callable[[Kind], Kind | None] = lambda kind: kind
    source: Callable[[Callable[[str], TokenStore]], Source] | None = None

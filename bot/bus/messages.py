"""The vocabulary that channels, gateway, worker and desk share: what comes in and what goes out.

A reply is structured (text and options), never markup: each channel renders it in its own way.
A tap id is an opaque string here; its grammar is in ``actions/taps.py``:
``ask:<project>``, ``ask:<project>:<fact>:<choice>``, ``topic:<topic>``, ``human``, ``cancel``, and others.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal[
    "text", "tap", "voice", "image", "media", "location", "link", "follow", "unfollow", "scan", "desk"
]


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """One message or event from one applicant, as a channel understood it.

    Attributes:
        key: names this message for good; a redelivery has the same key.
        channel: ``wechat``, ``wecom``, ``kf`` or ``chat`` (the terminal).
        account: the platform's id of our account.
        user: the platform's id of the applicant in that account.
        kind: ``voice`` carries its recognised words in ``text``, empty when there are none. ``desk`` isn't
            the applicant's: the desk asks the worker something, and the reply goes through the outbox.
        text: what was typed or said; empty for a tap.
        tap: the tap id, for kinds ``tap`` and ``desk`` only.
        created_at: seconds since 1970 by the platform's clock.
        passive: the reply goes back as the answer to the callback. Where that can't be, the reply is queued
            for the sender.
        ticket: what the platform gave with it for use in the reply, in the channel's own form.
    """

    key: str
    channel: str
    account: str
    user: str
    kind: Kind
    text: str = ""
    tap: str = ""
    created_at: int = 0
    passive: bool = True
    ticket: str = ""

    @property
    def conversation(self) -> str:
        """The conversation's id: also Rasa's ``sender_id``."""
        return f"{self.channel}:{self.account}:{self.user}"


class Option(msgspec.Struct, frozen=True):
    """Something that can be tapped: the tap id and the words on it."""

    tap: str
    label: str


class Part(msgspec.Struct, frozen=True):
    """A piece of a reply: a text and the options under it."""

    text: str
    options: tuple[Option, ...] = ()


class Reply(msgspec.Struct, frozen=True):
    """What the assistant says to one message. No parts means: say nothing.

    Options are numbered 1, 2, … through the whole reply in the order of its parts.

    ``epoch`` is that of the conversation's owner (`bot.bus.owner`) which the bot saw: if it has changed when
    the reply is to leave, the reply stays behind. None for what may leave whoever has the conversation.
    """

    parts: tuple[Part, ...] = ()
    epoch: int | None = None

    @property
    def options(self) -> tuple[Option, ...]:
        """All options, in the order of their numbers."""
        return tuple(option for part in self.parts for option in part.options)

    @property
    def text(self) -> str:
        """All texts, without the options."""
        return "\n\n".join(part.text for part in self.parts)


def encode(message: Inbound | Reply) -> bytes:
    """JSON bytes of a message, for Redis."""
    return msgspec.json.encode(message)


def decode_inbound(data: bytes) -> Inbound:
    """The reverse of `encode`. Raises ``msgspec.DecodeError`` on anything else."""
    return msgspec.json.decode(data, type=Inbound)


def decode_reply(data: bytes) -> Reply:
    """The reverse of `encode`. Raises ``msgspec.DecodeError`` on anything else."""
    return msgspec.json.decode(data, type=Reply)

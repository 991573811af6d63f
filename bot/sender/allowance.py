"""Whether a message may go out now: rationed after a user's message, kept to a pace, or neither."""

from __future__ import annotations

from typing import Protocol

import msgspec

from bot.bus.connection import Client
from bot.bus.ledger import Ledger
from bot.bus.pace import Pace
from bot.channels.room import Room


class Verdict(msgspec.Struct, frozen=True):
    """``go``, or ``wait`` so many seconds, 0: until the user writes. ``held``: what to give back."""

    go: bool
    wait: float = 0.0
    held: str = ""


class Allowance(Protocol):
    """What a channel lets us send to a user. Every method raises `BusError`."""

    async def take(self, conversation: str) -> Verdict:
        """Use a right to one message, if there is one."""

    async def give_back(self, conversation: str, held: str) -> None:
        """The message that the last right was taken for wasn't sent."""

    async def drain(self, conversation: str) -> None:
        """The platform says that all is used up, and it knows better."""


class Rationed:
    """By the ledger of what may follow a user's message."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def take(self, conversation: str) -> Verdict:
        """One of the rights; without any right the platform is asked: it may know of one."""
        if await self._ledger.spend(conversation):
            return Verdict(True)
        left = await self._ledger.left(conversation)
        return Verdict(not left.until)

    async def give_back(self, conversation: str, held: str) -> None:
        """Refund it."""
        await self._ledger.refund(conversation)

    async def drain(self, conversation: str) -> None:
        """Nothing is left."""
        await self._ledger.drain(conversation)


class Paced:
    """So many in so many seconds."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    async def take(self, conversation: str) -> Verdict:
        """Room in the window, or when there will be some."""
        held, wait = await self._pace.take(conversation)
        return Verdict(bool(held), wait, held)

    async def give_back(self, conversation: str, held: str) -> None:
        """Leave the window."""
        await self._pace.give_back(conversation, held)

    async def drain(self, conversation: str) -> None:
        """A pace knows no such thing."""


def allowance(room: Room, redis: Client) -> Allowance:
    """The channel's."""
    return Rationed(Ledger(redis)) if room.rationed else Paced(Pace(redis, room.pace))

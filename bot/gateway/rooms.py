"""From a channel to what answers its messages."""

from __future__ import annotations

from bot.bus.connection import Client
from bot.channels.room import Room
from bot.gateway.conversation import Conversation


def conversation_of(room: Room, redis: Client) -> Conversation:
    """What answers the messages of a channel, or keeps them where nothing can be answered."""
    door = room.door
    return Conversation(redis, door.render, can_push=room.can_push, carries=door.carries, right=room.right)

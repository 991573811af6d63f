"""What open pages must hear of: rows of `Change`, and the lines that the desk itself writes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from desk.handoff.models import Author, Change, Conversation, Message, Ticket

NAMES = {
    "image": "图片",
    "voice": "语音",
    "media": "视频或文件",
    "location": "位置",
    "link": "链接",
    "scan": "扫码",
}


def tell(conversation: int, what: str) -> None:
    """Open pages should look at this conversation again."""
    Change.objects.create(conversation_id=conversation, what=what)


def since(after: int, user: int, most: int) -> list[tuple[int, int, str]]:
    """Changes after one, in order: id, conversation, what.

    ``waiting``: somebody new waits. ``heard``: the applicant whom ``user`` serves wrote. The others are for
    the screen only, so that nobody is rung for a colleague's conversation.
    """
    names = ("pk", "conversation", "what", "conversation__agent")
    rows = Change.objects.filter(pk__gt=after).order_by("pk").values_list(*names)[:most]
    return [
        (pk, conversation, "message" if what == "heard" and agent != user else what)
        for pk, conversation, what, agent in rows
    ]


def line(conversation: int, ticket: Ticket | None, text: str) -> Message:
    """A line of the system in the conversation; never sent to the applicant."""
    return add(conversation, ticket, Author.SYSTEM, text)


def add(conversation: int, ticket: Ticket | None, author: Author, text: str, **fields: Any) -> Message:
    """A bubble that the desk itself writes, shown on open pages."""
    message = Message.objects.create(
        conversation_id=conversation, ticket=ticket, author=author, text=text, **fields
    )
    if author in (Author.STAFF, Author.BOT):
        freshen(conversation, author, text, message.at)
    tell(conversation, "message")
    return message


def freshen(conversation: int, author: str, text: str, at: Any = None, **fields: Any) -> None:
    """What lists show of a conversation."""
    Conversation.objects.filter(pk=conversation).update(
        last_text=text[:120], last_author=author, last_at=at or timezone.now(), **fields
    )

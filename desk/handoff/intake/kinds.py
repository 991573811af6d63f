"""What each kind of event does to the tables. Runs inside the batch's transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from django.db.models import F

from bot.bus.events import Event
from desk.faqlog import record
from desk.handoff import feed, hooks, tickets
from desk.handoff.intake import owner, turns
from desk.handoff.models import Author, Conversation, Delivery, Message, Outcome, Who

LONGEST_TEXT = 200_000
"""Characters of one bubble; a channel lets far fewer through."""
_AUTHORS = {"bot": Author.BOT, "agent": Author.STAFF, "system": Author.BOT}


def clean(text: Any) -> str:
    """Text fit for every database: PostgreSQL refuses NUL and lone surrogates."""
    plain = str(text or "")[:LONGEST_TEXT].replace("\0", "�")
    return plain.encode("utf-8", "replace").decode("utf-8")


def _moment(event: Event) -> datetime:
    return datetime.fromtimestamp(event.at, timezone.utc)


def _tap_label(conversation: Conversation, tap: str) -> str:
    """The words on the option that was tapped."""
    offers = Message.objects.filter(conversation=conversation).exclude(options=[]).order_by("-id")[:8]
    for options in offers.values_list("options", flat=True):
        for id, label in options:
            if id == tap:
                return str(label)
    return tap


def _message_in(conversation: Conversation, event: Event) -> None:
    data, at = event.data, _moment(event)
    kind = str(data.get("kind", "text"))
    text = clean(data.get("text"))
    if kind == "tap" and not text:
        text = _tap_label(conversation, clean(data.get("tap")))
    shown = text or f"［{feed.NAMES.get(kind, '没有文字')}］"
    ticket = tickets.current(conversation.pk)
    Message.objects.create(
        conversation=conversation,
        ticket=ticket,
        author=Author.APPLICANT,
        kind=kind[:12],
        text=shown,
        at=at,
        key=clean(data.get("key"))[:200],
        event=event.id,
    )
    more = {"unread": F("unread") + 1} if ticket is not None else {}
    feed.freshen(conversation.pk, Author.APPLICANT, shown, at, heard_at=at, **more)
    feed.tell(conversation.pk, "heard" if ticket is not None else "message")
    if kind == "follow":
        _follow(conversation, event)


def _message_out(conversation: Conversation, event: Event) -> None:
    data = event.data
    outbox = data.get("outbox") or data.get("id") or None
    if outbox and Message.objects.filter(outbox=outbox).exists():
        return  # written here when it was sent
    text, key = clean(data.get("text")), clean(data.get("key"))[:200]
    author = _AUTHORS.get(str(data.get("author", "bot")), Author.BOT)
    Message.objects.create(
        conversation=conversation,
        ticket=tickets.current(conversation.pk),
        author=author,
        text=text,
        options=[[clean(tap), clean(label)] for tap, label in data.get("options") or []],
        at=_moment(event),
        key=key,
        event=event.id,
        outbox=clean(outbox)[:64] if outbox else None,
    )
    turns.answered(key, text)
    feed.freshen(conversation.pk, author, text, _moment(event))
    feed.tell(conversation.pk, "message")


def _turn(conversation: Conversation, event: Event) -> None:
    turns.add(conversation, event, _moment(event))
    outcome, at = event.data.get("outcome"), _moment(event)
    if outcome == "erase":
        hooks.call(hooks.erasure_wanted, conversation, at)
    elif outcome == "poisoned":
        owner.left(conversation, {"reason": "poisoned"}, at)
    elif outcome == "handover":
        # ``queue``: the worker has put it into the queue, and a ``handoff`` tells so.
        match event.data.get("handoff"):
            case "left":
                owner.left(conversation, event.data, at)
            case None | "wish":
                owner.wanted(conversation, event.data, at)


def _handoff(conversation: Conversation, event: Event) -> None:
    owner.changed(conversation, event.data, _moment(event))


def _delivery(conversation: Conversation, event: Event) -> None:
    id, state = str(event.data["id"]), str(event.data["state"])
    if state not in Delivery.values:
        raise ValueError(f"unknown state {state!r}")
    found = Message.objects.filter(conversation=conversation)
    late = id.startswith("late/")
    found = found.filter(author=Author.BOT, key=id[5:]) if late else found.filter(outbox=id)
    if found.update(state=state, reason=clean(event.data.get("reason"))[:200]):
        feed.tell(conversation.pk, "delivery")


def _feedback(conversation: Conversation, event: Event) -> None:
    data = event.data
    if data.get("tap"):
        record.rated(conversation, str(data["tap"]), int(data["score"]))
    elif data.get("ticket"):
        turns.ticket_scored(conversation, int(data["ticket"]), int(data["score"]))
    else:
        turns.scored(conversation, str(data.get("key", "")), int(data["score"]))


def _follow(conversation: Conversation, event: Event) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(followed=True)
    hooks.call(hooks.followed, conversation, _moment(event))


def _unfollow(conversation: Conversation, event: Event) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(followed=False)
    ticket = tickets.current(conversation.pk)
    feed.line(conversation.pk, ticket, "申请人取消了关注，现在发不到对方")
    if Conversation.objects.filter(pk=conversation.pk, owner=Who.BOT).exists():
        tickets.close(conversation.pk, Outcome.UNFOLLOWED)
    hooks.call(hooks.unfollowed, conversation, _moment(event))


_KINDS: dict[str, Callable[[Conversation, Event], None]] = {
    "message_in": _message_in,
    "message_out": _message_out,
    "turn": _turn,
    "handoff": _handoff,
    "delivery": _delivery,
    "feedback": _feedback,
    "follow": _follow,
    "unfollow": _unfollow,
}


def apply(event: Event) -> None:
    """Write what the event tells. Raises KeyError, TypeError or ValueError when it makes no sense."""
    at = _moment(event)
    channel = event.conversation.partition(":")[0][:16]
    conversation, _ = Conversation.objects.get_or_create(
        key=event.conversation,
        defaults={"channel": channel, "last_at": at, "owned_at": at, "made_at": at},
    )
    _KINDS[event.kind](conversation, event)

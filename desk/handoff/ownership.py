"""Who owns a conversation: SQL is the truth, each change one UPDATE on owner and epoch.

A change is made, with its ticket, its line in the conversation and its audit entry, in one transaction,
before anything waits for the network. Redis is told afterwards; what it missed, the reconciler tells.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from desk.accounts.models import User
from desk.handoff import feed, tickets
from desk.handoff.models import Conversation, Group, Outcome, Reason, Ticket, Who

SLACK = timedelta(seconds=5)
"""How far the clocks of two machines may be apart. A request is never dropped for less."""


class Result(NamedTuple):
    """What came of a wish to change the owner.

    Attributes:
        done: whether the change was made.
        holder: in Chinese, who has it now; for whoever lost.
    """

    done: bool
    holder: str = ""


def _move(where: Q, owner: Who, agent: User | None, at: datetime | None = None) -> bool:
    """The one statement that changes an owner."""
    changed = Conversation.objects.filter(where).update(
        owner=owner, agent=agent, epoch=F("epoch") + 1, owned_at=at or timezone.now(), unread=0
    )
    return changed == 1


def holder(conversation: Conversation) -> str:
    """Who has it, in Chinese."""
    if conversation.owner == Who.AGENT:
        return str(conversation.agent or "已停用的账号")
    return str(Who(conversation.owner).label)


def _lost(pk: int) -> Result:
    return Result(False, holder(Conversation.objects.select_related("agent").get(pk=pk)))


def claim(pk: int, user: User, epoch: int) -> Result:
    """Take a conversation that no colleague has, if nothing changed since ``epoch`` was on screen."""
    if not Conversation.objects.filter(pk=pk, epoch=epoch).exclude(owner=Who.AGENT).exists():
        return _lost(pk)  # seen without waiting for a turn to write; the statement below decides
    with transaction.atomic():
        if not _move(Q(pk=pk, epoch=epoch) & ~Q(owner=Who.AGENT), Who.AGENT, user):
            return _lost(pk)
        ticket = tickets.claim(pk, user)
        feed.line(pk, ticket, f"{user} 接管了会话")
    return Result(True)


def force(pk: int, user: User, epoch: int, reason: str) -> Result:
    """Take a conversation from a colleague; the reason stands in the conversation."""
    with transaction.atomic():
        if not _move(Q(pk=pk, epoch=epoch, owner=Who.AGENT) & ~Q(agent=user), Who.AGENT, user):
            return _lost(pk)
        ticket = tickets.claim(pk, user)
        feed.line(pk, ticket, f"{user} 强制接管了会话。理由：{reason}")
    return Result(True)


def _mine(pk: int, user: User, epoch: int) -> Q:
    return Q(pk=pk, epoch=epoch, owner=Who.AGENT, agent=user)


def release(pk: int, user: User, epoch: int) -> Result:
    """Put one's own conversation back into the queue."""
    with transaction.atomic():
        if not _move(_mine(pk, user, epoch), Who.QUEUE, None):
            return _lost(pk)
        ticket = tickets.requeue(pk)
        feed.line(pk, ticket, f"{user} 把会话放回了队列")
        feed.tell(pk, "waiting")
    return Result(True)


def transfer(pk: int, user: User, epoch: int, to: User | Group, note: str) -> Result:
    """Give one's own conversation to a colleague, or to a group's queue."""
    agent = to if isinstance(to, User) else None
    group = to if isinstance(to, Group) else None
    with transaction.atomic():
        if not _move(_mine(pk, user, epoch), Who.AGENT if agent else Who.QUEUE, agent):
            return _lost(pk)
        ticket = tickets.transfer(pk, agent, group)
        feed.line(pk, ticket, f"{user} 转交给 {to}" + (f"。说明：{note}" if note else ""))
        feed.tell(pk, "heard" if agent else "waiting")
    return Result(True)


def hand_back(pk: int, user: User, epoch: int) -> tuple[Result, Ticket | None]:
    """Give one's own conversation back to the bot; also returns the ticket that this closed."""
    with transaction.atomic():
        if not _move(_mine(pk, user, epoch), Who.BOT, None):
            return _lost(pk), None
        ticket = tickets.close(pk, Outcome.HANDED_BACK)
        feed.line(pk, ticket, f"{user} 把会话交回了自动助手")
    return Result(True), ticket


def request(pk: int, reason: Reason, at: datetime, epoch: int | None = None) -> Ticket | None:
    """Put the bot's conversation into the queue, because the applicant or the bot asked.

    Args:
        epoch: what Redis has already; None when only the event of a turn told of it.

    Returns:
        The new ticket, or None when a human has it already or it is an old story.
    """
    with transaction.atomic():
        conversation = Conversation.objects.get(pk=pk)
        ahead = epoch is not None and epoch > conversation.epoch
        if conversation.owner != Who.BOT or (not ahead and at < conversation.owned_at - SLACK):
            return None
        changes = {"owner": Who.QUEUE, "agent": None, "owned_at": at, "epoch": conversation.epoch + 1}
        if ahead:
            # Redis has this owner and epoch: it changed first and told us.
            changes |= {"epoch": epoch, "pushed": epoch}
        if not Conversation.objects.filter(pk=pk, epoch=conversation.epoch).update(**changes):
            return None
        return tickets.open_(pk, reason, at)


def note(pk: int, reason: Reason, at: datetime) -> Ticket | None:
    """A ticket for staff to answer later, while the bot goes on; None when one is open already."""
    with transaction.atomic():
        if tickets.current(pk) is not None:
            return None
        ticket = tickets.open_(pk, reason, at)
        tickets.leave(ticket)
        ticket.refresh_from_db()
    return ticket


def withdraw(pk: int, at: datetime, epoch: int | None = None) -> bool:
    """The applicant doesn't want a human any more. One that is being served isn't taken away."""
    with transaction.atomic():
        conversation = Conversation.objects.get(pk=pk)
        ahead = epoch is not None and epoch > conversation.epoch
        if conversation.owner != Who.QUEUE or (not ahead and at < conversation.owned_at - SLACK):
            return False
        changes = {"owner": Who.BOT, "agent": None, "owned_at": at, "epoch": conversation.epoch + 1}
        if ahead:
            changes |= {"epoch": epoch, "pushed": epoch}
        if not Conversation.objects.filter(pk=pk, epoch=conversation.epoch).update(**changes):
            return False
        ticket = tickets.close(pk, Outcome.CANCELLED, at)
        feed.line(pk, ticket, "申请人取消了人工服务")
    return True


def leave(ticket: Ticket, why: str) -> bool:
    """Nobody took it: the bot goes on, and the message stays for staff to answer."""
    conversation = ticket.conversation
    with transaction.atomic():
        where = Q(pk=conversation.pk, epoch=conversation.epoch, owner=Who.QUEUE)
        if not _move(where, Who.BOT, None) or not tickets.leave(ticket):
            return False
        feed.line(conversation.pk, ticket, why)
    return True

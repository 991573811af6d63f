"""The tables of the hand-off."""

from __future__ import annotations

from desk.handoff.models.audit import AuditEntry
from desk.handoff.models.conversation import Conversation, Who
from desk.handoff.models.feed import BadEvent, Change, Correction, Cursor, SeenEvent
from desk.handoff.models.message import Author, Delivery, Message
from desk.handoff.models.staff import CannedReply, Group
from desk.handoff.models.ticket import OPEN, Outcome, Reason, State, Ticket

__all__ = [
    "OPEN",
    "AuditEntry",
    "Author",
    "BadEvent",
    "CannedReply",
    "Change",
    "Conversation",
    "Correction",
    "Cursor",
    "Delivery",
    "Group",
    "Message",
    "Outcome",
    "Reason",
    "SeenEvent",
    "State",
    "Ticket",
    "Who",
]

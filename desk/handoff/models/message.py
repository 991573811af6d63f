"""A bubble of a conversation."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from desk.handoff.models.conversation import Conversation
from desk.handoff.models.ticket import Ticket


class Author(models.TextChoices):
    """Whose bubble it is. A note and a system line never reach the applicant."""

    APPLICANT = "applicant", "申请人"
    BOT = "bot", "自动助手"
    STAFF = "staff", "工作人员"
    NOTE = "note", "内部备注"
    SYSTEM = "system", "系统"


class Delivery(models.TextChoices):
    """How far a bubble of ours has come. ``NONE``: it isn't ours to push (a passive reply, a note)."""

    NONE = "", ""
    PENDING = "pending", "待发送"
    QUEUED = "queued", "排队发送"
    SENDING = "sending", "正在发送"
    SENT = "sent", "已提交微信"
    HELD = "held", "待对方来信时发出"
    FAILED = "failed", "发送失败"
    UNKNOWN = "unknown", "结果未知"


UNSETTLED = (Delivery.PENDING, Delivery.QUEUED, Delivery.SENDING, Delivery.HELD)


class Message(models.Model):
    """One bubble.

    Attributes:
        key: the applicant's message that this is, or answers.
        event: the id of the event that told of it; None for what staff wrote here.
        outbox: our id for the attempt to send it; a retry is another row with another one.
        options: [[tap, label]] that were offered under it.
        reason: why it failed or waits, in Chinese.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="messages")
    author = models.CharField(max_length=12, choices=Author.choices)
    kind = models.CharField(max_length=12, default="text")
    text = models.TextField(blank=True)
    options = models.JSONField(default=list)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    key = models.CharField(max_length=200, blank=True)
    event = models.CharField(max_length=200, unique=True, null=True)
    outbox = models.CharField(max_length=64, unique=True, null=True)
    state = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.NONE, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    retry_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="retries")

    unmasked = False
    """Whether it is shown with its personal numbers; set on one object for one page, never stored."""

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["conversation", "-id"], name="message_conversation"),
            # Few are, and the inbox looks for those among all that was said in many conversations.
            models.Index(
                fields=["conversation", "-id"], name="message_staff", condition=models.Q(author="staff")
            ),
            models.Index(fields=["key"], name="message_key", condition=~models.Q(key="")),
            models.Index(fields=["id"], name="message_pending", condition=models.Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.pk}"

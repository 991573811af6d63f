"""A ticket: one stretch for which a human is due, from the request to its end."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from desk.handoff.models.conversation import Conversation


class State(models.TextChoices):
    """How a ticket stands. ``LEFT``: the bot has it again, and somebody owes the applicant an answer."""

    WAITING = "waiting", "等待中"
    ACTIVE = "active", "处理中"
    LEFT = "left", "留言待回"
    CLOSED = "closed", "已结束"


OPEN = (State.WAITING, State.ACTIVE, State.LEFT)


class Reason(models.TextChoices):
    """Why a human is due."""

    ASKED = "asked", "主动要求人工"
    ACCEPTED = "accepted", "接受转人工建议"
    NOT_UNDERSTOOD = "not_understood", "两次没听懂"
    ANGER = "anger", "情绪不满"
    NOT_IN_GUIDE = "not_in_guide", "指南没有规定"
    POISONED = "poisoned", "消息无法处理"
    TAKEOVER = "takeover", "工作人员主动接入"
    OTHER = "other", "其他"


class Outcome(models.TextChoices):
    """How a ticket ended."""

    HANDED_BACK = "handed_back", "已交回自动助手"
    CANCELLED = "cancelled", "申请人取消"
    TIMED_OUT = "timed_out", "超时未接"
    ANSWERED_LATER = "answered_later", "留言已处理"
    UNFOLLOWED = "unfollowed", "申请人已取消关注"


class Ticket(models.Model):
    """One ticket. A conversation has at most one that is open."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="tickets")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField("原因", max_length=16, choices=Reason.choices, default=Reason.OTHER)
    outcome = models.CharField("结果", max_length=16, choices=Outcome.choices, blank=True)
    opened_at = models.DateTimeField("提出", default=timezone.now)
    waiting_since = models.DateTimeField("等待自", default=timezone.now)
    claimed_at = models.DateTimeField("接管", null=True, blank=True)
    replied_at = models.DateTimeField("首次回复", null=True, blank=True)
    closed_at = models.DateTimeField("结束", null=True, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    group = models.ForeignKey("handoff.Group", null=True, blank=True, on_delete=models.SET_NULL)
    transfers = models.PositiveSmallIntegerField("转交次数", default=0)
    timed_out = models.BooleanField("超过等待时间", default=False)
    asked_score = models.BooleanField("已请评价", default=False)
    score = models.PositiveSmallIntegerField("评价", null=True, blank=True)

    class Meta:
        verbose_name = "工单"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(state__in=OPEN), name="one_open_ticket"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "waiting_since", "id"], name="ticket_queue"),
            models.Index(fields=["agent", "state"], name="ticket_agent"),
            models.Index(fields=["-closed_at", "-id"], name="ticket_closed"),
            models.Index(fields=["opened_at"], name="ticket_opened"),
            models.Index(fields=["conversation", "-id"], name="ticket_conversation"),
        ]

    def __str__(self) -> str:
        return f"工单 {self.pk}"

    @property
    def waited(self) -> timedelta | None:
        """From the request to the take-over."""
        return self.claimed_at - self.opened_at if self.claimed_at else None

    @property
    def first_reply(self) -> timedelta | None:
        """From the request to the first words of a member of staff."""
        return self.replied_at - self.opened_at if self.replied_at else None

    @property
    def handled(self) -> timedelta | None:
        """From the take-over to the end."""
        return self.closed_at - self.claimed_at if self.claimed_at and self.closed_at else None

"""A conversation with one applicant in one account, and who owns it."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

CHANNELS = {"wechat": "公众号", "wecom": "企业微信", "kf": "微信客服", "chat": "终端"}


class Who(models.TextChoices):
    """Who owns a conversation."""

    BOT = "bot", "自动助手"
    QUEUE = "queue", "排队中"
    AGENT = "agent", "人工"


class Conversation(models.Model):
    """One conversation. Who owns it stands here; Redis has a copy.

    Attributes:
        key: the conversation's id everywhere else: ``<channel>:<account>:<user>``.
        epoch: raised by one at each change of owner.
        pushed: the epoch that Redis is known to have; less than ``epoch`` means: tell it again.
        answers, project, verdict: of the screening, as the worker told last.
        unread: messages of the applicant since a member of staff wrote last, while a human is due.
    """

    key = models.CharField(max_length=300, unique=True)
    channel = models.CharField("渠道", max_length=16)
    owner = models.CharField("归属", max_length=8, choices=Who.choices, default=Who.BOT)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    epoch = models.PositiveBigIntegerField(default=0)
    pushed = models.PositiveBigIntegerField(default=0)
    owned_at = models.DateTimeField(default=timezone.now)
    project = models.CharField(max_length=32, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    answers = models.JSONField(default=dict)
    screened_at = models.DateTimeField(null=True)
    followed = models.BooleanField(default=True)
    unread = models.PositiveIntegerField(default=0)
    last_text = models.CharField(max_length=120, blank=True)
    last_author = models.CharField(max_length=12, blank=True)
    last_at = models.DateTimeField(default=timezone.now)
    heard_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-last_at", "-id"], name="conversation_latest"),
            models.Index(fields=["owner", "agent"], name="conversation_owner"),
            models.Index(
                fields=["id"], name="conversation_unpushed", condition=models.Q(pushed__lt=models.F("epoch"))
            ),
        ]

    def __str__(self) -> str:
        return self.alias

    @property
    def alias(self) -> str:
        """A name to tell applicants apart by, that tells nothing about them."""
        return "申请人 " + hashlib.sha256(self.key.encode()).hexdigest()[:5].upper()

    @property
    def hue(self) -> int:
        """One of twelve colours, the same for good."""
        return hashlib.sha256(self.key.encode()).digest()[0] % 12

    @property
    def channel_name(self) -> str:
        """The channel in Chinese."""
        return CHANNELS.get(self.channel, self.channel)

"""What staff work with: groups to transfer to, and replies kept ready."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Group(models.Model):
    """Some colleagues to whom a conversation can be transferred."""

    name = models.CharField("名称", max_length=32, unique=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="成员", related_name="teams", blank=True
    )

    class Meta:
        verbose_name = "小组"
        verbose_name_plural = "小组"
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class CannedReply(models.Model):
    """A reply kept ready. Placeholders in braces are listed in `desk.handoff.canned`."""

    title = models.CharField("标题", max_length=40)
    shortcut = models.SlugField("快捷词", max_length=20, blank=True, allow_unicode=True)
    text = models.TextField("内容", max_length=1500)
    position = models.PositiveSmallIntegerField("次序", default=100)
    active = models.BooleanField("使用", default=True)

    class Meta:
        verbose_name = "常用语"
        verbose_name_plural = "常用语"
        ordering: ClassVar[list[str]] = ["position", "id"]

    def __str__(self) -> str:
        return self.title

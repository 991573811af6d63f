"""The audit log. Rows are added and never changed: here, and by triggers in the database."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone


class _Fixed(models.QuerySet["AuditEntry"]):
    """Refuses changes before the database has to."""

    def update(self, **values: Any) -> NoReturn:
        raise TypeError("audit entries are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("audit entries are never deleted")


class AuditEntry(models.Model):
    """Who did what, to whom, why. ``conversation`` is a bare number, so that erasing leaves the entry."""

    at = models.DateTimeField("时间", default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name="人员",
    )
    actor_name = models.CharField("姓名", max_length=64)
    action = models.CharField("动作", max_length=24)
    conversation = models.BigIntegerField("会话", null=True)
    subject = models.CharField("对象", max_length=120, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    address = models.CharField("地址", max_length=45, blank=True)

    objects = _Fixed.as_manager()

    class Meta:
        verbose_name = "审计记录"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-at", "-id"], name="audit_at"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["conversation", "-id"], name="audit_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry. Raises TypeError when it stands already."""
        if not self._state.adding:
            raise TypeError("audit entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError."""
        raise TypeError("audit entries are never deleted")

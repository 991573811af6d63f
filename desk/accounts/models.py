"""An account of a member of staff."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from desk.accounts.permissions import MANAGE, Role, allowed


def _check_roles(value: Any) -> None:
    if not isinstance(value, list) or not value or not set(value) <= set(Role.values):
        raise ValidationError("请至少选一个角色。")


class UserManager(BaseUserManager["User"]):
    """Makes accounts. A new one has no password: its owner sets it by a one-time link."""

    def new(self, username: str, name: str, roles: list[Role]) -> User:
        """Add an account. Raises ``ValidationError`` with sentences in Chinese."""
        user = self.model(username=username, name=name, roles=[str(role) for role in roles])
        user.set_unusable_password()
        user.full_clean()
        user.save()
        return user


class User(AbstractBaseUser):
    """An account. ``generation`` is raised to end every session and one-time link at once."""

    username = models.CharField(
        "登录名",
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[a-zA-Z0-9_.-]+\Z", "登录名只能用字母、数字和 _ . -。")],
    )
    name = models.CharField("姓名", max_length=32)
    wecom_id = models.CharField(
        "企业微信账号", max_length=64, blank=True, help_text="填上以后，本人可以用企业微信扫码登录"
    )
    roles = models.JSONField("角色", default=list, validators=[_check_roles])
    is_active = models.BooleanField("可以登录", default=True)
    generation = models.PositiveIntegerField("会话代次", default=0, editable=False)
    made_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = ""
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering: ClassVar[list[str]] = ["username"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["wecom_id"],
                condition=~models.Q(wecom_id=""),
                name="one_account_a_member",
                violation_error_message="这个企业微信账号已经对应另一个服务台账号。",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        """Whether the managing pages open at all; asked by Django's admin."""
        return any(allowed(self, action) for action in MANAGE)

    @property
    def role_names(self) -> str:
        """The roles in Chinese."""
        return "、".join(str(Role(role).label) for role in self.roles if role in Role.values)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions aren't used."""
        return False

    def has_module_perms(self, label: str) -> bool:
        """Whether an app is listed in the managing pages."""
        return self.is_staff

    def get_session_auth_hash(self) -> str:
        """What ties a session to the account: password and generation."""
        secret = f"{self.password}:{self.generation}"
        return salted_hmac("desk.accounts.session", secret, algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """End every session of this account now."""
        User.objects.filter(pk=self.pk).update(generation=models.F("generation") + 1)
        self.refresh_from_db(fields=["generation"])

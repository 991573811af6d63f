"""One-time links with which the owner of an account sets a password."""

from __future__ import annotations

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from desk.accounts.models import User
from desk.accounts.permissions import Role


class _Tokens(PasswordResetTokenGenerator):
    """Void once used, once the account's sessions were ended, and after three days."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk}{user.password}{user.generation}{user.is_active}{timestamp}"


_tokens = _Tokens()


def path(user: User) -> str:
    """The path of a new link for this account."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("start", args=[uid, _tokens.make_token(user)])


def owner(uid: str, token: str) -> User | None:
    """Whose link this is; None when it is void."""
    try:
        user = User.objects.get(pk=int(urlsafe_base64_decode(uid).decode()), is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist, ValidationError):
        return None
    return user if _tokens.check_token(user, token) else None


def first_admin() -> User | None:
    """The first administrator, made if there is no account; None when anybody has a password already."""
    if any(user.has_usable_password() for user in User.objects.all()):
        return None
    user = User.objects.filter(username="admin").first()
    return user or User.objects.new("admin", "管理员", [Role.ADMIN, Role.LEAD])

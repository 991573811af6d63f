"""What every page may ask about the one who looks at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from desk.accounts import permissions


def rights(request: HttpRequest) -> dict[str, Any]:
    """``may``: action to whether it is allowed; ``may_manage`` opens the managing pages."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"may": {}, "may_manage": False}
    may = permissions.rights(user)
    return {"may": may, "may_manage": any(may[action] for action in permissions.MANAGE)}

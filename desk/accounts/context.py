"""What every page may ask about the one who looks at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from desk import navigation
from desk.accounts import permissions


def rights(request: HttpRequest) -> dict[str, Any]:
    """``may``: action to whether it is allowed; ``navigation``: the pages to offer."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"may": {}, "navigation": []}
    may = permissions.rights(user)
    return {"may": may, "navigation": navigation.shown(may)}

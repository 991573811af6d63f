"""Server-sent events: the id is that of the newest change told, so a page that was cut off misses nothing."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseForbidden, StreamingHttpResponse
from django.http.response import HttpResponseBase

from desk.accounts.guard import to_login
from desk.accounts.models import User
from desk.accounts.permissions import allowed
from desk.handoff import feed
from desk.handoff.hub import OVERLAP, hub, in_thread, newest
from desk.handoff.models import Change
from desk.handoff.views.common import number

STEP_SECONDS = 2.0
"""How soon the page of somebody who was cut off is closed; a quiet page gets a sign of life as often."""
LOOK_SECONDS = 10.0
"""How often SQL is asked though nothing rang, and whether the session still stands."""
_MOST = 500
_Row = tuple[int, int, str]


async def stream(request: HttpRequest) -> HttpResponseBase:
    """Changes as they come, after ``Last-Event-ID`` or ``after``."""
    user: Any = await request.auser()
    if not user.is_authenticated:
        return to_login(request)
    if not allowed(user, "console"):
        return HttpResponseForbidden()
    start = number(request.headers.get("Last-Event-ID") or request.GET.get("after"))
    pages = _events(user, request.session.session_key or "", start)
    response = StreamingHttpResponse(pages, content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


stream.needs = "console"  # type: ignore[attr-defined]  # for the table in the tests


async def _events(user: User, session: str, start: int | None) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n: open\n\n"
    last = await in_thread(newest) if start is None else start
    told: set[int] = set() if start is not None else await in_thread(lambda: _ids(last))
    if start is not None and await in_thread(lambda: _forgotten(last)):
        last = await in_thread(newest)
        yield _event(last, "reset", [])
    rings, looked = -1, 0.0
    while True:
        # The first look comes before the first wait: what came while the page was cut off is told at once.
        late = time.monotonic() - looked >= LOOK_SECONDS
        found: list[_Row] = []
        if late or hub().rings != rings:
            rings, looked = hub().rings, time.monotonic()
            found = await _since(last, told, user.pk)
        if found:
            last = max(last, *(id for id, _, _ in found))
            told = {id for id in told | {id for id, _, _ in found} if id > last - OVERLAP}
            yield _event(last, "change", sorted({(conversation, what) for _, conversation, what in found}))
            if len(found) >= _MOST:
                rings = -1
                continue
        if not await _still_in(user, session if late else None):
            yield _event(last, "bye", [])
            return
        yield b": ping\n\n"
        await hub().wait(STEP_SECONDS)


def _event(id: int, name: str, data: list[tuple[int, str]]) -> bytes:
    return f"id: {id}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()


def _ids(last: int) -> set[int]:
    return set(Change.objects.filter(pk__gt=last - OVERLAP, pk__lte=last).values_list("pk", flat=True))


async def _since(last: int, told: set[int], user: int) -> list[_Row]:
    def look() -> list[_Row]:
        found = feed.since(last - OVERLAP, user, _MOST + OVERLAP)
        return [row for row in found if row[0] not in told]

    try:
        return await in_thread(look)
    except DatabaseError:
        return []  # SQL is away: the next look is soon


def _forgotten(last: int) -> bool:
    """Whether changes after this one have been tidied away."""
    first = Change.objects.order_by("pk").values_list("pk", flat=True).first()
    return first is not None and last < first - 1


async def _still_in(user: User, session: str | None) -> bool:
    """Whether the account still stands as it did, and the session, if one is given, wasn't logged out."""
    if session is None and (await hub().generations()).get(user.pk) == user.generation:
        return True

    def look() -> bool:
        active = User.objects.filter(pk=user.pk, is_active=True, generation=user.generation).exists()
        return active and (session is None or SessionStore().exists(session))

    try:
        return await in_thread(look)
    except DatabaseError:
        return True

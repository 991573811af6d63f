"""Every address of the desk, asked by every role and nobody (``python -m bench.helpdesk access``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from desk.accounts.models import User
from desk.accounts.permissions import Role, allowed
from desk.handoff.models import CannedReply, Group, Message, Ticket
from tests.desk.make import asked, signed_in, user

OPEN = {"healthz", "readyz", "login", "start", "wecom", "wecom-back", "admin:jsi18n"}
ANYBODY_IN = {"logout", "password"}
"""For whoever is logged in, whatever the role."""
ENDLESS = {"stream"}
"""It doesn't end, so it is asked by a test of its own."""
NEVER = {"admin:accounts_user_delete", "admin:autocomplete"}
"""For nobody: the audit log speaks of accounts, and no field of the managing pages completes itself."""
OUT = {"admin:logout", "admin:login"}
"""These lead out of the desk, or in."""
MANAGED = {"accounts_user": "accounts", "handoff_cannedreply": "canned", "handoff_group": "groups"}
LOGIN = (302, 401)


class Row(NamedTuple):
    """An address: its right, which role may, and the status that each role and ``anonymous`` gets."""

    name: str
    path: str
    right: str
    allowed: dict[str, bool]
    answers: dict[str, int]


def _patterns(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    for each in resolver.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inside = f"{space}{each.namespace}:" if each.namespace else space
            yield from _patterns(each, path, inside)
        elif isinstance(each, URLPattern):
            yield f"{space}{each.name or ''}", path, each.callback


def _address(path: str, ids: dict[str, Any]) -> str:
    path = path.replace("^", "").replace("$", "").replace("\\Z", "")
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)+", r"<\1>", path)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids.get(found.group(1), "1")), path)


def _right(name: str, callback: Any) -> str:
    needs = getattr(callback, "needs", None)
    if needs or not name.startswith("admin:"):
        return str(needs or "")
    found = (right for table, right in MANAGED.items() if name.startswith(f"admin:{table}_"))
    return next(found, "manage")


def _may(who: User, name: str, right: str) -> bool:
    if name in NEVER:
        return False
    return who.is_staff if right == "manage" else allowed(who, right)  # type: ignore[arg-type]


def _ask(client: Client, address: str) -> int:
    """By the method that the address takes; the theme's pages send elsewhere before they refuse."""
    found = client.get(address)
    if found.status_code == 405:
        found = client.post(address)
    if found.status_code == 302 and "/manage/login/" in found.headers["Location"]:
        found = client.get(found.headers["Location"])
    return int(found.status_code)


def table() -> list[Row]:
    """Ask everything, in an empty database."""
    conversation = asked()
    message = Message.objects.filter(conversation=conversation).latest("id")
    ticket = Ticket.objects.get(conversation=conversation)
    ids = {"pk": conversation.pk, "message": message.pk, "ticket": ticket.pk, "app_label": "handoff"}
    CannedReply.objects.create(title="t", text="t")
    Group.objects.create(name="g")
    people = {role.value: user(role.value, role) for role in Role}
    clients = {"anonymous": Client()}
    for name, who in people.items():
        clients[name] = signed_in(who)
    rows = []
    for name, path, callback in _patterns(get_resolver()):
        if name in OPEN | ANYBODY_IN | ENDLESS | OUT:
            continue
        right, address = _right(name, callback), _address(path, ids)
        may = {role: _may(who, name, right) if right else False for role, who in people.items()}
        answers = {each: _ask(client, address) for each, client in clients.items()}
        rows.append(Row(name, address, right, may, answers))
    return rows


def markdown(rows: list[Row]) -> str:
    """The table for people: a tick, 403, or the login page."""
    names = [*(str(role.label) for role in Role), "未登录"]
    lines = [f"| 地址 | 权限 | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for row in rows:
        codes = [row.answers[role.value] for role in Role]
        cells = ["403" if code == 403 else "✓" for code in codes]
        cells.append("登录页" if row.answers["anonymous"] in LOGIN else str(row.answers["anonymous"]))
        lines.append(f"| `{row.path}` | {row.right} | {' | '.join(cells)} |")
    return "\n".join(lines)

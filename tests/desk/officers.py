"""Two who edit and one who only reads, and short ways to press the office's buttons."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from desk.accounts.permissions import Role
from desk.office.models import Draft
from tests.desk.make import signed_in, user


def client(name: str, *roles: Role) -> Client:
    """A browser of a new member of staff."""
    return signed_in(user(name, *roles))


def draft(who: Client, kind: str, target: str, why: str = "来函明确", **values: str) -> Draft:
    """Begin a draft."""
    path = f"/office/file/?name={target}" if kind == "file" else f"/office/edit/{kind}/{target}/"
    data = {"why": why, **values, **({"name": target} if kind == "file" else {})}
    response = who.post(path, data)
    assert response.status_code == 302, problems(response)
    return Draft.objects.get(pk=int(response.headers["Location"].split("/")[-2]))


def step(who: Client, one: Draft, to: str, note: str = "") -> Any:
    """Take a draft one step on."""
    response = who.post(f"/office/draft/{one.pk}/step/", {"to": to, "note": note})
    one.refresh_from_db()
    return response


def published(writer: Client, other: Client, one: Draft) -> None:
    """All steps of a draft until it is in use."""
    assert step(writer, one, "waiting").status_code == 302
    assert step(other, one, "approved").status_code == 302
    response = other.post("/office/publish/", {"why": "发布"})
    assert response.status_code == 302, problems(response)


def problems(response: Any) -> str:
    """What a page says is wrong."""
    found = re.search(r'<div class="problems".*?</div>', response.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found.group()) if found else response.content.decode()[:300]

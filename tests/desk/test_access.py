"""Every address for every role and for nobody: exactly what the table of rights says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from desk.accounts import links
from desk.accounts.models import User
from desk.accounts.permissions import TABLE, Role
from tests.desk import access
from tests.desk.make import PASSWORD, asked, signed_in, user

pytestmark = pytest.mark.usefixtures("desk")


def test_every_address_for_every_role() -> None:
    rows = access.table()
    assert len(rows) > 40
    for row in rows:
        assert row.right, f"{row.name} {row.path} says nothing of who may"
        assert row.answers["anonymous"] in access.LOGIN, row
        for role, allowed in row.allowed.items():
            code = row.answers[role]
            assert code < 500, (row, role)
            assert (code != 403) if allowed else (code == 403), (row, role)


def test_the_table_says_what_was_agreed() -> None:
    assert TABLE["answer"] == {Role.AGENT, Role.LEAD}
    assert TABLE["force"] == {Role.LEAD}
    assert not any(
        Role.AUDITOR in TABLE[right] for right in ("answer", "force", "unmask", "accounts", "canned")
    )
    assert Role.AUDITOR in TABLE["audit"]


def _login(name: str, password: str) -> Any:
    return Client().post("/login/", {"username": name, "password": password}, REMOTE_ADDR="10.0.0.7")


def test_passwords_are_argon2_and_five_failures_lock_the_account() -> None:
    who = user("locked")
    who.set_password(PASSWORD)
    who.save()
    assert who.password.startswith("argon2")
    assert _login("locked", PASSWORD).status_code == 302
    codes = [_login("locked", "wrong").status_code for _ in range(5)]
    assert codes[-1] == 429
    assert _login("locked", PASSWORD).status_code == 429


def test_a_one_time_link_works_once() -> None:
    who = user("new")
    path = links.path(who)
    client = Client()
    data = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert "设置密码" in client.get(path).content.decode()
    assert client.post(path, {"new_password1": "123", "new_password2": "123"}).status_code == 200
    assert client.post(path, data).status_code == 302
    assert client.get("/").status_code == 200
    assert Client().get(path).status_code == 410


def test_the_first_administrator_exists_once() -> None:
    first = links.first_admin()
    assert first is not None
    assert links.first_admin() == first
    first.set_password(PASSWORD)
    first.save()
    assert links.first_admin() is None


def test_whoever_is_cut_off_is_out_at_once() -> None:
    who = user("gone")
    client = signed_in(who)
    assert client.get("/").status_code == 200
    who.end_sessions()
    assert client.get("/").status_code == 302
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    User.objects.filter(pk=who.pk).update(is_active=False)
    assert client.get("/").status_code == 302


def test_an_idle_session_ends_and_a_page_that_refreshes_itself_is_idle() -> None:
    from django.conf import settings

    who = user("idle")
    client = signed_in(who)
    client.get("/")
    session = client.session
    session["seen"] -= settings.IDLE_SECONDS - 5
    session.save()
    background = {"X-Desk-Background": "1", "HX-Request": "true"}
    assert client.get("/queue/", headers=background).status_code == 200
    session["seen"] -= 10
    session.save()
    assert client.get("/queue/", headers=background).status_code == 401


def test_a_post_from_elsewhere_is_refused() -> None:
    who = user("victim")
    client = signed_in(who, enforce_csrf_checks=True)
    conversation = asked()
    response = client.post(f"/c/{conversation.pk}/claim/", {"epoch": conversation.epoch})
    assert response.status_code == 403
    conversation.refresh_from_db()
    assert conversation.owner == "queue"


def test_login_changes_the_session_and_goes_nowhere_else() -> None:
    who = user("fix")
    who.set_password(PASSWORD)
    who.save()
    client = Client()
    client.get("/login/")
    client.session.save()
    before = client.session.session_key
    data = {"username": "fix", "password": PASSWORD, "next": "https://evil.example/"}
    response = client.post("/login/", data)
    assert response.headers["Location"] == "/"
    assert client.session.session_key != before


def _manage(client: Client, who: User, **more: str) -> Any:
    data = {"username": who.username, "name": who.name, "roles": who.roles, "is_active": "on", **more}
    return client.post(f"/manage/accounts/user/{who.pk}/change/", data, follow=True)


def test_an_administrator_cuts_off_and_invites_by_post_only() -> None:
    from desk.handoff.models import AuditEntry

    boss, who = user("boss", Role.ADMIN), user("who")
    client, other = signed_in(boss), signed_in(who)
    response = _manage(client, who, revoke="on", invite="on")
    assert "一次性链接" in response.content.decode()
    assert other.get("/").status_code == 302
    assert {"revoke", "invite", "manage_change"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_an_administrator_makes_an_account_and_hands_over_its_link() -> None:
    boss = user("boss", Role.ADMIN)
    client = signed_in(boss)
    data = {"username": "fresh", "name": "新人", "roles": [Role.AGENT], "is_active": "on"}
    html = client.post("/manage/accounts/user/add/", data, follow=True).content.decode()
    path = re.search(r"/start/[\w-]+/[\w-]+/", html)
    assert path is not None
    assert Client().get(path.group()).status_code == 200
    assert not User.objects.get(username="fresh").has_usable_password()

"""What looking leaves behind and what it shows: audit entries, rings, earlier stretches, what may be sent."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from desk.accounts.permissions import Role
from desk.handoff import closing, feed, ownership
from desk.handoff.models import AuditEntry, Change, Conversation, Group, Message, Ticket
from tests.desk.make import asked, event, signed_in, user, written

pytestmark = pytest.mark.usefixtures("desk")


def _views() -> int:
    return AuditEntry.objects.filter(action="view").count()


@pytest.mark.parametrize("part", ["", "pane/", "live/?after=0", "older/?before=9", "context/"])
def test_every_way_of_looking_is_written_down_and_one_stretch_is_one_entry(part: str) -> None:
    from desk.handoff.views.console import LOOKING

    conversation, client = asked(), signed_in(user())
    for _ in range(3):
        assert client.get(f"/c/{conversation.pk}/{part}").status_code == 200
    assert _views() == 1
    session = client.session
    session["looked"] = {key: at - LOOKING for key, at in session["looked"].items()}
    session.save()
    client.get(f"/c/{conversation.pk}/{part}")
    assert _views() == 2


def _whats(who: Any, since: int) -> set[str]:
    return {what for _, _, what in feed.since(since, who.pk, 100)}


def test_nobody_is_rung_for_a_colleagues_conversation() -> None:
    mine, other = user("mine"), user("other")
    conversation = asked()
    assert "waiting" in _whats(mine, 0)
    ownership.claim(conversation.pk, mine, conversation.epoch)
    last = Change.objects.latest("pk").pk
    written(event("message_in", conversation.key, key="x", kind="text", text="在吗"))
    assert "heard" in _whats(mine, last)
    assert "heard" not in _whats(other, last)
    conversation.refresh_from_db()
    last = Change.objects.latest("pk").pk
    ownership.transfer(conversation.pk, mine, conversation.epoch, other, "")
    assert "heard" in _whats(other, last)
    conversation.refresh_from_db()
    last = Change.objects.latest("pk").pk
    group = Group.objects.create(name="组")
    ownership.transfer(conversation.pk, other, conversation.epoch, group, "")
    assert "waiting" in _whats(mine, last)


def test_what_was_said_earlier_opens_beside_masked_and_only_for_its_conversation() -> None:
    agent = user()
    conversation = asked()
    ownership.claim(conversation.pk, agent, conversation.epoch)
    written(event("message_in", conversation.key, key="x", kind="text", text="电话13812345678"))
    conversation.refresh_from_db()
    _, ticket = ownership.hand_back(conversation.pk, agent, conversation.epoch)
    closing.say(conversation.pk, ticket)
    found = Ticket.objects.get()
    client = signed_in(agent)
    path = f"/c/{conversation.pk}/t/{found.pk}/"
    assert path in client.get(f"/c/{conversation.pk}/").content.decode()
    html = client.get(path).content.decode()
    assert "138****5678" in html
    assert "13812345678" not in html
    stranger = asked("wechat:gh_1:o-2")
    assert client.get(f"/c/{stranger.pk}/t/{found.pk}/").status_code == 404


def test_an_account_that_cant_push_says_that_a_reply_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    wechat = msgspec.structs.replace(settings.BOT.wechat, account="subscription")
    monkeypatch.setattr(settings, "BOT", msgspec.structs.replace(settings.BOT, wechat=wechat))
    conversation, agent = asked(), user()
    client = signed_in(agent)
    client.post(f"/c/{conversation.pk}/claim/", {"epoch": conversation.epoch})
    conversation = Conversation.objects.get()
    assert "随对方下一次来信发出" in client.get(f"/c/{conversation.pk}/").content.decode()
    # Nothing is kept in reserve where nothing can be pushed.
    sent = client.post(f"/c/{conversation.pk}/send/", {"epoch": conversation.epoch, "text": "您好"})
    assert sent.status_code == 200
    message = Message.objects.get(author="staff")
    written(
        event("delivery", conversation.key, id=message.outbox, state="held", reason="等对方下次来信时发出")
    )
    html = client.get(f"/c/{conversation.pk}/").content.decode()
    assert "待对方来信时发出：等对方下次来信时发出" in html


def test_nobody_sees_pages_in_the_bar_that_they_may_not_open() -> None:
    for role in Role:
        client = signed_in(user(role.value, role))
        html = client.get("/").content.decode()
        bar = html[html.index('<nav aria-label="页面">') : html.index("</nav>")]
        for link in bar.split('href="')[1:]:
            assert client.get(link.split('"')[0]).status_code in (200, 302), (role, link)

"""The console's pages and actions through Django's own client, as each role."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bot.bus.outbox import Outbox
from desk.accounts.permissions import Role
from desk.bus import bus
from desk.handoff.closing import SCORES
from desk.handoff.models import Author, Conversation, Message, Ticket, Who
from tests.desk.make import NASTY, asked, event, in_mailbox, signed_in, user, written

pytestmark = pytest.mark.usefixtures("desk")


def client_of(*roles: Role, name: str = "") -> tuple[Client, Any]:
    who = user(name or "-".join(roles), *roles)
    return signed_in(who), who


def post(client: Client, conversation: Conversation, action: str, **data: Any) -> Any:
    conversation.refresh_from_db()
    return client.post(f"/c/{conversation.pk}/{action}/", {"epoch": conversation.epoch, **data})


def test_take_over_answer_and_hand_back() -> None:
    client, agent = client_of(Role.AGENT)
    conversation = asked()
    assert post(client, conversation, "claim").status_code == 200
    assert post(client, conversation, "send", text="您好", reserve="1").status_code == 200
    message = Message.objects.get(author=Author.STAFF)
    status = bus.call(lambda redis: Outbox(redis).status(message.outbox or ""))
    assert status is not None
    assert status.state == "queued"
    items = bus.call(lambda redis: Outbox(redis).waiting(conversation.key))
    assert items[0].item.reply.text == "【人工】您好"
    assert items[0].item.agent == str(agent.pk)
    assert post(client, conversation, "back").status_code == 200
    conversation.refresh_from_db()
    assert conversation.owner == Who.BOT
    items = bus.call(lambda redis: Outbox(redis).waiting(conversation.key))
    assert "自动助手" in items[1].item.reply.text


def test_only_who_has_it_may_speak_and_notes_never_leave() -> None:
    client, _ = client_of(Role.AGENT)
    conversation = asked()
    refused = post(client, conversation, "send", text="抢答")
    assert refused.status_code == 409
    assert not Message.objects.filter(author=Author.STAFF).exists()
    assert post(client, conversation, "note", text="先问处室").status_code == 200
    assert Message.objects.get(author=Author.NOTE).outbox is None
    assert bus.call(lambda redis: Outbox(redis).waiting(conversation.key)) == []


def test_the_loser_of_a_claim_reads_who_has_it() -> None:
    first, agent = client_of(Role.AGENT, name="first")
    second, _ = client_of(Role.AGENT, name="second")
    conversation = asked()
    epoch = conversation.epoch
    assert first.post(f"/c/{conversation.pk}/claim/", {"epoch": epoch}).status_code == 200
    lost = second.post(f"/c/{conversation.pk}/claim/", {"epoch": epoch})
    assert lost.status_code == 409
    assert str(agent) in lost.content.decode()


def test_after_the_hand_back_the_worker_is_asked_to_go_on_and_the_applicant_for_a_score() -> None:
    client, _ = client_of(Role.AGENT)
    conversation = asked()
    post(client, conversation, "claim")
    post(client, conversation, "send", text="您好", reserve="1")
    post(client, conversation, "back")
    told = Message.objects.filter(author=Author.BOT).latest("id")
    assert "由自动助手答复" in told.text
    ticket = Ticket.objects.get()
    assert told.options == [[f"score:{ticket.pk}:{n}", label] for n, label in enumerate(SCORES, 1)]
    assert [(each.tap, each.text) for each in in_mailbox()] == [("resume", str(ticket.pk))]


def test_whom_no_person_answered_is_asked_for_no_score() -> None:
    client, _ = client_of(Role.AGENT)
    conversation = asked()
    post(client, conversation, "claim")
    post(client, conversation, "back")
    assert Message.objects.filter(author=Author.BOT).latest("id").options == []
    assert [(each.tap, each.text) for each in in_mailbox()] == [("resume", "")]


def test_a_correction_is_kept_for_the_worker() -> None:
    client, _ = client_of(Role.AGENT)
    written(event("turn", key="k", outcome="screening", project="research", answers={"foundation": "yes"}))
    conversation = asked()
    data = {"project": "research", "fact": "foundation", "choice": "no"}
    assert post(client, conversation, "correct", **data).status_code == 409
    post(client, conversation, "claim")
    assert post(client, conversation, "correct", **data).status_code == 200
    conversation.refresh_from_db()
    assert conversation.answers["foundation"] == "no"
    assert post(client, conversation, "correct", **{**data, "choice": "nonsense"}).status_code == 422


def test_one_message_is_kept_in_reserve_and_a_second_press_spends_it() -> None:
    from bot.bus.ledger import Ledger

    client, _ = client_of(Role.AGENT)
    conversation = asked()
    bus.call(lambda redis: Ledger(redis).heard(conversation.key, "text"))
    post(client, conversation, "claim")
    sent = [post(client, conversation, "send", text=f"第{n}条").status_code for n in range(5)]
    assert sent == [200, 200, 200, 200, 409]
    assert post(client, conversation, "send", text="再见", reserve="1").status_code == 200


def test_a_long_answer_is_split_where_a_reader_would_pause() -> None:
    client, _ = client_of(Role.AGENT)
    conversation = asked()
    post(client, conversation, "claim")
    text = "这是一句话，用来凑长度。" * 120
    measured = client.post("/measure/", {"text": text}).json()
    assert len(measured["pieces"]) > 1
    assert post(client, conversation, "send", text=text, reserve="1").status_code == 200
    rows = list(Message.objects.filter(author=Author.STAFF).order_by("id").values_list("text", flat=True))
    assert rows == measured["pieces"]
    assert "".join(rows) == text
    assert all(len(f"【人工】{row}".encode()) <= 1800 and row.endswith("。") for row in rows)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_whatever_an_applicant_writes_is_shown_as_text(text: str) -> None:
    client, _ = client_of(Role.AGENT)
    conversation = written(event("message_in", key="n", kind="text", text=text))
    conversation = asked(conversation.key)
    page = client.get(f"/c/{conversation.pk}/")
    html = page.content.decode()
    assert page.status_code == 200
    for tag in ("<script>alert", "<img src=x", 'href="javascript', "\u202e", "\u200b"):
        assert tag not in html
    assert html.count('id="composer"') == 1
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_numbers_are_masked_until_unmasked_with_a_reason() -> None:
    from desk.handoff.models import AuditEntry

    client, _ = client_of(Role.AGENT)
    conversation = written(event("message_in", key="n", kind="text", text="我的电话13812345678"))
    html = client.get(f"/c/{conversation.pk}/").content.decode()
    assert "138****5678" in html
    assert "13812345678" not in html + client.get("/?view=all").content.decode()
    message = Message.objects.get(author=Author.APPLICANT)
    path = f"/c/{conversation.pk}/m/{message.pk}/unmask/"
    assert "13812345678" not in client.post(path, {"reason": ""}).content.decode()
    assert "13812345678" in client.post(path, {"reason": "回电"}).content.decode()
    entry = AuditEntry.objects.get(action="unmask")
    assert (entry.reason, entry.conversation) == ("回电", conversation.pk)


def test_the_audit_log_cannot_be_changed() -> None:
    from django.db import DatabaseError, connection

    from desk.handoff.models import AuditEntry

    client, _ = client_of(Role.AGENT)
    post(client, asked(), "claim")
    entry = AuditEntry.objects.get(action="claim")
    entry.reason = "changed"
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        AuditEntry.objects.all().delete()
    for statement in ("UPDATE handoff_auditentry SET reason = 'x'", "DELETE FROM handoff_auditentry"):
        with pytest.raises(DatabaseError, match="append only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_nobody_is_promised_a_retry_that_does_nothing() -> None:
    client, _ = client_of(Role.AGENT)
    conversation = asked()
    post(client, conversation, "claim")
    post(client, conversation, "send", text="您好", reserve="1")
    message = Message.objects.get(author=Author.STAFF)
    path = f"m/{message.pk}/retry"
    assert post(client, conversation, path).status_code == 409
    Message.objects.filter(pk=message.pk).update(state="failed", reason="超过48小时")
    bus.call(lambda redis: redis.flushdb())
    assert post(client, conversation, path).status_code == 200
    message.refresh_from_db()
    assert message.state == "failed"
    again = Message.objects.get(retry_of=message)
    assert (again.text, again.state) == ("您好", "queued")


def test_each_number_opens_exactly_its_rows() -> None:
    import re
    from datetime import timedelta

    from django.utils import timezone

    from desk.handoff.models import Outcome, Reason, State, Ticket

    client, lead = client_of(Role.LEAD)
    now = timezone.now()
    for number in range(16):
        opened = now - timedelta(hours=number * 9)
        conversation = Conversation.objects.create(key=f"wechat:g:o-{number}", channel="wechat")
        Ticket.objects.create(
            conversation=conversation,
            state=State.CLOSED if number % 2 else State.LEFT,
            outcome=Outcome.HANDED_BACK if number % 2 else "",
            reason=list(Reason.values)[number % 3],
            opened_at=opened,
            claimed_at=opened + timedelta(minutes=2) if number % 2 else None,
            agent=lead if number % 2 else None,
            timed_out=not number % 2,
            transfers=int(number % 5 == 0),
            score=number % 5 + 1 if number % 3 == 0 else None,
        )
    html = client.get("/numbers/?days=7").content.decode()
    links = re.findall(r'<a href="(/numbers/rows/[^"]*)">(\d+)</a>', html)
    assert len(links) > 40
    for link, shown in links:
        rows = client.get(link.replace("&amp;", "&")).content.decode()
        if "what=transfers" in link:
            continue  # that number counts transfers, a ticket may have several
        assert f"明细：{shown} 条" in rows, link

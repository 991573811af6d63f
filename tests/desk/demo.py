"""Fills a database with conversations as an office would have them; for pictures and for looking around.

``python -m tests.desk.demo`` works on the database and Redis that the settings name. No real person is in it.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from desk import prepare

PASSWORD = "demo-password-1"
ANSWERS = {"foundation": "yes", "expertise": "yes", "team": "unknown", "units": "two", "lead": "yes"}
SCORES = (5, 4, 5, 3, 5, 4)


def _talk(number: int, reason: str | None, *lines: tuple[str, str]) -> None:
    from tests.desk.make import event, written

    key = f"wechat:gh_demo:o-demo-{number}"
    events: list[Any] = []
    start = time.time() - 600 + number * 7
    for step, (author, text) in enumerate(lines):
        kind = "message_in" if author == "in" else "message_out"
        one = event(kind, key, key=f"{number}-{step // 2}", kind="text", text=text, author="bot")
        events.append(_at(one, start + step * 20))
    if reason:
        told = event("handoff", key, owner="queue", epoch=1, reason=reason, told=True)
        events.append(_at(told, start + len(lines) * 20))
    written(*events)


def _at(event: Any, at: float) -> Any:
    import msgspec

    return msgspec.structs.replace(event, at=at)


def _people() -> list[Any]:
    from desk.accounts.models import User
    from desk.accounts.permissions import Role

    people = []
    for username, name, roles in (
        ("li", "客服甲", [Role.AGENT]),
        ("wang", "客服乙", [Role.AGENT]),
        ("zhao", "班长", [Role.LEAD]),
        ("sun", "管理员", [Role.ADMIN, Role.LEAD]),
        ("shen", "审计员", [Role.AUDITOR]),
        ("ye", "业务审核", [Role.REVIEWER]),
    ):
        user = User.objects.new(username, name, roles)
        user.set_password(PASSWORD)
        user.save()
        people.append(user)
    return people


def _settings_of_office() -> None:
    from desk.accounts.models import User
    from desk.handoff.models import CannedReply, Group

    CannedReply.objects.create(
        title="问候", shortcut="您好", text="您好，我是工作人员，正在看您的问题，请稍等。", position=1
    )
    CannedReply.objects.create(
        title="电话咨询",
        shortcut="电话",
        text="{项目}由{处室}负责，电话 {电话}。工作时间：{工作时间}。",
        position=2,
    )
    CannedReply.objects.create(
        title="材料待通知", shortcut="材料", text="申报材料的样式指南没有写，请以后续通知为准。", position=3
    )
    CannedReply.objects.create(
        title="结束语", shortcut="再见", text="感谢咨询。还有问题随时发消息，再见！", position=9
    )
    Group.objects.create(name="示范项目组").members.add(*User.objects.filter(username__in=["li", "wang"]))
    Group.objects.create(name="研究课题组")


def fill() -> None:
    """Fill the database. It should be empty."""
    from django.conf import settings

    from desk.handoff import ownership
    from desk.handoff.models import Conversation, Message
    from desk.hours import Calendar
    from tests.desk.make import event, written

    settings.CALENDAR = Calendar(weekdays=frozenset(range(1, 8)), spans=("00:00-23:59",))
    li, wang, *_ = _people()
    _settings_of_office()
    _history(li, wang)
    _talk(
        1,
        "asked",
        ("in", "我们两家单位联合申报，牵头单位没有独立法人资格行不行？"),
        ("out", "研究项目最多两家联合，牵头单位要是独立法人（二（二）2）。"),
        ("in", "转人工"),
    )
    _talk(
        2,
        "not_in_guide",
        ("in", "申报截止到哪天？"),
        ("out", "申报截止时间，指南没有写，我不能猜。"),
        ("in", "那帮我问问工作人员，电话13812345678"),
    )
    _talk(
        3,
        "not_understood",
        ("in", "那个东西现在还弄不弄"),
        ("out", "我没太明白您的意思。"),
        ("in", "就是去年那个"),
    )
    _talk(
        4,
        "anger",
        ("in", "问了三遍都答不到点子上！"),
        ("out", "抱歉，没能帮上您。"),
        ("in", "叫你们负责人来"),
    )
    _talk(5, None, ("in", "示范项目执行期多长"), ("out", "1年（一（五））。"))
    _talk(6, None, ("in", "研究方向有哪些"), ("out", "一共12个方向。"), ("in", "谢谢"))
    key = "wechat:gh_demo:o-demo-9"
    written(
        event("message_in", key, key="9-a", kind="text", text="我想核对研究项目能不能报"),
        event(
            "message_out",
            key,
            key="9-a",
            author="bot",
            text="第 1 问（最多 9 问）\n知识产权工作基础好吗？",
            options=[
                ["ask:research:foundation:yes", "是"],
                ["ask:research:foundation:no", "不是"],
                ["ask:research:foundation:unknown", "不清楚"],
            ],
        ),
        event("message_in", key, key="9-b", kind="tap", tap="ask:research:foundation:yes"),
        event(
            "turn",
            key,
            key="9-a",
            intent="screen",
            topic="conditions",
            outcome="screening",
            project="research",
            answers=ANSWERS,
        ),
        event("turn", key, key="9-b", intent="deadline", topic="deadline", outcome="not_in_guide"),
        event(
            "message_in",
            key,
            key="9-c",
            kind="text",
            text="团队里有两位是外聘的算不算？我的号码是 138 1234 5678，身份证62010219900101123X",
        ),
        event("handoff", key, owner="queue", epoch=1, reason="asked", told=True),
    )
    conversation = Conversation.objects.get(key=key)
    ownership.claim(conversation.pk, li, conversation.epoch)
    _before(conversation, wang)
    _bubbles(conversation, li)
    Conversation.objects.filter(pk=conversation.pk).update(
        last_author="staff", last_text="先请您准备好聘用合同。"
    )
    assert Message.objects.filter(conversation=conversation).exists()


def _before(conversation: Any, wang: Any) -> None:
    """An earlier stretch with a person, two days ago."""
    from django.utils import timezone

    from desk.handoff.models import Message, Outcome, State, Ticket

    start = timezone.now() - timedelta(days=2)
    ticket = Ticket.objects.create(
        conversation=conversation,
        state=State.CLOSED,
        outcome=Outcome.HANDED_BACK,
        reason="not_in_guide",
        agent=wang,
        opened_at=start,
        claimed_at=start,
        closed_at=start + timedelta(minutes=9),
        score=5,
    )
    for author, text in (
        ("system", "客服乙 接管了会话"),
        ("applicant", "材料交到哪里？"),
        ("staff", "指南没有写递交地点，我们收到通知就告诉您。"),
        ("note", "已记下，等处室回复。"),
    ):
        agent = wang if author in {"staff", "note"} else None
        Message.objects.create(
            conversation=conversation, ticket=ticket, author=author, text=text, at=start, agent=agent
        )


def _bubbles(conversation: Any, li: Any) -> None:
    from desk.handoff import tickets
    from desk.handoff.models import Message

    ticket = tickets.current(conversation.pk)
    rows = (
        ("staff", "您好，外聘的要看是否有正式聘用关系。请问聘期多长？", "sent", ""),
        ("applicant", "一年一签，<b>有合同</b>\u202egnp.exe", "", ""),
        ("note", "合同类证明指南没写，先问业务处室再答。", "", ""),
        ("staff", "明白了，我核实后答复您。", "failed", "超过 48 小时没有来信，微信不允许发送"),
        ("staff", "这条不知道有没有送到。", "unknown", "发出后没有收到微信的应答"),
        ("staff", "先请您准备好聘用合同。", "held", "额度已用完，等对方来信时发出"),
    )
    for number, (author, text, state, reason) in enumerate(rows):
        Message.objects.create(
            conversation=conversation,
            ticket=ticket,
            author=author,
            text=text,
            state=state,
            reason=reason,
            agent=li if author in {"staff", "note"} else None,
            outbox=f"demo-{number}" if state else None,
        )


def all_roles(username: str) -> None:
    """Give somebody every role, so that one login sees every page."""
    from desk.accounts.models import User
    from desk.accounts.permissions import Role

    User.objects.filter(username=username).update(roles=[str(role) for role in Role])


def _history(li: Any, wang: Any) -> None:
    from django.utils import timezone

    from desk.handoff.models import Conversation, Outcome, Reason, State, Ticket

    now = timezone.now()
    reasons = list(Reason.values)[:5]
    for number in range(90):
        opened = now - timedelta(days=number % 7 + 1, hours=number * 5 % 9, minutes=number)
        conversation = Conversation.objects.create(
            key=f"wechat:gh_demo:o-old-{number}",
            channel="wechat",
            last_at=opened,
            last_text="谢谢",
            last_author="applicant",
        )
        late = number % 9 == 0
        Ticket.objects.create(
            conversation=conversation,
            state=State.CLOSED,
            reason=reasons[number % 5],
            opened_at=opened,
            waiting_since=opened,
            claimed_at=None if late else opened + timedelta(minutes=1 + number % 7),
            replied_at=None if late else opened + timedelta(minutes=2 + number % 9),
            closed_at=opened + timedelta(minutes=14 + number % 20),
            agent=None if late else (li if number % 3 else wang),
            outcome=Outcome.TIMED_OUT if late else Outcome.HANDED_BACK,
            timed_out=late,
            transfers=number % 11 == 0,
            score=None if late or number % 4 else SCORES[number // 4 % 6],
        )


if __name__ == "__main__":
    prepare.set_up()
    prepare.migrate()
    fill()

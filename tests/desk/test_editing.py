"""Answers and guide edited by the office: two people, checked, published whole, and taken back."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
from django.test import Client

from bot.bus import editions as board
from bot.guide import answers, screening
from bot.guide import editions as kept
from desk.accounts.permissions import Role
from desk.bus import bus
from desk.editions import current
from desk.editions.models import Publication
from desk.faqlog.models import Screening
from desk.handoff import duty, texts
from desk.handoff.models import AuditEntry, CannedReply
from desk.office import checking, effects
from desk.office.models import Draft, State
from tests.desk import biglog
from tests.desk.officers import client, draft, problems, published, step

pytestmark = pytest.mark.usefixtures("desk")

TEXT = "{research.short}要做{research.duration}。{basis}\n先答，再说下一步。"


@pytest.fixture
def writer() -> Client:
    return client("writer", Role.REVIEWER)


@pytest.fixture
def other() -> Client:
    return client("other", Role.ADMIN)


def _duration() -> str:
    return answers.answer(texts.guide(), "duration", "research").text


def test_an_answer_goes_through_two_people_into_use_and_back(writer: Client, other: Client) -> None:
    before, files = _duration(), current.files()
    one = draft(writer, "answer", "duration:research", text=TEXT, clauses="二（三）")
    assert step(writer, one, "waiting").status_code == 302
    assert step(writer, one, "approved").status_code == 409, "not by the one who wrote it"
    assert writer.post("/office/publish/").status_code == 409, "nothing is approved yet"
    assert step(other, one, "approved").status_code == 302
    assert _duration() == before, "approved isn't published"
    assert other.post("/office/publish/", {"why": "改说法"}).status_code == 302
    assert _duration() == "研究项目要做1年。（依据：二（三））\n先答，再说下一步。"
    one.refresh_from_db()
    assert (one.state, one.author_name, one.reviewer_name) == (State.PUBLISHED, "姓名writer", "姓名other")
    changed = {name for name in files if files[name] != current.files()[name]}
    assert changed == {"topics.yml"}
    lines = list(difflib.ndiff(files["topics.yml"].splitlines(), current.files()["topics.yml"].splitlines()))
    assert sum(line.startswith("-") for line in lines) == 1, "comments and order are kept"
    base = kept.digest(files)
    assert other.post("/office/versions/back/", {"version": base}).status_code == 302
    assert _duration() == before
    assert current.files() == files
    done = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"edit", "submit", "pass", "publish", "rollback"} <= done


def test_workers_are_told_with_the_files(writer: Client, other: Client) -> None:
    one = draft(writer, "blank", "deadline", text="2026年5月31日", source="某年某号通知")
    published(writer, other, one)
    now = current.version()
    assert bus.call(lambda redis: board.current(redis, "guide")) == now
    found = bus.call(lambda redis: board.files(redis, "guide", now))
    assert kept.digest({name: content.decode() for name, content in found.items()}) == now
    said = answers.answer(texts.guide(), "deadline")
    assert (said.text, said.in_guide) == ("申报截止时间：2026年5月31日（来源：某年某号通知）", True)
    bus.call(lambda redis: redis.flushdb())
    current.tell_again()
    assert bus.call(lambda redis: board.current(redis, "guide")) == now


@pytest.mark.parametrize(
    ("kind", "target", "values", "sentence"),
    [
        (
            "answer",
            "duration:research",
            {"text": "{research.lasts}", "clauses": "二（三）"},
            "research.lasts",
        ),
        ("answer", "duration:research", {"text": "这就是初步符合", "clauses": "二（三）"}, "初步符合"),
        ("answer", "duration:research", {"text": TEXT, "clauses": "第三条"}, "不是指南的条款号"),
        ("blank", "deadline", {"text": "5月", "source": ""}, "出处"),
        ("contact", "research", {"division": "某处", "phone": "12-34", "clause": "来函"}, "不像电话号码"),
        ("hours", "hours", {"spans": "17:30-09:00"}, "有误"),
        ("hours", "hours", {"holidays": "春节 二月"}, "名称 开始日期 结束日期"),
        ("canned", "new", {"title": "t", "text": "x", "position": "前"}, "次序"),
        (
            "file",
            "project-research.yml",
            {"text": "guide:\n  projects:\n    - id: research\n"},
            "project-research.yml:",
        ),
        ("file", "project-research.yml", {"text": "guide: [}"}, "YAML"),
        ("chat", "thanks", {"text": ""}, "空着"),
    ],
)
def test_mistakes_are_named_and_nothing_is_kept(
    writer: Client, kind: str, target: str, values: dict[str, str], sentence: str
) -> None:
    path = f"/office/file/?name={target}" if kind == "file" else f"/office/edit/{kind}/{target}/"
    response = writer.post(path, {"why": "试", "name": target, **values})
    assert response.status_code == 422
    assert sentence in problems(response)
    assert not Draft.objects.exists()


def test_a_draft_begun_before_somebody_elses_change_is_refused(writer: Client, other: Client) -> None:
    late = draft(writer, "chat", "thanks", text="不用谢。")
    published(other, writer, draft(other, "chat", "thanks", text="别客气。"))
    assert step(writer, late, "waiting").status_code == 302
    assert step(other, late, "approved").status_code == 302
    response = other.post("/office/publish/")
    assert response.status_code == 409
    assert "别人改过同一处" in problems(response)
    assert answers.chat(texts.guide(), "thanks") == "别客气。"


def test_hours_and_holidays_are_edited(
    writer: Client, other: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    from django.conf import settings

    monkeypatch.delattr(settings, "CALENDAR")
    holidays = "某节 2027-01-01 2027-01-03"
    one = draft(writer, "hours", "hours", spans="08:30-12:00", holidays=holidays, workdays="2027-01-09")
    published(writer, other, one)
    found = duty.calendar()
    assert found.spans == ("08:30-12:00",)
    assert not found.works_on(date(2027, 1, 1))
    assert found.works_on(date(2027, 1, 9))
    assert current.files()[kept.HOURS].startswith("# 人工服务时间")


def test_canned_replies_are_edited_and_new_ones_made(writer: Client, other: Client) -> None:
    values = {"title": "问候", "text": "您好", "position": "1", "active": "是", "shortcut": ""}
    published(writer, other, draft(writer, "canned", "new", **values))
    reply = CannedReply.objects.get()
    published(writer, other, draft(writer, "canned", str(reply.pk), **{**values, "text": "您好，请讲"}))
    reply.refresh_from_db()
    assert reply.text == "您好，请讲"
    history = list(Draft.objects.filter(kind="canned", target=str(reply.pk)))
    assert [each.after["text"] for each in history] == ["您好，请讲", "您好"]


def test_past_screenings_are_worked_out_under_both_versions() -> None:
    biglog.fill(4_000, 5)
    name, files = "project-research.yml", current.files()
    changed = files[name].replace("units: {is one of: [one, two]}", "units: {is: one}", 1)
    old, new = (checking.check(each).guide for each in (files, {**files, name: changed}))
    assert old is not None
    assert new is not None
    (effect,) = effects.effects(old, new)
    before, after = (next(each for each in guide.projects if each.id == "research") for guide in (old, new))
    rows = list(Screening.objects.filter(project="research").order_by("-id"))
    pairs = [(screening.verdict(before, row.answers), screening.verdict(after, row.answers)) for row in rows]
    different = [row for row, (one, other) in zip(rows, pairs, strict=True) if one != other]
    assert (effect.seen, sum(count for *_, count in effect.past)) == (len(rows), len(different))
    assert 0 < len(different) < len(rows)
    shown = [(case["at"], case["conversation"]) for case in effect.cases]
    assert shown == [(row.last_at, row.conversation_id) for row in different[:50]]
    assert {(case["before"], case["after"]) for case in effect.cases} <= {(a, b) for a, b, _ in effect.past}


def test_a_topic_that_the_model_hears_cannot_be_taken_out(writer: Client) -> None:
    files = current.files()
    cut = files["topics.yml"].partition("    - id: review")[0]
    topics = cut.replace("related: [review, contact]", "related: [contact]")
    points = files["points.yml"].replace("topic: review", "topic: tasks")
    files = {**files, "topics.yml": topics, "points.yml": points}
    assert checking.check(files).problems == ("topics.yml:1 少了话题“review”，模型还会听到它，请保留。",)


def _chat(who: Client, one: Draft, **data: Any) -> str:
    return str(who.post(f"/office/draft/{one.pk}/chat/", data).content.decode())


def test_the_preview_speaks_the_draft_and_nobody_else_does(writer: Client, other: Client) -> None:
    one = draft(writer, "answer", "duration:research", text=TEXT, clauses="二（三）")
    assert "研究项目要做1年" in _chat(other, one)
    asked = _chat(other, one, tap="ask:research")
    assert "ask:research:foundation:yes" in asked
    ended = _chat(other, one, tap="ask:research:units:more", answers="{}")
    assert "不符合" in ended
    assert "预览里没有这一项" in _chat(other, one, tap="topic:nothing")
    assert "研究项目要做1年" not in _duration()


def test_every_version_is_kept(writer: Client, other: Client) -> None:
    for words in ("一", "二", "三"):
        published(writer, other, draft(writer, "chat", "bye", text=f"再见{words}。", why=f"第{words}次"))
    assert Publication.objects.count() == 3
    page = other.get("/office/versions/").content.decode()
    assert all(version in page for version in Publication.objects.values_list("edition_id", flat=True))
    history = other.get("/office/edit/chat/bye/").content.decode()
    assert all(f"第{words}次" in history for words in "一二三")
    first = Publication.objects.order_by("id")[0].edition_id
    assert other.post("/office/versions/back/", {"version": first}).status_code == 302
    assert answers.chat(texts.guide(), "bye") == "再见一。"
    assert other.post("/office/versions/back/", {"version": first}).status_code == 409
    assert other.post("/office/versions/back/", {"version": "../../etc"}).status_code == 409


def test_an_answer_drafted_from_a_staff_reply_is_taken_up_once(writer: Client) -> None:
    from desk.faqlog.models import DraftAnswer

    said = DraftAnswer.objects.create(topic="duration", text="研究项目做一年，从签合同算。")
    DraftAnswer.objects.create(topic="deadline", text="五月底。")
    page = writer.get("/office/?kind=answer").content.decode()
    assert f"/office/edit/answer/duration:research/?suggestion={said.pk}" in page
    assert "/office/edit/blank/deadline/?suggestion=" in page
    form = writer.get(f"/office/edit/answer/duration:research/?suggestion={said.pk}").content.decode()
    assert said.text in form
    draft(
        writer,
        "answer",
        "duration:research",
        text=f"{said.text}{{basis}}",
        clauses="二（三）",
        suggestion=str(said.pk),
    )
    said.refresh_from_db()
    assert said.used
    assert f"suggestion={said.pk}" not in writer.get("/office/?kind=answer").content.decode()

"""The log: what is written, what a filter lets through, what a search finds, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bot.privacy import mask
from desk.accounts.permissions import Role
from desk.faqlog import filters, grams, listing, search, tally
from desk.faqlog.filters import Filter
from desk.faqlog.models import Question, SavedView, Screening, Turn, Visit, Why
from desk.handoff.models import AuditEntry
from desk.hours import CHINA
from tests.desk import biglog
from tests.desk.make import KEY, event, signed_in, user, written

pytestmark = pytest.mark.usefixtures("desk")


def login(*roles: Role) -> Client:
    """A client of a member of staff with these roles."""
    return signed_in(user("office", *(roles or (Role.REVIEWER,))))


def _asked(number: int, text: str, **turn: Any) -> None:
    key = f"q{number}"
    written(
        event("message_in", key=key, kind="text", text=text),
        event("turn", key=key, **turn),
        event("message_out", key=key, author="bot", text=f"答{number}", options=turn.pop("options", [])),
    )


def test_a_turn_has_its_visit_its_screening_and_only_its_own_topic() -> None:
    about = {"topic": "deadline", "project": "research"}
    _asked(1, "什么时候截止", outcome="not_in_guide", confidence=0.9, **about)
    _asked(2, "核对", outcome="screening", answers={"foundation": "yes"}, **about)
    _asked(3, "谢谢", outcome="chat", answers={"foundation": "yes"}, verdict="待确认", **about)
    _asked(4, "重新来", outcome="screening", intent="start_over", answers={}, **about)
    rows = list(Turn.objects.order_by("id"))
    assert [row.topic for row in rows] == ["deadline", "", "", ""]
    assert [row.verdict for row in rows] == ["", "", "", ""]
    assert Visit.objects.get().turns == 4
    assert [row.visit_id for row in rows] == [Visit.objects.get().pk] * 4
    first, second = Screening.objects.order_by("id")
    assert (rows[1].screening, rows[3].screening) == (first, second)
    assert (first.open_fact, second.open_fact) == ("expertise", "foundation")
    here = rows[0].at.astimezone(CHINA)
    assert (rows[0].day, rows[0].slot) == (here.date(), here.weekday() * 24 + here.hour)


def test_a_failed_condition_is_kept_with_the_verdict() -> None:
    answers = {"foundation": "yes", "expertise": "yes", "team": "no"}
    _asked(1, "没有", outcome="screening", project="research", answers=answers, verdict="不符合")
    walk = Screening.objects.get()
    assert (walk.verdict, walk.failed, walk.open_fact) == ("不符合", "team", "")


def test_feedback_finds_the_answer_that_offered_it() -> None:
    options = [["topic:amount", "资助多少钱"], ["helped:3", "有帮助"], ["unsolved:3", "没解决"]]
    _asked(1, "执行多久", outcome="answered", topic="duration", options=options)
    _asked(2, "别的", outcome="answered", topic="amount")
    written(event("feedback", key="q3", tap="unsolved:3", score=0))
    assert list(Turn.objects.order_by("id").values_list("score", flat=True)) == [0, None]
    assert Question.objects.get().why == Why.UNSOLVED
    written(event("feedback", key="q4", tap="helped:99", score=1))
    assert list(Turn.objects.order_by("id").values_list("score", flat=True)) == [0, None]


def test_a_search_finds_what_a_reader_would() -> None:
    texts = [
        "联合申报最多几家",
        "申报条件有哪些",
        "条件申报",
        "报",
        "ABC-12 型号申请",
        "联名 合报",
        "𠮷林省也能报吗",
    ]
    for number, text in enumerate(texts):
        _asked(number, text, outcome="answered")

    def found(query: str) -> list[str]:
        return sorted(search.containing(Turn.objects.all(), query).values_list("text", flat=True))

    assert found("申报条件") == ["申报条件有哪些"]
    assert found("条件") == ["条件申报", "申报条件有哪些"]
    assert found("报") == sorted(text for text in texts if "报" in text)
    assert found("件") == ["条件申报", "申报条件有哪些"]
    assert found("联合 几家") == ["联合申报最多几家"]
    assert found("abc") == ["ABC-12 型号申请"]
    assert found("ａｂｃ") == ["ABC-12 型号申请"]
    assert found("𠮷林") == ["𠮷林省也能报吗"]
    assert found("，。") == found("没有的词") == []
    for odd in ('"', 'a" OR "b', "*", "NEAR(a b)", "a'b", "-联合", "\\"):
        found(odd)
    Turn.objects.filter(text="报").delete()
    assert "报" not in found("报")
    row = Turn.objects.get(text="条件申报")
    row.text = "期限"
    row.save()
    assert found("条件") == ["申报条件有哪些"]
    assert found("期限") == ["期限"]


def test_pairs_of_characters_are_what_is_indexed() -> None:
    assert grams.grams("Ｑ１申报，条件!") == "q1 申报 报 条件 件"
    assert grams.phrases("申报条 件 a1") == [["申报", "报条"], ["件"], ["a1"]]
    assert grams.grams(mask("电话13812345678")) == "电话 话 138xxxx5678"


def test_filters_combine_and_their_count_is_that_of_the_rows() -> None:
    biglog.fill(1_200, 20, people=40)
    cases = (
        "days=all",
        "days=7&channel=kf",
        "days=all&outcome=answered,not_in_guide&topic=amount",
        "days=all&topic=-",
        "days=all&feedback=unsolved&channel=wechat",
        "days=all&low=1&project=research",
        "days=all&q=指南&outcome=answered",
        "days=all&slot=33",
        "days=all&verdict=不符合",
    )
    from django.http import QueryDict

    seen = set()
    for query in cases:
        wanted = filters.read(QueryDict(query))
        assert filters.read(QueryDict(wanted.query)) == wanted
        rows = filters.turns(wanted).count()
        page, *counted = listing.counted(wanted)
        assert counted == [rows, True], query
        assert len(page.rows) == min(rows, listing.PAGE)
        assert tally.known(wanted) in (rows, None)
        assert tally.looked_for(wanted) == (rows, True)
        assert rows, query
        seen.add(rows)
        assert filters.words(wanted) or query == "days=all"
    assert len(seen) == len(cases)


def test_pages_meet_without_gap_or_double() -> None:
    biglog.fill(400, 5)
    Turn.objects.filter(pk__lte=200).update(at=Turn.objects.latest("at").at)
    wanted, seen, mark = Filter(), list[int](), ""
    while True:
        page = listing.page(wanted, mark, 37)
        seen += [row.pk for row in page.rows]
        mark = page.mark
        if not mark:
            break
    assert seen == list(filters.turns(wanted).values_list("pk", flat=True))
    assert len(seen) == 400


def test_what_cannot_be_read_is_left_out() -> None:
    client = login()
    for query in (
        "first=x&last=9999-99-99",
        "behind=a_b",
        "behind=99999999999999999999_1",
        "slot=-1",
        "q=%00",
        "days=²",
    ):
        assert client.get(f"/faq/log/?{query}").status_code == 200, query


def test_the_conversation_around_a_turn_and_marking_it_wrong() -> None:
    for number in range(20):
        _asked(number, f"问{number}", outcome="answered", topic="amount")
    client = login()
    middle = Turn.objects.order_by("id")[10]
    html = client.get(f"/faq/log/{middle.pk}/").content.decode()
    assert all(f"问{number}<" in html for number in range(2, 19))
    assert "问1<" not in html
    assert client.post(f"/faq/log/{middle.pk}/wrong/").status_code == 200
    assert Question.objects.get().why == Why.CORRECTED
    assert AuditEntry.objects.filter(action="wrong").exists()


def test_views_are_saved_shared_and_deleted() -> None:
    client = login()
    client.post(
        "/faq/log/views/",
        {"name": "没听懂的", "query": "days=all&outcome=not_understood", "days": "7", "shared": "1"},
    )
    client.post("/faq/log/views/", {"name": "三月", "query": "first=2026-03-01&last=2026-03-31", "days": ""})
    other = signed_in(user("other", Role.LEAD))
    html = other.get("/faq/log/").content.decode()
    assert "没听懂的" in html
    assert "三月" not in html
    moving, fixed = SavedView.objects.order_by("id")
    assert "days=7" in moving.query
    assert fixed.query == "first=2026-03-01&last=2026-03-31"
    assert other.post(f"/faq/log/views/{moving.pk}/delete/").status_code == 404
    client.post(f"/faq/log/views/{moving.pk}/delete/")
    assert SavedView.objects.get() == fixed


def test_every_page_of_the_log_is_answered_by_an_index() -> None:
    biglog.fill(1_200, 20)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if connection.vendor != "sqlite":
        return
    for wanted in (
        Filter(),
        Filter(topic="amount"),
        Filter(outcome="not_understood"),
        Filter(slot="33"),
        Filter(q="联合"),
    ):
        sql, values = filters.turns(wanted)[:51].query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            steps = [row[3] for row in cursor.fetchall()]
        assert not any(step.startswith("SCAN faqlog_turn") and "USING" not in step for step in steps), steps
    assert KEY

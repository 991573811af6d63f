"""The inbox of the unanswered: what comes in, how it is grouped and ranked, what becomes of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from django.test import Client

from bot.settings import ROOT
from desk.accounts.permissions import Role
from desk.faqlog import inbox, names, settle
from desk.faqlog.grouping import gather
from desk.faqlog.grouping import meaning as meanings
from desk.faqlog.grouping.centres import NEAR, Centres
from desk.faqlog.grouping.meaning import Meaning
from desk.faqlog.models import DraftAnswer, Example, Fate, Group, NewTopic, Question, Turn, Why
from desk.handoff.models import AuditEntry, Author, Conversation, Message
from tests.desk.make import event, signed_in, user, written
from tests.nlu.questions import held_out

pytestmark = pytest.mark.usefixtures("desk")
TOPICS = ("amount", "deadline", "contact", "joint", "credit")


@pytest.fixture(scope="module")
def meaning(tmp_path_factory: pytest.TempPathFactory) -> Meaning:
    """What a few topics mean, learnt from a part of their examples."""
    by_topic: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for text, topic in meanings.examples(ROOT / "data" / "nlu"):
        if topic in TOPICS:
            by_topic[topic].append((text, topic))
    known = [pair for pairs in by_topic.values() for pair in pairs[::3][:40]]
    folder: Path = tmp_path_factory.mktemp("meaning")
    learnt = meanings.learn(known, folder)
    again = meanings.learn(known, folder)
    assert again.name == learnt.name
    assert np.array_equal(again.weights, learnt.weights)
    return learnt


def ask(text: str, person: int, outcome: str = "not_understood", **more: object) -> None:
    """Somebody asks something."""
    key, said = f"wechat:gh:o-{person}", f"{person}-{text}"
    written(
        event("message_in", key, key=said, kind="text", text=text),
        event("turn", key, key=said, outcome=outcome, **more),
        event("message_out", key, key=said, author="bot", text="答"),
    )


def test_what_was_not_understood_or_guessed_comes_in() -> None:
    ask("没听懂的", 1)
    ask("猜的", 1, "answered", topic="amount", confidence=0.35)
    ask("有把握的", 1, "answered", topic="amount", confidence=0.9)
    ask("别的事", 1, "off_topic")
    found = Question.objects.order_by("id").values_list("turn__text", "why")
    assert list(found) == [("没听懂的", Why.NOT_UNDERSTOOD), ("猜的", Why.LOW)]
    assert inbox.digest("多 少钱？") == inbox.digest("多少钱") == inbox.digest("多少钱！")


def test_a_settled_question_comes_back_only_for_a_weightier_reason() -> None:
    ask("猜的", 1, "answered", topic="amount", confidence=0.35)
    turn, who = Turn.objects.get(), user()
    settle.dismiss(Question.objects.all(), "试一试", who)
    inbox.put(turn, Why.LOW)
    assert Question.objects.get().fate == Fate.DISMISSED
    inbox.put(turn, Why.UNSOLVED)
    assert (Question.objects.get().fate, Question.objects.get().why) == (Fate.OPEN, Why.UNSOLVED)


def test_held_out_questions_are_grouped_by_meaning(meaning: Meaning) -> None:
    """The long form, with all topics and intents, is ``python -m bench.grouping``."""
    asked = [question for topic in TOPICS for question in [q for q in held_out() if q.intent == topic][:14]]
    for number, question in enumerate(sorted(asked, key=lambda each: inbox.digest(each.text))):
        ask(question.text, number)
    assert gather.run(meaning) == len(asked)
    topic_of = {question.text: question.intent for question in asked}
    groups: dict[int | None, list[str]] = defaultdict(list)
    for row in Question.objects.select_related("turn"):
        groups[row.group_id].append(topic_of[row.turn.text])
    right = sum(Counter(topics).most_common(1)[0][1] for topics in groups.values())
    assert None not in groups
    assert right / len(asked) >= 0.85
    assert len(groups) <= 2 * len(TOPICS)
    assert all(set(group.nearest.split(",")) <= set(TOPICS) for group in Group.objects.all())
    # Those that come later join those that are there.
    before = Group.objects.count()
    for person in range(3):
        ask(asked[0].text, 900 + person)
    assert gather.run(meaning) == 3
    assert Group.objects.count() == before


def test_centres_move_towards_what_joins_them() -> None:
    centres = Centres(2)
    step = float(np.sqrt(NEAR)) * 0.9
    assert centres.join(np.array([0, 0], np.float32)) == 0
    assert centres.join(np.array([step, 0], np.float32)) == 0
    assert np.allclose(centres.centre(0), [step / 2, 0])
    assert centres.join(np.array([3, 3], np.float32)) == 1
    for number in range(100):
        centres.join(np.array([10 * number, 50], np.float32))
    assert len(centres) == 102


def _two_groups() -> tuple[Group, Group]:
    """Three people ask one thing, in two ways; one person asks another, five times."""
    groups = [
        Group.objects.create(centre=bytes(8), meaning="m", weight=3, nearest="amount") for _ in range(2)
    ]
    for person, text in ((1, "给多少钱"), (2, "给多少钱"), (3, "补贴几万")):
        ask(text, person)
    for number in range(5):
        ask(f"找谁{number}", 9)
    Question.objects.filter(conversation__key="wechat:gh:o-9").update(group=groups[1])
    Question.objects.filter(group=None).update(group=groups[0])
    for group in groups:
        group.exemplar = group.questions.first()
        group.save()
    return groups[0], groups[1]


def login(name: str = "office", *roles: Role) -> Client:
    """A client of a member of staff with these roles."""
    return signed_in(user(name, *(roles or (Role.REVIEWER,))))


def test_groups_are_ranked_by_how_many_people_asked() -> None:
    first, second = _two_groups()
    html = login().get("/faq/inbox/").content.decode()
    assert 0 < html.index(f'data-id="{first.pk}"') < html.index(f'data-id="{second.pk}"')
    assert "8 条待处理，来自 4 位申请人" in html
    assert html.count("看会话") == 3


def test_adopting_makes_one_example_for_each_way_of_asking_and_takes_two_people() -> None:
    first, _ = _two_groups()
    client = login()
    told = client.post(
        "/faq/inbox/settle/", {"what": "adopt", "group": first.pk, "topic": "amount", "kind": "train"}
    )
    assert told.status_code == 204
    rows = list(Example.objects.order_by("text").values_list("text", "topic", "kind"))
    assert rows == [("给多少钱", "amount", "train"), ("补贴几万", "amount", "train")]
    assert Question.objects.filter(fate=Fate.ADOPTED).count() == 3
    marked = {"example": list(Example.objects.values_list("pk", flat=True)), "what": "approve"}
    client.post("/faq/examples/decide/", marked)
    assert not Example.objects.exclude(approved_by=None).exists()
    login("second", Role.LEAD).post("/faq/examples/decide/", marked)
    assert set(Example.objects.values_list("approved_by__username", flat=True)) == {"second"}
    assert {"settle", "approve"} <= set(AuditEntry.objects.values_list("action", flat=True))
    client.post("/faq/examples/decide/", {**marked, "what": "withdraw"})
    assert not Example.objects.exists()
    assert Question.objects.filter(fate=Fate.OPEN).count() == 8


def test_off_topic_new_topic_dismiss_and_back() -> None:
    first, second = _two_groups()
    client = login()
    one = first.questions.get(turn__text="补贴几万")
    client.post("/faq/inbox/settle/", {"what": "off_topic", "question": one.pk, "group": first.pk})
    assert Example.objects.get().topic == names.OFF_TOPIC
    assert first.questions.filter(fate=Fate.OPEN).count() == 2
    refused = client.post(
        "/faq/inbox/settle/", {"what": "new_topic", "group": first.pk, "label": "资助多少钱"}
    )
    assert "desk:notice" in refused.headers["HX-Trigger"]
    assert not NewTopic.objects.exists()
    client.post("/faq/inbox/settle/", {"what": "new_topic", "group": first.pk, "label": "分期拨付"})
    topic = NewTopic.objects.get()
    assert Example.objects.get(text="给多少钱").topic == topic.pk
    assert names.topics()[topic.pk] == "分期拨付（新）"
    client.post("/faq/inbox/settle/", {"what": "dismiss", "group": second.pk, "reason": ""})
    assert second.questions.filter(fate=Fate.OPEN).count() == 5
    client.post("/faq/inbox/settle/", {"what": "dismiss", "group": second.pk, "reason": "重复打扰"})
    settled = list(second.questions.values_list("pk", flat=True))
    assert set(second.questions.values_list("note", flat=True)) == {"重复打扰"}
    client.post("/faq/inbox/settle/", {"what": "reopen", "question": settled[:2]})
    assert second.questions.filter(fate=Fate.OPEN).count() == 2
    for odd in ({"what": "x"}, {"what": "adopt", "topic": "nonsense"}, {"what": "merge"}, {"group": "x"}):
        assert client.post("/faq/inbox/settle/", odd).status_code == 204


def test_merged_groups_are_one() -> None:
    first, second = _two_groups()
    login().post("/faq/inbox/settle/", {"what": "merge", "group": [first.pk, second.pk]})
    assert Group.objects.get().questions.count() == 8
    assert Group.objects.get().weight == 6


def test_a_staff_reply_becomes_a_draft() -> None:
    first, _ = _two_groups()
    conversation = Conversation.objects.get(key="wechat:gh:o-1")
    said = Message.objects.create(
        conversation=conversation, author=Author.STAFF, text="没有写，打13812345678问"
    )
    client = login()
    assert "据此起草答复" in client.get(f"/faq/inbox/{first.pk}/").content.decode()
    client.post(f"/faq/inbox/draft/{said.pk}/", {"topic": "amount", "text": said.text})
    draft = DraftAnswer.objects.get()
    assert (draft.topic, draft.text, draft.used) == ("amount", "没有写，打138****5678问", False)
    assert "没有写" in client.get("/faq/examples/").content.decode()


def test_auditors_look_and_change_nothing() -> None:
    first, _ = _two_groups()
    client = login("auditor", Role.AUDITOR)
    assert "归入" not in client.get(f"/faq/inbox/{first.pk}/").content.decode()
    for path in ("inbox/settle/", "examples/decide/", f"log/{Turn.objects.first().pk}/wrong/"):  # type: ignore[union-attr]
        assert client.post(f"/faq/{path}", {"what": "off_topic", "group": first.pk}).status_code == 403
    assert not Example.objects.exists()

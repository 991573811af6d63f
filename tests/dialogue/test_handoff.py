"""The worker's side of a hand-off, with the real model: who asks, who waits, who is with a person."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.bus import duty, events, owner
from bot.bus.connection import Client
from bot.bus.duty import Duty
from bot.bus.events import Event
from bot.bus.messages import Inbound, Reply
from bot.bus.owner import Owner
from tests.dialogue.conftest import Applicant

Make = Callable[[], Applicant]
OPEN = Duty(open=True, hours="周一至周五 09:00–12:00", opening="今天 09:00", waiting=2)
CLOSED = Duty(open=False, hours="周一至周五 09:00–12:00", opening="明天 09:00", waiting=0)


async def told(redis: Client, who: Applicant, kind: str = "") -> list[Event]:
    entries = await redis.xrange(events.stream_of(who.id))
    found = [events.decode(fields) for _, fields in entries]
    return [e for e in found if e.conversation == who.id and (not kind or e.kind == kind)]


async def outcome(redis: Client, who: Applicant) -> tuple[str, str, str]:
    data = (await told(redis, who, "turn"))[-1].data
    return data["outcome"], data.get("handoff", ""), data.get("reason", "")


async def test_a_wish_puts_the_conversation_into_the_queue_with_its_reply(
    applicant: Make, redis: Client
) -> None:
    await duty.put(redis, OPEN)
    who = applicant()
    reply = await who.say("转人工")
    assert "您前面还有2位在等" in reply.text
    assert OPEN.hours in reply.text
    assert who.taps == ["cancel"]
    assert await owner.get(redis, who.id) == Owner("queue", 1)
    assert reply.epoch == 1, "it leaves although the owner changed: it tells of that"
    found = await told(redis, who)
    assert [event.kind for event in found] == ["message_in", "turn", "message_out", "handoff"]
    assert found[3].data["told"] is True
    assert (found[3].data["owner"], found[3].data["epoch"], found[3].data["reason"]) == ("queue", 1, "asked")
    assert await outcome(redis, who) == ("handover", "queue", "asked")
    # A worker that died after this is followed by one that does nothing twice.
    assert await who.again() == reply
    assert len(await told(redis, who)) == 4
    assert await owner.get(redis, who.id) == Owner("queue", 1)


async def test_outside_the_hours_a_message_is_taken(applicant: Make, redis: Client) -> None:
    await duty.put(redis, CLOSED)
    who = applicant()
    reply = await who.say("有没有人工客服")
    assert all(words in reply.text for words in ("没有工作人员在线", "留下电话", "明天 09:00", OPEN.hours))
    assert await owner.get(redis, who.id) == Owner()
    assert await outcome(redis, who) == ("handover", "left", "asked")
    # What the bot knows it answers; both are noted for staff.
    reply = await who.say("研究类要交什么成果？")
    assert reply.text.startswith("已记下，会转给工作人员，明天 09:00起")
    assert "3万字" in reply.text
    reply = await who.say("研究类要交什么成果？")
    assert "已记下" not in reply.text


async def test_a_message_left_with_a_number_is_noted_and_not_misunderstood(
    applicant: Make, redis: Client
) -> None:
    await duty.put(redis, CLOSED)
    who = applicant()
    await who.say("人工")
    reply = await who.say("我姓张，麻烦回个电话，13900000000")
    assert reply.text.startswith("已记下")
    assert "没太明白" not in reply.text


async def test_where_nobody_knows_nobody_says_that_people_are_there(applicant: Make, redis: Client) -> None:
    who = applicant()
    reply = await who.say("我要人工")
    assert "已记下您要找人工" in reply.text
    assert "不能保证现在有人在线" in reply.text
    assert "0931-8533556" in reply.text
    assert "排队" not in reply.text
    assert await owner.get(redis, who.id) == Owner()
    assert await outcome(redis, who) == ("handover", "wish", "asked")


async def test_who_waits_is_heard_by_staff_only(
    applicant: Make, redis: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await duty.put(redis, OPEN)
    who = applicant()
    await who.tap("ask:research")
    await who.say("人工")
    before = await redis.get(who.key("snapshot")), await redis.llen(who.key("log"))
    for message in ("有", "/restart", "研究方向有哪些"):
        assert (await who.say(message)).parts == ()
    assert (await who.event("image")).parts == ()
    said = [event.data["text"] or event.data["kind"] for event in await told(redis, who, "message_in")]
    assert said[-4:] == ["有", "/restart", "研究方向有哪些", "image"]
    assert await redis.llen(who.key("log")) == before[1], "nothing of it reached Rasa"
    place = ("x", who.id)
    await duty.put(redis, Duty(True, OPEN.hours, "", 5, place))
    assert "还有1位在等" in (await who.say("人工在吗")).text
    assert (await who.say("好的")).parts == ()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 400)
    assert "还在排队" in (await who.say("怎么还没人")).text


@pytest.mark.parametrize("how", ["取消", "不等了", "算了吧", "回到自动助手", "1", "tap"])
async def test_who_doesnt_want_to_wait_goes_on_where_they_were(
    applicant: Make, redis: Client, how: str
) -> None:
    await duty.put(redis, OPEN)
    who = applicant()
    question = await who.tap("ask:research")
    await who.tap("human")
    reply = await (who.tap("cancel") if how == "tap" else who.say(how))
    assert "由我接着为您服务" in reply.text
    assert "工作基础" in reply.text
    assert reply.options == question.options
    assert await owner.get(redis, who.id) == Owner("bot", 2)
    assert reply.epoch == 2
    last = (await told(redis, who, "handoff"))[-1].data
    assert (last["owner"], last["epoch"], last["reason"]) == ("bot", 2, "cancelled")
    assert "熟悉" in (await who.say("1")).text, "and the typed number means the question's option"


@pytest.mark.parametrize("minutes", [0, 61])
async def test_with_a_person_the_bot_is_silent_whatever_comes(
    applicant: Make, redis: Client, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    await duty.put(redis, OPEN)
    who = applicant()
    await who.tap("ask:research")
    await owner.set(redis, who.id, 0, "agent", "7")
    log = await redis.llen(who.key("log"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + minutes * 60)
    for message in ("/restart", "有", "取消", "人工", "你们什么态度", "乱七八糟的话"):
        assert (await who.say(message)).parts == ()
    for tap in ("ask:research:foundation:yes", "human", "cancel"):
        assert (await who.tap(tap)).parts == ()
    for kind in ("image", "voice", "location"):
        assert (await who.event(kind)).parts == ()
    assert await redis.llen(who.key("log")) == log
    assert len(await told(redis, who, "message_in")) == 13
    assert await owner.get(redis, who.id) == Owner("agent", 1, "7")


async def test_taken_over_during_a_turn_the_turn_never_was(
    applicant: Make, redis: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = applicant()
    await who.tap("ask:research")
    run = who.runtime._steps._run

    async def slow(inbound: Inbound) -> Reply:
        reply: Reply = await run(inbound)
        await owner.set(redis, who.id, 0, "agent", "7")
        return reply

    monkeypatch.setattr(who.runtime._steps, "_run", slow)
    assert (await who.say("有")).parts == ()
    assert [e.kind for e in (await told(redis, who))[3:]] == ["message_in"]
    monkeypatch.undo()
    await owner.set(redis, who.id, 1, "bot")
    assert "工作基础" in (await who.desk("resume")).text, "no slot was filled"


async def test_after_the_hand_back_the_open_question_is_put_again(applicant: Make, redis: Client) -> None:
    who = applicant()
    await who.tap("ask:research")
    question = await who.say("有")
    reply = await who.desk("resume")
    assert "接着来" in reply.text
    assert reply.options == question.options
    last = (await told(redis, who))[-1]
    assert last.kind == "message_out"
    assert not [e for e in await told(redis, who, "message_in") if e.data["key"] == last.data["key"]]
    assert "团队" in (await who.say("1")).text
    await who.say("退出")
    assert (await who.desk("resume")).parts == (), "who left the screening isn't drawn into it again"


async def test_corrections_count_and_may_give_the_verdict(applicant: Make, redis: Client) -> None:
    who = applicant()
    await who.tap("ask:demonstration")
    await who.tap("ask:demonstration:applicant:city")
    reply = await who.desk("resume:demonstration:applicant=enterprise")
    assert "照工作人员更正的" in reply.text
    assert "不符合" in reply.text
    answers = (await told(redis, who, "turn"))[-1].data["answers"]
    assert answers == {"applicant": "enterprise"}
    reply = await who.desk("resume:demonstration:applicant=county,no_such_fact=yes")
    assert "更正" not in reply.text


async def test_a_correction_counts_though_a_colleague_took_over_again(applicant: Make, redis: Client) -> None:
    who = applicant()
    await who.tap("ask:demonstration")
    await owner.set(redis, who.id, 0, "agent", "7")
    assert (await who.desk("resume:demonstration:applicant=county")).parts == ()
    await owner.set(redis, who.id, 1, "bot")
    assert "国家知识产权强国建设试点" in (await who.desk("resume")).text


@pytest.mark.parametrize(
    ("before", "how", "why"),
    [
        (["你好"], "text", "asked"),
        (["你好"], "tap", "accepted"),
        (["不清楚", "说不准"], "tap", "not_understood"),
        (["能给多少钱？"], "tap", "not_in_guide"),
        (["你们这是什么破玩意，垃圾"], "text", "anger"),
    ],
)
async def test_why_a_person_is_due(
    applicant: Make, redis: Client, before: list[str], how: str, why: str
) -> None:
    await duty.put(redis, OPEN)
    who = applicant()
    for message in before:
        await who.say(message)
    if how == "tap":
        await who.tap("human")
    else:
        await who.say("人工")
    assert (await outcome(redis, who))[2] == why


@pytest.mark.parametrize(
    "before", ["阿巴阿巴阿巴", "能给多少钱？", "你们这是什么破玩意，垃圾", "我要投诉你们"]
)
async def test_a_person_is_offered_where_the_bot_is_at_its_end(applicant: Make, before: str) -> None:
    who = applicant()
    await who.say(before)
    assert "human" in who.taps


async def test_a_score_is_taken_by_tap_at_any_time_and_typed_right_after(
    applicant: Make, redis: Client
) -> None:
    who = applicant()
    assert "谢谢" in (await who.tap("score:12:4")).text
    assert (await who.desk("resume", "13")).parts == ()
    assert "谢谢" in (await who.say("5分")).text
    assert "谢谢您的评价" not in (await who.say("5")).text
    scores = [(e.data["ticket"], e.data["score"]) for e in await told(redis, who, "feedback")]
    assert scores == [(12, 4), (13, 5)]


async def test_a_typed_number_is_the_open_questions_even_when_a_score_was_asked_for(
    applicant: Make, redis: Client
) -> None:
    who = applicant()
    await who.tap("ask:research")
    await who.desk("resume", "12")
    assert "熟悉" in (await who.say("1")).text
    assert await told(redis, who, "feedback") == []


async def test_a_poisoned_message_is_for_staff_and_silent_where_they_are(
    applicant: Make, redis: Client
) -> None:
    who = applicant()
    reply = await who.poison("坏消息")
    assert [option.tap for option in reply.options] == ["human"]
    assert (await outcome(redis, who))[0] == "poisoned"
    await owner.set(redis, who.id, 0, "agent", "7")
    assert (await who.poison("坏消息")).parts == ()
    assert [e.kind for e in await told(redis, who)][-1] == "message_in"

"""What the office publishes reaches a worker within seconds, whole or not at all; and the official text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from actions import pack
from bot import settings
from bot.bus import editions as board
from bot.bus.connection import Client
from bot.bus.events import decode, stream_of
from bot.dialogue import published, rules
from bot.dialogue.following import WORKER
from bot.errors import GuideError
from bot.guide import editions, source
from bot.settings import Settings

CLAUSES = {
    "一（二）": "（二）示例条件",
    "一（二）①": "①示例的第一条原话。",
    "二（二）": "（二）乙",
    "二（二）1": "1.乙的原话。",
}


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Settings]:
    """An installation of its own; afterwards the checkout's guide is in use again."""
    before = pack.Edition(pack.guide(), pack.original())
    yield msgspec.structs.replace(settings.load(), var=tmp_path)
    pack.use(before)


def _files(**changes: str) -> dict[str, str]:
    files = {path.name: path.read_text(encoding="utf-8") for path in settings.load().guide.glob("*.yml")}
    files[editions.SOURCE] = source.dump(CLAUSES)
    for old, new in changes.items():
        files["chat.yml"] = files["chat.yml"].replace(f"{old}: ", f"{old}: {new}")
    return files


async def _publish(redis: Client, files: dict[str, str]) -> str:
    version = editions.digest(files)
    await board.publish(redis, "guide", version, {name: text.encode() for name, text in files.items()})
    return version


async def test_a_published_guide_is_used_between_two_turns(
    redis: Client, config: Settings, applicant: Callable[[], Any]
) -> None:
    someone = applicant()
    follower = published.guide_follower(config, redis, "")
    version = await _publish(redis, _files(thanks="新的说法。"))
    await follower.look()
    assert "新的说法" not in (await someone.say("谢谢")).text, "loaded, but not taken yet"
    edition = follower.take()
    assert edition is not None
    pack.use(edition)
    assert "新的说法" in (await someone.say("谢谢")).text
    await follower.look()
    assert follower.take() is None
    assert (await board.loaded(redis, "guide"))[WORKER].version == version
    assert published.start_with(config) == version, "a worker that starts again takes it from the disk"


async def test_a_broken_guide_is_refused_and_the_old_one_stays(redis: Client, config: Settings) -> None:
    follower = published.guide_follower(config, redis, "")
    files = _files()
    broken = {**files, "topics.yml": files["topics.yml"].replace("{research.duration}", "{research.lasts}")}
    await _publish(redis, broken)
    await follower.look()
    assert follower.take() is None
    told = (await board.loaded(redis, "guide"))[WORKER]
    assert told.version == ""
    assert "topics.yml:" in told.problem
    assert editions.pointed(config.var) is None
    good = await _publish(redis, _files(bye="回见。"))
    await follower.look()
    assert follower.take() is not None
    assert (await board.loaded(redis, "guide"))[WORKER].problem == ""
    assert editions.pointed(config.var) == editions.folder(config.var, good)


async def test_files_that_came_incomplete_are_refused(redis: Client, config: Settings) -> None:
    follower = published.guide_follower(config, redis, "")
    version = await _publish(redis, _files())
    await redis.hdel(f"guide:files:{version}", "chat.yml")
    await follower.look()
    assert follower.take() is None
    assert "不全" in (await board.loaded(redis, "guide"))[WORKER].problem


def test_an_edition_has_no_file_outside_its_folder(tmp_path: Path) -> None:
    for name in ("../x.yml", "/etc/x.yml", "a/b/c.yml", "x.py", ".x.yml", "A.yml"):
        with pytest.raises(GuideError):
            editions.keep(tmp_path, {name: "x"})
    with pytest.raises(GuideError):
        editions.folder(tmp_path, "../../../etc")
    assert not any(tmp_path.rglob("*.yml"))


async def test_the_official_text_is_a_tap_away(
    redis: Client, config: Settings, applicant: Callable[[], Any]
) -> None:
    someone = applicant()
    await someone.tap("topic:exclusions:demonstration")
    assert not any(tap.startswith("source:") for tap in someone.taps), "none is loaded"
    pack.use(pack.read(editions.keep(config.var, _files())))
    await someone.tap("topic:exclusions:demonstration")
    assert "source:一（二）①" in someone.taps
    assert "①示例的第一条原话。" in (await someone.say("原文：一（二）①")).text
    assert "没有载入" in (await someone.tap("source:九（九）")).text
    await someone.tap("ask:research")
    number = someone.taps.index("source:二（二）1") + 1
    reply = await someone.say(str(number))
    assert "1.乙的原话。" in reply.text
    assert "ask:research:foundation:yes" in someone.taps, "the open question is put again"


async def test_an_applicant_has_everything_erased_by_words(
    redis: Client, applicant: Callable[[], Any]
) -> None:
    someone = applicant()
    await someone.tap("ask:research")
    await someone.say("删除我的信息")
    assert someone.taps == ["erase:yes"]
    reply = await someone.tap("erase:yes")
    assert "登记" in reply.text
    key = f"wechat:gh:{someone._user}"
    told = [decode(fields) for _, fields in await redis.xrange(stream_of(key))]
    outcomes = [each.data["outcome"] for each in told if each.kind == "turn" and each.conversation == key]
    assert outcomes[-2:] == ["chat", "erase"]


@pytest.mark.parametrize(
    "text",
    [
        "删除我的信息",
        "请帮我删除我的个人信息",
        "把我的聊天记录全部删掉",
        "清空我的数据",
        "我要注销我的账号",
        "删掉我留下的所有资料！",
    ],
)
def test_words_that_ask_for_erasure(text: str) -> None:
    assert rules.wants_erasure(text)


@pytest.mark.parametrize(
    "text",
    [
        "你们会删除我的信息吗，多久删",
        "我的信息安全吗",
        "删除",
        "信用记录",
        "能删除申报材料吗",
        "我的资料交到哪里",
        "查看我的信息",
    ],
)
def test_words_that_do_not(text: str) -> None:
    assert not rules.wants_erasure(text)

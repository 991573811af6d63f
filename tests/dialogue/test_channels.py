"""One suite of dialogues through all three channels, by their real protocols: callbacks signed and encrypted,
messages fetched and sent through the platforms' APIs, with the trained model behind them.

The suite knows of no channel. It says and chooses; an option is tapped where the channel lets one tap, and
its number is typed where it doesn't.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.bus.connection import Client
from bot.bus.tasks import end
from bot.gateway import create_app
from bot.settings import Settings
from tests.conftest import free_port
from tests.sandbox.fakes import serve
from tests.work import Corp, corp, lane, puller, running

SECONDS = 30.0
CHANNELS = ("wechat", "wecom", "kf")
Step = tuple[str, str]
"""("say" or "choose", the words), then what must come: ("see", a pattern)."""

GREETING: list[Step] = [("say", "你好"), ("see", "自动助手|申报")]
QUESTION: list[Step] = [("say", "研究课题要交什么成果？"), ("see", "3万字以上|5千字以内")]
PERSON: list[Step] = [("say", "转人工"), ("see", "人工|0931-8533556")]
DEMONSTRATION: list[Step] = [
    ("say", "测一测示范项目"),
    ("see", "申报单位属于"),
    ("choose", "县、县级市、市辖区市场监管部门"),
    ("see", "国家知识产权强国建设试点"),
    ("choose", "不是"),
    ("see", "议事日程"),
    ("choose", "列入了"),
    ("see", "工作资金"),
    ("choose", "有"),
    ("see", "保障条件"),
    ("choose", "具备"),
    ("see", "产业"),
    ("choose", "有"),
    ("see", "自主知识产权"),
    ("choose", "掌握了"),
    ("see", "前列"),
    ("choose", "在前列"),
    ("see", "承担实施"),
    ("choose", "有"),
    ("see", "不良信用"),
    ("choose", "没有不良记录"),
    ("see", "以前是不是"),
    ("say", "不太清楚"),
    ("see", "初步符合[\\s\\S]*0931-8533556"),
]
RESEARCH: list[Step] = [
    ("say", "测一测研究项目"),
    ("see", "工作基础"),
    ("choose", "有"),
    ("see", "熟悉"),
    ("choose", "有"),
    ("see", "团队"),
    ("say", "有呢"),
    ("see", "几家单位"),
    ("choose", "2家"),
    ("see", "牵头"),
    ("choose", "确定了"),
    ("see", "独立法人"),
    ("say", "是的"),
    ("see", "不良信用"),
    ("say", "没有"),
    ("see", "方向"),
    ("say", "2"),
    ("see", "初步符合"),
]
CORRECTION: list[Step] = [
    ("say", "测一测示范项目"),
    ("see", "申报单位属于"),
    ("choose", "企业、事业单位或社会组织"),
    ("see", "不符合[\\s\\S]*一（二）③"),
    ("say", "说错了，我们是县市场监管局"),
    ("see", "试点"),
]
SUITE = {
    "greeting": GREETING,
    "question": QUESTION,
    "demonstration": DEMONSTRATION,
    "research": RESEARCH,
    "correction": CORRECTION,
    "person": PERSON,
}


class Phone:
    """One user of one channel, at the sandbox's JSON API."""

    def __init__(self, http: httpx.AsyncClient, channel: str, user: str) -> None:
        self._http, self._user = http, user
        self._base = "/sandbox/api" if channel == "wechat" else f"/sandbox/api/{channel}"
        self._seen = 0

    async def do(self, deed: str, **body: str) -> None:
        answer = await self._http.post(f"{self._base}/users/{self._user}/{deed}?wait=1", json=body)
        assert answer.status_code == 200, answer.text

    async def messages(self) -> list[dict[str, Any]]:
        """What the account said since the last look."""
        found = (await self._http.get(f"{self._base}/users/{self._user}/messages?after={self._seen}")).json()
        return [message for message in found if message["side"] == "account"]

    async def choose(self, label: str) -> None:
        """Tap an option, or type its number."""
        pieces = [piece for message in await self.messages() for piece in message["pieces"]]
        text = _words(pieces)
        tap = next((p for p in pieces if p["type"] == "tap" and p["label"] == label), None)
        number = re.search(rf"(\d+)[.．、]\s*{re.escape(label)}", text)
        assert tap or number, f"{label} is not offered in: {text}"
        await self._look()
        if tap:
            await self.do("tap", menu_id=tap["menu_id"], content=tap["content"])
        elif number:
            await self.do("text", content=number[1])

    async def say(self, text: str) -> None:
        """Type something."""
        await self._look()
        await self.do("text", content=text)

    async def see(self, pattern: str) -> None:
        """Wait for words that match."""
        until = asyncio.get_running_loop().time() + SECONDS
        text = ""
        while asyncio.get_running_loop().time() < until:
            text = _words([piece for message in await self.messages() for piece in message["pieces"]])
            if re.search(pattern, text):
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"“{pattern}” didn't come, but: {text}")

    async def _look(self) -> None:
        found = (await self._http.get(f"{self._base}/users/{self._user}/messages")).json()
        self._seen = max((message["id"] for message in found), default=0)


def _words(pieces: list[dict[str, Any]]) -> str:
    return "".join(
        piece["text"] if piece["type"] == "words" else f"{piece.get('number', '')} {piece['label']}".strip()
        for piece in pieces
    )


@pytest.fixture
def office(settings: Settings) -> Iterator[Corp]:
    """The platforms and a gateway."""
    port = free_port()
    with corp(settings, f"http://127.0.0.1:{port}") as made, serve(create_app(made.settings), port):
        yield made


@pytest_asyncio.fixture
async def assistant(office: Corp, redis: Client, redis_url: str, model: Path) -> AsyncIterator[None]:
    """A worker with the trained model, and senders and a puller."""
    # Rasa reads its environment when it is imported: so only now, when `model` has set it.
    from bot.dialogue.loop import Worker
    from bot.dialogue.runtime import Runtime

    worker = Worker(redis, Runtime(model, redis))
    working = asyncio.create_task(worker.run())
    lanes = [partial(lane, office, channel) for channel in CHANNELS]
    async with running(redis_url, *lanes, partial(puller, office)):
        yield
    worker.stop()
    await end(working)


@pytest.mark.usefixtures("assistant")
async def test_one_suite_of_dialogues_runs_unchanged_through_all_three_channels(office: Corp) -> None:
    async with httpx.AsyncClient(base_url=office.url, trust_env=False, timeout=20) as http:
        for name in SUITE:
            await asyncio.gather(*(_play(http, channel, name) for channel in CHANNELS))
    assert office.service.forbidden == 0
    assert office.app.dropped == 0


async def _play(http: httpx.AsyncClient, channel: str, name: str) -> None:
    base = "/sandbox/api" if channel == "wechat" else f"/sandbox/api/{channel}"
    user = (await http.post(f"{base}/users")).json()["id"]
    phone = Phone(http, channel, user)
    await phone.do("event", event="subscribe")
    await phone.see("自动助手|您好|你好")
    for deed, words in SUITE[name]:
        try:
            await {"say": phone.say, "choose": phone.choose, "see": phone.see}[deed](words)
        except BaseException as error:
            raise AssertionError(f"{channel}, {name}, {deed} {words}") from error

"""The whole thing as a newcomer meets it: ``python -m bot run``, then a real browser on the chat page.

Real gateway, worker, Redis server and model; messages are signed and encrypted on the wire.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from bot.settings import ROOT
from tests.browser import browser
from tests.conftest import free_port

SHOTS = os.environ.get("SHOTS")
"""A folder for pictures of the page; none are taken without it."""

START = 180
PHONE = ViewportSize(width=400, height=860)


class Running:
    """The running assistant: its addresses, and its output so far."""

    def __init__(self, var: Path) -> None:
        self.gateway, self.page = free_port(), free_port()
        ports = {"GATEWAY_PORT": self.gateway, "SANDBOX_PORT": self.page, "REDIS_PORT": free_port()}
        environ = {**os.environ, **{name: str(port) for name, port in ports.items()}, "VAR_DIR": str(var)}
        for name in ("REDIS_URL", "SANDBOX", "WECHAT_API_URL"):
            environ.pop(name, None)
        environ["DESK_PORT"] = str(free_port())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._up = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._up.wait(START) or self.process.poll() is not None:
            self.stop()
            pytest.fail("did not come up:\n" + "".join(self.lines[-40:]))

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line)
                if "按 Ctrl-C 停止" in line:
                    self._up.set()
        self._up.set()

    def stop(self) -> int:
        """Stop as Ctrl-C does; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self._reader.join(10)
        return code


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    assistant = Running(tmp_path_factory.mktemp("var"))
    yield assistant
    assert assistant.stop() == 0
    assert "Traceback" not in "".join(assistant.lines)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def page(running: Running, chromium: Browser) -> Iterator[Page]:
    """The chat page of somebody who has just followed the account."""
    address = f"http://127.0.0.1:{running.page}"
    httpx.post(f"{address}/sandbox/api/reset", trust_env=False).raise_for_status()
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", device_scale_factor=2)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    page.get_by_role("button", name="关注公众号").click()
    expect(last(page)).to_contain_text("自动助手")
    yield page
    context.close()


def last(page: Page) -> Locator:
    return page.locator(".message:not(.own):not(.waiting) .bubble").last


def tap(page: Page, label: str) -> None:
    last(page).get_by_role("button", name=re.compile(rf"^\d+\.\s*{label}$")).click()


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="消息")
    box.fill(text)
    box.press("Enter")


def see(page: Page, words: str) -> None:
    expect(last(page)).to_contain_text(re.compile(words))


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


DEMONSTRATION = [
    ("申报单位属于", "县、县级市、市辖区市场监管部门", "县局"),
    ("国家知识产权强国建设试点", "不是", "不是的"),
    ("议事日程", "列入了", "列入了的"),
    ("工作资金", "有", "有呢"),
    ("保障条件", "具备", "都具备"),
    ("产业", "有", "有特色产业"),
    ("自主知识产权", "掌握了", "1"),
    ("前列", "在前列", "是的呀"),
    ("承担实施", "有", "有的"),
    ("不良信用", "没有不良记录", "没有"),
    ("以前是不是", "不清楚", "不太清楚"),
]
RESEARCH = [
    ("工作基础", "有", "有的"),
    ("熟悉", "有", "有经验"),
    ("团队", "有", "有呢"),
    ("几家单位", "2家", "两家单位"),
    ("牵头", "确定了", "定好了"),
    ("独立法人", "是", "是的"),
    ("不良信用", "没有不良记录", "没有"),
    ("方向", "知识产权金融|金融政策|质押", "2"),
]


@pytest.mark.parametrize("typed", [False, True], ids=["taps", "typing"])
def test_a_whole_screening_of_the_demonstration_project(page: Page, typed: bool) -> None:
    shoot(page, "welcome")
    if typed:
        say(page, "我们县上能不能报示范县")
    else:
        tap(page, "测一测：示范项目")
    for question, label, words in DEMONSTRATION:
        see(page, question)
        say(page, words) if typed else tap(page, label)
    see(page, "初步符合")
    see(page, "知识产权保护运用处")
    see(page, "0931-8533556")
    shoot(page, f"demonstration-{'typed' if typed else 'taps'}")


@pytest.mark.parametrize("typed", [False, True], ids=["taps", "typing"])
def test_a_whole_screening_of_the_research_project(page: Page, typed: bool) -> None:
    if typed:
        say(page, "想申报研究课题，看看符不符合")
    else:
        tap(page, "测一测：研究项目")
    for question, label, words in RESEARCH[:-1]:
        see(page, question)
        say(page, words) if typed else tap(page, label)
    see(page, "方向")
    shoot(page, "directions")
    say(page, "2")
    see(page, "初步符合")
    see(page, "3万字")
    expect(last(page)).not_to_contain_text("0931")
    shoot(page, f"research-{'typed' if typed else 'taps'}")


def test_an_enterprise_is_told_at_once_and_shown_a_way(page: Page) -> None:
    tap(page, "测一测：示范项目")
    see(page, "申报单位属于")
    tap(page, "企业、事业单位或社会组织")
    see(page, "不符合")
    see(page, "一（二）③")
    shoot(page, "enterprise")
    tap(page, "测一测：研究项目")
    see(page, "工作基础")


def test_a_question_in_the_middle_is_answered_and_the_open_one_comes_again(page: Page) -> None:
    tap(page, "测一测：研究项目")
    see(page, "工作基础")
    say(page, "课题要交什么成果？")
    see(page, "5千字以内")
    see(page, "工作基础")
    shoot(page, "digression")


def test_ready_says_so_and_the_url_check_passes(running: Running) -> None:
    ready = httpx.get(f"http://127.0.0.1:{running.gateway}/readyz", trust_env=False)
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    check = httpx.post(f"http://127.0.0.1:{running.page}/sandbox/api/check", trust_env=False)
    assert check.status_code == 200

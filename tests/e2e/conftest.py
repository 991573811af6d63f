"""One running assistant for all of these tests, and a phone on its chat page."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser import browser
from tests.chat_page import last
from tests.running import Running

PHONE = ViewportSize(width=400, height=860)


@pytest.fixture(scope="package")
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

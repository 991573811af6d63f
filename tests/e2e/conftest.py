"""One running assistant for most of these tests, and a phone on its chat page."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser import browser
from tests.chat_page import phone
from tests.running import Running, started


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with started(tmp_path_factory.mktemp("var")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def page(running: Running, chromium: Browser) -> Iterator[Page]:
    """The chat page of somebody who has just followed the account."""
    address = f"http://127.0.0.1:{running.page}"
    httpx.post(f"{address}/sandbox/api/reset", trust_env=False).raise_for_status()
    with phone(chromium, address) as found:
        yield found

"""The sandbox's chat page in a browser, as an applicant uses it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

SHOTS = os.environ.get("SHOTS")
"""A folder for pictures of the pages; none are taken without it."""
PHONE = ViewportSize(width=400, height=860)


@contextmanager
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """The page of the first applicant, who has just followed the account."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", device_scale_factor=2)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    page.get_by_role("button", name="关注公众号").click()
    expect(last(page)).to_contain_text("自动助手")
    yield page
    context.close()


def last(page: Page) -> Locator:
    """The last bubble of the account."""
    return page.locator(".message:not(.own):not(.waiting) .bubble").last


def tap(page: Page, label: str) -> None:
    """Tap an option under the last bubble."""
    last(page).get_by_role("button", name=re.compile(rf"^\d+\.\s*{label}$")).click()


def say(page: Page, text: str) -> None:
    """Type a message and send it."""
    box = page.get_by_role("textbox", name="消息")
    box.fill(text)
    box.press("Enter")


def see(page: Page, words: str) -> None:
    """Wait until the last bubble says so (a regular expression)."""
    expect(last(page)).to_contain_text(re.compile(words))


def shoot(page: Page, name: str) -> None:
    """Take a picture, if pictures are wanted."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))

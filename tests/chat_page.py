"""The sandbox's chat page in a browser, as an applicant uses it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SHOTS = os.environ.get("SHOTS")
"""A folder for pictures of the pages; none are taken without it."""


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

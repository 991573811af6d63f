"""Members of staff at a real browser, and what axe says of a page."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from desk.accounts.permissions import Role
from tests.browser import ARGUMENTS, find_browser
from tests.desk import office
from tests.desk.make import user
from tests.desk.processes import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, in a process of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield browser
        browser.close()


class Staff:
    """A member of staff, logged in. Anything that the console complains of fails the test."""

    def __init__(self, browser: Browser, address: str, name: str, *roles: Role) -> None:
        self.user = user(name, *roles)
        self.address = address
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.add_cookies([office.cookie(address, self.user)])  # type: ignore[list-item]
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        if "Content Security" in message.text:
            self.complaints.append(message.text)

    def open(self, path: str = "/") -> Page:
        """Open a page; on the console, wait until it is connected."""
        self.page.goto(self.address + path)
        if self.page.locator("#console").count():
            expect(self.page.locator("#link")).to_have_text("已连接")
        return self.page

    def close(self) -> None:
        """Log off."""
        self.context.close()
        assert self.complaints == []


def _axe() -> str:
    spec = importlib.util.find_spec("axe_core_python")
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.rglob("axe*.js")).read_text(encoding="utf-8")


def violations(page: Page) -> list[Any]:
    """What axe finds against WCAG 2.1 A and AA: rule, and the elements."""
    # By the debugger, past the page's own policy, which refuses scripts from elsewhere.
    page.evaluate(_axe() + "; null")
    found = page.evaluate(
        "async () => JSON.stringify((await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}))"
        ".violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))]))"
    )
    return list(json.loads(found))

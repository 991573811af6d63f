"""Pictures of every page of the desk at 1440 and 1024 px, to be looked at.

``python -m tests.desk.pictures FOLDER`` starts a Redis and a desk of its own with a demo office, and writes
``NAME-WIDTH.png`` files into the folder; what axe finds wrong with a page is printed. With names behind the
folder, only those.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.desk import place
from tests.desk.demo import PASSWORD
from tests.desk.processes import serving

SIZES = ((1440, 900), (1024, 768))
Axe = Callable[[Page], list[Any]]
Scene = tuple[str, str, Callable[[Page], None]]
"""Name, path, and what is done on the page before the picture."""


def nothing(page: Page) -> None:
    """The page as it opens."""


def _first(page: Page) -> None:
    page.locator(".row").first.click()
    page.locator("#composer").wait_for()


def _mine(page: Page) -> None:
    page.click(".tab[data-view=mine]")
    page.wait_for_timeout(400)
    _first(page)


def _writing(page: Page) -> None:
    _mine(page)
    page.fill("#text", "请您准备好聘用合同，我们核实之后答复您。" * 40)
    page.locator("#split:not([hidden])").wait_for()


def _canned(page: Page) -> None:
    _mine(page)
    page.fill("#text", "/")
    page.locator("#canned-menu .insert").first.wait_for()


def _guide(page: Page) -> None:
    _mine(page)
    page.fill("input[type=search]", "团队")
    page.locator("#found .insert").first.wait_for()


def _transfer(page: Page) -> None:
    _mine(page)
    page.click("text=转交")
    page.locator("#to").wait_for()


def _earlier(page: Page) -> None:
    _mine(page)
    page.click("details[data-key=earlier] > summary")
    page.click("details[data-key=earlier] .text-button")
    page.locator(".script").wait_for()


def _help(page: Page) -> None:
    page.click("#help-open")


def _closed(page: Page) -> None:
    page.click(".tab[data-view=closed]")
    page.wait_for_timeout(400)
    _first(page)


SCENES: tuple[Scene, ...] = (
    ("console", "/", nothing),
    ("waiting", "/", _first),
    ("mine", "/", _mine),
    ("writing", "/", _writing),
    ("canned", "/", _canned),
    ("guide", "/", _guide),
    ("transfer", "/", _transfer),
    ("earlier", "/", _earlier),
    ("closed", "/", _closed),
    ("help", "/", _help),
    ("numbers", "/numbers/?days=30", nothing),
    ("rows", "/numbers/rows/?days=30", nothing),
    ("audit", "/audit/", nothing),
    ("password", "/password/", nothing),
    ("missing", "/nowhere/", nothing),
    ("manage", "/manage/", nothing),
    ("accounts", "/manage/accounts/user/", nothing),
    ("account", "/manage/accounts/user/1/change/", nothing),
    ("canned-list", "/manage/handoff/cannedreply/", nothing),
    ("canned-one", "/manage/handoff/cannedreply/1/change/", nothing),
    ("group", "/manage/handoff/group/1/change/", nothing),
)


def take(
    browser: Browser, address: str, folder: Path, scenes: tuple[Scene, ...], axe: Axe, who: str = "li"
) -> None:
    """Take the pictures as somebody with all roles; print what axe finds."""
    for width, height in SIZES:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        page.goto(f"{address}/login/")
        page.screenshot(path=folder / f"login-{width}.png")
        page.fill("#id_username", who)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"{address}/")
        for name, path, act in scenes:
            page.goto(address + path)
            page.wait_for_timeout(500)
            act(page)
            page.wait_for_timeout(500)
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=path != "/")
            for rule, elements in axe(page):
                print(f"{name} {width}: {rule} {elements}")
        context.close()


def main(folder: Path, only: list[str]) -> None:
    """Start everything, take the pictures, stop everything."""
    folder.mkdir(parents=True, exist_ok=True)
    with place.own() as (where, url):
        # Needs Django to be ready.
        from tests.desk import demo, officescenes
        from tests.desk.browsing import chromium, violations

        demo.fill()
        demo.all_roles("li")
        officescenes.fill()
        scenes = (*SCENES, *officescenes.scenes())
        if only:
            scenes = tuple(scene for scene in scenes if scene[0] in only)
        with serving(where, url) as address, chromium() as browser:
            take(browser, address, folder, scenes, violations)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

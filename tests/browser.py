"""A real browser for the page tests: Chromium as it is installed on the machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_browser() -> str | None:
    """The path of a browser on this machine."""
    return next((path for path in map(shutil.which, _NAMES) if path), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser for the length of the block.

    Where none is installed the test is left out, but never in continuous integration (``CI`` is set):
    there it fails.
    """
    path = find_browser()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("没有找到浏览器（chromium），而 CI 中必须有")
        pytest.skip("没有找到浏览器（chromium），页面测试没有运行")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield running
        finally:
            running.close()

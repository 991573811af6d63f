"""A person takes over and gives back, played on the chat page and in the console at once.

``make run`` whole: nothing of it is a stand-in but WeChat's servers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.chat_page import last, say, see, shoot, tap
from tests.e2e.staff import signed_in_by
from tests.running import Running

QUIET = 1_500
"""Milliseconds that are enough for the bot to answer many times over."""


@pytest.fixture(scope="module")
def signed_in(running: Running, chromium: Browser) -> Iterator[Page]:
    """The console of the first administrator, who came by the one-time link that the start printed."""
    with signed_in_by(chromium, running.link) as console:
        yield console


@pytest.fixture
def console(signed_in: Page, running: Running) -> Page:
    signed_in.goto(f"http://127.0.0.1:{running.desk}/")
    return signed_in


def bubbles(page: Page) -> Locator:
    return page.locator(".message:not(.own):not(.waiting) .bubble")


def silent(page: Page, text: str) -> None:
    """Say something, to which nobody answers by itself."""
    before = bubbles(page).count()
    say(page, text)
    expect(page.locator(".message.own .bubble").last).to_contain_text(text)
    page.wait_for_timeout(QUIET)
    assert bubbles(page).count() == before


def take_over(console: Page) -> None:
    """Open the conversation that waits, by keyboard, and take it."""
    expect(console.locator(".row")).not_to_have_count(0, timeout=8_000)
    console.keyboard.press("j")
    console.keyboard.press("Enter")
    expect(console.locator("#composer")).to_be_visible()
    console.locator("#bubbles").focus()
    console.keyboard.press("t")
    expect(console.locator("#head .owner")).to_have_text("由我答复")


def answer(console: Page, text: str) -> None:
    console.fill("#text", text)
    console.keyboard.press("Enter")
    expect(console.locator(".by-staff .text").last).to_have_text(text)


def heard(console: Page, text: str) -> None:
    expect(console.locator(".by-applicant .text").last).to_have_text(text, timeout=8_000)


def test_screening_a_person_and_back_to_the_screening(page: Page, console: Page) -> None:
    tap(page, "测一测：研究项目")
    see(page, "工作基础")
    tap(page, "有")
    see(page, "熟悉")
    say(page, "转人工")
    see(page, "您前面没有人在等.*人工服务时间")
    shoot(page, "handoff-queued")

    take_over(console)
    expect(console.locator("#context")).to_contain_text("工作基础")
    silent(page, "我们是高校，能报吗？")
    heard(console, "我们是高校，能报吗？")
    answer(console, "高校可以报，我帮您看看条件。")
    see(page, "【人工】高校可以报")
    silent(page, "/restart")
    silent(page, "转人工")
    silent(page, "有")
    heard(console, "有")
    answer(console, "好的，下面请接着核对。")
    see(page, "【人工】好的")
    shoot(page, "handoff-human")
    shoot(console, "console-human")

    console.click("#do-back")
    expect(console.locator("#head .owner")).to_have_text("自动助手")
    see(page, "接着来")
    see(page, "熟悉")
    expect(bubbles(page).nth(-2)).to_contain_text("满意吗")
    shoot(page, "handoff-back")
    bubbles(page).nth(-2).get_by_role("button", name=re.compile(r"4\.\s*满意")).click()
    see(page, "谢谢您的评价")
    expect(console.locator(".by-system").last).to_contain_text("申请人评价：4 分", timeout=8_000)
    say(page, "有经验")
    see(page, "团队")
    shoot(console, "console-back")


def test_who_waits_may_cancel_and_goes_on(page: Page, console: Page) -> None:
    tap(page, "测一测：示范项目")
    see(page, "申报单位属于")
    say(page, "人工客服")
    see(page, "您前面没有人在等")
    silent(page, "等一会儿没关系")
    say(page, "人工")
    see(page, "还在排队")
    tap(page, "不等了，回到自动助手")
    see(page, "由我接着为您服务")
    see(page, "申报单位属于")
    shoot(page, "handoff-cancelled")
    tap(page, "企业、事业单位或社会组织")
    see(page, "不符合")


def test_an_answer_that_staff_corrected_counts_after_the_hand_back(page: Page, console: Page) -> None:
    tap(page, "测一测：示范项目")
    see(page, "申报单位属于")
    tap(page, "企业、事业单位或社会组织")
    see(page, "不符合")
    say(page, "找人工")
    see(page, "您前面没有人在等")
    take_over(console)
    console.get_by_label("更正：申报单位").select_option("county")
    expect(console.locator(".by-system").last).to_contain_text("更正了核对答案")
    console.click("#do-back")
    see(page, "照工作人员更正的")
    see(page, "国家知识产权强国建设试点")
    assert "县" in (last(page).text_content() or "")

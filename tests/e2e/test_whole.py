"""The whole thing as a newcomer meets it: ``python -m bot run``, then a real browser on the chat page.

Real gateway, worker, Redis server and model; messages are signed and encrypted on the wire.
"""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.chat_page import last, say, see, shoot, tap
from tests.running import Running

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

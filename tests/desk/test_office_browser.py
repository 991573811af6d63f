"""The office's pages in a real browser: fifty strange questions, by keyboard; the log; charts; and axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from desk.accounts.permissions import Role
from desk.faqlog.models import Example, Fate, Group, Question, Turn
from tests.desk import biglog
from tests.desk.browsing import Staff, chromium, violations
from tests.desk.test_inbox import ask


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def _groups() -> list[Group]:
    """Fifty questions in four groups, of 30, 10, 6 and 4 people."""
    groups, person = [], 0
    for number, people in enumerate((30, 10, 6, 4)):
        group = Group.objects.create(centre=bytes(8), meaning="m", weight=people, nearest="amount,deadline")
        for _ in range(people):
            person += 1
            ask(f"第{number}类奇怪的问题，说法{person}", person)
        Question.objects.filter(group=None).update(group=group)
        group.exemplar = group.questions.first()
        group.save()
        groups.append(group)
    return groups


def test_fifty_strange_questions_by_keyboard(browser: Browser, address: str) -> None:
    first, second, third, fourth = _groups()
    staff = Staff(browser, address, "reviewer", Role.REVIEWER)
    page = staff.open("/faq/inbox/")
    rows = page.locator(".group-row")
    expect(rows).to_have_count(4)
    expect(page.locator(".group-count b")).to_have_text(["30", "10", "6", "4"])
    # While an input method composes, no key does anything.
    composing = "new KeyboardEvent('keydown', {key: 'o', bubbles: true, isComposing: true})"
    page.evaluate(f"document.body.dispatchEvent({composing})")
    page.keyboard.press("j")
    expect(page.locator("#group h2").first).to_contain_text("第1类")
    page.keyboard.press("t")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("采纳 10 种说法")
    expect(rows).to_have_count(3)
    assert Question.objects.filter(group=second, fate=Fate.ADOPTED).count() == 10
    assert Example.objects.filter(topic="amount").count() == 10
    expect(page.locator("#group h2").first).to_contain_text("第2类")
    page.keyboard.press("x")
    page.keyboard.press("j")
    expect(page.locator("#group h2").first).to_contain_text("第3类")
    page.keyboard.press("x")
    page.keyboard.press("m")
    expect(rows).to_have_count(2)
    assert Group.objects.filter(pk__in=[third.pk, fourth.pk]).count() == 1
    # Shown when it is there: before that, a key would act in the pane that is about to go.
    expect(page.locator("#group")).to_contain_text("第2类")
    expect(page.locator("#group")).to_contain_text("第3类")
    page.keyboard.press("d")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("不是咨询")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(page.locator("#group h2").first).to_contain_text("第0类")
    page.locator("input[name=question]").first.check()
    page.keyboard.press("o")
    expect(page.locator(".notice")).to_contain_text("与申报无关")
    assert first.questions.filter(fate=Fate.OFF_TOPIC).count() == 1
    assert violations(page) == []
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert violations(page) == []
    staff.close()


def test_the_log_opens_a_turn_beside_it_and_goes_on(browser: Browser, address: str) -> None:
    biglog.fill(1_000, 6)
    staff = Staff(browser, address, "lead", Role.LEAD)
    page = staff.open("/faq/log/?days=all&outcome=off_topic,screening")
    expect(page.locator("tbody tr")).to_have_count(51)
    page.locator("tr.more a").click()
    expect(page.locator("tbody tr")).to_have_count(101)
    page.locator("td.said a").first.click()
    expect(page.locator("#turn .is-chosen")).to_be_visible()
    assert "/faq/log/?days=all" in page.url
    page.locator("#turn button.button-warn").click()
    expect(page.locator(".notice")).to_contain_text("没答好的")
    assert violations(page) == []
    first = Turn.objects.latest("at")
    for path in (
        f"/faq/log/{first.pk}/",
        "/faq/report/?days=all",
        "/faq/report/month/",
        "/faq/examples/",
        "/faq/rows/visits/",
    ):
        page.goto(address + path)
        page.wait_for_timeout(200)
        assert violations(page) == [], path
    staff.close()

"""Members of staff at the desk's pages, and what an official does there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

PASSWORD = "correct-horse-battery"
_PAUSE = 500
expect.set_options(timeout=15_000)


@contextmanager
def signed_in_by(browser: Browser, link: str) -> Iterator[Page]:
    """Somebody who came by a one-time link and has set a password."""
    context = browser.new_context(viewport=ViewportSize(width=1440, height=900), locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(link)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="保存并登录").click()
    page.wait_for_url(re.sub(r"/start/.*", "/", link))
    yield page
    context.close()


def go(page: Page, path: str) -> None:
    """Open a page of the same desk."""
    page.goto(re.sub(r"(?<=\d)/.*", path, page.url))


def invited(boss: Page) -> str:
    """The one-time link of a new colleague, who reviews."""
    go(boss, "/manage/accounts/user/add/")
    boss.locator("input[name=username]").fill("colleague")
    boss.locator("input[name=name]").fill("同事")
    boss.get_by_label("业务审核").check()
    boss.locator("[name=_save]").click()
    told = boss.get_by_text("一次性链接交给").inner_text()
    found = re.search(r"http\S+/start/[\w-]+/[\w-]+/", told)
    assert found is not None, told
    return found.group()


def groups(page: Page, least: int) -> dict[str, list[str]]:
    """The inbox, once every question is in a group, with at least so many: id of the group and questions."""
    for _ in range(240):
        go(page, "/faq/inbox/")
        lead = page.locator(".page-head p").inner_text()
        waiting = re.match(r"\d+", lead)
        if waiting and int(waiting.group()) >= least and "正在归组" not in lead:
            return {row: _opened(page, row) for row in _ids(page)}
        page.wait_for_timeout(_PAUSE)
    raise AssertionError(lead)


def _ids(page: Page) -> list[str]:
    return [str(row.get_attribute("data-id")) for row in page.locator(".group-row").all()]


def _opened(page: Page, group: str) -> list[str]:
    """Open a group, unless it is open; the words of its questions."""
    there = page.locator("#group input[name=open]")
    if there.input_value() != group:
        page.locator(f".group-row[data-id='{group}'] a").click()
    expect(there).to_have_value(group)
    return page.locator("#group .question bdi").all_inner_texts()


def adopt(page: Page, group: str, texts: Sequence[str], topic: str, kind: str) -> None:
    """Some questions of a group belong to a topic: as examples to train with, or to test with."""
    left = len(_opened(page, group)) - len(texts)
    rows = page.locator("#group .question-list li")
    for text in texts:
        rows.filter(has=page.get_by_text(text, exact=True)).get_by_role("checkbox").check()
    page.locator("#topic").select_option(topic)
    page.locator("#group").get_by_label(kind).check()
    page.get_by_role("button", name="归入", exact=True).click()
    expect(page.locator(".notice")).to_contain_text(f"采纳 {len(texts)} 种说法")
    expect(rows).to_have_count(left)


def approve_examples(page: Page, count: int) -> None:
    """Approve what a colleague adopted."""
    go(page, "/faq/examples/")
    boxes = page.locator("input[name=example]")
    expect(boxes).to_have_count(count)
    for box in boxes.all():
        box.check()
    page.get_by_role("button", name="批准选中的").click()
    expect(page.locator(".told-line")).to_contain_text(f"批准了 {count} 种")


def draft(page: Page, kind: str, title: str, why: str, **fields: str) -> None:
    """Write something new and hand it in."""
    go(page, f"/office/?kind={kind}")
    page.get_by_role("link", name=f"修改 {title}").click()
    for name, text in fields.items():
        page.get_by_label(name, exact=True).fill(text)
    page.get_by_label("修改理由").fill(why)
    page.get_by_role("button", name="保存草稿并核对").click()
    for text in fields.values():
        expect(page.locator("#chat")).to_contain_text(text)
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("h1 .tag")).to_have_text("待审核")


def approve_draft(page: Page, kind: str, title: str) -> None:
    """Approve what a colleague wrote."""
    go(page, f"/office/?kind={kind}")
    page.get_by_role("link", name=re.compile(f"：{title}")).click()
    page.get_by_role("button", name="通过").click()
    expect(page.locator("h1 .tag")).to_contain_text("已通过")


def press(page: Page, path: str, button: Locator) -> None:
    """Press a button that changes the edition or the model, and wait until workers use it."""
    go(page, path)
    button.click()
    workers = page.locator("section").filter(has=page.get_by_role("heading", name="各个对话进程"))
    for _ in range(240):
        if "正在换" not in (said := workers.inner_text()):
            break
        page.wait_for_timeout(_PAUSE)
        go(page, path)
    assert "正常" in said, said

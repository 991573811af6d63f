"""The console in a real browser: the whole story, keys, input methods, a cut connection, and axe."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from bot.bus.ledger import Ledger
from bot.bus.outbox import Outbox
from desk.accounts.permissions import Role
from desk.bus import bus
from desk.handoff.models import Author, Conversation, Message, Who
from tests.desk.make import PASSWORD, asked, event, publish, user, written
from tests.desk.processes import environ, serving, start

pytestmark = pytest.mark.usefixtures("desk")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium in a process of its own; its objects live in this thread."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _sync_database(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright runs an event loop in this thread, though nothing here is asynchronous.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def address(database: Path, redis_url: str) -> Iterator[str]:
    """Pages and consumer, as processes."""
    env = environ(database, redis_url)
    with serving(database, redis_url) as found:
        consumer: subprocess.Popen[bytes] = start(
            "-m", "tests.desk.always_open", env=env, output=database.parent / "consume.log"
        )
        yield found
        consumer.terminate()
        consumer.wait(15)


class Staff:
    """A member of staff at a browser. Anything that the console complains of fails the test."""

    def __init__(self, browser: Browser, address: str, name: str, *roles: Role) -> None:
        self.user = user(name, *roles)
        self.user.set_password(PASSWORD)
        self.user.save()
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if "Content Security" in message.text else None
            ),
        )
        self.page.goto(f"{address}/login/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(f"{address}/")

    def _heard(self, message: ConsoleMessage) -> None:
        if "Content Security" in message.text:
            self.complaints.append(message.text)

    def close(self) -> None:
        assert self.complaints == []
        self.context.close()


def _said(conversation: Conversation) -> list[str]:
    found = bus.call(lambda redis: Outbox(redis).waiting(conversation.key))
    return [each.item.reply.text for each in found]


def test_the_whole_story(browser: Browser, address: str) -> None:
    one, two = Staff(browser, address, "one"), Staff(browser, address, "two")
    page, other = one.page, two.page
    # An applicant in the middle of a screening asks for a human: the page shows it without reload.
    key = "wechat:gh:story"
    bus.call(lambda redis: Ledger(redis).heard(key, "text"))
    publish(
        event("message_in", key, key="1", kind="text", text="能报研究项目吗<script>alert(1)</script>"),
        event("turn", key, key="1", outcome="screening", project="research", answers={"foundation": "yes"}),
        event("message_in", key, key="2", kind="text", text="转人工"),
        event("handoff", key, owner="queue", epoch=1, reason="asked", told=True),
    )
    expect(page.locator(".row")).to_have_count(1, timeout=8000)
    expect(page).to_have_title("(1) 会话 · 人工服务台")
    conversation = Conversation.objects.get(key=key)
    # Both open it by keyboard; one takes it.
    for each in (page, other):
        each.keyboard.press("j")
        each.keyboard.press("Enter")
        expect(each.locator("#composer")).to_be_visible()
        expect(each.locator("#text")).to_have_attribute("aria-label", "内部备注")
    page.locator("#bubbles").focus()
    page.keyboard.press("t")
    expect(page.locator("#head .owner")).to_have_text("由我答复")
    expect(other.locator("#head .owner")).to_contain_text("姓名one", timeout=8000)
    expect(other.locator("#do-claim")).to_have_count(0)
    # They talk both ways.
    page.fill("#text", "您好，我来帮您看")
    page.keyboard.press("Enter")
    expect(page.locator(".by-staff .text")).to_have_text("您好，我来帮您看")
    expect(page.locator("#text")).to_have_value("")
    expect(other.locator(".by-staff .text")).to_have_text("您好，我来帮您看", timeout=8000)
    assert _said(conversation) == ["【人工】您好，我来帮您看"]
    publish(event("message_in", key, key="3", kind="text", text="谢谢"))
    expect(page.locator(".by-applicant .text").last).to_have_text("谢谢", timeout=8000)
    # A note stays here.
    page.locator("#bubbles").focus()
    page.keyboard.press("n")
    page.fill("#text", "先查指南")
    page.keyboard.press("Enter")
    expect(page.locator(".by-note .text")).to_have_text("先查指南")
    assert len(_said(conversation)) == 1
    # Back to the bot: the open question is put again.
    page.click("#do-back")
    expect(page.locator("#head .owner")).to_have_text("自动助手")
    assert "接着来" in _said(conversation)[1]
    conversation.refresh_from_db()
    assert conversation.owner == Who.BOT
    one.close()
    two.close()


def test_nothing_fires_while_an_input_method_composes(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "ime")
    page = staff.page
    conversation = asked()
    page.goto(f"{address}/c/{conversation.pk}/")
    composing = (
        "new KeyboardEvent('keydown', {key: '%s', bubbles: true, cancelable: true, isComposing: true})"
    )
    page.evaluate(f"document.body.dispatchEvent({composing % 't'})")
    page.wait_for_timeout(400)
    conversation.refresh_from_db()
    assert conversation.owner == Who.QUEUE
    page.keyboard.press("t")
    expect(page.locator("#head .owner")).to_have_text("由我答复")
    page.fill("#text", "nihao")
    page.evaluate(f"document.querySelector('#text').dispatchEvent({composing % 'Enter'})")
    page.wait_for_timeout(400)
    assert not Message.objects.filter(author=Author.STAFF).exists()
    # Letters in the composer are letters.
    page.locator("#text").press_sequentially("jket?")
    expect(page.locator("#text")).to_have_value("nihaojket?")
    staff.close()


def test_a_cut_connection_is_said_and_healed_without_gap_or_double(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "cut")
    page = staff.page
    conversation = asked()
    page.goto(f"{address}/c/{conversation.pk}/")
    expect(page.locator("#link")).to_have_text("已连接")
    staff.context.set_offline(True)
    expect(page.locator("#link")).to_contain_text("连接已断开", timeout=8000)
    for number in range(90):
        publish(event("message_in", conversation.key, key=f"c{number}", kind="text", text=f"第{number}条"))
    page.wait_for_timeout(1500)
    staff.context.set_offline(False)
    expect(page.locator("#link")).to_have_text("已连接", timeout=10000)
    expect(page.locator(".by-applicant .text").last).to_have_text("第89条", timeout=8000)
    texts = page.locator(".by-applicant .text").all_inner_texts()
    numbers = [text for text in texts if text.startswith("第")]
    assert numbers == [f"第{number}条" for number in range(90)]
    staff.close()


def test_a_sixth_reply_is_asked_about_and_a_failure_shows_its_reason(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "six")
    page = staff.page
    conversation = asked()
    bus.call(lambda redis: Ledger(redis).heard(conversation.key, "text"))
    page.goto(f"{address}/c/{conversation.pk}/")
    page.keyboard.press("t")
    expect(page.locator("#allowance")).to_contain_text("还可发 5 条")
    for number in range(4):
        page.fill("#text", f"答复{number}")
        page.keyboard.press("Enter")
        expect(page.locator(".by-staff")).to_have_count(number + 1)
    page.fill("#text", "再说一句")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("要留 1 条做结束语")
    expect(page.locator("#text")).to_have_value("再说一句")
    page.locator("#text").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".by-staff")).to_have_count(5)
    expect(page.locator(".state-queued")).to_have_count(5)
    outbox = Message.objects.filter(author=Author.STAFF).latest("id").outbox
    publish(event("delivery", conversation.key, id=outbox, state="held", reason="额度用完，等对方来信"))
    expect(page.locator(".state-held")).to_contain_text("额度用完", timeout=8000)
    staff.close()


def test_transfer_force_and_unmask_ask_why(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "lead", Role.LEAD)
    page = staff.page
    agent = user("colleague")
    conversation = written(event("message_in", key="m", kind="text", text="电话13812345678"))
    from desk.handoff import ownership

    ownership.claim(conversation.pk, agent, 0)
    page.goto(f"{address}/c/{conversation.pk}/")
    page.click("text=查看号码")
    page.fill("#reason", "需要回电")
    page.click("#dialog button[type=submit]")
    expect(page.locator(".by-applicant .text")).to_have_text("电话13812345678")
    page.click("text=强制接管")
    page.fill("#reason", "同事下班了")
    page.click("#dialog button[type=submit]")
    expect(page.locator("#head .owner")).to_have_text("由我答复")
    page.click("text=转交")
    page.select_option("#to", f"user:{agent.pk}")
    page.fill("#note", "你更熟")
    page.click("#dialog button[type=submit]")
    expect(page.locator("#head .owner")).to_contain_text("姓名colleague")
    staff.close()


def _axe() -> str:
    spec = importlib.util.find_spec("axe_core_python")
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.rglob("axe*.js")).read_text(encoding="utf-8")


def _violations(page: Page) -> list[Any]:
    # By the debugger, past the page's own policy, which refuses scripts from elsewhere.
    page.evaluate(_axe() + "; null")
    found = page.evaluate(
        "async () => JSON.stringify((await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})).violations"
        ".map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))]))"
    )
    return list(json.loads(found))


def test_axe_finds_nothing(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "axe", Role.LEAD, Role.ADMIN)
    page = staff.page
    written(event("turn", key="t", outcome="screening", project="research", answers={"team": "unknown"}))
    conversation = asked()
    for path in ("/", f"/c/{conversation.pk}/", "/numbers/", "/numbers/rows/", "/audit/", "/password/"):
        page.goto(address + path)
        page.wait_for_timeout(300)
        assert _violations(page) == [], path
    page.goto(f"{address}/c/{conversation.pk}/")
    page.keyboard.press("t")
    expect(page.locator("#head .owner")).to_have_text("由我答复")
    assert _violations(page) == []
    page.locator("#bubbles").focus()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    assert _violations(page) == []
    staff.close()


def test_everything_is_reached_by_tab(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "tab")
    page = staff.page
    conversation = asked()
    page.goto(f"{address}/c/{conversation.pk}/")
    page.keyboard.press("t")
    expect(page.locator("#head .owner")).to_have_text("由我答复")
    page.evaluate("document.activeElement.blur(); document.body.focus()")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    for name in ("放回队列", "转交", "do-back", "do-close", "text", "send", "alerts", "help-open", "bubbles"):
        assert name in reached, (name, reached)
    staff.close()

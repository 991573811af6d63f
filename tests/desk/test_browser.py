"""The console in a real browser: the whole story, keys, input methods, a cut connection, and axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bot.bus.ledger import Ledger
from bot.bus.outbox import Outbox
from desk.accounts.permissions import Role
from desk.bus import bus
from desk.handoff.models import Author, Conversation, Message, Who
from desk.handoff.shown import plain
from tests.desk.browsing import Staff, chromium, violations
from tests.desk.make import NASTY, asked, event, publish, user, written
from tests.desk.processes import until


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def _said(conversation: Conversation) -> list[str]:
    found = bus.call(lambda redis: Outbox(redis).waiting(conversation.key))
    return [each.item.reply.text for each in found]


def test_the_whole_story(browser: Browser, address: str) -> None:
    one, two = Staff(browser, address, "one"), Staff(browser, address, "two")
    page, other = one.open(), two.open()
    # An applicant in the middle of a screening asks for a human: the page shows it without reload.
    key = "wechat:gh:story"
    bus.call(lambda redis: Ledger(redis).heard(key, "text"))
    publish(
        event("message_in", key, key="1", kind="text", text="能报研究项目吗<script>alert(1)</script>"),
        event("turn", key, key="1", outcome="screening", project="research", answers={"foundation": "yes"}),
        event("message_in", key, key="2", kind="text", text="转人工"),
        event("handoff", key, owner="queue", epoch=1, reason="asked", told=True),
    )
    expect(page.locator(".row")).to_have_count(1)
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
    expect(other.locator("#head .owner")).to_contain_text("姓名one")
    expect(other.locator("#do-claim")).to_have_count(0)
    # They talk both ways.
    page.fill("#text", "您好，我来帮您看")
    page.keyboard.press("Enter")
    expect(page.locator(".by-staff .text")).to_have_text("您好，我来帮您看")
    expect(page.locator("#text")).to_have_value("")
    expect(other.locator(".by-staff .text")).to_have_text("您好，我来帮您看")
    assert _said(conversation) == ["【人工】您好，我来帮您看"]
    publish(event("message_in", key, key="3", kind="text", text="谢谢"))
    expect(page.locator(".by-applicant .text").last).to_have_text("谢谢")
    # A note stays here.
    page.locator("#bubbles").focus()
    page.keyboard.press("n")
    page.fill("#text", "先查指南")
    page.keyboard.press("Enter")
    expect(page.locator(".by-note .text")).to_have_text("先查指南")
    assert len(_said(conversation)) == 1
    # Back to the bot.
    page.click("#do-back")
    expect(page.locator("#head .owner")).to_have_text("自动助手")
    assert "由自动助手答复" in _said(conversation)[1]
    conversation.refresh_from_db()
    assert conversation.owner == Who.BOT
    one.close()
    two.close()


def test_nothing_fires_while_an_input_method_composes(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "ime")
    conversation = asked()
    page = staff.open(f"/c/{conversation.pk}/")
    composing = (
        "new KeyboardEvent('keydown', {key: '%s', bubbles: true, cancelable: true, isComposing: true})"
    )
    page.evaluate(f"document.body.dispatchEvent({composing % 't'})")
    page.wait_for_timeout(200)
    conversation.refresh_from_db()
    assert conversation.owner == Who.QUEUE
    page.keyboard.press("t")
    expect(page.locator("#head .owner")).to_have_text("由我答复")
    page.fill("#text", "nihao")
    page.evaluate(f"document.querySelector('#text').dispatchEvent({composing % 'Enter'})")
    page.wait_for_timeout(200)
    assert not Message.objects.filter(author=Author.STAFF).exists()
    # Letters in the composer are letters.
    page.locator("#text").press_sequentially("jket?")
    expect(page.locator("#text")).to_have_value("nihaojket?")
    staff.close()


def test_a_cut_connection_is_said_and_healed_without_gap_or_double(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "cut")
    conversation = asked()
    page = staff.open(f"/c/{conversation.pk}/")
    staff.context.set_offline(True)
    expect(page.locator("#link")).to_contain_text("连接已断开")
    key = conversation.key
    publish(*(event("message_in", key, key=f"c{n}", kind="text", text=f"第{n}条") for n in range(90)))
    until(lambda: Message.objects.filter(text__startswith="第").count() == 90)
    staff.context.set_offline(False)
    expect(page.locator("#link")).to_have_text("已连接")
    expect(page.locator(".by-applicant .text").last).to_have_text("第89条")
    texts = page.locator(".by-applicant .text").all_inner_texts()
    numbers = [text for text in texts if text.startswith("第")]
    assert numbers == [f"第{number}条" for number in range(90)]
    staff.close()


def answering(browser: Browser, address: str, name: str) -> tuple[Staff, Conversation, Page]:
    """Somebody who has just taken over an applicant's conversation, with all replies left."""
    staff = Staff(browser, address, name)
    conversation = asked()
    bus.call(lambda redis: Ledger(redis).heard(conversation.key, "text"))
    page = staff.open(f"/c/{conversation.pk}/")
    page.keyboard.press("t")
    expect(page.locator("#allowance")).to_contain_text("还可发 5 条")
    return staff, conversation, page


def test_a_sixth_reply_is_asked_about_and_a_failure_shows_its_reason(browser: Browser, address: str) -> None:
    staff, conversation, page = answering(browser, address, "six")
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
    expect(page.locator(".state-held")).to_contain_text("额度用完")
    staff.close()


def test_what_is_typed_while_a_reply_is_on_its_way_stays(browser: Browser, address: str) -> None:
    staff, _, page = answering(browser, address, "quick")
    held: list[Route] = []
    page.route("**/send/", lambda route: held.append(route))
    page.fill("#text", "第一句")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.fill("#text", "第二句，还没写完")
    page.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator(".by-staff .text")).to_have_text(["第一句"])
    expect(page.locator("#text")).to_have_value("第二句，还没写完")
    staff.close()


def test_transfer_force_and_unmask_ask_why(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "lead", Role.LEAD)
    agent = user("colleague")
    conversation = written(event("message_in", key="m", kind="text", text="电话13812345678"))
    from desk.handoff import ownership

    ownership.claim(conversation.pk, agent, 0)
    page = staff.open(f"/c/{conversation.pk}/")
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


def test_axe_finds_nothing(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "axe", Role.LEAD, Role.ADMIN)
    written(event("turn", key="t", outcome="screening", project="research", answers={"team": "unknown"}))
    conversation = asked()
    for path in ("/", f"/c/{conversation.pk}/", "/numbers/", "/numbers/rows/", "/audit/", "/password/"):
        page = staff.open(path)
        assert violations(page) == [], path
    page = staff.open(f"/c/{conversation.pk}/")
    page.keyboard.press("t")
    expect(page.locator("#head .owner")).to_have_text("由我答复")
    assert violations(page) == []
    page.locator("#bubbles").focus()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    assert violations(page) == []
    staff.close()


def test_everything_is_reached_by_tab(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "tab")
    conversation = asked()
    page = staff.open(f"/c/{conversation.pk}/")
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


def test_hostile_text_is_text_and_the_page_stays_whole(browser: Browser, address: str) -> None:
    staff = Staff(browser, address, "nasty")
    dialogs: list[str] = []
    staff.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    key = "wechat:gh:nasty"
    for number, text in enumerate(NASTY):
        written(event("message_in", key, key=f"n{number}", kind="text", text=text))
    conversation = asked(key)
    bus.call(lambda redis: Ledger(redis).heard(key, "text"))
    page = staff.open(f"/c/{conversation.pk}/")
    bubbles = page.locator(".by-applicant .text")
    expect(bubbles).to_have_count(len(NASTY) + 1)
    for number, text in enumerate(NASTY):
        shown = bubbles.nth(number)
        if len(text) > 1_500:
            shown.locator("summary").click()
            assert "".join(shown.locator("bdi").all_text_contents()) == text
            shown.locator("summary").click()
        else:
            assert shown.inner_text() == plain(text)
        # Nothing of it is an element but our own.
        assert shown.locator("a, img, script, iframe, b").count() == 0
    for selector in ("html", "#bubbles", "#context", "#list"):
        assert page.locator(selector).evaluate("e => e.scrollWidth <= e.clientWidth"), selector
    expect(page.locator("#composer")).to_be_visible()
    expect(page.locator("#context")).to_be_visible()
    page.click("#do-claim")
    expect(page.locator("#head .owner")).to_have_text("由我答复")
    page.fill("#text", NASTY[0])
    page.keyboard.press("Enter")
    expect(page.locator(".by-staff .text")).to_have_text(NASTY[0])
    assert dialogs == []
    staff.close()

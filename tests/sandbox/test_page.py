"""The chat page in a real browser, in front of a gateway that answers real encrypted replies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from starlette.responses import Response

from bot import settings as settings_module
from bot.sandbox.app import create_app
from bot.sandbox.replies import FAULT_NOTICE
from tests.browser import browser
from tests.conftest import free_port
from tests.sandbox.fakes import FakeGateway, Received, serve

XSS = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"


def option(number: int, menu_id: str, label: str) -> str:
    content = quote(label)
    return f'{number}. <a href="weixin://bizmsgmenu?msgmenucontent={content}&msgmenuid={menu_id}">{label}</a>'


def reply_to(received: Received) -> str:
    """A tiny dialogue: a greeting, two options, an echo."""
    message = received.message
    if message.type == "event":
        return f"您好，请选择：\n{option(1, 'ask:research', '开始自查')}\n{option(2, 'human', '转人工')}"
    menu_id = message._data.get("bizmsgmenuid")
    if menu_id:
        return f"您点了 {menu_id}，电话 0931-8533556。"
    if message.type == "voice":
        return f"听到：{message.recognition or '没有文字'}"
    if message.type == "text":
        return f"收到：{message.content}"
    return f"收到一条 {message.type}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for this file's tests."""
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def talker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeGateway, str]]:
    """The gateway and the page's address."""
    root: Path = tmp_path_factory.mktemp("page")
    settings = settings_module.load({"VAR_DIR": str(root / "var")}, root=root)
    gateway = FakeGateway(settings)
    with serve(gateway.app()) as address:
        app = create_app(settings, gateway_url=f"{address}/wechat", limit=2.0, pause=0.1)
        with serve(app) as page_address:
            yield gateway, page_address


@pytest.fixture
def gateway(talker: tuple[FakeGateway, str]) -> FakeGateway:
    """The gateway, in conversation."""
    fake = talker[0]

    async def answer(received: Received) -> Response:
        return await fake.say(reply_to(received))(received)

    fake.answer = answer
    fake.received.clear()
    return fake


@pytest.fixture(params=[(1280, 900), (390, 844), (360, 740)], ids=["desk", "phone", "small"])
def page(
    request: pytest.FixtureRequest, chromium: Browser, talker: tuple[FakeGateway, str], gateway: FakeGateway
) -> Iterator[Page]:
    """The page afresh, in three widths; a message in the browser's console fails the test."""
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    context.request.post(f"{talker[1]}/sandbox/api/reset", data={})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.set_default_timeout(10_000)
    page.goto(talker[1])
    yield page
    context.close()
    assert complaints == []


def follow(page: Page) -> None:
    page.get_by_role("button", name="关注公众号").click()
    expect(bubbles(page).last).to_contain_text("您好，请选择")


def bubbles(page: Page) -> Locator:
    return page.locator(".message:not(.waiting) .bubble")


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="消息")
    box.fill(text)
    box.press("Enter")


def test_follow_type_tap_and_leave(page: Page, gateway: FakeGateway) -> None:
    expect(page.get_by_role("textbox", name="消息")).to_be_hidden()
    follow(page)
    say(page, "怎么申报？")
    expect(bubbles(page).last).to_contain_text("收到：怎么申报？")
    expect(page.get_by_role("textbox", name="消息")).to_have_value("")
    page.get_by_role("button", name="开始自查").click()
    expect(page.locator(".own .bubble").last).to_contain_text("开始自查")
    expect(bubbles(page).last).to_contain_text("您点了 ask:research")
    expect(page.get_by_role("link", name="0931-8533556")).to_have_attribute("href", "tel:0931-8533556")
    assert gateway.received[-1].message.content == "开始自查"
    page.get_by_role("button", name="取消关注").click()
    expect(page.get_by_text("你已取消关注")).to_be_visible()
    expect(page.get_by_role("button", name="关注公众号")).to_be_visible()
    expect(page.get_by_role("textbox", name="消息")).to_be_hidden()


def test_enter_while_an_input_method_composes_does_not_send(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    count = len(gateway.received)
    box = page.get_by_role("textbox", name="消息")
    box.fill("zhong")
    box.evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    box.press("Shift+Enter")
    expect(box).to_have_value("zhong\n")
    assert len(gateway.received) == count
    box.press("Enter")
    expect(bubbles(page).last).to_contain_text("收到：zhong")


def test_a_fault_is_shown_as_a_notice_of_the_system(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    gateway.answer = gateway.body(b'{"reply": "json"}')
    say(page, "你好")
    expect(page.locator(".notice.fault")).to_have_text(FAULT_NOTICE)


def test_dots_while_waiting(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    gateway.answer = gateway.after(1.0, gateway.say("想好了"))
    say(page, "你好")
    expect(page.locator(".waiting .dots")).to_be_visible()
    expect(bubbles(page).last).to_contain_text("想好了")
    expect(page.locator(".waiting")).to_have_count(0)


def test_markup_is_shown_as_text(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    title = page.title()
    say(page, XSS)
    expect(page.locator(".own .bubble").last).to_contain_text(XSS)
    expect(bubbles(page).last).to_contain_text(f"收到：{XSS}")
    assert page.locator(".bubble script, .bubble img").count() == 0
    assert page.title() == title


def test_users_have_chats_of_their_own(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    say(page, "我是甲")
    expect(bubbles(page).last).to_contain_text("收到：我是甲")
    page.get_by_role("button", name=re.compile("用户乙")).click()
    expect(bubbles(page)).to_have_count(0)
    follow(page)
    say(page, "我是乙")
    expect(bubbles(page).last).to_contain_text("收到：我是乙")
    assert gateway.received[0].message.source != gateway.received[-1].message.source
    page.get_by_role("button", name=re.compile("用户甲")).click()
    expect(bubbles(page).last).to_contain_text("收到：我是甲")
    page.get_by_role("button", name="加一位用户").click()
    expect(page.get_by_role("button", name=re.compile("用户丁"))).to_have_attribute("aria-pressed", "true")


def test_other_kinds_can_be_sent(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    for button, kind in (("图片", "image"), ("位置", "location"), ("链接", "link")):
        page.get_by_role("button", name="更多发送方式").click()
        page.locator("#tray").get_by_role("button", name=button).click()
        expect(bubbles(page).last).to_contain_text(f"收到一条 {kind}")
    page.get_by_role("button", name="更多发送方式").click()
    page.get_by_role("button", name="语音", exact=True).click()
    page.get_by_label("微信识别出的文字").fill("我想自查")
    page.get_by_role("button", name="发送语音").click()
    expect(bubbles(page).last).to_contain_text("听到：我想自查")


def test_developers_see_the_traffic_both_ways(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    if page.get_by_role("button", name="报文").is_visible():
        page.get_by_role("button", name="报文").click()
    records = page.locator("#records details")
    expect(records).to_have_count(2)
    records.last.locator("summary").click()
    expect(records.last).to_contain_text("<Event><![CDATA[subscribe]]></Event>")
    expect(records.last).to_contain_text("msg_signature=")
    expect(records.last).to_contain_text("<Encrypt>")
    expect(records.first).to_contain_text("网关 → 微信")


def test_the_page_fits_its_width_and_its_targets_are_large(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    page.get_by_role("button", name="更多发送方式").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, textarea, summary")]
            .map((element) => [element.textContent.trim(), element.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
            .map(([text, box]) => `${text} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_a_page_that_comes_back_shows_what_was_said(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    say(page, "还在吗")
    expect(bubbles(page).last).to_contain_text("收到：还在吗")
    page.reload()
    expect(bubbles(page)).to_have_count(3)
    expect(bubbles(page).last).to_contain_text("收到：还在吗")


CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const rgb = parse(getComputedStyle(at).backgroundColor);
      if (rgb.length === 3 || rgb[3] === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const poor = [];
  let seen = 0;
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.getClientRects().length) continue;
    seen += 1;
    const [a, b] = [parse(getComputedStyle(element).color), ground(element)].map(light).sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${element.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return [seen, poor];
}"""


def test_all_text_can_be_read(page: Page, gateway: FakeGateway) -> None:
    follow(page)
    gateway.answer = gateway.body(b"junk")
    say(page, "你好")
    expect(page.locator(".notice.fault")).to_be_visible()
    page.get_by_role("button", name="更多发送方式").click()
    if page.get_by_role("button", name="报文").is_visible():
        page.get_by_role("button", name="报文").click()
    page.locator("#records summary").first.click()
    seen, poor = page.evaluate(CONTRAST)
    assert seen > 30
    assert poor == []


def test_an_unreachable_gateway_is_said_until_it_is_back(chromium: Browser, tmp_path: Path) -> None:
    port = free_port()
    environ = {"VAR_DIR": str(tmp_path / "var"), "GATEWAY_PORT": str(port)}
    settings = settings_module.load(environ, root=tmp_path)
    with serve(create_app(settings, pause=0.05)) as address:
        page = chromium.new_page()
        page.goto(address)
        trouble = page.get_by_role("alert").filter(has_text="连不上网关")
        expect(trouble).to_be_visible()
        page.get_by_role("button", name="关注公众号").click()
        expect(page.locator(".notice.fault")).to_have_text(FAULT_NOTICE)
        with serve(FakeGateway(settings).app(), port):
            expect(trouble).to_be_hidden(timeout=10_000)
            expect(page.locator("#check-result")).to_have_text("回调地址验证通过")
        page.close()


def test_the_page_comes_back_by_itself_after_a_restart(chromium: Browser, tmp_path: Path) -> None:
    settings = settings_module.load({"VAR_DIR": str(tmp_path / "var")}, root=tmp_path)
    gateway, port = FakeGateway(settings), free_port()
    with serve(gateway.app()) as gateway_address:
        url = f"{gateway_address}/wechat"
        page = chromium.new_page()
        with serve(create_app(settings, gateway_url=url), port) as address:
            page.goto(address)
            page.get_by_role("button", name="关注公众号").click()
            expect(bubbles(page)).to_have_count(1)
        offline = page.get_by_role("alert").filter(has_text="正在重新连接")
        expect(offline).to_be_visible()
        with serve(create_app(settings, gateway_url=url), port):
            expect(offline).to_be_hidden(timeout=15_000)
            expect(bubbles(page)).to_have_count(0)
            page.get_by_role("button", name="关注公众号").click()
            expect(bubbles(page)).to_have_count(1)
        page.close()

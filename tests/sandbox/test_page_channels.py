"""The chat page's other channels in a real browser: chosen by a link, with their own people and words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette

from bot import settings as settings_module
from bot.sandbox.app import create_app
from bot.settings import Settings
from tests.browser import browser
from tests.conftest import free_port
from tests.sandbox.fakes import serve


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root: Path = tmp_path_factory.mktemp("page")
    return settings_module.load({"VAR_DIR": str(root / "var"), "GATEWAY_PORT": str(free_port())}, root=root)


@pytest.fixture(scope="module")
def stage(account: Settings) -> Iterator[tuple[Starlette, str]]:
    app = create_app(account, limit=1.0, pause=0.05)
    with serve(app) as address:
        yield app, address


@pytest.fixture(scope="module")
def page(stage: tuple[Starlette, str]) -> Iterator[Page]:
    with browser() as chromium:
        opened = chromium.new_page(viewport={"width": 1200, "height": 900}, locale="zh-CN")
        opened.goto(stage[1])
        yield opened


def test_a_card_can_be_tapped_and_then_says_what_was_chosen(
    page: Page, stage: tuple[Starlette, str], account: Settings
) -> None:
    app, address = stage
    page.get_by_role("link", name="企业微信").click()
    expect(page.get_by_role("link", name="企业微信")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("button", name="同事甲")).to_be_visible()
    page.get_by_role("button", name="打开应用").click()
    expect(page.get_by_role("textbox", name="消息")).to_be_visible()
    wecom = account.wecom
    assert wecom is not None
    api = f"{address}/qyapi/cgi-bin"
    secrets = {"corpid": wecom.corp_id, "corpsecret": wecom.secret}
    token = {
        "access_token": httpx.get(f"{api}/gettoken", params=secrets, trust_env=False).json()["access_token"]
    }
    card = {
        "card_type": "button_interaction",
        "task_id": "t1",
        "main_title": {"title": "请选择"},
        "sub_title_text": "有团队吗？",
        "button_list": [{"text": "有", "key": "yes|有"}, {"text": "没有", "key": "no|没有"}],
    }
    member = app.state.work.desks["wecom"].world.users["u1"].openid
    body = {"touser": member, "agentid": wecom.agent_id, "msgtype": "template_card", "template_card": card}
    sent = httpx.post(f"{api}/message/send", params=token, json=body, trust_env=False).json()
    page.get_by_role("button", name="有", exact=True).click()
    expect(page.locator(".notice", has_text="你点了“有”")).to_be_visible()
    change = {
        "userids": [member],
        "agentid": wecom.agent_id,
        "response_code": sent["response_code"],
        "button": {"replace_name": "有"},
    }
    httpx.post(f"{api}/message/update_template_card", params=token, json=change, trust_env=False)
    expect(page.locator(".bubble").last).to_contain_text("已选：有")
    expect(page.get_by_role("button", name="没有", exact=True)).to_have_count(0)


def test_customer_service_has_customers_and_an_agent_to_play(page: Page) -> None:
    page.get_by_role("link", name="微信客服").click()
    page.get_by_role("button", name="进入客服会话").click()
    page.get_by_role("button", name="更多发送方式").click()
    expect(page.get_by_role("button", name="扫码")).to_be_hidden()
    page.get_by_role("button", name="接待人员接入").click()
    expect(page.locator(".notice", has_text="接待人员接入了会话")).to_be_visible()
    page.get_by_role("button", name="更多发送方式").click()
    page.get_by_role("button", name="接待人员说话").click()
    expect(page.locator(".bubble").last).to_contain_text("我是接待人员")


def test_a_channel_nobody_knows_is_the_official_account(page: Page, stage: tuple[Starlette, str]) -> None:
    page.goto(f"{stage[1]}/?channel=__proto__")
    expect(page.get_by_role("button", name="用户甲")).to_be_visible()
    expect(page.get_by_role("button", name="关注公众号")).to_be_visible()

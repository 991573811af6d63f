"""The doctor: each thing that may be wrong is broken on purpose, against the sandbox and a real gateway."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import msgspec
import pytest

from bot.doctor import checks
from bot.doctor.command import examine
from bot.gateway import create_app
from bot.settings import Settings
from tests.conftest import free_port
from tests.sandbox.fakes import serve
from tests.work import Corp, corp

KEY = "B" * 42 + "E"


@contextmanager
def office(settings: Settings, gateway: Settings | None = None) -> Iterator[tuple[Corp, str]]:
    """The platforms, and a gateway; the gateway's settings may differ from what the platforms know."""
    port = free_port()
    with corp(settings, f"http://127.0.0.1:{port}") as made:
        wrong = made.settings if gateway is None else gateway
        with serve(create_app(wrong), port) as url:
            yield made, url


@pytest.fixture(autouse=True)
def _fresh(redis: object) -> None:
    """Nothing is left of other tests."""


def post(made: Corp, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
    """Tell the sandbox to do something."""
    answer = httpx.post(f"{made.url}/sandbox/api{path}", json=body or {}, trust_env=False)
    found: dict[str, object] = answer.json()
    return found


async def said(config: Settings, url: str, capsys: pytest.CaptureFixture[str]) -> str:
    await examine(config, url)
    return capsys.readouterr().out


async def test_a_healthy_installation(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with office(settings) as (made, url):
        assert await examine(made.settings, url) == 0
    shown = capsys.readouterr().out
    assert "没有发现问题" in shown
    assert shown.count("正常  回调地址") == 3


def different(settings: Settings, **wecom: str) -> Settings:
    assert settings.wecom is not None
    return msgspec.structs.replace(settings, wecom=msgspec.structs.replace(settings.wecom, **wecom))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"aes_key": KEY}, "EncodingAESKey 和我们的不一致。请核对 WECOM_AES_KEY"),
        ({"token": "another"}, "请核对 WECOM_TOKEN"),
        ({"corp_id": "wwAnother"}, "请核对 WECOM_CORP_ID"),
    ],
)
async def test_what_the_platform_sends_and_we_refuse_is_explained(
    settings: Settings, capsys: pytest.CaptureFixture[str], change: dict[str, str], words: str
) -> None:
    with office(settings, different(settings, **change)) as (made, url):
        assert not post(made, "/wecom/check")["ok"]
        assert words in await said(made.settings, url, capsys)


async def test_a_clock_that_is_off_is_named(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    with (
        corp(settings, f"http://127.0.0.1:{port}", clock=lambda: time.time() - 600) as made,
        serve(create_app(made.settings), port) as url,
    ):
        post(made, "/wecom/check")
        assert "校准本机的时钟" in await said(made.settings, url, capsys)
    fast = checks.compare_clocks(1_000_600.0, 1_000_000.0)
    assert (fast.good, "快了 10 分钟" in fast.words) == (False, True)
    assert checks.compare_clocks(0.0, 119.0).good


@pytest.mark.parametrize(
    ("code", "words"), [(60020, "企业可信 IP"), (40001, "Secret 不对"), (40013, "企业 ID 不对")]
)
async def test_what_the_api_refuses_is_explained(
    settings: Settings, capsys: pytest.CaptureFixture[str], code: int, words: str
) -> None:
    with office(settings) as (made, url):
        made.app.trouble.errcode, made.app.trouble.times = code, 1
        assert words in await said(made.settings, url, capsys)


async def test_an_unverified_account_and_one_without_the_right(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with office(settings) as (made, url):
        wechat = msgspec.structs.replace(made.settings.wechat, account="subscription")
        unverified = msgspec.structs.replace(made.settings, wechat=wechat)
        assert "订阅号或未认证" in await said(unverified, url, capsys)
        post(made, "/platform/trouble", {"errcode": 48001, "times": 1, "path": "/cgi-bin/menu/get"})
        assert "没有主动发消息的权限" in await said(made.settings, url, capsys)
        post(made, "/platform/trouble", {"errcode": 40164, "times": 1, "path": "/cgi-bin/stable_token"})
        assert "IP 白名单" in await said(made.settings, url, capsys)


async def test_an_address_that_does_not_answer(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with office(settings) as (made, url):
        shown = await said(made.settings, f"http://127.0.0.1:{free_port()}", capsys)
        assert shown.count("请确认网关已启动") == 3
        assert "状态码 404" in await said(made.settings, f"{url}/elsewhere", capsys)


async def test_another_kf_account_and_a_broken_key(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with office(settings) as (made, url):
        assert made.settings.kf is not None
        kf = msgspec.structs.replace(made.settings.kf, open_kfid="wkOther")
        shown = await said(msgspec.structs.replace(made.settings, kf=kf), url, capsys)
        assert "请核对 KF_OPEN_KFID" in shown
        assert checks.aes_key("KF_AES_KEY", "!" * 43).words.startswith("KF_AES_KEY 不是有效的")
        nothing = msgspec.structs.replace(made.settings, wecom=None, kf=None)
        assert "企业微信应用：没有配置" in await said(nothing, url, capsys)

"""Logging in by scanning with WeCom, against a loopback server that answers as WeCom's does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from desk.handoff.models import AuditEntry
from tests.desk.make import user

pytestmark = pytest.mark.usefixtures("desk")
TOKENS = {"access_token": "token-1", "expires_in": 7200}


class _WeCom(BaseHTTPRequestHandler):
    """Knows the codes ``ok`` and ``guest``."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        found: dict[str, Any] = {"errcode": 40029, "errmsg": "invalid code"}
        if address.path == "/cgi-bin/gettoken":
            right = query == {"corpid": "ww1", "corpsecret": "s1"}
            found = {"errcode": 0, **TOKENS} if right else {"errcode": 40001}
        elif query.get("access_token") == "token-1" and query.get("code") == "ok":
            found = {"errcode": 0, "userid": "zhang.san"}
        elif query.get("code") == "guest":
            found = {"errcode": 0, "openid": "o1"}
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def wecom(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """WeCom, set up as the operator would."""
    server = HTTPServer(("127.0.0.1", 0), _WeCom)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    values = {"CORP_ID": "ww1", "AGENT_ID": "1000002", "SECRET": "s1"}
    for name, value in {**values, "API_URL": f"http://127.0.0.1:{server.server_port}"}.items():
        monkeypatch.setenv(f"WECOM_{name}", value)
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def _scan(client: Client, code: str, state: str | None = None) -> Any:
    page = client.get("/wecom/login/")
    query = parse_qs(urlsplit(page.headers["Location"]).query)
    assert query["appid"] == ["ww1"]
    assert query["agentid"] == ["1000002"]
    assert query["redirect_uri"] == ["http://testserver/wecom/back/"]
    given = query["state"][0] if state is None else state
    return client.get("/wecom/back/", {"code": code, "state": given})


def test_without_settings_there_is_no_such_page() -> None:
    assert Client().get("/wecom/login/").status_code == 404
    assert Client().get("/wecom/back/?code=ok").status_code == 404
    assert "扫码" not in Client().get("/login/").content.decode()


@pytest.mark.usefixtures("wecom")
def test_a_member_with_an_account_is_in() -> None:
    who = user("zhang")
    who.wecom_id = "zhang.san"
    who.save()
    client = Client()
    assert "企业微信扫码登录" in client.get("/login/").content.decode()
    assert _scan(client, "ok").headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert AuditEntry.objects.get(action="login").subject == "企业微信扫码"


@pytest.mark.usefixtures("wecom")
@pytest.mark.parametrize(
    ("code", "state", "words"),
    [
        ("ok", None, "zhang.san"),
        ("guest", None, "不是本单位成员"),
        ("used", None, "40029"),
        ("", None, "取消"),
        ("ok", "another", "不是从本页开始"),
        ("ok", "", "不是从本页开始"),
    ],
)
def test_others_are_told_why_not(code: str, state: str | None, words: str) -> None:
    client = Client()
    refused = _scan(client, code, state)
    assert refused.status_code == 403
    assert words in refused.content.decode()
    assert client.get("/").status_code == 302


@pytest.mark.usefixtures("wecom")
def test_a_disabled_account_and_a_second_use_of_the_state_are_refused() -> None:
    who = user("zhang")
    who.wecom_id, who.is_active = "zhang.san", False
    who.save()
    client = Client()
    state = parse_qs(urlsplit(client.get("/wecom/login/").headers["Location"]).query)["state"][0]
    back = {"code": "ok", "state": state}
    assert "还没有对应" in client.get("/wecom/back/", back).content.decode()
    assert "不是从本页开始" in client.get("/wecom/back/", back).content.decode()


@pytest.mark.usefixtures("wecom")
def test_wecom_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WECOM_API_URL", "http://127.0.0.1:9")
    assert "没有应答" in _scan(Client(), "ok").content.decode()

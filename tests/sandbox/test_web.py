"""The page's files, the guard in front of everything, the JSON API's refusals, live updates."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.sandbox.app import STATIC, create_app
from bot.sandbox.hub import Hub
from bot.settings import ROOT, Settings
from tests.conftest import free_port
from tests.sandbox.conftest import Sandbox
from tests.sandbox.fakes import FakeGateway, frames, serve


async def test_the_page_is_served_with_a_strict_policy(sandbox: Sandbox) -> None:
    page = await sandbox.http.get("/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert (await sandbox.http.get("/healthz")).json() == {"status": "ok"}


async def test_every_file_of_the_page_is_there_and_its_own(sandbox: Sandbox) -> None:
    page = (await sandbox.http.get("/")).text
    assert '<html lang="zh-Hans">' in page
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|https?://", page)
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        answer = await sandbox.http.get(path)
        assert answer.status_code == 200, path
    for script in STATIC.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text), (
            script.name
        )
        for name in re.findall(r'from "\./([^"]+)"', text):
            assert (STATIC / name).exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 202),
        ({"Origin": "http://127.0.0.1"}, 202),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
    ],
)
async def test_other_sites_pages_may_not_act(sandbox: Sandbox, headers: dict[str, str], status: int) -> None:
    answer = await sandbox.http.post("/sandbox/api/users/u1/text", json={"content": "你好"}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("users/u9/text", {"content": "x"}, 404),
        ("users/u1/dance", {}, 404),
        ("users/u1/text", {}, 400),
        ("users/u1/text", {"content": 5}, 400),
        ("users/u1/text", {"content": "x", "more": 1}, 400),
        ("users/u1/text", {"content": "x" * 70_000}, 413),
        ("users/u1/event", {"event": "dance"}, 400),
        ("users/u2/text", {"content": "x"}, 409),
        ("users/u2/tap", {"menu_id": "a", "content": "x"}, 409),
        ("users/u2/event", {"event": "CLICK", "key": "x"}, 409),
    ],
)
async def test_refusals_say_why(sandbox: Sandbox, path: str, body: object, status: int) -> None:
    answer = await sandbox.http.post(f"/sandbox/api/{path}", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_reset_brings_new_people(sandbox: Sandbox, gateway: FakeGateway) -> None:
    before = await sandbox.openid()
    added = (await sandbox.http.post("/sandbox/api/users")).json()
    assert (added["id"], added["name"]) == ("u4", "用户丁")
    gateway.answer = gateway.after(0.3, gateway.say("给前一位用户的话"))
    await sandbox.http.post("/sandbox/api/users/u1/text", json={"content": "你好"})
    await sandbox.http.post("/sandbox/api/reset")
    await asyncio.sleep(0.6)
    assert await sandbox.openid() != before
    assert await sandbox.shown() == []
    assert len((await sandbox.http.get("/sandbox/api/users")).json()) == 3


async def test_the_stream_tells_what_happens_and_resumes(
    account_settings: Settings, gateway: FakeGateway
) -> None:
    app = create_app(account_settings, gateway_url=gateway.url)
    with serve(app) as address:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            cursor = (await client.get("/sandbox/api/state")).json()["cursor"]
            seen = []
            async with client.stream("GET", f"/sandbox/api/stream?after={cursor}") as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
                await client.post("/sandbox/api/users/u1/event?wait=1", json={"event": "subscribe"})
                async for frame in frames(stream.aiter_lines()):
                    seen.append(frame)
                    if frame["event"] == "message" and json.loads(frame["data"])["side"] == "account":
                        break
            kinds = [frame["event"] for frame in seen]
            assert {"user", "message", "record"} <= set(kinds)
            middle = seen[2]["id"]
            async with client.stream(
                "GET", "/sandbox/api/stream", headers={"Last-Event-ID": middle}
            ) as stream:
                again = []
                async for frame in frames(stream.aiter_lines()):
                    again.append(frame)
                    if len(again) == len(seen) - 3:
                        break
            assert again == seen[3:]


@pytest.mark.parametrize("after", ["", "other-1", "nonsense", "{run}-99"])
async def test_a_reader_from_another_time_is_told_to_reload(after: str) -> None:
    hub = Hub()
    hub.publish("user", {})
    stream = hub.stream(after.replace("{run}", hub.cursor.partition("-")[0]))
    assert b"event: reload" in await stream.__anext__()
    hub.close()
    assert [frame async for frame in stream] == []


async def test_a_reader_that_missed_too_much_is_told_to_reload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.hub.KEPT", 5)
    hub = Hub()
    start = hub.cursor
    for number in range(6):
        hub.publish("user", {"n": number})
    assert b"event: reload" in await hub.stream(start).__anext__()


def test_the_program_starts_answers_and_stops_with_a_page_open(tmp_path: Path) -> None:
    port = free_port()
    environ = {"VAR_DIR": str(tmp_path / "var"), "SANDBOX_PORT": str(port), "PATH": ""}
    command = [sys.executable, "-m", "bot.sandbox", "--gateway", f"http://127.0.0.1:{free_port()}/wechat"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True) as process:
        transport = httpx.HTTPTransport(retries=0)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport) as client:
            for _ in range(200):
                try:
                    assert client.get("/healthz").status_code == 200
                    break
                except httpx.ConnectError:
                    assert process.poll() is None
                    subprocess.run(["/bin/sleep", "0.1"], check=True)
            with client.stream("GET", "/sandbox/api/stream") as stream:
                assert stream.status_code == 200
                process.terminate()
                _, errors = process.communicate(timeout=10)
    assert "Traceback" not in errors

"""What is signed and encrypted and still wrong: refused or ignored, and nothing breaks over it."""

from __future__ import annotations

import logging
from collections import Counter

import httpx
import pytest
from structlog.testing import capture_logs

from bot.bus.connection import Client
from bot.gateway import create_app
from bot.settings import Settings
from tests.channels.wechat.malformed import malformed


async def test_hundreds_of_malformed_messages_are_refused_or_ignored(
    settings: Settings, redis: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    requests = malformed(settings.wechat)
    results: Counter[str] = Counter()
    transport = httpx.ASGITransport(create_app(settings, redis))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        for name, request in requests.items():
            with capture_logs() as logs:
                answer = await client.post("/wechat", params=request.params, content=request.body)
            result = "ignored" if answer.text == "success" else str(answer.status_code)
            assert result in {"ignored", "400", "403"}, name
            assert [line["event"] for line in logs] == ["callback"], name
            assert not any("exc_info" in line or "exception" in line for line in logs), name
            results[result] += 1
    assert results.total() >= 300
    assert results["ignored"] < 20
    # Nothing of them is kept but why the last one was refused.
    assert await redis.keys("*") == [b"refused"]
    assert not [record for record in caplog.records if record.exc_info]
    assert "Traceback" not in "".join(capfd.readouterr())

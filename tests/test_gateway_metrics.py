"""``/metrics``: what Prometheus reads there, with Redis and without."""

from __future__ import annotations

import asyncio
import contextlib
import time

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bot.bus.connection import Client, connect, disconnect
from bot.bus.heartbeat import beat
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Part, Reply
from bot.bus.outbox import Item, Outbox
from bot.bus.tokens import Tokens
from bot.bus.turns import Turn
from bot.settings import Settings
from tests import wechat
from tests.conftest import free_port
from tests.test_gateway import Office, gateway, office

__all__ = ["office"]

Samples = dict[tuple[str, str], float]


async def scrape(client: httpx.AsyncClient) -> Samples:
    """Every sample by name and label values."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = list(text_string_to_metric_families(answer.text))
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def inbound(key: str) -> Inbound:
    return Inbound(key=key, channel="wechat", account="gh", user=key, kind="text", text="问")


async def test_callbacks_are_counted_by_kind_result_and_path(office: Office) -> None:
    client = office.clients[0]
    before = await scrape(client)
    await office.hear("你好", 1)
    await office.hear("你好", 1)
    await office.post(wechat.message("event", Event="VIEW", EventKey="x"))
    await client.post("/wechat", content=b"forged")
    after = await scrape(client)

    def grown(name: str, labels: str = "") -> float:
        return after.get((name, labels), 0) - before.get((name, labels), 0)

    assert grown("assistant_messages_total", "wechat,text,reply") == 1
    assert grown("assistant_messages_total", "wechat,text,joined") == 1
    assert grown("assistant_messages_total", "wechat,unknown,ignored") == 1
    assert grown("assistant_messages_total", "wechat,unknown,refused") == 1
    assert grown("assistant_replies_total", "passive") == 1
    assert grown("assistant_replies_total", "retry") == 1
    assert ("assistant_replies_total", "pick_up") in after
    assert ("assistant_replies_total", "pushed") in after
    assert grown("assistant_callback_seconds_count") == 4


async def test_the_figures_of_worker_and_sender_come_through_redis(settings: Settings, redis: Client) -> None:
    box, tokens = Mailbox(redis), Tokens(redis, f"wechat:{settings.wechat.app_id}")
    for key in "abc":
        await box.put(inbound(key))
    for turn in (Turn("ok", 0.012), Turn("failed", 0.3)):
        lease = await box.take(1)
        assert lease is not None
        await box.done(lease, Reply((Part("答"),)), turn)
    await Outbox(redis).queue(Item(id="i", conversation="wechat:gh:a", reply=Reply((Part("话"),))))
    await tokens.claim(0)
    await beat(redis, "worker:1")
    await asyncio.sleep(0.05)
    async with gateway(settings, redis) as client:
        found = await scrape(client)
    assert found["assistant_redis_up", ""] == 1
    assert found["assistant_waiting_messages", ""] == 1
    assert 0.05 <= found["assistant_oldest_message_seconds", ""] < 60
    assert (found["assistant_turns_total", "ok"], found["assistant_turns_total", "failed"]) == (1, 1)
    assert found["assistant_turn_seconds_bucket", "0.025"] == 1
    assert found["assistant_turn_seconds_bucket", "+Inf"] == found["assistant_turn_seconds_count", ""] == 2
    assert found["assistant_turn_seconds_sum", ""] == 0.312
    assert found["assistant_outbox_items", "queued"] == 1
    assert found["assistant_token_fetches_total", f"wechat:{settings.wechat.app_id}"] == 1
    assert (found["assistant_process_up", "worker"], found["assistant_process_up", "sender"]) == (1, 0)
    await box.close()


async def test_without_redis_the_page_says_so(settings: Settings) -> None:
    redis = connect(f"redis://127.0.0.1:{free_port()}/0")
    async with gateway(settings, redis) as client:
        found = await scrape(client)
    assert found["assistant_redis_up", ""] == 0
    assert not any(name.startswith("assistant_waiting") for name, _ in found)
    await disconnect(redis)


async def test_a_hung_redis_holds_the_page_for_a_second_at_most(settings: Settings) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while await reader.read(4096):
                pass
        writer.close()

    hole = await asyncio.start_server(swallow, "127.0.0.1", 0)
    redis = connect(f"redis://127.0.0.1:{hole.sockets[0].getsockname()[1]}/0")
    try:
        async with gateway(settings, redis) as client:
            started = time.monotonic()
            found = await scrape(client)
            # The limit is 1 s; Redis's own time-outs add up to more than 4.
            assert time.monotonic() - started < 4
        assert found["assistant_redis_up", ""] == 0
    finally:
        await disconnect(redis)
        hole.close()
        await hole.wait_closed()

"""The conversation store as Rasa's own commands use it: `rasa shell` and `rasa run`, by ``endpoints.yml``."""

from __future__ import annotations

import redis
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain

from bot import settings
from bot.bus.connection import COMMAND_SECONDS, CONNECT_SECONDS, connect
from bot.dialogue.store import Conversations
from bot.settings import Settings


class RedisConversations(Conversations):
    """What Rasa makes of ``tracker_store: {type: bot.dialogue.stock.RedisConversations}``.

    Args:
        host: Rasa hands over ``url`` of endpoints.yml; where Redis is comes from the settings.

    Raises:
        ConnectionError: no Redis answers there; Rasa prints the sentence.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
    ) -> None:
        found = settings.load()
        _ask(found)
        super().__init__(domain, connect(found.redis_url), found.conversation_days)


def _ask(found: Settings) -> None:
    client = redis.Redis.from_url(
        found.redis_url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=COMMAND_SECONDS
    )
    try:
        client.ping()
    except redis.RedisError as error:
        raise ConnectionError(_sentence(found)) from error
    finally:
        client.close()


def _sentence(found: Settings) -> str:
    if not found.embedded_redis:
        return "连不上 Redis。请检查设置项 REDIS_URL，以及那台 Redis 是否在运行。"
    how = "请先在另一个终端运行 make run，或只启动 Redis：.venv/bin/python -m bot.redis_server"
    return f"连不上内置的 Redis（端口 {found.redis_port}）。{how}"

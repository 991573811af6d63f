"""Figures for Prometheus: this gateway's own, and those of all processes as Redis knows them.

A gateway counts the callbacks that it took in; with several, each is scraped. Worker and sender have no
page: they count in Redis, where the fact itself is written, and every gateway shows the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from bot.bus import figures
from bot.bus.connection import Client
from bot.bus.figures import FINAL, Figures
from bot.bus.tasks import within
from bot.bus.turns import BOUNDS
from bot.errors import BusError

MEDIA_TYPE = CONTENT_TYPE_LATEST
SECONDS = 1.0
"""How long a page may wait for Redis."""

_PATHS = {"reply": "passive", "joined": "retry", "push": "pushed", "pick-up": "pick_up"}
_MESSAGES = Counter(
    "assistant_messages", "Callbacks taken in, by what came of them.", ["channel", "kind", "result"]
)
_REPLIES = Counter("assistant_replies", "Replies, by the way they take to the applicant.", ["path"])
_SECONDS = Histogram(
    "assistant_callback_seconds",
    "Time until a callback was answered.",
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 4.5, 5),
)
for _path in _PATHS.values():
    _REPLIES.labels(_path)


def count(channel: str, kind: str, result: str, seconds: float) -> None:
    """Count a callback that was answered, refused or held after ``seconds``. ``kind`` empty: unknown."""
    _MESSAGES.labels(channel, kind or "unknown", result).inc()
    _SECONDS.observe(seconds)
    if result in _PATHS:
        _REPLIES.labels(_PATHS[result]).inc()


async def page(redis: Client, accounts: Sequence[str]) -> bytes:
    """The page, within about a second. Without Redis it says so, and shows what this process knows.

    Args:
        accounts: names of access tokens, as given to `bot.bus.tokens.Tokens`.
    """
    shared = CollectorRegistry()
    try:
        shared.register(_Shared(await within(figures.read(redis, accounts), SECONDS)))
    except (BusError, asyncio.TimeoutError):
        shared.register(_Shared(None))
    return generate_latest(REGISTRY) + generate_latest(shared)


class _Shared(Collector):
    """What Redis knows, in Prometheus's form; None when it doesn't answer."""

    def __init__(self, found: Figures | None) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        found = self._found
        up = GaugeMetricFamily("assistant_redis_up", "Whether Redis answers.", value=float(found is not None))
        yield up
        if found is None:
            return
        yield GaugeMetricFamily(
            "assistant_waiting_messages", "Messages without a reply.", value=found.waiting
        )
        yield GaugeMetricFamily(
            "assistant_oldest_message_seconds", "How long the oldest of them has waited.", value=found.oldest
        )
        yield _labelled(GaugeMetricFamily, "assistant_process_up", "Whether one beats.", "role", found.alive)
        yield from _turns(found.turns)
        yield from _outbox(found.outbox)
        fetches = found.fetches
        yield _labelled(
            CounterMetricFamily, "assistant_token_fetches", "Access tokens fetched.", "account", fetches
        )


def _labelled(
    family: type[GaugeMetricFamily] | type[CounterMetricFamily],
    name: str,
    about: str,
    label: str,
    values: dict[str, int] | dict[str, bool],
) -> Metric:
    made = family(name, about, labels=[label])
    for key, value in values.items():
        made.add_metric([key], float(value))
    return made


def _turns(fields: dict[str, int]) -> Iterator[Metric]:
    results = {name: n for name, n in fields.items() if name != "ms" and not name.startswith("le:")}
    yield _labelled(CounterMetricFamily, "assistant_turns", "Turns, by what came of them.", "result", results)
    buckets, total = [], 0
    for bound in BOUNDS:
        total += fields.get(f"le:{bound}", 0)
        buckets.append((bound, float(total)))
    made = HistogramMetricFamily("assistant_turn_seconds", "Time of a turn in the worker.")
    made.add_metric([], buckets, fields.get("ms", 0) / 1000)
    yield made


def _outbox(states: dict[str, int]) -> Iterator[Metric]:
    now = {state: states.get(state, 0) for state in ("queued", "sending", "held")}
    ended = {state: states.get(state, 0) for state in FINAL}
    about = "Items on their way in the outbox, by state."
    yield _labelled(GaugeMetricFamily, "assistant_outbox_items", about, "state", now)
    about = "Items of the outbox that came to an end, less those that are tried again."
    yield _labelled(GaugeMetricFamily, "assistant_outbox_ended_items", about, "state", ended)

"""The sender killed with SIGKILL at work on WeChat's own channel; short in tests, long in ``bench.helpdesk``.

Staff answer and the desk says things by itself, to many applicants at once, through the desk's own code. The
platform is the sandbox, which keeps what it was sent and answers slowly, so that some kills fall between a
request and its answer.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from subprocess import Popen
from typing import NamedTuple

from bot import settings as settings_module
from bot.bus.connection import Client
from bot.bus.ledger import Ledger
from bot.bus.outbox import Outbox
from bot.sandbox import pieces
from desk.accounts.models import User
from desk.bus import bus
from desk.handoff import ownership, sending
from desk.handoff.models import Conversation, Message
from tests.desk.make import backlog, event, publish, user, written
from tests.desk.place import Place, environ
from tests.desk.processes import consuming, start, stop, until
from tests.platform import Api, platform

PEOPLE = 25
PACE, SLOW = 0.08, 0.3
"""Seconds between two messages, and until the platform answers."""
_MARK = re.compile(r"#[^#]+#")


class Sends(NamedTuple):
    """What became of the messages.

    Attributes:
        unknown: those of which the rows say that nobody knows; ``arrived`` of them did arrive, and
            ``needless`` weren't under way when a sender was killed.
        lost: those that didn't arrive, though their row doesn't say so, or that were left behind.
        doubled: texts that arrived more than once.
        disordered: people who got something before what was said earlier, or behind what is unknown.
    """

    total: int = 0
    unknown: int = 0
    arrived: int = 0
    needless: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0


class Office:
    """Applicants, and what is said to them. What is said is marked, a long text at its start and end."""

    def __init__(self, api: Api, agent: User) -> None:
        self._api, self._agent, self._random = api, agent, random.Random(5)
        self._number = 0
        self.people = [self._claimed(f"o-{number}") for number in range(PEOPLE)]

    def _claimed(self, openid: str) -> Conversation:
        conversation = written(event("message_in", f"wechat:gh_1:{openid}", key=openid, text="你好"))
        assert ownership.claim(conversation.pk, self._agent, conversation.epoch).done
        conversation.refresh_from_db()
        self.writes(conversation)
        return conversation

    def writes(self, who: Conversation) -> None:
        """An applicant writes, which gives room for five messages; as the gateway tells it."""
        self._number += 1
        self._api.writer(openid(who))
        publish(event("message_in", who.key, key=f"k-{self._number}", kind="text", text="在吗"))

        async def hear(redis: Client) -> None:
            await Ledger(redis).heard(who.key, "text")
            await Outbox(redis).release(who.key)

        bus.call(hear)

    def say(self) -> None:
        """One message to somebody: of staff, or of the desk itself and then in two parts now and then."""
        self._number += 1
        who, mark = self._random.choice(self.people), self._number
        if self._random.random() < 0.3:
            self.writes(who)
        if mark % 3:
            sending.from_staff(who.pk, self._agent, who.epoch, f"#{mark}#")
        else:
            text = f"#{mark}#" if mark % 2 else f"#{mark}甲#{'请准备材料。' * 120}#{mark}乙#"
            sending.from_desk(who.pk, None, text)

    def over(self) -> bool:
        """Whether nothing is on its way; those for whom something is held write again."""
        counts = bus.call(lambda redis: Outbox(redis).counts())
        if counts["held"] and not counts["sending"]:
            for who in self.people:
                self.writes(who)
        return not counts["held"] and not counts["queued"] and not counts["sending"]

    def under_way(self) -> set[str]:
        """The items of which a request is out."""
        heads = [bus.call(lambda redis, key=who.key: Outbox(redis).waiting(key))[:1] for who in self.people]  # type: ignore[misc]
        return {each.item.id for head in heads for each in head if each.state == "sending"}

    def judged(self, killed: set[str]) -> Sends:
        """What the platform got, against what the desk's rows say. ``killed``: under way at a kill."""
        users = self._api.world.users
        found = [_judged(who, _marks(users[openid(who)].messages), killed) for who in self.people]
        return Sends(*map(sum, zip(*found, strict=True)))


def openid(who: Conversation) -> str:
    """The applicant's id at WeChat."""
    return who.key.split(":", 2)[2]


def _marks(messages: object) -> list[str]:
    texts = [pieces.plain(each.pieces) for each in list(messages) if each.via == "api"]  # type: ignore[call-overload]
    return [mark for text in texts for mark in _MARK.findall(text)]


def _judged(who: Conversation, got: list[str], killed: set[str]) -> Sends:
    unknown = arrived = needless = lost = 0
    expected: list[str] = []
    for row in Message.objects.filter(conversation=who, outbox__isnull=False).order_by("id"):
        marks = _MARK.findall(row.text)
        here = [mark for mark in marks if mark in got]
        expected += here
        status = bus.call(lambda redis, id=row.outbox: Outbox(redis).status(id))  # type: ignore[misc]
        assert status is not None
        assert row.state == status.state, "the rows say what the outbox says"
        if status.state == "unknown":
            assert row.reason, "staff are told why"
            unknown, arrived = unknown + 1, arrived + (here == marks)
            needless += row.outbox not in killed
            lost += here != marks[: len(here)]
        else:
            lost += status.state != "sent" or here != marks
    total = Message.objects.filter(conversation=who, outbox__isnull=False).count()
    once = list(dict.fromkeys(got))
    return Sends(total, unknown, arrived, needless, lost, len(got) - len(once), once != expected)


def kill(place: Place, redis_url: str, times: int) -> Sends:
    """Kill the sender over and over while messages come; then let one finish."""
    own = {"VAR_DIR": str(place.folder / "var"), "REDIS_URL": redis_url}
    with platform(settings_module.load(own, root=place.folder)) as api, consuming(place, redis_url):
        office = Office(api, user("answering"))
        api.trouble(delay=SLOW, times=1_000_000)
        env = environ(place, redis_url, WECHAT_API_URL=api.url, WECOM_API_URL=f"{api.url}/qyapi")
        with ThreadPoolExecutor(1) as pool:
            killing = pool.submit(_kill, place, env, times, office)
            while not killing.done():
                office.say()
                time.sleep(PACE)
            killed = killing.result()
        with _sender(place, env):
            until(office.over, 300)
            until(lambda: backlog() == 0)
        return office.judged(killed)


def _kill(place: Place, env: dict[str, str], times: int, office: Office) -> set[str]:
    """Returns what was under way at a kill."""
    random_ = random.Random(20)
    killed: set[str] = set()
    for _ in range(times):
        before = _sent()
        with _sender(place, env) as process:
            until(lambda: _sent() > before)  # noqa: B023 - used at once
            time.sleep(random_.uniform(0, 1.5))
            process.kill()
        killed |= office.under_way()
        bus.call(lambda redis: redis.delete("account:{wechat}:holder"))  # the next needn't wait for the lease
    return killed


def _sent() -> int:
    return bus.call(lambda redis: Outbox(redis).counts())["sent"]


@contextmanager
def _sender(place: Place, env: dict[str, str]) -> Iterator[Popen[bytes]]:
    process = start("-m", "bot.sender", env=env, output=place.folder / "sender.log")
    try:
        yield process
    finally:
        stop(process)

"""Everything that the stand-in knows, in memory: users, what they see, and the raw traffic."""

from __future__ import annotations

import secrets
import string
import time
from collections import deque
from collections.abc import Callable
from typing import Literal

import msgspec

from bot.sandbox.hub import Hub
from bot.sandbox.pieces import Piece, Words
from bot.sandbox.quota import Quota

_NAMES = "甲乙丙丁戊己庚辛壬癸"
_OPENID = string.ascii_letters + string.digits + "-_"
FIRST_USERS = 3
MESSAGES_KEPT, RECORDS_KEPT, USERS_KEPT = 500, 500, 2000

Side = Literal["user", "account", "system"]


class Message(msgspec.Struct, frozen=True):
    """What one user sees. ``via``: passive (an answer), api (pushed), page (done on the page)."""

    id: int
    user: str
    side: Side
    kind: str
    pieces: tuple[Piece, ...]
    at: float
    via: Literal["passive", "api", "page", "wechat"]


class Record(msgspec.Struct, frozen=True):
    """One step of the raw traffic, for developers.

    Attributes:
        direction: ``callback`` (WeChat to the gateway), ``answer`` (back), ``api`` (to WeChat's API).
        delivery: 1, 2 or 3; 0 for the API.
        sealed: what went over the wire; ``opened``: the same decrypted, empty if it can't be.
        status: the HTTP status; 0 when there was none.
        milliseconds: from the request to this.
        note: how WeChat took it, in Chinese.
    """

    id: int
    user: str
    at: float
    direction: Literal["callback", "answer", "api"]
    title: str
    delivery: int
    sealed: str
    opened: str
    status: int = 0
    milliseconds: int = 0
    note: str = ""


def letters(length: int) -> str:
    """A part of an id as WeChat makes them up."""
    return "".join(secrets.choice(_OPENID) for _ in range(length))


class Kind(msgspec.Struct, frozen=True):
    """What differs between the channels: what a user is called, and how ids are made."""

    channel: str = "wechat"
    person: str = "用户"
    account: Callable[[], str] = lambda: "gh_" + secrets.token_hex(6)
    openid: Callable[[int], str] = lambda _: "o" + letters(27)


class User:
    """One person with a phone. ``id`` is the page's name for them, ``openid`` WeChat's."""

    def __init__(self, number: int, kind: Kind | None = None) -> None:
        kind = kind or Kind()
        self.id = f"u{number}"
        self.name = f"{kind.person}{_NAMES[number - 1] if number <= len(_NAMES) else number}"
        self.openid = kind.openid(number)
        self.following = False
        self.waiting = 0
        self.typing_until = 0.0
        self.quota = Quota()
        self.messages: deque[Message] = deque(maxlen=MESSAGES_KEPT)

    def view(self, now: float) -> dict[str, object]:
        """What the page and the JSON API show of a user."""
        return {
            "id": self.id,
            "name": self.name,
            "openid": self.openid,
            "following": self.following,
            "waiting": self.waiting,
            "typing": max(0.0, round(self.typing_until - now, 1)),
        }


class World:
    """The stand-in's whole state. For one event loop, so without locks.

    Args:
        clock: seconds since 1970; tests move it.
    """

    def __init__(self, clock: Callable[[], float] = time.time, kind: Kind | None = None) -> None:
        self.clock = clock
        self.kind = kind or Kind()
        self.hub = Hub()
        self.account = self.kind.account()
        self._ids = 0
        self._msg_id = 24_000_000_000_000_000 + secrets.randbelow(10**15)
        self._clear()

    def _clear(self) -> None:
        self.users: dict[str, User] = {}
        self.records: deque[Record] = deque(maxlen=RECORDS_KEPT)
        self.menu: list[dict[str, object]] = []
        self.trouble = ""
        for number in range(1, FIRST_USERS + 1):
            self.users[f"u{number}"] = User(number, self.kind)

    def reset(self) -> None:
        """Start afresh, with new people (new openids), and have the pages reload."""
        self._clear()
        self.hub.publish("reload", {})

    def add_user(self) -> User:
        """One more user. Raises OverflowError when there are too many."""
        if len(self.users) >= USERS_KEPT:
            raise OverflowError("用户太多了，请先重置")
        user = User(len(self.users) + 1, self.kind)
        self.users[user.id] = user
        self.changed(user)
        return user

    def by_openid(self, openid: str) -> User | None:
        """The user whom WeChat knows by this id."""
        return next((user for user in self.users.values() if user.openid == openid), None)

    def next_id(self) -> int:
        """Numbers messages and records in order."""
        self._ids += 1
        return self._ids

    def next_msg_id(self) -> int:
        """A MsgId as WeChat's: 17 digits, rising."""
        self._msg_id += 1 + secrets.randbelow(1000)
        return self._msg_id

    def _current(self, user: User) -> bool:
        """Whether the user wasn't put away by a reset while a delivery was under way."""
        return self.users.get(user.id) is user

    def changed(self, user: User) -> None:
        """Tell the page about a user."""
        if self._current(user):
            self.hub.publish("user", user.view(self.clock()))

    def show(
        self,
        user: User,
        side: Side,
        kind: str,
        pieces: tuple[Piece, ...] | str,
        via: Literal["passive", "api", "page", "wechat"],
    ) -> Message:
        """Put something into a user's chat."""
        content = (Words(pieces),) if isinstance(pieces, str) else pieces
        message = Message(self.next_id(), user.id, side, kind, content, self.clock(), via)
        user.messages.append(message)
        if side == "account" and user.typing_until:
            user.typing_until = 0.0
            self.changed(user)
        if self._current(user):
            self.hub.publish("message", message)
        return message

    def change(self, user: User, id: int, pieces: tuple[Piece, ...]) -> None:
        """Change a message that a user sees."""
        for index, message in enumerate(user.messages):
            if message.id == id:
                user.messages[index] = msgspec.structs.replace(message, pieces=pieces)
                if self._current(user):
                    self.hub.publish("changed", user.messages[index])

    def record(self, record: Record, user: User | None) -> None:
        """Keep a step of the raw traffic; ``user`` is None for an API call about nobody."""
        if user is None or self._current(user):
            self.records.append(record)
            self.hub.publish("record", record)

    def set_trouble(self, trouble: str) -> None:
        """Say on the page that the gateway can't be reached; an empty text takes it back."""
        if trouble != self.trouble:
            self.trouble = trouble
            self.hub.publish("trouble", {"text": trouble})

    def set_menu(self, menu: list[dict[str, object]]) -> None:
        """The account's menu, as given to ``/cgi-bin/menu/create``."""
        self.menu = menu
        self.hub.publish("menu", {"buttons": menu})

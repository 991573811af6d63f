"""WeChat customer service itself: the log that is fetched, sessions and their states, what may be sent.

A message lies in the log until somebody fetches it. Sending works in states 0 and 1; 5 messages may
follow one of the customer's within 48 h. A msgid may be used once. What was taken may still fail to arrive.
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec

from bot.sandbox.codes import refusal

NEW, ASSISTANT, QUEUE, SERVICER, ENDED = range(5)
_NEXT = {
    NEW: {ASSISTANT, QUEUE, SERVICER, ENDED},
    ASSISTANT: {QUEUE, SERVICER, ENDED},
    QUEUE: {SERVICER, ENDED},
    SERVICER: {ENDED},
    ENDED: set[int](),
}
COUNT, SECONDS, CODE_SECONDS = 5, 48 * 3_600.0, 20.0
TOKEN_SECONDS, KEPT_SECONDS = 600.0, 3 * 86_400.0
WITHOUT_TOKEN_SECONDS = 2.0
FRESH_SECONDS = 1.0
"""How long ago a sender may have been told that it may send, to be excused when that changed meanwhile."""
_MSGID = re.compile(r"[A-Za-z0-9_\-]{1,32}")
TAKEN, MOVED, OVER = 1, 2, 3
"""``change_type`` of an event about a session."""


class Session(msgspec.Struct):
    """One customer's session, and what may still be sent to them.

    Attributes:
        allowed: when the state was last told as one to send in; 0 once a message was tried after that.
        news: where the log tells of the last change by an agent.
    """

    state: int = NEW
    left: int = 0
    until: float = 0.0
    welcomed: float = 0.0
    refuses: bool = False
    allowed: float = 0.0
    news: int = 0


class Service:
    """One account.

    Attributes:
        forbidden: how often somebody tried to send in a state that forbids it, and knew or could have known.
        raced: how often somebody tried who had asked just before, when it was still allowed.
        empty_pages: every so many-th page comes empty although there is more; 0 for never.
        servicers: user ids of the agents who serve the account.
    """

    def __init__(self, open_kfid: str, clock: Callable[[], float]) -> None:
        self.open_kfid = open_kfid
        self._clock = clock
        self.log: list[dict[str, Any]] = []
        self.sessions: dict[str, Session] = defaultdict(Session)
        self.servicers: set[str] = set()
        self.forbidden = self.raced = 0
        self.empty_pages = 0
        self.pages = 0
        self._tokens: dict[str, float] = {}
        self._codes: dict[str, tuple[float, str]] = {}
        self._msgids: set[str] = set()
        self._last_without = 0.0
        self._fetched = 0

    def token(self) -> str:
        """The token of a signal."""
        token = "ENC" + secrets.token_urlsafe(24)
        self._tokens[token] = self._clock() + TOKEN_SECONDS
        return token

    def wrote(self, user: str, kind: str, content: dict[str, Any]) -> str:
        """A customer's message; its id."""
        session = self.sessions[user]
        if session.state == ENDED:
            session.state = NEW
        session.left, session.until = COUNT, self._clock() + SECONDS
        return self._add(3, kind, {kind: content}, user)

    def entered(self, user: str) -> str:
        """A customer opens the session; the code for a welcome, "" when there was one lately."""
        session, now, code = self.sessions[user], self._clock(), ""
        if now >= session.welcomed + SECONDS and now >= session.until:
            code, session.welcomed = secrets.token_urlsafe(24), now
            self._codes[code] = (now + CODE_SECONDS, user)
        about = {"welcome_code": code} if code else {}
        self._event(user, "enter_session", scene="page", scene_param="", **about)
        return code

    def said(self, user: str, servicer: str, text: str) -> None:
        """One of WeCom's agents says something in WeCom."""
        self._add(5, "text", {"text": {"content": text}, "servicer_userid": servicer}, user)

    def taken(self, user: str, servicer: str) -> None:
        """An agent takes the session by themselves."""
        self._moved(user, SERVICER)
        self._event(user, "session_status_change", change_type=TAKEN, new_servicer_userid=servicer)

    def ended(self, user: str, servicer: str) -> None:
        """An agent ends it."""
        self._moved(user, ENDED)
        self._event(user, "session_status_change", change_type=OVER, old_servicer_userid=servicer)

    def _moved(self, user: str, state: int) -> None:
        """An agent puts a session into a state; the log tells of it next."""
        self.sessions[user].state, self.sessions[user].news = state, len(self.log)

    def failed(self, user: str, msgid: str, kind: int) -> None:
        """A message that was taken didn't arrive."""
        self._event(user, "msg_send_fail", fail_msgid=msgid, fail_type=kind)

    def _event(self, user: str, kind: str, **about: Any) -> None:
        event = {"event_type": kind, "open_kfid": self.open_kfid, "external_userid": user, **about}
        self._add(4, "event", {"event": event})

    def _add(self, origin: int, kind: str, content: dict[str, Any], user: str = "") -> str:
        msgid = secrets.token_urlsafe(18)
        about = {"open_kfid": self.open_kfid, "external_userid": user} if user else {}
        sent = int(self._clock())
        self.log.append(
            {"msgid": msgid, **about, "send_time": sent, "origin": origin, "msgtype": kind, **content}
        )
        return msgid

    def page(self, cursor: str, token: str, limit: int) -> dict[str, Any]:
        """Some of the log behind a cursor. Raises PlatformError."""
        now = self._clock()
        if token and self._tokens.get(token, 0.0) <= now:
            raise refusal(95007)
        if not token and now < self._last_without + WITHOUT_TOKEN_SECONDS:
            raise refusal(45009)
        self._last_without = self._last_without if token else now
        start = int(cursor[1:]) if re.fullmatch(r"c[0-9]{1,9}", cursor) else self._oldest(now)
        self.pages += 1
        empty = self.empty_pages and self.pages % self.empty_pages == 0 and start < len(self.log)
        items = [] if empty else self.log[start : start + max(1, min(limit, 1_000))]
        end = start + len(items)
        self._fetched = max(self._fetched, end)
        return {"msg_list": items, "next_cursor": f"c{end}", "has_more": int(end < len(self.log))}

    def _oldest(self, now: float) -> int:
        kept = [n for n, item in enumerate(self.log) if item["send_time"] > now - KEPT_SECONDS]
        return kept[0] if kept else len(self.log)

    def state(self, user: str) -> int:
        """Tell a session's state."""
        session = self.sessions[user]
        session.allowed = self._clock() if session.state in (NEW, ASSISTANT) else 0.0
        return session.state

    def change(self, user: str, state: int, servicer: str) -> None:
        """Put a session into another state. Raises PlatformError."""
        session = self.sessions[user]
        if state not in _NEXT[session.state]:
            raise refusal(95016)
        if state == SERVICER and servicer not in self.servicers:
            raise refusal(95014)
        session.state = state
        session.allowed = self._clock() if state == ASSISTANT else 0.0

    def claim(self, msgid: str) -> None:
        """Use a msgid. Raises PlatformError when it was used before."""
        if not _MSGID.fullmatch(msgid):
            raise refusal(40058)
        if msgid in self._msgids:
            raise refusal(40058, ", msgid was used before")
        self._msgids.add(msgid)

    def spend(self, user: str, msgid: str) -> bool:
        """Take a message for a customer; False when it is taken and won't arrive. Raises PlatformError."""
        session = self.sessions[user]
        allowed, session.allowed = session.allowed, 0.0
        if session.state not in (NEW, ASSISTANT):
            fresh = allowed > self._clock() - FRESH_SECONDS and session.news >= self._fetched
            self.raced += fresh
            self.forbidden += not fresh
            raise refusal(95018)
        if session.until <= self._clock():
            raise refusal(95002)
        if not session.left:
            raise refusal(95001)
        self.claim(msgid)
        session.left -= 1
        if session.refuses:
            self.failed(user, msgid, 10)
        return not session.refuses

    def use(self, code: str, msgid: str) -> str:
        """The customer whom a code is good for; it is used up. Raises PlatformError."""
        until, user = self._codes.pop(code, (0.0, ""))
        if until <= self._clock():
            raise refusal(40058, ", code")
        self.claim(msgid)
        return user

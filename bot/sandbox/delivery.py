"""Delivery of one message to the account's server, by WeChat's rules.

* 5 s for an answer, then the connection is dropped and the same message (same MsgId and CreateTime,
  new timestamp and nonce) comes again; three deliveries in all.
* A status other than 200, or no connection, is delivered again too, after about a second: that is
  what operators see in their logs when a server answers 201.
* ``success`` or an empty body ends it without a word. Junk, JSON, a wrong signature or a text that is
  too long is a fault at once; silence is one after the last delivery.
"""

from __future__ import annotations

import asyncio
import time
from typing import Literal, NamedTuple

import httpx
import msgspec

from bot.sandbox import pieces
from bot.sandbox.protocol import Callback, Envelope
from bot.sandbox.replies import FAULT_NOTICE, Fault, Shown, Silent, Verdict, judge
from bot.sandbox.state import Record, Side, User, World

DELIVERIES = 3
_BODY_LIMIT = 1 << 20


class Options(msgspec.Struct, frozen=True):
    """How the stand-in delivers.

    Attributes:
        gateway_url: the account's server, with path.
        limit: seconds until WeChat drops the connection.
        pause: seconds until a delivery that failed at once is tried again.
        plain_mode: neither encrypt nor expect encryption.
        work: WeCom's ways: a text that is too long is cut, and users see no fault.
    """

    gateway_url: str
    limit: float = 5.0
    pause: float = 1.0
    plain_mode: bool = False
    work: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What came of one message. ``reason`` is empty unless ``result`` is ``fault``."""

    result: str
    deliveries: int
    seconds: float
    reason: str = ""
    kind: str = ""
    text: str = ""
    pieces: tuple[pieces.Piece, ...] = ()


class _Failed(msgspec.Struct, frozen=True):
    """A delivery that WeChat repeats."""

    reason: str
    status: int = 0
    late: bool = False
    unreachable: bool = False
    body: str = ""


class _Step(NamedTuple):
    """One delivery of one message; ``began`` by the monotonic clock."""

    user: User
    title: str
    delivery: int
    began: float


class Courier:
    """Delivers messages of one account."""

    def __init__(self, world: World, envelope: Envelope, options: Options) -> None:
        self._world = world
        self._envelope = envelope
        self.options = options
        # A new connection each time, no proxy: nothing between this and the gateway but loopback.
        self._client = httpx.AsyncClient(
            trust_env=False, timeout=options.limit + 1, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._client.aclose()

    async def deliver(self, user: User, title: str, xml: str, wanted: bool = True) -> Outcome:
        """Deliver, show the user what comes of it, and report.

        Args:
            title: what it is, in Chinese, for the raw log.
            xml: the message, decrypted.
            wanted: False when the user can see no answer (they have just left).
        """
        began = time.monotonic()
        user.waiting += 1
        self._world.changed(user)
        try:
            verdict, deliveries = await self._try(user, title, xml)
        finally:
            user.waiting -= 1
            self._world.changed(user)
        if wanted:
            self._show(user, verdict)
        seconds = round(time.monotonic() - began, 3)
        if isinstance(verdict, Shown):
            words = pieces.plain(verdict.pieces)
            return Outcome("reply", deliveries, seconds, "", verdict.kind, words, verdict.pieces)
        if isinstance(verdict, Fault):
            return Outcome("fault", deliveries, seconds, verdict.reason)
        return Outcome("silent", deliveries, seconds)

    def _show(self, user: User, verdict: Verdict) -> None:
        if isinstance(verdict, Fault):
            if not self.options.work:
                self._world.show(user, "system", "fault", FAULT_NOTICE, "wechat")
        elif isinstance(verdict, Shown):
            side: Side = "system" if verdict.kind == "transfer_customer_service" else "account"
            self._world.show(user, side, verdict.kind, verdict.pieces, "passive")

    async def _try(self, user: User, title: str, xml: str) -> tuple[Verdict, int]:
        reason = ""
        for delivery in range(1, DELIVERIES + 1):
            answer = await self._once(user, title, xml, delivery)
            if not isinstance(answer, _Failed):
                return answer, delivery
            reason = answer.reason
            if delivery < DELIVERIES and not answer.late:
                await asyncio.sleep(self.options.pause)
        return Fault(reason), DELIVERIES

    def _callback(self, user: User, xml: str) -> Callback:
        now = self._world.clock()
        if self.options.plain_mode:
            return self._envelope.plain_callback(xml, user.openid, now)
        return self._envelope.callback(xml, self._world.account, user.openid, now)

    async def _once(self, user: User, title: str, xml: str, delivery: int) -> Verdict | _Failed:
        """One delivery, written to the raw log both ways."""
        callback = self._callback(user, xml)
        step = _Step(user, title, delivery, time.monotonic())
        query = httpx.QueryParams(callback.params)
        path = httpx.URL(self.options.gateway_url).path
        self._log(step, "callback", f"POST {path}?{query}\n\n{callback.body}", xml)
        body = await self._post(callback)
        if isinstance(body, _Failed):
            self._world.set_trouble(body.reason if body.unreachable else "")
            note = body.reason + ("，再投递一次" if delivery < DELIVERIES else "，不再投递")
            self._log(step, "answer", body.body, status=body.status, note=note)
            return body
        self._world.set_trouble("")
        verdict = judge(
            body, self._envelope, user.openid, self._world.account, self.options.plain_mode, self.options.work
        )
        note, opened = "不显示任何内容", ""
        if not isinstance(verdict, Silent):
            opened = verdict.xml
            note = f"故障提示：{verdict.reason}" if isinstance(verdict, Fault) else "显示给用户"
        self._log(step, "answer", body.decode("utf-8", "replace"), opened, 200, note)
        return verdict

    def _log(
        self,
        step: _Step,
        direction: Literal["callback", "answer"],
        sealed: str,
        opened: str = "",
        status: int = 0,
        note: str = "",
    ) -> None:
        record = Record(
            id=self._world.next_id(),
            user=step.user.id,
            at=self._world.clock(),
            direction=direction,
            title=step.title,
            delivery=step.delivery,
            sealed=sealed,
            opened=opened,
            status=status,
            milliseconds=round((time.monotonic() - step.began) * 1000),
            note=note,
        )
        self._world.record(record, step.user)

    async def _post(self, callback: Callback) -> bytes | _Failed:
        """The body of an answer with status 200, or why there is none."""
        try:
            status, body = await asyncio.wait_for(self._read(callback), self.options.limit)
        except asyncio.TimeoutError:
            return _Failed(f"{self.options.limit:g} 秒内没有答复", late=True)
        except httpx.ConnectError:
            return _Failed("连不上网关", unreachable=True)
        except httpx.HTTPError as error:
            return _Failed(f"连接中断（{type(error).__name__}）")
        if status != 200:
            return _Failed(f"状态码是 {status}", status, body=body.decode("utf-8", "replace")[:2000])
        return body

    async def _read(self, callback: Callback) -> tuple[int, bytes]:
        """Status and body, at most 1 MiB of it: a body beyond that is junk anyway."""
        request = self._client.stream(
            "POST",
            self.options.gateway_url,
            params=callback.params,
            content=callback.body.encode(),
            headers={"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"},
        )
        async with request as response:
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _BODY_LIMIT:
                    break
            return response.status_code, body

    async def check_url(self) -> str:
        """WeChat's check of the address (GET with ``echostr``); an empty text when it passed."""
        params = self._envelope.url_check(self._world.clock())
        try:
            response = await asyncio.wait_for(
                self._client.get(self.options.gateway_url, params=params), self.options.limit
            )
        except (asyncio.TimeoutError, httpx.HTTPError):
            self._world.set_trouble("连不上网关")
            return "连不上网关"
        self._world.set_trouble("")
        if response.status_code != 200:
            return f"状态码是 {response.status_code}"
        return "" if response.text == self._envelope.echo(params) else "答复不是应有的 echostr"

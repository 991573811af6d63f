"""One item of the outbox: put in form, sent message by message, and reported.

What is known not to have been sent is put off or fails; what may have been sent is never sent again.
"""

from __future__ import annotations

import asyncio
import random

import msgspec
import structlog

from bot.bus import owner
from bot.bus.account import Account, Standing
from bot.bus.connection import Client
from bot.bus.dispatch import LONGEST_DELAY, Dispatch, Lease, Message, Result, receipt
from bot.bus.passage import TAKEN
from bot.channels.common.refusal import Refusal
from bot.channels.room import Pusher
from bot.errors import BusError, NoAnswerError, PlatformError, RenderError, UnreachableError
from bot.sender.allowance import Allowance, Verdict

MOST_TRIES = 6
MOST_UNREACHABLE = 20
FIRST_DELAY, LONGEST_PAUSE = 1.0, 30.0
REPORT_SECONDS = 120.0
"""How long a result is kept in memory while Redis is away."""

TOO_FAST = "发得太快了：超出平台的限额会被悄悄丢掉，所以等一会儿自动再发。"
USED_UP = "这一轮的发送条数用完了。等对方再来消息，会自动发出。"
CANNOT_PUSH = "这个公众号没有主动发消息的权限。等对方再来消息时一起回复。"
NO_ANSWER = "请求发出后没有收到微信的答复，不知道对方有没有收到。确认没收到后再重发。"
UNREACHABLE = "连不上微信的服务器，稍后会自动再试。"
STILL_UNREACHABLE = "多次连不上微信的服务器，没有发送。网络恢复后可以重发。"
STILL_BUSY = "微信系统一直繁忙，试了多次都没有发出。可以稍后重发。"
OUTBOX_AWAY = "程序的存储暂时连不上，稍后会自动再试。"
BROKEN = "程序处理这条消息时出错，没有发送。请联系维护人员。"

_log = structlog.get_logger("sender")


class _Run(msgspec.Struct):
    """An item on its way: what still has to go out."""

    lease: Lease
    rest: tuple[Message, ...] = ()
    held: str = ""

    @property
    def conversation(self) -> str:
        return self.lease.item.conversation

    @property
    def user(self) -> str:
        return self.conversation.split(":", 2)[2]


def pause(tries: int) -> float:
    """Seconds until the next try: twice as long each time, at most 30, and never in step with others."""
    return float(min(FIRST_DELAY * 2 ** max(tries - 1, 0), LONGEST_PAUSE)) * random.uniform(0.5, 1.0)


class Delivery:
    """Delivers items of one channel."""

    def __init__(
        self, redis: Client, tray: Dispatch, allowance: Allowance, account: Account, pusher: Pusher
    ) -> None:
        self._redis = redis
        self._tray = tray
        self._allowance = allowance
        self._account = account
        self._pusher = pusher

    async def deliver(self, lease: Lease, standing: Standing) -> Result | None:
        """Send an item and report what came of it.

        Args:
            standing: what stands in the account's way at the moment.

        Returns:
            What was reported, or None when the item was lost to another sender.

        Raises:
            BusError: it couldn't be reported for 2 min.
        """
        async with self._tray.holding(lease):
            result = await self._outcome(_Run(lease), standing)
            kept = result is not None and await self._report(lease, result)
        state = result.state if result is not None and kept else "lost"
        reason = result.reason if result is not None else ""
        channel = lease.item.conversation.partition(":")[0]
        _log.info(
            "delivery",
            channel=channel,
            state=state,
            author=lease.item.author,
            tries=lease.tries,
            reason=reason,
        )
        return result if kept else None

    async def _outcome(self, run: _Run, standing: Standing) -> Result | None:
        """What came of an item; None when it was lost before anything went out."""
        if not self._pusher.can_push or standing.muted:
            return Result(state="held", reason=standing.muted or CANNOT_PUSH)
        if standing.stopped:
            return Result(state="queued", reason=standing.stopped, tries=run.lease.tries - 1)
        if run.lease.tries > MOST_UNREACHABLE + 1:
            return Result(state="failed", reason=BROKEN)
        try:
            return await self._send_all(run)
        except BusError:
            # Redis is asked only while no request is out, so nothing of `rest` was sent.
            return self._put_off(run, OUTBOX_AWAY)
        except RenderError as error:
            return Result(state="failed", reason=f"这条消息没法写成微信的格式：{error}")
        except Exception as error:  # noqa: BLE001 - a mistake of ours mustn't block what waits behind the item
            _log.error("delivery failed", error=repr(error), exc_info=error)
            return Result(state="failed", reason=BROKEN)

    async def _send_all(self, run: _Run) -> Result | None:
        known = run.lease.rest
        item = run.lease.item
        run.rest = known if known is not None else self._pusher.messages(item.reply, item.ticket)
        while run.rest:
            result = await self._prepare(run)
            if result is not None:
                return result
            if not await self._tray.begin(run.lease, run.rest):
                await self._give_back(run)
                return None
            result = await self._send_one(run)
            if result is not None:
                return result
        return Result(state="sent")

    async def _prepare(self, run: _Run) -> Result | None:
        """Everything that can be done before a message goes out; a result if it can't go out."""
        try:
            await self._pusher.ready()
        except PlatformError as error:
            return await self._refused(run, self._pusher.judge(error.code, error.message), error.code)
        except UnreachableError:
            return self._unreachable(run)
        # A person may have taken the conversation since the bot said this, or since its first part was sent.
        if not await owner.unchanged(self._redis, run.conversation, run.lease.item.reply.epoch):
            return self._failed(run, TAKEN)
        verdict = await self._allowance.take(run.conversation)
        run.held = verdict.held
        return None if verdict.go else self._not_now(run, verdict)

    def _not_now(self, run: _Run, verdict: Verdict) -> Result:
        if not verdict.wait:
            return Result(state="held", reason=USED_UP, rest=run.rest)
        # Nothing was tried, so the try doesn't count.
        tries, delay = run.lease.tries - 1, min(verdict.wait, LONGEST_DELAY)
        return Result(state="queued", reason=TOO_FAST, delay=delay, tries=tries, rest=run.rest)

    async def _give_back(self, run: _Run) -> None:
        await self._allowance.give_back(run.conversation, run.held)

    async def _send_one(self, run: _Run) -> Result | None:
        """Send the first message of the rest and take it off; a result when the item ends here."""
        try:
            await self._pusher.send(run.user, run.rest[0])
        except NoAnswerError:
            if receipt(run.rest[0]):
                # Sent again, it is known as the same message: the user gets it once.
                return self._unreachable(run)
            return Result(state="unknown", reason=NO_ANSWER, rest=run.rest)
        except PlatformError as error:
            await self._give_back(run)
            return await self._refused(run, self._pusher.judge(error.code, error.message), error.code)
        except UnreachableError:
            await self._give_back(run)
            return self._unreachable(run)
        except BusError:
            raise
        except Exception as error:  # noqa: BLE001 - not one that a channel should raise: a request may be out
            _log.error("sending failed", error=repr(error), exc_info=error)
            return Result(state="unknown", reason=NO_ANSWER, rest=run.rest)
        run.rest = run.rest[1:]
        return None

    async def _refused(self, run: _Run, refusal: Refusal, code: int) -> Result | None:
        """What a refusal means for the item; None when the item goes on, in smaller messages."""
        if refusal.alert:
            _log.error("the platform refuses the account", code=code, reason=refusal.reason)
            await self._account.alarm(code, refusal.reason)
        if refusal.action == "retry":
            enough = run.lease.tries >= MOST_TRIES
            return self._failed(run, STILL_BUSY) if enough else self._put_off(run, refusal.reason)
        if refusal.action == "stop":
            await self._account.stop(refusal.seconds, refusal.reason)
            # Not this item's fault: the try doesn't count.
            tries = run.lease.tries - 1
            return Result(state="queued", reason=refusal.reason, tries=tries, rest=run.rest)
        if refusal.action == "split":
            smaller = self._pusher.split(run.rest[0])
            run.rest = (*smaller, *run.rest[1:]) if smaller else run.rest
            return None if smaller else self._failed(run, refusal.reason)
        if refusal.action == "mute":
            await self._account.mute(refusal.seconds, refusal.reason)
        if refusal.action == "drained":
            await self._allowance.drain(run.conversation)
        if refusal.action in ("hold", "drained", "mute"):
            return Result(state="held", reason=refusal.reason, rest=run.rest)
        return self._failed(run, refusal.reason)

    def _failed(self, run: _Run, reason: str) -> Result:
        return Result(state="failed", reason=reason, rest=run.rest)

    def _put_off(self, run: _Run, reason: str) -> Result:
        tries = run.lease.tries
        return Result(state="queued", reason=reason, delay=pause(tries), tries=tries, rest=run.rest or None)

    def _unreachable(self, run: _Run) -> Result:
        if run.lease.tries > MOST_UNREACHABLE:
            return self._failed(run, STILL_UNREACHABLE)
        return self._put_off(run, UNREACHABLE)

    async def _report(self, lease: Lease, result: Result) -> bool:
        """Write it down, however long Redis is away; a late report still mends an unknown item."""
        until = asyncio.get_running_loop().time() + REPORT_SECONDS
        while True:
            try:
                return await self._tray.settle(lease, result)
            except BusError:
                if asyncio.get_running_loop().time() >= until:
                    raise
                await asyncio.sleep(0.3)

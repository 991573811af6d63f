"""Where the messages of WeChat customer service are fetched, and sessions handed over."""

from __future__ import annotations

import msgspec
import structlog

from bot.accounts import Kf
from bot.channels.common.refusal import Refusal
from bot.channels.kf import api, errcodes, log
from bot.channels.kf.api import KfApi
from bot.channels.room import Page
from bot.errors import PlatformError

_log = structlog.get_logger("sender")


class Source:
    """One account."""

    def __init__(self, kf: KfApi, settings: Kf) -> None:
        self._kf = kf
        self._handoff, self._servicer = settings.handoff, settings.servicer

    @property
    def account(self) -> str:
        """The account's id."""
        return self._kf.open_kfid

    @property
    def hands_over(self) -> bool:
        """Whether WeCom's agents take over, and not our desk."""
        return self._handoff != "desk"

    async def fetch(self, cursor: str, token: str) -> Page:
        """What came after ``cursor``. A token that isn't good any more is left out."""
        try:
            page = await self._kf.sync(cursor, token)
        except PlatformError as error:
            if error.code != errcodes.BAD_TOKEN or not token:
                raise
            page = await self._kf.sync(cursor, "")
        found = []
        for raw in page.items:
            try:
                item = log.parse(raw, self.account)
            except (msgspec.ValidationError, AttributeError) as error:
                # It would stand in the way of everything after it, for good.
                _log.error("an item of the log makes no sense", error=str(error))
                continue
            if item is not None:
                found.append(item)
        return Page(found, page.cursor, page.more)

    async def hand_over(self, user: str) -> bool:
        """Give the session to WeCom's agents, if the settings say so: one of them, or the reception pool."""
        if not self.hands_over:
            return False
        if self._handoff == "servicer":
            try:
                await self._kf.change(user, api.SERVICER, self._servicer)
            except PlatformError as error:
                # Not somebody who serves this account: then the pool.
                if error.code != errcodes.NO_SERVICER:
                    raise
            else:
                return True
        try:
            await self._kf.change(user, api.QUEUE)
        except PlatformError as error:
            if error.code != errcodes.NO_SUCH_CHANGE:
                raise
        return True

    def judge(self, code: int, message: str) -> Refusal:
        """What to do about an error code."""
        return errcodes.judge(code, message)

    async def close(self) -> None:
        """Close the client."""
        await self._kf.client.close()

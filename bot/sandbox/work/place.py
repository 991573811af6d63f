"""WeCom's part of the stand-in put together: its routes, and what must be closed at the end."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from starlette.routing import Route

from bot.accounts import Kf, WeCom
from bot.sandbox.actions import Phone
from bot.sandbox.api import Api
from bot.sandbox.calls import Calls
from bot.sandbox.delivery import Courier, Options
from bot.sandbox.state import Kind, World, letters
from bot.sandbox.work.app_calls import AppCalls
from bot.sandbox.work.gate import Gate
from bot.sandbox.work.kf_calls import KfCalls
from bot.sandbox.work.phones import AGENT, CustomerPhone, MemberPhone
from bot.sandbox.work.protocol import WorkEnvelope
from bot.sandbox.work.service import Service
from bot.settings import Settings


class Desk:
    """One channel: its world, how it delivers, what its users do, and its routes."""

    def __init__(self, world: World, courier: Courier, phone: Phone, calls: Calls) -> None:
        self.world, self.courier, self.phone, self.calls = world, courier, phone, calls

    def routes(self) -> list[Route]:
        """The platform's API and the page's."""
        base = f"/sandbox/api/{self.world.kind.channel}"
        return [*self.calls.routes(), *Api(self.world, self.courier, self.phone, self.calls, base).routes()]

    async def close(self) -> None:
        """Stop deliveries under way."""
        await self.phone.close()
        await self.courier.close()


class Work:
    """The corp: ``desks`` by channel; ``app`` and ``service`` for tests to look into."""

    def __init__(
        self,
        settings: Settings,
        app: WeCom,
        kf: Kf,
        gateway: str,
        clock: Callable[[], float],
        limit: float,
        pause: float,
    ) -> None:
        self._options = Options(gateway, limit, pause, work=True)
        gate = Gate(app.corp_id, {"app": app.secret, "kf": kf.secret}, clock)
        members = World(clock, Kind("wecom", "同事", lambda: app.corp_id, lambda n: f"Member{n:03}"))
        customers = World(clock, Kind("kf", "客户", lambda: kf.open_kfid, lambda _: "wm" + letters(30)))
        self.app = AppCalls(members, app, gate, settings.alerts.robot_key)
        self.service = Service(kf.open_kfid, clock)
        self.service.servicers.add(AGENT)
        courier = self._courier(members, app, "/wecom")
        self.desks = {
            "wecom": Desk(members, courier, MemberPhone(members, courier, self.app, app.agent_id), self.app)
        }
        courier = self._courier(customers, kf, "/wecom/kf")
        phone = CustomerPhone(customers, courier, self.service, kf.corp_id)
        calls = KfCalls(customers, self.service, gate)
        calls.announce = phone.announce
        self.desks["kf"] = Desk(customers, courier, phone, calls)

    def _courier(self, world: World, account: WeCom | Kf, path: str) -> Courier:
        envelope = WorkEnvelope(account.corp_id, account.token, account.aes_key)
        options = msgspec.structs.replace(self._options, gateway_url=f"{self._options.gateway_url}{path}")
        return Courier(world, envelope, options)

    def routes(self) -> list[Route]:
        """All routes of both channels."""
        return [route for desk in self.desks.values() for route in desk.routes()]

    async def close(self) -> None:
        """Stop everything."""
        for desk in self.desks.values():
            await desk.close()

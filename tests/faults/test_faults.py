"""Real processes under fire, in short; ``make faults`` is the same at full length.

Two workers with the trained model, two gateways, a sender, the embedded Redis behind a proxy, WeChat's API.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults import rows
from tests.faults.verdict import Verdict


def check(verdict: Verdict) -> None:
    """Nothing lost, doubled or out of order. On a busy machine some may get an apology, and then no turn."""
    assert verdict.clean, (verdict.line(), verdict)
    assert verdict.failed == 0, verdict.line()
    assert verdict.messages - verdict.apologies <= verdict.turns <= verdict.messages, verdict.line()


async def test_never_lost_never_twice_never_late(tmp_path: Path) -> None:
    async with rows.theatre(tmp_path) as on:
        check(await rows.redelivered(on, users=16, messages=4))
        check(await rows.burst(on))
        check(await rows.redis_killed(on, users=6, messages=4))
        check(await rows.redis_hung(on, users=6, messages=4, seconds=3.0))
        on.stage.workers[0].kill()
        check(await rows.burst(on, name="after"))

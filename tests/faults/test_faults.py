"""Real processes under fire, in short; ``make faults`` is the same at full length.

Two workers with the trained model, two gateways, a sender, the embedded Redis behind a proxy, WeChat's API.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults import rows
from tests.faults.verdict import Verdict


def check(verdict: Verdict) -> None:
    assert verdict.clean, (verdict.line(), verdict)
    assert verdict.failed == 0, verdict.line()


async def test_never_lost_never_twice_never_late(tmp_path: Path) -> None:
    async with rows.theatre(tmp_path) as on:
        verdict = await rows.redelivered(on, users=16, messages=4)
        check(verdict)
        assert verdict.turns == 64
        verdict = await rows.burst(on)
        check(verdict)
        assert verdict.turns == 20
        check(await rows.redis_killed(on, users=6, messages=4))
        verdict = await rows.redis_hung(on, users=6, messages=4, seconds=3.0)
        check(verdict)
        on.stage.workers[0].kill()
        check(await rows.burst(on, name="after"))
        assert verdict.slowest_answer < 5.0

"""Fifty who claim one conversation at the same moment, in two processes, round after round."""

from __future__ import annotations

import subprocess
import sys

from bot.settings import ROOT
from desk.handoff import ownership
from tests.desk.make import asked, user
from tests.desk.place import Place, environ


def rounds(place: Place, redis_url: str, count: int) -> list[int]:
    """How many winners each round had; what SQL has is compared with them."""
    for number in range(50):
        user(f"u{number:02}")
    conversation = asked()
    halves = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.desk.claimant", str(count), str(half)],
            cwd=ROOT,
            env=environ(place, redis_url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for half in (0, 1)
    ]
    winners = []
    for _ in range(count):
        conversation.refresh_from_db()
        for half in halves:
            assert half.stdin is not None
            half.stdin.write(f"{conversation.pk} {conversation.epoch}\n")
            half.stdin.flush()
        won = [int(pk) for half in halves for pk in half.stdout.readline().split()]  # type: ignore[union-attr]
        winners.append(len(won))
        conversation.refresh_from_db()
        agent = conversation.agent
        assert agent is not None
        assert agent.pk in won
        assert ownership.release(conversation.pk, agent, conversation.epoch).done
    for half in halves:
        half.communicate()
        assert half.returncode == 0
    return winners

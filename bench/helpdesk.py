"""The desk at length: what the tests show in short, with figures.

``python -m bench.helpdesk WHAT``:

* ``claims [rounds]``: 50 claim one conversation at once, in two processes (200 rounds).
* ``kill-consumer [times]``, ``kill-desk [times]`` and ``kill-sender [times]``: killed with SIGKILL at work
  (20 times).
* ``fresh [times]``: how soon an open page shows a new message (100 times).
* ``cut [seconds]``: a page cut off while messages come (300 s).
* ``scale [open] [messages]``: pages on a large database (5,000 and 1 million).
* ``access``: every address for every role and for nobody, as a table.
* ``postgres``: the desk's tests on a PostgreSQL server that is thrown away.

Each starts what it needs and throws it away. With ``DATABASE_URL`` set to an empty PostgreSQL database the
first seven use it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from bot.settings import ROOT
from tests.desk import place, postgres

TESTS = ["-m", "pytest", "tests/desk", "-q", "-k", "not sqlite"]


def _claims(count: int = 200) -> None:
    with place.own(os.environ.get("DATABASE_URL", "")) as (where, redis_url):
        from tests.desk import claims

        started = time.perf_counter()
        winners = claims.rounds(where, redis_url, count)
        seconds = time.perf_counter() - started
    print(f"{count} rounds of 50 claims by 2 processes in {seconds:.0f} s")
    print(f"rounds with exactly 1 winner: {winners.count(1)}; others: {count - winners.count(1)}")


def _kills(name: str, times: int = 20) -> None:
    with place.own(os.environ.get("DATABASE_URL", "")) as (where, redis_url):
        from tests.desk import kills

        found = getattr(kills, name)(where, redis_url, times)
    what = "events" if name == "consumer" else "bubbles"
    print(f"{name}: {times} × SIGKILL, {found.total} {what}, {found.lost} lost, {found.doubled} doubled")


def _kill_sender(times: int = 20) -> None:
    with place.own(os.environ.get("DATABASE_URL", "")) as (where, redis_url):
        from tests.desk import kill_sender

        found = kill_sender.kill(where, redis_url, times)
    print(f"sender: {times} × SIGKILL, {found.total} messages, {found.lost} lost, {found.doubled} doubled,")
    print(
        f"{found.disordered} people out of order; {found.unknown} unknown: {found.arrived} of them arrived,"
    )
    print(f"and for {found.needless} no request was out at a kill")


def _cut(seconds: int = 300) -> None:
    with place.own(os.environ.get("DATABASE_URL", "")) as (where, redis_url):
        from tests.desk import cut

        found = cut.page(where, redis_url, seconds)
    print(f"cut off for {seconds} s: {found.told} messages, {found.gaps} missing, {found.doubled} doubled")
    print(f"connected again to all on screen: {found.healed:.1f} s")


def _fresh(times: int = 100) -> None:
    with place.own(os.environ.get("DATABASE_URL", "")) as (where, redis_url):
        from tests.desk import fresh

        taken = sorted(fresh.page(where, redis_url, times))
    median, most = taken[len(taken) // 2] * 1000, taken[-1] * 1000
    print(f"{times} messages, from the event to the screen: median {median:.0f} ms, slowest {most:.0f} ms")


def _scale(waiting: int = 5_000, messages: int = 1_000_000) -> None:
    with place.own(os.environ.get("DATABASE_URL", "")):
        from tests.desk import scale

        scale.show(waiting, messages)


def _access() -> None:
    with place.own():
        from tests.desk import access

        print(access.markdown(access.table()))


def _postgres() -> int:
    programs = postgres.programs()
    if programs is None:
        print("找不到 PostgreSQL（initdb）。", file=sys.stderr)
        return 1
    with postgres.server(programs) as address:
        env = {**os.environ, "DESK_TEST_SERVER": address}
        return subprocess.run([sys.executable, *TESTS], cwd=ROOT, env=env).returncode


COMMANDS: dict[str, Callable[..., int | None]] = {
    "claims": _claims,
    "kill-consumer": partial(_kills, "consumer"),
    "kill-desk": partial(_kills, "desk"),
    "kill-sender": _kill_sender,
    "fresh": _fresh,
    "cut": _cut,
    "scale": _scale,
    "access": _access,
    "postgres": _postgres,
}


def main(words: list[str]) -> int:
    """Run one; returns the exit code."""
    if not words or words[0] not in COMMANDS:
        print(__doc__)
        return 2
    return COMMANDS[words[0]](*map(int, words[1:])) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The office's pages on a large log: ``python -m bench.office [TURNS [ROUNDS]]``; 1,000,000 turns, 15 rounds.

Fills the database that ``DATABASE_URL`` names (it has to be empty; a new SQLite file if it names none), and
prints the 95th percentile of each page, and time and memory of an XLSX export of 200,000 rows. With ``again``
for TURNS it measures on what is there.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

BLOCK = 20_000
"""Turns of one week, written in the ordinary way; the other weeks are copies of it."""
LIMIT_MS = 500
ROWS = 200_000
_ROUNDS = 15
_PAGES = (
    "/faq/log/",
    "/faq/log/?days=all",
    "/faq/log/?days=all&behind={behind}",
    "/faq/log/?days=all&q=联合",
    "/faq/log/?days=all&q=联合 牵头&outcome=not_understood",
    "/faq/log/?days=all&q=报&outcome=off_topic",
    "/faq/log/?days=90&q=没有这样的话",
    "/faq/log/?days=all&topic=amount&outcome=not_understood",
    "/faq/log/?days=all&outcome=answered,not_in_guide&feedback=unsolved&channel=kf",
    "/faq/log/?days=all&low=1&project=research",
    "/faq/log/?days=all&slot=33",
    "/faq/log/{turn}/",
    "/faq/inbox/",
    "/faq/inbox/?why=unsolved",
    "/faq/inbox/{group}/",
    "/faq/examples/",
    "/faq/report/",
    "/faq/report/?days=30",
    "/faq/report/?days=all",
    "/faq/report/?days=all&channel=kf",
    "/faq/report/month/",
    "/faq/rows/visits/?days=all",
    "/faq/rows/people/?days=all",
    "/faq/rows/screenings/?days=all&project=research&verdict=-",
)


def _copy(weeks: int) -> None:
    """Add the first week again so many times, each time a week earlier."""
    from django.db import connection

    from desk.faqlog.models import Question, Screening, Turn, Visit

    postgres = connection.vendor == "postgresql"
    for number in range(1, weeks):
        for model in (Visit, Screening, Turn, *([Question] if number < 10 else [])):
            columns = [str(field.column) for field in model._meta.concrete_fields]
            values = [_value(model.__name__, column, number, postgres) for column in columns]
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 - names of our own tables
                    f"SELECT {', '.join(values)} FROM {table} WHERE id <= {_most(model)}"
                )


def _most(model: type) -> int:
    return {"Visit": BLOCK // 4, "Screening": BLOCK, "Turn": BLOCK, "Question": BLOCK}[model.__name__]


def _value(model: str, column: str, number: int, postgres: bool) -> str:
    steps = {"visit_id": BLOCK // 4, "screening_id": BLOCK, "turn_id": BLOCK}
    step = steps.get(column) or (_of(model) if column == "id" else 0)
    if step:
        return f"{column} + {number * step}"
    if column in {"event", "key"}:
        return f"{column} || '-{number}'"
    if column in {"at", "started_at", "last_at"}:
        earlier = f"strftime('%Y-%m-%d %H:%M:%S', {column}, '-{number * 7} days')"
        return f"{column} - interval '{number * 7} days'" if postgres else earlier
    if column == "day":
        return f"day - {number * 7}" if postgres else f"date(day, '-{number * 7} days')"
    return column


def _of(model: str) -> int:
    return BLOCK // 4 if model == "Visit" else BLOCK


def build(turns: int) -> None:
    """Fill the database."""
    from django.db import connection

    from desk.faqlog import rollup
    from desk.faqlog.grouping import gather
    from tests.desk import biglog

    started = time.perf_counter()
    biglog.fill(BLOCK, days=7, people=BLOCK // 4)
    gather.run()
    print(f"one week written and grouped in {time.perf_counter() - started:.0f} s", flush=True)
    started = time.perf_counter()
    _copy(max(turns // BLOCK, 1))
    print(f"copied to {turns:,} turns in {time.perf_counter() - started:.0f} s", flush=True)
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    days = rollup.roll_finished(10_000)
    print(f"{days} days rolled in {time.perf_counter() - started:.0f} s", flush=True)


def pages(rounds: int) -> Iterator[tuple[str, float, float]]:
    """Each page with the 95th percentile of its time, and of this process's share of a core, in milliseconds.

    On a busy machine the second says more; on PostgreSQL it lacks what the server does.
    """
    from django.test import Client

    from desk.accounts.models import User
    from desk.accounts.permissions import Role
    from desk.faqlog import listing
    from desk.faqlog.models import Group, Turn

    who = User.objects.filter(username="bench").first() or User.objects.new("bench", "测", list(Role))
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    middle = Turn.objects.order_by("at")[Turn.objects.count() // 2]
    group = getattr(Group.objects.first(), "pk", 0)
    ids = {"behind": listing.mark_of(middle), "turn": middle.pk, "group": group}
    for page in _PAGES:
        client.get(page.format(**ids))  # templates and the guide are read once a process
        times = []
        for _ in range(rounds):
            started, busy = time.perf_counter(), time.process_time()
            status = client.get(page.format(**ids)).status_code
            times.append((time.perf_counter() - started, time.process_time() - busy))
            if status != 200:
                raise SystemExit(f"{page}: {status}")
        walls, shares = zip(*times, strict=True)
        yield page, _p95(walls), _p95(shares)


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1] * 1000


def export(folder: Path) -> str:
    """Write the newest 200,000 rows as XLSX; says how long it took and the most memory it needed."""
    from desk.faqlog import book, filters
    from desk.faqlog import export as exports
    from desk.faqlog.models import Turn

    edge = Turn.objects.order_by("-at").values_list("day", flat=True)[min(ROWS, Turn.objects.count()) - 1]
    wanted = filters.Filter(first=edge, last=date(2199, 1, 1))
    rows = filters.turns(wanted).count()
    started, busy = time.perf_counter(), time.process_time()
    book.write(folder / "log.xlsx", exports.tables(wanted))
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    size = (folder / "log.xlsx").stat().st_size / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"XLSX of {rows:,} rows: {seconds:.1f} s ({busy:.1f} of a core), {most:.0f} MB, file {size:.1f} MB"


def main(words: list[str]) -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory(prefix="bench-office-") as folder:
        os.environ.setdefault("VAR_DIR", folder)
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/desk.sqlite3")
        from desk import prepare

        prepare.set_up()
        from django.conf import settings

        settings.ALLOWED_HOSTS.append("testserver")
        if words[:1] == ["export"]:
            print(export(Path(folder)), flush=True)
            return
        prepare.migrate()
        if words[:1] != ["again"]:
            build(int(words[0]) if words else 1_000_000)
        rounds = int(words[1]) if len(words) > 1 else _ROUNDS
        for page, ms, busy in pages(rounds):
            print(f"{ms:8.1f} ms, {busy:8.1f} of a core {'  ' if ms < LIMIT_MS else '! '}{page}", flush=True)
        # In a process of its own, so that its memory is its own.
        subprocess.run([sys.executable, "-m", "bench.office", "export"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""The office's pages on a large log: ``python -m bench.office [TURNS [ROUNDS]]``; 1,000,000 turns, 15 rounds.

Fills the database that ``DATABASE_URL`` names (it has to be empty; a new SQLite file if it names none), and
prints the 95th percentile of each page, and time and memory of an XLSX export of 200,000 rows. With ``again``
for TURNS it measures on what is there. ``python -m bench.office postgres [TURNS [ROUNDS]]`` starts a
PostgreSQL server for it, if one is installed, and throws it away.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

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
    "/faq/log/?days=all&topic=-&outcome=answered",
    "/faq/log/?days=all&low=1&channel=kf&verdict=待确认",
    "/faq/log/?days=all&model=none&outcome=answered",
    "/faq/log/?days=all&q=申报&model=none",
    "/faq/log/?days=all&verdict=初步符合&channel=kf",
    "/faq/log/{turn}/",
    "/faq/inbox/",
    "/faq/inbox/?why=unsolved",
    "/faq/inbox/?fate=settled",
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
    "/faq/rows/handovers/?days=all",
    "/office/draft/{draft}/",
    "/c/{conversation}/context/",
)
"""Some filters let nothing through: to find that out takes longest."""


def _draft() -> int:
    """A draft that changes what many past screenings would have come to."""
    from desk.editions import current
    from desk.office.models import Draft

    name = "project-research.yml"
    before = current.files()[name]
    after = before.replace("units: {is one of: [one, two]}", "units: {is: one}", 1)
    texts = {"before": {"text": before}, "after": {"text": after}}
    return Draft.objects.create(kind="file", target=name, title="t", why="w", author_name="n", **texts).pk


def pages(rounds: int) -> Iterator[tuple[str, float, float]]:
    """Each page with the 95th percentile of its time by the clock, and of processor time, in milliseconds.

    On a busy machine the second says more. It includes a PostgreSQL server's, if that is on this machine.
    """
    from django.db.models import Count
    from django.test import Client

    from desk.accounts.models import User
    from desk.accounts.permissions import Role
    from desk.faqlog import listing
    from desk.faqlog.models import Group, Turn

    who = User.objects.filter(username="bench").first() or User.objects.new("bench", "测", list(Role))
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    middle = Turn.objects.order_by("at")[Turn.objects.count() // 2]
    group = Group.objects.annotate(n=Count("questions")).latest("n").pk
    ids = {
        "behind": listing.mark_of(middle),
        "turn": middle.pk,
        "group": group,
        "draft": _draft(),
        "conversation": middle.conversation_id,
    }
    for page in _PAGES:
        client.get(page.format(**ids))  # templates and the guide are read once a process
        times = []
        for _ in range(rounds):
            started, busy = time.perf_counter(), time.process_time() + _server()
            status = client.get(page.format(**ids)).status_code
            times.append((time.perf_counter() - started, time.process_time() + _server() - busy))
            if status != 200:
                raise SystemExit(f"{page}: {status}")
        walls, shares = zip(*times, strict=True)
        yield page, _p95(walls), _p95(shares)


def _server() -> float:
    """Processor seconds of a PostgreSQL server so far, in steps of 10 ms; 0 for SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not backend.exists():
        return 0.0
    # Helpers of one query are children of the server, and counted there once they are done.
    own = backend.read_text().rpartition(")")[2].split()
    parent = Path(f"/proc/{own[1]}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, [*own[11:13], *parent[13:15]])) / os.sysconf("SC_CLK_TCK")


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
    # Of this program alone: what `resource` says includes the process that started it.
    most = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    return f"XLSX of {rows:,} rows: {seconds:.1f} s ({busy:.1f} of a core), {most:.0f} MB, file {size:.1f} MB"


def main(words: list[str]) -> None:
    """Measure on the database that is named, or on a PostgreSQL server of its own."""
    if words[:1] != ["postgres"]:
        measure(words)
        return
    from tests.desk import postgres

    programs = postgres.programs()
    if programs is None:
        raise SystemExit("找不到 PostgreSQL（initdb）。")
    with postgres.server(programs) as address:
        os.environ["DATABASE_URL"] = f"{address}bench"
        postgres.create(os.environ["DATABASE_URL"])
        measure(words[1:])


def measure(words: list[str]) -> None:
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
            from bench import office_log

            office_log.build(int(words[0]) if words else 1_000_000)
        rounds = int(words[1]) if len(words) > 1 else _ROUNDS
        for page, ms, busy in pages(rounds):
            print(f"{ms:8.1f} ms, {busy:8.1f} of a core {'  ' if ms < LIMIT_MS else '! '}{page}", flush=True)
        # In a process of its own, so that its memory is its own.
        subprocess.run([sys.executable, "-m", "bench.office", "export"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""A large database, how long the console's pages take on it, and how they find their rows.

``python -m bench.helpdesk scale`` prints it for 5,000 open conversations and 1 million messages.
"""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from typing import Any

PAGES = (
    "/",
    "/queue/?view=mine",
    "/queue/?view=all",
    "/queue/?view=closed",
    "/c/{pk}/",
    "/c/{pk}/live/?after=0",
    "/c/{busy}/",
    "/c/{pk}/context/",
    "/numbers/?days=30",
    "/audit/",
)
LARGE = ("handoff_message", "handoff_conversation", "handoff_ticket", "faqlog_turn", "handoff_change")


def build(waiting: int, messages: int) -> dict[str, int]:
    """Fill the database; returns ids to put into the addresses of `PAGES`."""
    from django.utils import timezone

    from desk.handoff.models import Author, Change, Conversation, Message, Outcome, State, Ticket
    from tests.desk.make import user

    now = timezone.now()
    agents = [user(f"agent{number}") for number in range(20)]
    people = waiting * 4
    Conversation.objects.bulk_create(
        [
            Conversation(
                key=f"wechat:gh:o-{number}",
                channel="wechat",
                last_text="我想问一下申报的条件",
                last_author="applicant",
                last_at=now - timedelta(seconds=number * 7),
                owner="bot" if number >= waiting else ("queue" if number % 2 else "agent"),
                agent=agents[number % 20] if number < waiting and not number % 2 else None,
                epoch=1,
                pushed=1,
            )
            for number in range(people)
        ],
        batch_size=2000,
    )
    ids = list(Conversation.objects.order_by("pk").values_list("pk", flat=True))
    tickets = []
    for number, pk in enumerate(ids):
        opened = now - timedelta(seconds=number * 60)
        state = State.CLOSED if number >= waiting else (State.WAITING if number % 2 else State.ACTIVE)
        tickets.append(
            Ticket(
                conversation_id=pk,
                state=state,
                reason="asked",
                opened_at=opened,
                waiting_since=opened,
                claimed_at=opened if state != State.WAITING else None,
                closed_at=opened + timedelta(minutes=9) if state == State.CLOSED else None,
                outcome=Outcome.HANDED_BACK if state == State.CLOSED else "",
                agent=agents[number % 20] if state != State.WAITING else None,
            )
        )
    Ticket.objects.bulk_create(tickets, batch_size=2000)
    _messages(ids, messages, now)
    Change.objects.create(conversation_id=ids[0], what="message")
    assert Author.BOT
    assert Message.objects.exists()
    return {"pk": ids[3], "busy": ids[0]}


def _messages(ids: list[int], count: int, now: Any) -> None:
    """A third of all messages belongs to one conversation: somebody always talks most."""
    from django.db import connection, transaction

    authors = ("applicant", "bot", "staff", "system")
    # Plain rows: a million objects would take most of the time.
    columns = "conversation_id, author, kind, text, options, at, key, event, state, reason"
    values = "%s, %s, 'text', %s, '[]', %s, %s, %s, '', ''"
    statement = f"INSERT INTO handoff_message ({columns}) VALUES ({values})"  # noqa: S608 - our own words
    for start in range(0, count, 20_000):
        rows = [
            (
                ids[0] if number % 3 == 0 else ids[number % len(ids)],
                authors[number % 4],
                f"第{number}条：请问联合申报最多几家单位，牵头单位有什么要求？",
                connection.ops.adapt_datetimefield_value(now - timedelta(seconds=count - number)),
                f"k{number}" if number % 4 < 2 else "",
                f"e{number}",
            )
            for number in range(start, min(start + 20_000, count))
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def client_of_all() -> Any:
    """A client of somebody who may see everything."""
    from desk.accounts.models import User
    from desk.accounts.permissions import Role
    from tests.desk.make import signed_in

    who = User.objects.get(username="agent0")
    who.roles = [str(role) for role in Role]
    who.save()
    return signed_in(who)


def measure(client: Any, address: str, rounds: int = 40) -> tuple[float, float]:
    """The 95th percentile of a page in this process, in ms: by the clock, and of processor time alone.

    The second hardly depends on what else the machine does.
    """
    clock, processor = [], []
    for _ in range(rounds):
        started, used = time.perf_counter(), time.process_time()
        assert client.get(address).status_code == 200, address
        clock.append((time.perf_counter() - started) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return statistics.quantiles(clock, n=20)[-1], statistics.quantiles(processor, n=20)[-1]


def plan(sql: str) -> list[str]:
    """The steps of a query's plan."""
    from django.db import connection

    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql}")
        return [str(row[-1]) for row in cursor.fetchall()]


def scans(address: str, client: Any) -> list[tuple[str, str]]:
    """The queries of a page that read a large table from end to end, and the step that does."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    found = []
    for query in caught.captured_queries:
        sql = query["sql"]
        # The newest change is the first that a scan from the end meets.
        if not sql.startswith("SELECT") or sql.endswith("ORDER BY 1 DESC LIMIT 1"):
            continue
        for step in plan(sql):
            whole = (step.startswith("SCAN") and "USING" not in step) or "Seq Scan" in step
            if whole and any(table in step for table in LARGE):
                found.append((sql, step))
    return found


def show(waiting: int, messages: int) -> None:
    """Build, measure, print."""
    from django.db import connection

    started = time.perf_counter()
    ids = build(waiting, messages)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}: {waiting} open, {waiting * 4} in all, {messages} messages")
    print(f"built in {time.perf_counter() - started:.0f} s")
    client = client_of_all()
    for page in PAGES:
        address = page.format(**ids)
        clock, processor = measure(client, address)
        steps = "; ".join(step for _, step in scans(address, client)) or "indexes only"
        print(f"p95 {clock:7.1f} ms (processor {processor:6.1f} ms)  {page:24} {steps}", flush=True)

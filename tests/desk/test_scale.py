"""On a larger database pages ask few questions, and each is answered by an index."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from desk.accounts.models import User
from desk.accounts.permissions import Role
from tests.desk import scale

pytestmark = pytest.mark.usefixtures("desk")

LARGE = ("handoff_message", "handoff_conversation", "handoff_ticket", "faqlog_turn", "handoff_change")
MOST_QUERIES = 22


def _plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall()]


def test_pages_ask_little_and_indexes_answer() -> None:
    ids = scale.build(400, 12_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    who = User.objects.get(username="agent0")
    who.roles = [Role.AGENT, Role.LEAD]
    who.save()
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    for page in scale.PAGES[:8]:
        address = page.format(**ids)
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        assert len(caught) <= MOST_QUERIES, (page, len(caught))
        for query in caught.captured_queries:
            sql = query["sql"]
            if not sql.startswith("SELECT"):
                continue
            for step in _plan(sql):
                # The newest change is the first that a scan from the end meets.
                newest = sql.endswith("ORDER BY 1 DESC LIMIT 1")
                scan = step.startswith("SCAN") and "USING" not in step and not newest
                assert not (scan and any(table in step for table in LARGE)), (page, step, sql)


def test_the_same_number_of_queries_for_many_rows_as_for_few() -> None:
    ids = scale.build(120, 1_000)
    client = Client()
    client.force_login(
        User.objects.get(username="agent0"), backend="django.contrib.auth.backends.ModelBackend"
    )
    address = f"/c/{ids['busy']}/"
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(f"/c/{ids['pk']}/")
        # Looking at another conversation writes one audit entry and the session.
    assert abs(len(many) - len(few)) <= 6


def test_pages_of_a_list_meet_without_gap_or_double() -> None:
    from desk.handoff import queries

    scale.build(300, 100)
    who = User.objects.get(username="agent0")
    for view, expected in (("waiting", 150), ("closed", 900), ("all", 1200)):
        seen: list[int] = []
        mark = ""
        while rows := queries.rows(view, who, mark):
            seen += [row.conversation.pk for row in rows]
            mark = rows[-1].mark
        assert len(seen) == len(set(seen)) == expected, view

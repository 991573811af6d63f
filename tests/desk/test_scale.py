"""On a larger database pages ask few questions, and each is answered by an index."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.accounts.models import User
from tests.desk import scale
from tests.desk.make import signed_in

pytestmark = pytest.mark.usefixtures("desk")

MOST_QUERIES = 22


def test_on_sqlite_pages_ask_little_and_indexes_answer() -> None:
    ids = scale.build(400, 12_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = scale.client_of_all()
    for page in scale.PAGES[:8]:
        address = page.format(**ids)
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        assert len(caught) <= MOST_QUERIES, (page, len(caught))
        assert scale.scans(address, client) == [], page


def test_the_same_number_of_queries_for_many_rows_as_for_few() -> None:
    ids = scale.build(120, 1_000)
    client = signed_in(User.objects.get(username="agent0"))
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

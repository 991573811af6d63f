"""The stream of a served desk: quick, without gaps after a cut, and closed for those who were cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from desk.accounts.permissions import Role
from desk.handoff.models import Change
from tests.desk import office
from tests.desk.make import event, user, written
from tests.desk.processes import PATIENCE


@contextmanager
def stream(address: str, who: Any, last: int | None = None) -> Iterator[Iterator[tuple[str, int, Any]]]:
    """An open stream as (event, id, data)."""
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    cookie = office.cookie(address, who)
    cookies = {cookie["name"]: cookie["value"]}
    client = httpx.Client(base_url=address, cookies=cookies, timeout=PATIENCE)

    def events(lines: Iterator[str]) -> Iterator[tuple[str, int, Any]]:
        fields: dict[str, str] = {}
        for line in lines:
            if line.startswith(":") or line.startswith("retry"):
                continue
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif fields:
                yield fields["event"], int(fields["id"]), json.loads(fields["data"])
                fields = {}

    with client, client.stream("GET", "/stream/", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "text/event-stream"
        yield events(response.iter_lines())


def beyond(events: Iterator[tuple[str, int, Any]], last: int) -> tuple[str, int, Any]:
    """The first that tells of something new: on PostgreSQL the last changes are told again after a cut."""
    return next(each for each in events if each[1] > last)


def test_a_new_message_is_told_at_once(address: str) -> None:
    conversation = written(event("message_in", text="你好"))
    last = Change.objects.latest("pk").pk
    with stream(address, user(), last) as events:
        written(event("message_in", text="在吗"))
        name, id, data = beyond(events, last)
    assert name == "change"
    assert data == [[conversation.pk, "message"]]
    assert id == Change.objects.latest("pk").pk


def test_what_came_while_the_stream_was_cut_is_told_without_gap_or_double(address: str) -> None:
    written(event("message_in", text="0"))
    last = Change.objects.latest("pk").pk
    keys = [f"wechat:g:o-{number}" for number in range(30)]
    expected = {written(event("message_in", key, text="1")).pk for key in keys}
    with stream(address, user(), last) as events:
        _, id, data = next(events)
    told = [conversation for conversation, _ in data]
    assert len(told) == len(set(told))
    assert expected <= set(told)
    with stream(address, user("again"), id) as events:
        written(event("message_in", keys[3], text="2"))
        _, _, data = beyond(events, id)
    assert len(data) == len({conversation for conversation, _ in data})


def test_a_page_that_was_away_for_too_long_starts_over(address: str) -> None:
    for text in "123":
        written(event("message_in", text=text))
    last = Change.objects.latest("pk").pk
    Change.objects.filter(pk__lt=last).delete()
    with stream(address, user(), 0) as events:
        name, id, _ = next(events)
    assert (name, id) == ("reset", last)


def test_nobody_else_may_listen(address: str) -> None:
    response = httpx.get(f"{address}/stream/", follow_redirects=False)
    assert response.status_code == 302
    assert "/login/" in response.headers["Location"]
    with stream(address, user("a", Role.AUDITOR)):
        pass


def test_a_stream_ends_for_whoever_is_cut_off(address: str) -> None:
    written(event("message_in", text="你好"))
    who = user()
    with stream(address, who) as events:
        who.end_sessions()
        assert next(events)[0] == "bye"


def test_static_files_and_headers(address: str) -> None:
    for path in (
        "/static/desk/console.js",
        "/static/unfold/js/htmx/htmx.js",
        "/static/unfold/js/chart/chart.js",
    ):
        response = httpx.get(address + path)
        assert response.status_code == 200
        assert "javascript" in response.headers["Content-Type"]
    page = httpx.get(f"{address}/login/")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Cache-Control"].startswith(("no-store", "max-age=0"))

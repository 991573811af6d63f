"""Reports: every number is that of the rows it opens, rolled up or not; and the forms a report takes."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from pypdf import PdfReader

from desk.faqlog import filters, rollup, shapes, tally
from desk.faqlog.models import Cell, RolledDay, RolledMonth, Turn
from desk.faqlog.reports import figures, month, people, walks
from desk.faqlog.reports.figures import Figure, Report
from tests.desk import biglog
from tests.desk.make import asked, event, written
from tests.desk.test_log import login

pytestmark = pytest.mark.usefixtures("desk")


def _rows(figure: Figure) -> int:
    """How many rows a figure's link opens."""
    values = QueryDict(figure.query)
    wanted = filters.read(values)
    if figure.page == "log":
        return filters.turns(wanted).count()
    more = {name: values.get(name, "") for name in walks.FIELDS}
    rows = shapes.SHAPES[figure.page].rows(wanted.span, more)
    return len(list(rows))


def _figures(report: Report) -> list[Figure]:
    found = [
        *report.tiles,
        *report.channels,
        *report.outcomes,
        *(each for row in report.heat[:2] for each in row),
    ]
    found += [Figure(topic.name, topic.turns, topic.query) for topic in report.topics[:6]]
    found += [Figure(day.name, day.turns, day.query) for day in report.days[-3:]]
    for walk in report.walks:
        lines = [walk.started, walk.finished, *walk.verdicts, *walk.failing, *walk.funnel]
        found += [Figure(line.name, line.value, line.query, "screenings") for line in lines]
    return found


def test_every_number_opens_exactly_its_rows() -> None:
    biglog.fill(800, 12, people=30)
    asked("wechat:gh:o-handed")
    for query in ("days=7", "days=all", "days=all&channel=kf"):
        report = figures.report(filters.read(QueryDict(query)))
        assert all(tile.value for tile in report.tiles if tile.name != "转人工")
        for figure in _figures(report):
            assert _rows(figure) == figure.value, (query, figure)


def test_a_rolled_day_counts_as_its_turns_do_and_a_changed_one_is_counted_anew() -> None:
    biglog.fill(600, 10)
    RolledDay.objects.all().delete()
    wanted = filters.Filter()
    kinds = ("day", "channel", "project", "topic", "outcome")
    live, slots = tally.by(wanted, *kinds), tally.by_slot(wanted)
    assert rollup.roll_finished(100) >= 8
    assert rollup.roll_finished(100) == 0
    assert tally.by(wanted, *kinds) == live
    assert tally.by_slot(wanted) == slots
    turn = Turn.objects.filter(topic="amount").earliest("at")
    Turn.objects.filter(pk=turn.pk).update(score=0, topic="forms")
    rollup.changed(turn.day)
    assert tally.by(wanted, "topic")[("forms",)].turns == live_turns(live, "forms") + 1
    rollup.roll_finished()
    assert tally.by(wanted, "topic")[("forms",)].turns == live_turns(live, "forms") + 1
    # What was erased stays counted.
    before = sum(each.turns for each in tally.by(wanted, "outcome").values())
    Turn.objects.filter(day__lt=rollup.today()).delete()
    assert sum(each.turns for each in tally.by(wanted, "outcome").values()) == before
    assert Cell.objects.exists()


def test_a_long_report_is_the_same_from_months_from_days_and_from_turns() -> None:
    biglog.fill(1_200, 130, people=40)
    assert 3 <= RolledMonth.objects.count() <= 4
    whole = (rollup.today() - timedelta(days=60)).replace(day=1)
    later = rollup.today() - timedelta(days=9)
    queries = (
        "days=all",
        "days=all&channel=kf",
        "days=90",
        f"first={whole}&last={rollup.month_end(whole)}",
        f"first={whole + timedelta(days=1)}&last={later}",
    )
    filters_ = [filters.read(QueryDict(query)) for query in queries]
    counted = [filters.Filter(topic="amount", feedback="unsolved"), filters.Filter(project="research")]

    def found() -> tuple[list[Report], list[int | None]]:
        return [figures.report(each) for each in filters_], [tally.known(each) for each in counted]

    from_months = found()
    assert sum(day.turns for day in from_months[0][0].days) == 1_200
    RolledMonth.objects.all().delete()
    from_days = found()
    RolledDay.objects.all().delete()
    assert from_months == from_days == found()


def test_a_changed_day_opens_its_month_again() -> None:
    biglog.fill(600, 100)
    turn = Turn.objects.filter(topic="amount", score=None).earliest("at")
    turn = Turn.objects.filter(topic="amount", score=None, day__gt=rollup.month_end(turn.day)).earliest("at")
    month_ = turn.day.replace(day=1)
    assert RolledMonth.objects.filter(pk=month_).exists()
    wanted = filters.Filter(topic="amount", feedback="unsolved")
    before = tally.known(wanted) or 0
    Turn.objects.filter(pk=turn.pk).update(score=0)
    assert tally.known(wanted) == before
    rollup.changed(turn.day)
    assert not RolledMonth.objects.filter(pk=month_).exists()
    assert tally.known(wanted) == before + 1
    assert rollup.roll_finished() == 1
    assert RolledMonth.objects.filter(pk=month_).exists()
    assert tally.known(wanted) == before + 1 == filters.turns(wanted).count()


def test_the_list_of_applicants_is_that_of_their_visits() -> None:
    biglog.fill(800, 12, people=30)
    span = filters.read(QueryDict("days=7"))
    expected: dict[int, list[Any]] = {}
    for visit in people.visits(span).order_by("started_at"):
        row = expected.setdefault(visit.conversation_id, [visit.conversation.alias, 0, 0, visit.last_at])
        row[1:] = [row[1] + 1, row[2] + visit.turns, max(row[3], visit.last_at)]
    cells = list(shapes.cells("people", people.each_applicant(span)))
    assert len(cells) == people.applicants(span) == len(expected)
    for link, alias, _, *rest in cells:
        assert [alias, *rest] == expected[int(link.partition("=")[2])]
    assert [row[-1] for row in cells] == sorted((row[-1] for row in cells), reverse=True)


def live_turns(counts: dict[tuple[object, ...], tally.Count3], topic: str) -> int:
    """The turns of a topic among counts by all kinds."""
    return sum(each.turns for key, each in counts.items() if key[3] == topic)


def test_people_are_counted_once_and_visits_part_at_a_silence() -> None:
    import msgspec

    start = written(event("turn", key="a", outcome="chat")).made_at.timestamp()
    late = [
        msgspec.structs.replace(event("turn", key=str(n), outcome="chat"), at=start + n * 1900)
        for n in range(1, 3)
    ]
    written(*late, event("turn", "wechat:gh:o-2", key="z", outcome="chat"))
    everything = filters.Filter()
    assert people.visits(everything).count() == 4
    assert people.applicants(everything) == 2


def test_a_long_range_is_shown_by_months_and_an_empty_one_shows_nothing() -> None:
    empty = figures.report(filters.read(QueryDict("first=2020-01-01&last=2020-12-31")))
    assert [day.name for day in empty.days][:2] == ["2020年1月", "2020年2月"]
    assert len(empty.days) == 12
    assert [tile.shown for tile in empty.tiles][4] == "—"
    assert "本月没有人提问。" in month.month(month.first_of("2020-02")).sentences


def test_the_report_as_page_sheets_and_one_page_of_paper() -> None:
    biglog.fill(800, 70)
    client = login()
    html = client.get("/faq/report/?days=30").content.decode()
    assert "答上" in html
    last = rollup.today().replace(day=1) - timedelta(days=1)
    paper = client.get(f"/faq/report/month/?month={last:%Y-%m}").content.decode()
    assert f"{last.year}年{last.month}月" in paper
    assert "<svg" in paper
    data = client.get(f"/faq/report/month.pdf?month={last:%Y-%m}").content
    pages = PdfReader(io.BytesIO(data)).pages
    assert len(pages) == 1
    text = pages[0].extract_text()
    assert "知识产权项目申报问答月报" in text
    assert "问得最多的" in text
    for odd in ("2026-13", "x", "", "99999-1", "-"):
        assert client.get("/faq/report/month/", {"month": odd}).status_code == 200


def test_lists_behind_figures_open_and_unknown_ones_do_not() -> None:
    biglog.fill(200, 3)
    asked()
    client: Client = login()
    for what in shapes.SHAPES:
        assert "看问答" in client.get(f"/faq/rows/{what}/?days=all").content.decode(), what
    assert client.get("/faq/rows/secrets/").status_code == 404

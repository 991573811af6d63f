"""The office's pages for `tests.desk.pictures`, and an office with something on every one of them.

Import only when Django is ready.
"""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from playwright.sync_api import Page

from desk.accounts.models import User
from desk.faqlog import settle
from desk.faqlog.grouping import gather
from desk.faqlog.models import Fate, Group, Question, Turn
from tests.desk import biglog
from tests.desk.officers import draft, published, step

TURNS, DAYS = 3_000, 30
BLANK = {"text": "2026年12月31日", "source": "省局办公室来函，2026年11月20日"}


def _client(name: str) -> Client:
    found = Client()
    who = User.objects.get(username=name)
    found.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return found


def fill() -> None:
    """A month's log, grouped and partly settled, and an edition in use with drafts for the next."""
    biglog.fill(TURNS, DAYS)
    gather.run()
    li = User.objects.get(username="li")
    for group in Group.objects.order_by("pk")[:3]:
        settle.adopt(Question.objects.filter(group=group, fate=Fate.OPEN), "deadline", "train", li)
    _drafts(_client("li"), _client("ye"))


def _drafts(writer: Client, other: Client) -> None:
    published(
        writer, other, draft(writer, "answer", "duration:research", text="做1年。{basis}", clauses="二（三）")
    )
    waits = draft(writer, "answer", "duration:demonstration", text="做1年。{basis}", clauses="一（三）")
    step(writer, waits, "waiting")
    draft(writer, "blank", "deadline", **BLANK)


def _nothing(page: Page) -> None:
    pass


def _group(page: Page) -> None:
    page.locator(".group-row a").first.click()
    page.wait_for_timeout(400)


def _draft(page: Page) -> None:
    page.locator("a[href*='/office/draft/']").first.click()
    page.wait_for_load_state()


def scenes() -> tuple[tuple[str, str, Callable[[Page], None]], ...]:
    """Name, path and what is done on the page, for each page."""
    turn = Turn.objects.order_by("-pk")[:1].get().pk
    return (
        ("log", "/faq/log/", _nothing),
        ("turn", f"/faq/log/{turn}/", _nothing),
        ("inbox", "/faq/inbox/", _group),
        ("settled", "/faq/inbox/?fate=settled", _group),
        ("examples", "/faq/examples/", _nothing),
        ("report", f"/faq/report/?days={DAYS}", _nothing),
        ("month", "/faq/report/month/", _nothing),
        ("answers", "/office/", _nothing),
        ("answer", "/office/edit/answer/deliverables:demonstration/", _nothing),
        ("blank", "/office/edit/blank/deadline/", _nothing),
        ("pack", "/office/file/?name=project-demonstration.yml", _nothing),
        ("draft", "/office/", _draft),
        ("versions", "/office/versions/", _nothing),
        ("source", "/office/source/", _nothing),
        ("training", "/office/training/", _nothing),
        ("privacy", "/office/privacy/", _nothing),
    )

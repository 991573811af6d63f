"""The office's pages for `tests.desk.pictures`, and an office with something on every one of them.

Import only when Django is ready.
"""

from __future__ import annotations

from django.test import Client
from playwright.sync_api import Page

from desk.accounts.models import User
from desk.faqlog import settle
from desk.faqlog.grouping import gather
from desk.faqlog.models import Fate, Group, Question, Turn
from tests.desk import biglog
from tests.desk.make import signed_in
from tests.desk.officers import draft, published, step
from tests.desk.pictures import Scene, nothing

TURNS, DAYS = 3_000, 30
BLANK = {"text": "2026年12月31日", "source": "省局办公室来函，2026年11月20日"}


def fill() -> None:
    """A month's log, grouped and partly settled, and an edition in use with drafts for the next."""
    biglog.fill(TURNS, DAYS)
    gather.run()
    li = User.objects.get(username="li")
    for group in Group.objects.order_by("pk")[:3]:
        settle.adopt(Question.objects.filter(group=group, fate=Fate.OPEN), "deadline", "train", li)
    _drafts(signed_in(li), signed_in(User.objects.get(username="ye")))


def _drafts(writer: Client, other: Client) -> None:
    published(
        writer, other, draft(writer, "answer", "duration:research", text="做1年。{basis}", clauses="二（三）")
    )
    waits = draft(writer, "answer", "duration:demonstration", text="做1年。{basis}", clauses="一（三）")
    step(writer, waits, "waiting")
    draft(writer, "blank", "deadline", **BLANK)


def _group(page: Page) -> None:
    page.locator(".group-row a").first.click()
    page.wait_for_timeout(400)


def _draft(page: Page) -> None:
    page.locator("a[href*='/office/draft/']").first.click()
    page.wait_for_load_state()


def scenes() -> tuple[Scene, ...]:
    """One for each page."""
    turn = Turn.objects.order_by("-pk")[:1].get().pk
    return (
        ("log", "/faq/log/", nothing),
        ("turn", f"/faq/log/{turn}/", nothing),
        ("inbox", "/faq/inbox/", _group),
        ("settled", "/faq/inbox/?fate=settled", _group),
        ("examples", "/faq/examples/", nothing),
        ("report", f"/faq/report/?days={DAYS}", nothing),
        ("month", "/faq/report/month/", nothing),
        ("answers", "/office/", nothing),
        ("answer", "/office/edit/answer/deliverables:demonstration/", nothing),
        ("blank", "/office/edit/blank/deadline/", nothing),
        ("pack", "/office/file/?name=project-demonstration.yml", nothing),
        ("draft", "/office/", _draft),
        ("versions", "/office/versions/", nothing),
        ("source", "/office/source/", nothing),
        ("training", "/office/training/", nothing),
        ("privacy", "/office/privacy/", nothing),
    )

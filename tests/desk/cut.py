"""A page that is cut off for a while, as long as one likes, while an applicant goes on writing."""

from __future__ import annotations

import time
from typing import NamedTuple

from playwright.sync_api import expect

from desk.handoff.models import Message
from tests.desk import office
from tests.desk.browsing import Staff, chromium
from tests.desk.make import asked, event, publish
from tests.desk.place import Place
from tests.desk.processes import until

PAUSE = 1.0


class Cut(NamedTuple):
    """How many messages came, how many of them the page doesn't show, shows twice, and when it was whole."""

    told: int
    gaps: int
    doubled: int
    healed: float


def page(place: Place, redis_url: str, seconds: float) -> Cut:
    """Open a conversation, cut the page off, let messages come, connect it again, and count."""
    with office.open_(place, redis_url) as address, chromium() as browser:
        staff = Staff(browser, address, "cut")
        conversation = asked()
        page = staff.open(f"/c/{conversation.pk}/")
        staff.context.set_offline(True)
        expect(page.locator("#link")).to_contain_text("连接已断开")
        end, number = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            publish(
                event("message_in", conversation.key, key=f"c{number}", kind="text", text=f"第{number}条")
            )
            number += 1
            time.sleep(PAUSE)
        until(lambda: Message.objects.filter(text__startswith="第").count() == number)
        staff.context.set_offline(False)
        started = time.monotonic()
        expect(page.locator(".by-applicant .text").last).to_have_text(f"第{number - 1}条")
        healed = time.monotonic() - started
        page.wait_for_timeout(5_000)  # whatever would come a second time has come
        texts = page.locator(".by-applicant .text").all_inner_texts()
        shown = [text for text in texts if text.startswith("第")]
        staff.close()
    return Cut(number, number - len(set(shown)), len(shown) - len(set(shown)), healed)

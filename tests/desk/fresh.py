"""How soon a page shows what an applicant wrote: from its event in Redis to the bubble on the screen."""

from __future__ import annotations

import random
import time

from tests.desk import office
from tests.desk.browsing import Staff, chromium
from tests.desk.make import asked, event, publish
from tests.desk.place import Place


def page(place: Place, redis_url: str, times: int) -> list[float]:
    """Seconds of each message, on a page that is open all the time; the messages come at any moment."""
    random_, taken = random.Random(5), []
    with office.open_(place, redis_url) as address, chromium() as browser:
        staff = Staff(browser, address, "fresh")
        conversation = asked()
        page = staff.open(f"/c/{conversation.pk}/")
        page.locator("#bubbles").wait_for()
        for number in range(times):
            time.sleep(random_.uniform(0.2, 1.5))
            started, text = time.monotonic(), f"第{number}条。"
            publish(event("message_in", conversation.key, key=f"f{number}", kind="text", text=text))
            page.get_by_text(text, exact=True).first.wait_for()
            taken.append(time.monotonic() - started)
        staff.close()
    return taken

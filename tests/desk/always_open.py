"""The consumer with a calendar that is always open, so that tests don't depend on the hour.

It groups no questions: to learn what they mean takes a minute of a core.
"""

from __future__ import annotations

import sys

from desk import consume, prepare

if __name__ == "__main__":
    prepare.set_up()
    from django.conf import settings

    from desk.faqlog.grouping import gather
    from desk.hours import Calendar

    gather.kick = lambda: None
    settings.CALENDAR = Calendar(weekdays=frozenset(range(1, 8)), spans=("00:00-23:59",))
    sys.exit(consume.main())

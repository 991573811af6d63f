"""The consumer with a calendar that is always open, so that tests don't depend on the hour."""

from __future__ import annotations

import sys

from desk import consume, prepare

if __name__ == "__main__":
    prepare.set_up()
    from django.conf import settings

    from desk.hours import Calendar

    settings.CALENDAR = Calendar(weekdays=frozenset(range(1, 8)), spans=("00:00-23:59",))
    sys.exit(consume.main())

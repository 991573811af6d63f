"""How many messages an account may push to one user, by what the user did last.

48 h and 5 messages after a message; 1 min and 3 messages after a menu click, a tap on an option, a
follow or a scan.
"""

from __future__ import annotations

OK, OUT_OF_TIME, USED_UP = 0, 45015, 45047

MESSAGE_SECONDS, MESSAGE_COUNT = 48 * 3600.0, 5
EVENT_SECONDS, EVENT_COUNT = 60.0, 3
TYPING_SECONDS = 30.0


class Quota:
    """The rights to push to one user. Times are seconds since 1970."""

    def __init__(self) -> None:
        # Ends at, messages left; the shorter-lived right first, as it is used first.
        self._rights = {"event": (0.0, 0), "message": (0.0, 0)}
        self._last = 0.0

    def wrote(self, now: float) -> None:
        """The user sent a message."""
        self._rights["message"], self._last = (now + MESSAGE_SECONDS, MESSAGE_COUNT), now

    def acted(self, now: float) -> None:
        """The user tapped, clicked a menu item, followed or scanned."""
        self._rights["event"], self._last = (now + EVENT_SECONDS, EVENT_COUNT), now

    def spend(self, now: float) -> int:
        """Use one right; returns WeChat's error code, 0 when the message may be sent."""
        live = {name: right for name, right in self._rights.items() if now < right[0]}
        for name, (ends, left) in live.items():
            if left:
                self._rights[name] = (ends, left - 1)
                return OK
        return USED_UP if live else OUT_OF_TIME

    def may_type(self, now: float) -> bool:
        """Whether the typing status may be shown: only shortly after the user did something."""
        return now - self._last < TYPING_SECONDS

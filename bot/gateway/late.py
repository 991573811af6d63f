"""What to do when WeChat's patience ends before the reply is there.

WeChat drops a callback after 5 s and delivers it again, three times in all, as long as it got no
answer. An account that may push says ``success`` and sends the reply when it is there. Another holds
the first deliveries without an answer: the next joins the work in hand and carries its reply back.
After the last, nothing comes by itself: the applicant is told how to fetch it.
"""

from __future__ import annotations

import enum

LAST_DELIVERY = 3

PICK_UP = "这个问题还在查，答复稍后就好。请过一会儿随便发一个字，我就把答复发给您。"


class Late(enum.Enum):
    """HOLD: give no answer, WeChat delivers again. PICK_UP: promise the reply for the next message.

    PUSH: end the deliveries; the worker hands the reply to the sender.
    """

    PUSH = "push"
    HOLD = "held"
    PICK_UP = "pick-up"


def late(delivery: int, can_push: bool) -> Late:
    """What to do with the ``delivery``-th delivery (from 1) of a message whose reply isn't there."""
    if can_push:
        return Late.PUSH
    return Late.PICK_UP if delivery >= LAST_DELIVERY else Late.HOLD

"""What to do when a platform's API refuses a message: the same few answers for every platform."""

from __future__ import annotations

from typing import Literal

import msgspec

Action = Literal["retry", "stop", "split", "hold", "drained", "mute", "fail"]


class Refusal(msgspec.Struct, frozen=True):
    """What an error code means for the message and for the account.

    Attributes:
        action: ``retry`` this message a little later; ``stop`` sending for the account for a while, then
            go on with this message; ``split`` it, it is too long; ``hold`` it until the user writes again;
            ``drained``: the same, since all that may follow their last message is used up; ``mute`` the
            account, which has no right to push, and hold it; ``fail``: it can't be sent.
        reason: in plain Chinese, for the desk: what is wrong, then what to do.
        seconds: how long, for ``stop`` and ``mute``.
        alert: somebody has to do something about the account.
    """

    action: Action
    reason: str
    seconds: float = 0.0
    alert: bool = False

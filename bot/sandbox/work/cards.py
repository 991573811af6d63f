"""Cards with buttons, and the codes that change them: each for one use within 72 h."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import msgspec

from bot.sandbox.codes import refusal
from bot.sandbox.pieces import Piece, Tap, Words

CODE_SECONDS = 72 * 3_600.0
_TASK = re.compile(r"[A-Za-z0-9_\-@]{1,128}")


class Card(msgspec.Struct):
    """A card in one member's chat. ``message`` is the number of its bubble."""

    user: str
    task_id: str
    head: tuple[Piece, ...]
    buttons: dict[str, str]
    message: int = 0
    done: bool = False


class Cards:
    """All cards of the app."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.cards: dict[tuple[str, str], Card] = {}
        self._codes: dict[str, tuple[float, Card]] = {}

    def read(self, user: str, body: dict[str, Any]) -> Card:
        """A card as it is sent. Raises PlatformError."""
        task, buttons = body.get("task_id"), body.get("button_list")
        if body.get("card_type") != "button_interaction" or not isinstance(buttons, list):
            raise refusal(40058)
        if not isinstance(task, str) or not _TASK.fullmatch(task) or (user, task) in self.cards:
            raise refusal(40058, ", task_id")
        title, text = (body.get("main_title") or {}).get("title"), body.get("sub_title_text")
        if not (title or text) or not 1 <= len(buttons) <= 6:
            raise refusal(40058)
        found = {str(button.get("key", "")): str(button.get("text", "")) for button in buttons}
        if len(found) != len(buttons) or not all(
            k and len(k.encode()) <= 1024 and v for k, v in found.items()
        ):
            raise refusal(40058)
        head = tuple(Words(f"{line}\n") for line in (title, text) if line)
        return Card(user, task, head, found)

    def code(self, card: Card) -> str:
        """A new code that changes the card once."""
        code = secrets.token_urlsafe(48)
        self._codes[code] = (self._clock() + CODE_SECONDS, card)
        return code

    def use(self, code: object) -> Card:
        """The card that a code changes; the code is used up. Raises PlatformError."""
        until, card = self._codes.pop(str(code), (0.0, None))
        if card is None or until <= self._clock():
            raise refusal(40058, ", response_code")
        return card


def pieces(card: Card, chosen: str = "") -> tuple[Piece, ...]:
    """The card as it is shown: with buttons, or with what was chosen in their place."""
    if card.done:
        return (*card.head, Words(f"已选：{chosen}"))
    taps: list[Piece] = []
    for key, text in card.buttons.items():
        taps += [Tap(f"{card.task_id}|{key}", text, text), Words("\n")]
    return (*card.head, *taps[:-1])

"""What a custom menu must look like: at most 3 buttons with at most 5 under each."""

from __future__ import annotations

from typing import Any

OK = 0


def error_code(buttons: object, below: int = 60) -> int:
    """0 for a menu that WeChat takes, otherwise its error code. ``below``: bytes of a name under a button."""
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        return 40016
    for button in buttons:
        code = _button(button, below)
        if code:
            return code
    return OK


def _button(button: Any, name_limit: int) -> int:
    if not isinstance(button, dict):
        return 40016
    if _bad_name(button, 16):
        return 40018
    if "sub_button" not in button or not button["sub_button"]:
        return _action(button, 40019, 40020)
    below = button["sub_button"]
    if not isinstance(below, list) or len(below) > 5:
        return 40023
    for item in below:
        if not isinstance(item, dict) or item.get("sub_button"):
            return 40022
        if _bad_name(item, name_limit):
            return 40025
        code = _action(item, 40026, 40027)
        if code:
            return code
    return OK


def _bad_name(button: dict[str, Any], limit: int) -> bool:
    name = button.get("name")
    return not isinstance(name, str) or not 1 <= len(name.encode()) <= limit


def _action(button: dict[str, Any], key_code: int, url_code: int) -> int:
    """Check what a button does: ``click`` needs a key (128 bytes), ``view`` an address (1,024)."""
    kind = button.get("type")
    if kind == "view":
        url = button.get("url")
        good = isinstance(url, str) and url.startswith(("http://", "https://")) and len(url.encode()) <= 1024
        return OK if good else url_code
    if kind not in {"click", "scancode_push", "scancode_waitmsg", "location_select"}:
        return 40015
    key = button.get("key")
    return OK if isinstance(key, str) and 1 <= len(key.encode()) <= 128 else key_code

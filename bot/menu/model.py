"""The menu: read from its file, checked in bytes as the platforms count them, put in their form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import yaml

from bot.channels.common.fields import TAP
from bot.channels.common.split import size
from bot.errors import MenuError

TOP, BELOW = 3, 5
TOP_BYTES, KEY_BYTES, URL_BYTES = 16, 128, 1_024
BELOW_BYTES = {"wechat": 60, "wecom": 40}


class Button(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A button: one of ``tap``, ``url`` and ``below``."""

    name: str
    tap: str = ""
    url: str = ""
    below: tuple[Button, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    menu: tuple[Button, ...]


def load(path: Path) -> tuple[Button, ...]:
    """The menu in a file. Raises `MenuError` when it can't be read."""
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), type=_File).menu
    except OSError as error:
        raise MenuError([f"读不到 {path}：{error.strerror}。"]) from error
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise MenuError([f"{path} 写得不对：{error}"]) from error


def check(menu: tuple[Button, ...], channel: str) -> None:
    """Make sure that the platform takes it. Raises `MenuError` with all mistakes."""
    problems = []
    if not 1 <= len(menu) <= TOP:
        problems.append(f"应有 1 到 {TOP} 个按钮，现在是 {len(menu)} 个。")
    for button in menu:
        problems += _button(button, TOP_BYTES)
        if len(button.below) > BELOW:
            problems.append(f"“{button.name}”下面最多 {BELOW} 项，现在是 {len(button.below)} 项。")
        for item in button.below:
            problems += _button(item, BELOW_BYTES[channel])
            if item.below:
                problems.append(f"“{item.name}”下面不能再有一级。")
    if problems:
        raise MenuError(problems)


def _button(button: Button, limit: int) -> list[str]:
    problems, name = [], button.name
    if not 1 <= size(name) <= limit:
        problems.append(f"“{name}”的名字有 {size(name)} 字节，应为 1 到 {limit} 字节（一个汉字 3 字节）。")
    if sum(map(bool, (button.tap, button.url, button.below))) != 1:
        problems.append(f"“{name}”应在 tap、url、below 里写一个，只写一个。")
    if size(button.tap) > KEY_BYTES or (button.tap and not TAP.fullmatch(button.tap)):
        problems.append(f"“{name}”的 tap 应为最多 {KEY_BYTES} 字节的字母、数字和 : _ . -。")
    if button.url and not (button.url.startswith(("http://", "https://")) and size(button.url) <= URL_BYTES):
        problems.append(f"“{name}”的 url 应以 https:// 开头，最多 {URL_BYTES} 字节。")
    return problems


def body(menu: tuple[Button, ...]) -> list[dict[str, Any]]:
    """The menu as both platforms take it."""
    return [_form(button) for button in menu]


def _form(button: Button) -> dict[str, Any]:
    if button.below:
        return {"name": button.name, "sub_button": [_form(item) for item in button.below]}
    if button.url:
        return {"name": button.name, "type": "view", "url": button.url}
    return {"name": button.name, "type": "click", "key": button.tap}


def lines(buttons: list[dict[str, Any]], indent: str = "") -> list[str]:
    """A menu in the platforms' form, a line a button, to compare and to read."""
    found = []
    for button in buttons:
        what = button.get("key") or button.get("url") or ""
        found.append(f"{indent}{button.get('name', '')}{f'  →  {what}' if what else ''}")
        found += lines(button.get("sub_button") or [], indent + "    ")
    return found

"""The forms that single values must have: ids, clauses, phone numbers."""

from __future__ import annotations

import re

from bot.guide.tree import Item, Place

ID = re.compile(r"[a-z][a-z0-9_]*")
"""No colon: ids are joined by colons in taps."""

CLAUSE = re.compile(r"[一二三四五六七八九十]+(（[一二三四五六七八九十]+）([①-⑳]|[1-9][0-9]?)?)?")
"""A clause as the guide numbers it: 一, 一（二）, 一（二）①, 二（二）1."""

PHONE = re.compile(r"(0\d{2,3}-\d{7,8}|1[3-9]\d{9}|[48]00-\d{3}-\d{4}|1\d{4})(转\d{1,6})?", re.ASCII)
"""An area code with 7 or 8 digits, a mobile phone, a 400 or 800 number, or a hotline of 5 digits."""


def check_clause(item: Item, place: Place, key: str, clause: str) -> None:
    """Complain about what isn't a clause."""
    if not CLAUSE.fullmatch(clause):
        wrong = f"{item.what}的“{key}”写的是“{clause}”，不是指南的条款号"
        item.problems.add(place, f"{wrong}，请写成 一（二）① 或 二（二）1 这样（用全角括号）。")


def check_phone(item: Item, key: str, phone: str) -> None:
    """Complain about what isn't a phone number; blank is allowed."""
    if phone and not PHONE.fullmatch(phone):
        wrong = f"{item.what}的“{key}”写的是“{phone}”，不像电话号码"
        item.complain(key, f"{wrong}，请写成 0931-8765432 这样，一处只写一个。")

"""An answer with more behind it: 有的，每次党组会都研究; 拿过，都花完了.

The first clause answers the open question; what follows must not turn it, weaken it or ask. It is said back
with a way to undo it, as what is stated is.
"""

from __future__ import annotations

import re

from bot.guide import phrases, polarity, statements
from bot.guide.expression import UNKNOWN
from bot.guide.model import Fact
from bot.guide.reading import NO, normal, read
from bot.guide.statements import Stated

_LEADS_OVER = re.compile("(?:对|嗯|恩|好|不|哦|噢|行|不错|当然)+[了呀啊吧]*")
"""对了，电话多少: these answer nothing before a comma."""
_LITTLE_MONEY = re.compile("(?:钱|数额|金额|经费|资金)(?:不|没)(?:太|算|有)?多")
"""Little of it is still some."""
_TURNS = re.compile(
    "[不没未无非少差弱缺]|但|可是|只是|就是|如果|要是|假如|兼|收回|取消|退|以前|之前|原来|过去|个体|合作社|协会|分公司|一般|只有"
)
_DOUBTS = re.compile("不过|但|可是|只是|如果|要是|假如|有(?!关)|是(?![省市])|算")
"""The same behind a no, which words of denial only confirm."""


def find(fact: Fact, text: str) -> Stated | None:
    """The open question's answer; None where the first clause is none, or the rest speaks against it."""
    first, *rest = [clause for clause in phrases.CLAUSE_END.split(text.strip()) if clause] or [""]
    whole = normal(text)
    if not rest or len(whole) > phrases.LONGEST or _LEADS_OVER.fullmatch(first):
        return None
    if statements.asks(re.sub("呢[。!！]*$", "", text)) or phrases.HEDGE.search(whole):
        return None
    choice = read(fact, first)
    left = [_LITTLE_MONEY.sub("", normal(clause)) for clause in rest]
    if choice == NO:
        against = any(_DOUBTS.search(clause) for clause in left)
    else:
        against = any(_TURNS.search(clause) or polarity.unsure(clause) for clause in left)
    return None if choice in (None, UNKNOWN) or against else Stated(fact.id, choice, first)

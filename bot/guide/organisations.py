"""Answers that are neither yes nor no, stated in passing: who the applicant is, how many units apply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.guide.model import Fact
from bot.guide.reading import normal

_LONG = 5
"""From here on a name stands for itself; a shorter one needs 我们是 before it."""

_SELF = r"(?:我们?|咱们?|俺们?|本单位|这边|这里|单位)(?:单位|这边|这里|现在)?"
_OWN = re.compile(rf"{_SELF}(?:就?是|属于|为)")
_BEFORE = re.compile(rf"(?:{_SELF})?(?:就?是|属于|为)?(?:一家|一个|个|家)?[一-龥]{{0,12}}")
_ELSE = re.compile("[帮替和跟与给代问找向对受托不没]|其他|别的")
"""Before a name: the applicant isn't it, but has to do with it."""
_LEVEL = re.compile("[市县区州乡镇]级|工业|产业|乡|镇")
"""The guide wants parks of the state or the province; these words leave it open."""
_BELONGS = re.compile("下属|下面|下的|所属|直属|管的|报的|合作|联合|一起|[和与跟、]|以及|还有|授权|委托|代理")
"""Behind a name: somebody else again."""
_ENDS = re.compile("$|[的局不没有是也但已都在想要来属]|单位|部门|性质")
"""Behind a short name: it isn't the beginning of a longer one, as 市级 is of 市级工业园区."""
_FORMER = re.compile("(?:原来|以前|之前|曾经?|过去)(?:就?是)?的?[一-龥]{0,8}试点")
"""原来的国家试点城市 tells of a title, not of the unit."""
_TOGETHER = re.compile("(?:一起|一块儿?|联合|共同|合作|合伙|搭伙)?(?:来|要|想)?(?:申报|合报|报)(?:的|了)?$")
_PARTNERS = re.compile(
    "(?P<own>我们?|咱们?|俺们?)?(?:(?:和|跟|与|同)[一-龥]{1,10})?(?:一共|总共|共|就是|就|是|有)*"
)


def claims(fact: Fact, plain: str) -> Iterator[tuple[str, str]]:
    """The words in a normalised piece that answer a fact, each with its choice."""
    for choice in fact.choices:
        if _FORMER.search(plain) or ("园区" in choice.label and _LEVEL.search(plain)):
            continue
        for word in {normal(each) for each in (choice.label, *choice.synonyms)}:
            if len(word) > 1 and (_says_who(plain, word) or _says_how_many(plain, word)):
                yield word, choice.id


def names(facts: Iterable[Fact], plain: str) -> bool:
    """Whether a normalised text names a kind of organisation."""
    kinds = [choice for fact in facts if fact.id == "applicant" for choice in fact.choices]
    return any(len(word) > 1 and word in plain for kind in kinds for word in map(normal, kind.synonyms))


def _says_who(plain: str, word: str) -> bool:
    """我们是一家公司; a whole name of an authority also alone."""
    at = plain.find(word)
    if at < 0:
        return False
    before, behind = plain[:at], plain[at + len(word) :]
    alone = len(word) >= _LONG or (_OWN.match(before) and _ENDS.match(behind))
    if not alone or not _BEFORE.fullmatch(before):
        return False
    return not (_ELSE.search(before) or _BELONGS.match(behind))


def _says_how_many(plain: str, word: str) -> bool:
    """两家一起报; 我们三家单位."""
    core = _TOGETHER.sub("", plain)
    if not core.endswith(word):
        return False
    match = _PARTNERS.fullmatch(core[: len(core) - len(word)])
    return bool(match and (core != plain or match["own"]))

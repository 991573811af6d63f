"""Facts that an applicant states in passing: 我们是榆中县市场监管局，没拿过国家试点的资助.

A statement is a piece of a sentence that names a fact (by its ``mentions``) or one of its answers. What is
asked, hedged, hoped, or said of others states nothing. Wrong facts cost the applicant, so anything doubtful
is left out; what was understood is always said back, with a way to undo it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from bot.guide import organisations, phrases, polarity
from bot.guide.mentions import Named, chosen, named_in
from bot.guide.model import Fact, Guide, Project
from bot.guide.polarity import DOUBT, NO, YES
from bot.guide.reading import by_example, normal

_CUT = re.compile(
    r"([,，。.;；!！\n\s]+|但是?|不过|可是|只是|就是|而且|并且|同时|另外|还有"
    r"|(?<=[一-龥]{4})(?<![没不未无有从都也曾])(?=(?:给|拿|得到|拨)[过了].{1,8}万))"
)
_BUT = re.compile("但是?|不过|可是|只是|就是")
_WHETHER = "有没有|是不是|是否|算不算|在不在|够不够"
_WHETHER_UNKNOWN = re.compile(
    rf"(?:{_WHETHER})(?=.*(?:{DOUBT.pattern}))|(?<=清楚)(?:{_WHETHER})|(?<=知道)(?:{_WHETHER})"
)
"""有没有不良记录不太清楚 asks nothing: it says that it isn't known."""
_COMMA_BEFORE_DOUBT = re.compile(
    rf"((?:{_WHETHER})[^,，。;；?？]{{1,15}})[,，\s]+(?=[^,，。;；?？]{{0,6}}(?:{DOUBT.pattern}))"
)
_ASKED = re.compile(r"[?？]|吗|么$|怎么|怎样|什么|啥|多少|如何|哪|呢$|能否|是否|(.)[不没]\1|难道|谁|凭什么")
_NOTHING_MUCH = re.compile("没有?(?:什么|啥)")
_HOPED = re.compile(
    r"如果|假如|假设|要是|万一|打算|准备|计划|想要|想(?:注册|申请|办|弄|搞|买|拿|评)|争取|好像|可能|也许|大概|似乎|听.{0,4}说|据说|不等于|不代表|不见得|以为|希望"
)
_WRONG = re.compile(r"[选答说填点弄搞]错|重新[选答]")
_OF_TRADE = re.compile("(?:产值|产量|销量|面积|GDP|经济).{0,8}(?:前列|靠前|第)")
"""百合产值在全省前列 says nothing of how intellectual property is managed."""
_LESSER = re.compile("(?:省里?|省级|市里|市级|省上|市上|省局)的?(?:知识产权)?(?:强国建设)?试点")
"""Named by the province or the city: no pilot of the state, of which the guide speaks."""
_OTHERS = re.compile(
    r"他们|她们|人家|隔壁|邻[县市区]|别的|别人|其[他它][县市区单]|兄弟[县市区单]|你们|对方|合作(?:的那|单位|方)|分公司|分所|那家"
    r"|(?:下面|底下|下属|下辖|辖区里?)的?[县区园]"
)
"""What is so of others says nothing of the applicant."""
_WITH_PARTNER = re.compile("(?:跟|和|与|同).{1,10}(?:一起|联合|合着|合作|共同|合)(?:申?报|来报|做|$|[，,。])")
_IMPLEMENTER = re.compile("实施单位|实施企业|承担单位")
_PAST = re.compile(r"以前|之前|曾|原来|过去|早先|当年|去年|前年")
_LASTING = re.compile(r"已经?(?:是|评上|确定|认定|列为|入选)")
"""Begun in the past, and so still: 前年已经评上试点了."""
_ASKS_OF_THE_PAST = re.compile(r"以前|以往|曾经|得到过")
_HAVING = re.compile(
    "(?:我们?|咱们?|今年|目前|现在|已经?|财政|县里|市里|单位|倒|是|还|也|都)*(?:有(?![意人])|没(?!人)有?|设了|列了)"
)
_NOT_FOR_SURE = re.compile(
    "没(?:有)?(?:最后)?(?:定|找|选|谈|想|确定|落实|联系)|合作社|个体|分公司|分店|办事处"
)
"""What isn't decided yet isn't "none", and 有个合作社 is no legal person for sure."""
_OWNS = re.compile(
    "(?:我们?|咱们?|俺们?|单位|现在|目前|也|是|还|倒)*(?P<has>有|没有?|无)(?P<thing>[一-龥]{2,6}?)[的了]?"
    r"|(?P<first>[一-龥]{2,6}?)(?:也|都|倒|是)*(?P<then>有|没有?)(?:[的了]|.{0,3}[\d一二三四五六七八九十百千万]+.{0,4})?"
)
_SHORT_ANSWER = 20
_WE = re.compile(r"^\s*(?:我|咱|俺|本)")
_TURNS = re.compile(r"[不没未无非有少差弱缺]|收回|取消|退")


class Stated(msgspec.Struct, frozen=True):
    """One stated fact: fact id, choice id, and the applicant's words."""

    fact: str
    choice: str
    words: str


def find(project: Project, text: str) -> tuple[Stated, ...]:
    """The facts that a text states, at most one choice a fact; one stated both ways is left out."""
    named: dict[str, Stated] = {}
    owned: dict[str, Stated] = {}
    contradicted: set[str] = set()
    before: list[Stated] = []
    of_others = False
    for piece, but in _pieces(text):
        of_others = _of_others(project, piece) or (of_others and not _WE.search(piece))
        silent = of_others or _silent(piece)
        stated = [] if silent else _stated(project, piece)
        found = named if stated else owned
        said = stated or ([] if silent else _owned(project, piece))
        if not said and _retracts(project, piece, but):
            contradicted |= {each.fact for each in before}
        for each in said:
            if any(known.get(each.fact, each).choice != each.choice for known in (found, named)):
                contradicted.add(each.fact)
            found[each.fact] = each
        before = said
    if _WITH_PARTNER.search(text):  # who may have what the one lacks
        contradicted |= {
            id for id, each in {**owned, **named}.items() if each.choice == NO and id != "bad_credit"
        }
    # What is named says more: 有团队，但没有专业人才.
    return tuple(each for id, each in {**owned, **named}.items() if id not in contradicted)


def meant(guide: Guide, text: str) -> list[tuple[Project, tuple[Stated, ...]]]:
    """The projects that a text states facts of, with these; one alone where only it asks for some of them.

    没有失信 may be said to both projects, 我们有工作资金，没有失信 only to one.
    """
    told = [(project, found) for project in guide.projects if (found := find(project, text))]
    shared = set.intersection(*({fact.id for fact in project.facts} for project in guide.projects))
    own = [(project, found) for project, found in told if {each.fact for each in found} - shared]
    return own if len(own) == 1 else told


def _of_others(project: Project, piece: str) -> bool:
    """Whether a piece speaks of others; so does 实施单位是独立法人 where the project asks for no such one."""
    if _OTHERS.search(piece):
        return True
    return _IMPLEMENTER.search(piece) is not None and not any(
        _IMPLEMENTER.fullmatch(mention) for fact in project.facts for mention in fact.mentions
    )


def about(fact: Fact, text: str) -> Stated | None:
    """What a text says of the open question without naming it: 有五十万, 今年没有. None if nothing certain.

    Only where the question is 有没有 and having is good; a wrong "none" there would be the worst.
    """
    asked_for = polar(fact) and "有没有" in fact.question and fact.choices[0].id == YES
    if not asked_for or re.search("[没有]人", text):
        return None
    said: set[str] = set()
    for piece, but in _pieces(text):
        plain = polarity.THING + normal(piece)
        if but or _silent(piece) or _OTHERS.search(piece) or _PAST.search(piece) or polarity.unsure(plain):
            return None
        heard = polarity.of(plain)
        if _NOT_FOR_SURE.search(piece) or (heard == NO and not re.search("[没无]", piece)):
            return None
        # 有，不是法人: what isn't so of it speaks against having it.
        said |= {heard} if heard == NO or _HAVING.match(normal(piece)) else set()
    said.discard("")
    return (
        Stated(fact.id, said.pop(), text.strip()) if len(said) == 1 and len(text) <= _SHORT_ANSWER else None
    )


def named(project: Project, text: str) -> str | None:
    """The id of the fact that a text names, by the longest of its names and mentions; None if none."""
    plain = normal(text)
    found = [each for fact in project.facts for each in named_in(fact, plain, with_name=True)]
    return max(found, key=lambda each: (each.length, each.fact.id)).fact.id if found else None


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, each with whether a "but" leads to it."""
    cut = _CUT.split(_COMMA_BEFORE_DOUBT.sub(r"\1", text))
    but = False
    for place, piece in enumerate(cut):
        if place % 2:
            but = bool(_BUT.fullmatch(piece)) or (but and not piece.strip())
        elif piece:
            yield piece, but
            but = False


def asks(text: str) -> bool:
    """Whether anything in a text is a question; not knowing whether something is so is none."""
    return any(_asked(piece) for piece, _ in _pieces(text))


def _silent(piece: str) -> bool:
    return any(words.search(piece) for words in (_HOPED, _WRONG, _LESSER, _OF_TRADE)) or _asked(piece)


def _asked(piece: str) -> bool:
    return bool(_ASKED.search(_WHETHER_UNKNOWN.sub("", _NOTHING_MUCH.sub("没有", piece))))


def _retracts(project: Project, piece: str, but: bool) -> bool:
    """Whether a piece that states nothing itself takes back what the one before it stated.

    有团队，但不成规模; 榆中县是试点，我们不是.
    """
    if any(named_in(fact, normal(piece)) for fact in project.facts):
        return False
    if piece.startswith("不是") and organisations.names(project.facts, normal(piece)):
        return False  # 我们是市局，不是县级市: no less than before
    contrasts = but or _WE.search(piece) or piece.startswith(("不是", "单位"))
    return bool(_TURNS.search(piece) and contrasts)


def _stated(project: Project, piece: str) -> list[Stated]:
    """What a piece says: who the applicant is or the like, and what is so or isn't."""
    plain = normal(_WHETHER_UNKNOWN.sub("", _NOTHING_MUCH.sub("没有", piece)))
    answers = [
        (len(word), fact.id, choice)
        for fact in project.facts
        if fact.mentions and not polar(fact)
        for word, choice in organisations.claims(fact, plain)
    ]
    stated = [Stated(fact, choice, piece.strip()) for _, fact, choice in sorted(answers)[-1:]]
    mentioned = [each for fact in project.facts if polar(fact) for each in named_in(fact, plain)]
    stated = stated or _by_example(project, piece)
    things = chosen(plain, mentioned)
    for each in things:
        choice = _choice(each, things, plain)
        if choice:
            stated.append(Stated(each.fact.id, choice, piece.strip()))
    return stated


def _by_example(project: Project, piece: str) -> list[Stated]:
    """A piece that is a synonym with a gap in it, of one fact only: 兰大牵头, 和律所一起报.

    Sums of money say nothing without the question: 每年二十万.
    """
    if piece.strip().endswith("万"):
        return []
    said = [(fact, by_example(fact, piece)) for fact in project.facts]
    found = [Stated(fact.id, choice, piece.strip()) for fact, choice in said if choice]
    return found if len(found) == 1 else []


def _owned(project: Project, piece: str) -> list[Stated]:
    """A thing had or not, which a single fact knows by both: 有团队, 没团队. Whatever was asked."""
    match = _OWNS.fullmatch(normal(piece))
    if match is None:
        return []
    thing, has = match["thing"] or match["first"], match["has"] or match["then"]
    facts = [fact for fact in project.facts if polar(fact) and _knows(fact, thing)]
    choice = YES if has == "有" else NO
    return [Stated(facts[0].id, choice, piece.strip())] if len(facts) == 1 else []


def _knows(fact: Fact, thing: str) -> bool:
    """Whether both having and not having a thing are answers to a fact's question."""
    has, none = (fact.choice(choice).synonyms for choice in (YES, NO))
    return f"有{thing}" in has and (f"没{thing}" in none or f"没有{thing}" in none)


def polar(fact: Fact) -> bool:
    """Whether a fact is answered with yes or no."""
    return {YES, NO} <= {choice.id for choice in fact.choices}


def _choice(thing: Named, things: list[Named], plain: str) -> str:
    """What is said of a fact; empty where nothing is certain."""
    said = polarity.of(_without(plain, things), thing.verbal)
    past = _PAST.search(plain) and not _LASTING.search(plain)
    if said in {YES, NO} and past and not _ASKS_OF_THE_PAST.search(thing.fact.question):
        return ""
    if said == NO and "负责人" in thing.fact.question and _one_party(plain):
        return ""
    return said if said in {choice.id for choice in thing.fact.choices} else ""


def _one_party(plain: str) -> bool:
    """Whether words speak of one party's record only, which isn't that of all."""
    return bool(phrases.PARTY.search(plain)) and not phrases.EVERY_PARTY.search(plain)


def _without(plain: str, things: list[Named]) -> str:
    """The piece with all named things replaced by one sign each."""
    for start, end in sorted((span for each in things for span in each.spans), reverse=True):
        plain = plain[:start] + polarity.THING + plain[end:]
    return plain

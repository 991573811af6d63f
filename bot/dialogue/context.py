"""What a message means given what was said before: follow-ups, and two questions at once."""

from __future__ import annotations

import re

from bot.dialogue import speech
from bot.guide import statements
from bot.guide.model import Guide
from bot.guide.phrases import CLAUSE_END

_AROUND = (
    "(?:那么?|要是|如果|换成|换|那边|还有|另外|关于|对于|是|问|我问的是|我说的是|说的是|我指的是|就是|这个|那个"
    "|类|项目|的话|的|话|呢|吗|啊|呀|怎么样|怎样|怎么说|又|也|一样|同样|问题|情况)*"
)
_GO = (
    "(?:算了|不|我们?|咱们?|现在|还是|那就|就|先|改成?|换成?|换到|转到?|切换到?|切到?|回到?|重新|接着|继续"
    "|想|要|来|去|测|申报|报|试)*"
)
_TEST = r"(?:这一?类|项目|类|的|测一?测|测评|测试|测|自查|申报|报|核对|试试|看看|问我|吧|了|呢|啊|呗)*"
_NO_BUT = re.compile(
    r"(?:不是|不对|错了|没有|哎|唉|嗯|[,，。!！\s])+我(?:问|说|指|要问|想问)的?(?:不是.{1,8}[,，]\s*)?是?(?=.{2})"
)
_SPLIT = re.compile(
    r"[?？。！!；;\n]+"
    r"|[，,、\s]*(?:还有就是|还有(?![一二两三四五六七八九十几\d个]|人|位)|(?<!自己)(?<!我们)另外(?![想选找定拟一的])|再就是|以及|顺便问一下|顺便)[，,]?"
)
BREAK = re.compile(r"[，,、](?!还是)|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
"""Where one question may end and another begin: a comma, or the space that many type for one."""
_TELLS_FIRST = re.compile(
    r"(?P<told>.{1,60})[，,。;；！!]+\s*(?P<rest>[^，,。;；！!]{4,}[？?。！!]*)", re.DOTALL
)
_NEXT = re.compile(
    r"(?:那|再|看看|说说|讲讲|它|他|这个)*的?(?P<way>[下后]|[上前])(?:面|边|头)?的?(?:那?一?个|那?一?条)(?:方向)?"
    r"(?:呢|的|讲|说|写|是|啥|什么|吗|吧)*[?？。]*"
)
_WHICH_DIRECTION = re.compile(
    r"(?:那|这个?题?目?|这|请问|该|应该|能|要)*(?:放|归|选|报|算|属于|对应|填|靠)?(?:到|在|于|进)?(?:哪|第几)(?:一?个|一?类|一?条)?(?:方向|号)?"
    r"(?:里|下面)?(?:比较|最)?(?:合适|好|对|行)?(?:呢|啊|呀|吗|些)?[?？。]*"
    r"|(?:如果|要是)?(?:重点)?(?:放|落)在.{2,16}，?还是(?:同一|这)个?方向(?:吗|么|不)?[?？。]*"
)
_COUNTS = re.compile(
    "方向.{0,6}(?:(?<![第这那])几个|多少|哪些)|(?:(?<![第这那])几(?!号)|多少|哪些)个?.{0,4}方向"
)
_TRY = re.compile(
    "(?:请|麻烦|帮我们?|给我们?|先|想)*(?:测|核对|自查|测试)(?:一下|一测|测|试试|看看|看)?[吧呗]?"
)
_THE_OTHER = re.compile(
    "(?:那么?|换成|改成?|要是|再说说|说说)*(?:另外?一?[类个种]|另外那[类个种])(?:项目)?(?:的|呢|吗|怎么样|也一样吗|[?？])*"
)
_ELLIPTIC = 12
_TRAILS = re.compile(r"(?:[呢吗么吧]|里头|里面|在内)[?？。]*$")
_SHORT = 6
"""An answer to the open question, or a word that leads over; neither is part of the question."""
_MOST = 3
_SHORTEST = 3


def without_denial(text: str) -> str:
    """A question without the no before it, which answers nothing: 不是，我问的是示范那个，交啥."""
    match = _NO_BUT.match(text)
    return text[match.end() :] if match else text


def elliptic(text: str) -> bool:
    """Whether a message may be a question that needs the one before it: 负责人也算里头？"""
    return len(text.strip()) <= _ELLIPTIC and bool(speech.asks(text) or _TRAILS.search(text))


def which_direction(text: str) -> bool:
    """Whether a message asks for a direction and names no topic: 放哪个方向合适."""
    return bool(_WHICH_DIRECTION.fullmatch(text.strip()))


def next_to(text: str) -> int:
    """1 for the next one, -1 for the one before, 0 for neither: 下一个呢."""
    match = _NEXT.fullmatch(text.strip())
    return 0 if match is None else 1 if match["way"] in "下后" else -1


def only_project(guide: Guide, text: str) -> str | None:
    """The project, when a message names one and nothing else: 那研究类的呢？ None otherwise."""
    plain = re.sub(r"[\s?？。！!，,、~…]+", "", text)
    for project in guide.projects:
        names = "|".join(re.escape(name) for name in project.names)
        if re.fullmatch(f"{_AROUND}(?:{names}){_AROUND}", plain):
            return project.id
    return None


def switch(guide: Guide, text: str) -> str | None:
    """The project to go over to in a screening: 换成研究课题测. None when more or less is said."""
    plain = re.sub(r"[\s?？。！!，,、~…]+", "", text)
    for project in guide.projects:
        names = "|".join(re.escape(name) for name in project.names)
        if re.fullmatch(f"{_GO}(?:{names}){_TEST}", plain):
            return project.id
    return only_project(guide, text)


def begins(guide: Guide, text: str) -> str | None:
    """The project that a clause of a message asks to be screened for: 县局，测示范."""
    clauses = [clause for clause in CLAUSE_END.split(text) if "测" in clause or "核对" in clause]
    if any(_TRY.fullmatch(clause) for clause in clauses):
        named = speech.named(guide, text)
        return named[0].id if len(named) == 1 else None
    return next((project for clause in clauses if (project := switch(guide, clause))), None)


def other_project(guide: Guide, text: str, current: str | None) -> str | None:
    """The project that isn't talked about, when a message asks for nothing but that: 那另一类呢."""
    others = [project.id for project in guide.projects if project.id != current]
    asked = current is not None and _THE_OTHER.fullmatch(text.strip())
    return others[0] if asked and len(others) == 1 else None


def asked_beside(guide: Guide, text: str) -> str:
    """What a message asks, without what it first tells: 我们有工作资金，那要交什么材料 asks for the latter.

    The whole message where it doesn't both tell and ask.
    """
    match = _TELLS_FIRST.fullmatch(text.strip())
    if match is None or speech.asks(match["told"]) or not speech.asks(match["rest"]):
        return text
    short = len(match["told"]) <= _SHORT
    tells = short or any(statements.find(project, match["told"]) for project in guide.projects)
    return match["rest"] if tells else text


def questions(text: str, beside: bool = False) -> list[str]:
    """The questions that a message may hold: two or three pieces, or an empty list for a single one.

    Args:
        beside: a single question counts too, if the message holds more than that.
    """
    if pieces := sentences(text):
        return pieces[:_MOST]
    # Behind a comma only what is itself a question: 给多少钱，什么时候截止.
    asked = asking(text)
    return asked[:_MOST] if len(asked) > 1 or (beside and asked != [text]) else []


def asking(text: str) -> list[str]:
    """The pieces of a message that ask something; the whole message where nothing parts it."""
    pieces = sentences(text) or BREAK.split(text)
    return [piece for piece in pieces if speech.asks(piece) and len(piece) >= _SHORTEST]


def counts_directions(text: str) -> bool:
    """Whether a message asks how many research directions there are, or which: 研究方向一共几个."""
    return bool(_COUNTS.search(text))


def sentences(text: str) -> list[str]:
    """The pieces of a message that marks or words like 另外 part; an empty list where nothing does."""
    pieces = [piece.strip(" ，,、") for piece in _SPLIT.split(text)]
    pieces = [piece for piece in pieces if len(piece) >= _SHORTEST]
    return pieces if len(pieces) > 1 else []

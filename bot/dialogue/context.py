"""What a message means given what was said before: follow-ups, and two questions at once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.guide import statements
from bot.guide.model import Guide, Project

_AROUND = (
    "(?:那么?|要是|如果|换成|换|那边|还有|另外|关于|对于|是|问|我问的是|我说的是|说的是|我指的是|就是|这个|那个"
    "|类|项目|的话|的|话|呢|吗|啊|呀|怎么样|怎样|怎么说|又|也|一样|同样|问题|情况)*"
)
_GO = (
    "(?:我们?|咱们?|现在|还是|那就|就|先|改成?|换成?|换到|转到?|切换到?|切到?|回到?|重新|接着|继续"
    "|想|要|来|去|测|申报|报|试)*"
)
_TEST = r"(?:这一?类|项目|类|的|测一?测|测评|测试|测|自查|申报|报|核对|试试|看看|问我|吧|了|呢|啊|呗)*"
_MAY_WE = re.compile(
    r"(?:我们?|咱们?|这样|这种|这种情况|请问|那|您?帮我看看)*(?:能不能|可不可以|能否|是否可以|能|可以|符不符合|符合|够不够|够|行不行|行)"
    r"(?:再|去|来)?(?:申报|报|申请|条件)?(?:吗|么|嘛|不|呢|啊|呀)*[?？。]*$"
)
_APPLY = re.compile("报|申请")
_MAY_APPLY = re.compile(
    r"(?:能不能|可不可以|能否|是否可以|够不够|能)(?:再|去|来)?(?:申报|报|申请)(?!的)|让不让报|有没有资格|[够能]不?够?报"
)
_PROPOSES = re.compile(
    r"(?:想|打算|准备|计划|要|正在|让我们?)(?:去|来|做|搞|开展)?(?:一下|一个|个)?研究"
    r"(?!类|项目|课题|方向|的?团队|基础|院|所|中心).{3,}"
    r"|(?:想|打算|准备|计划)(?:写一?写|谈一?谈|探讨|分析|聊聊|讨论)(?!材料|申报|报告|方案|摘要|申请).{5,}"
    r"|^.{4,}(?:我们?|咱们?)(?:想|打算|准备)研究(?:一下)?[。!！]?$"
)
_MAY_WRITE = re.compile(
    r"(?:^|[,，]|我|想)(?:写|研究|做)(?!材料|申报|报告|方案|摘要|申请|项目|课题|示范|实施).{4,}?(?:行不行|行吗|行么|可以吗|可不可以|成不成|成不|成吗|中不中|合适不|合适吗)"
)
_ELIGIBLE = re.compile(
    r"能不能|可不可以|能报|够不够|够格|够条件|有没有资格|资格|合格|算不算|可以[吗么嘛不]|(?:能|中|行|成)[不吗么嘛]|合适|哪一?[类档种]"
)
_OFFICE = re.compile("市监局|市场局|市监所|老师|教授|老板|单位|局里")
_OTHERS = re.compile("企业|公司|个人|高校|别人|他们|其他|两家|一起|联合")
"""Whether others may apply is a question about the guide."""
_SELF = re.compile("(?:你好|您好|哎|请问)*(?:我们?|咱们?|俺们?|本单位)")
_REQUEST = re.compile(
    r"想问|问一?下|请问|了解|说说|介绍|讲讲|告诉|咨询|查一?查|要求|规定|条件|看看|是指|意思|包括"
)
_OWN = re.compile(
    r"^(?:刚才|刚刚|其实|不对|不是|错了|[说答选填弄搞]错了?|[,，])*"
    r"(?:我们?|咱们?|俺们?|本单位|单位|我[局县市区园校院所]|以前|之前|原来|已经?|目前|现在|[是有没未无拿得设]|都[是有没]|不[是在算]|不具备)"
)
_CORRECTS = re.compile(r"[选答说填点弄搞]错|(?:要|想|得|需要|帮我)改|改(?:一下|成|为)|更正|纠正|重新[选答]")
_ASKS = re.compile(
    r"[?？]|怎么|如何|什么|啥|哪|谁|多少|多长|多久|多大|有没有|是不是|算不算|[能要会让]不[能要会让]|可不可以|[能是]否|咋|撒|多儿|几[个家月年号点万]|(?:[吗吧么不]|没有?)$"
)
_NO_BUT = re.compile(
    r"(?:不是|不对|错了|没有|哎|唉|嗯|[,，。!！\s])+我(?:问|说|指|要问|想问)的?(?:不是.{1,8}[,，]\s*)?是?(?=.{3})"
)
_SPLIT = re.compile(r"[?？。！!；;\n]+|[，,、\s]*(?:还有就是|还有|另外|再就是|以及|顺便问一下|顺便)[，,]?")
_TELLS_FIRST = re.compile(
    r"(?P<told>.{1,60})[，,。;；！!]+\s*(?P<rest>[^，,。;；！!]{4,}[？?。！!]*)", re.DOTALL
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
    return len(text.strip()) <= _ELLIPTIC and bool(_ASKS.search(text) or _TRAILS.search(text))


def only_project(guide: Guide, text: str) -> str | None:
    """The project, when a message names one and nothing else: 那研究类的呢？ None otherwise."""
    plain = re.sub(r"[\s?？。！!，,、~…]+", "", text)
    for project in guide.projects:
        names = "|".join(re.escape(name) for name in _names(project))
        if re.fullmatch(f"{_AROUND}(?:{names}){_AROUND}", plain):
            return project.id
    return None


def switch(guide: Guide, text: str) -> str | None:
    """The project to go over to in a screening: 换成研究课题测. None when more or less is said."""
    plain = re.sub(r"[\s?？。！!，,、~…]+", "", text)
    for project in guide.projects:
        names = "|".join(re.escape(name) for name in _names(project))
        if re.fullmatch(f"{_GO}(?:{names}){_TEST}", plain):
            return project.id
    return only_project(guide, text)


def tells(guide: Guide, text: str) -> bool:
    """Whether a message tells about the applicant: it states facts in the applicant's own voice, and asks
    nothing else than whether they may apply.
    """
    if _asks_for_themselves(guide, text):
        return True
    told = _MAY_WE.sub("", text).strip(" ，,。")
    if not _OWN.search(told) or _REQUEST.search(told) or _ASKS.search(told):
        return False
    return any(statements.find(project, told) for project in guide.projects)


def _asks_for_themselves(guide: Guide, text: str) -> bool:
    """A story with facts in the own voice, and in a clause of it whether they may apply."""
    clauses = [clause for clause in re.split(r"[，,。；;！!？?\s]+", text) if clause]
    asked = [clause for clause in clauses if _MAY_APPLY.search(clause) and not _OTHERS.search(clause)]
    own = any(_SELF.match(clause) for clause in clauses)
    return bool(asked and own) and any(statements.find(project, text) for project in guide.projects)


def may_we(text: str) -> bool:
    """Whether a message asks nothing but whether they may apply: 能报吗."""
    return bool(_APPLY.search(text)) and bool(_MAY_WE.fullmatch(text.strip()))


def asks_who(guide: Guide, text: str) -> bool:
    """Whether a message names a kind of organisation and asks whether it may apply: 我们是区，够格么."""
    if not _ELIGIBLE.search(text):
        return False
    facts = [fact for project in guide.projects for fact in project.facts if fact.id == "applicant"]
    names = [name for fact in facts for choice in fact.choices for name in choice.synonyms]
    return bool(_OFFICE.search(text)) or any(len(name) > 1 and name in text for name in names)


def proposes(text: str) -> bool:
    """Whether a message names what they would research, and asks nothing else than whether they may:
    我们想研究专利质押融资的风险; 写甘肃的养老服务行不行.
    """
    if _MAY_WRITE.search(text):
        return True
    return bool(_PROPOSES.search(text)) and not (_MAY_APPLY.search(text) or _ASKS.search(text))


def corrects(project: Project, answers: Mapping[str, str], text: str) -> bool:
    """Whether a message says that an answer given was wrong: 单位类型选错了."""
    if not _CORRECTS.search(text) or _ASKS.search(text):
        return False
    return statements.named(project, text) in answers


def asks(text: str) -> bool:
    """Whether a message asks something at all."""
    return bool(_ASKS.search(text))


def asked_beside(guide: Guide, text: str) -> str:
    """What a message asks, without what it first tells: 我们有工作资金，那要交什么材料 asks for the latter.

    The whole message where it doesn't both tell and ask.
    """
    match = _TELLS_FIRST.fullmatch(text.strip())
    if match is None or _ASKS.search(match["told"]) or not _ASKS.search(match["rest"]):
        return text
    short = len(match["told"]) <= _SHORT
    tells = short or any(statements.find(project, match["told"]) for project in guide.projects)
    return match["rest"] if tells else text


def _names(project: Project) -> list[str]:
    return sorted({project.name, project.short, *project.synonyms}, key=len, reverse=True)


def questions(text: str) -> list[str]:
    """The questions that a message may hold: two or three pieces, or an empty list for a single one."""
    pieces = [piece.strip(" ，,、") for piece in _SPLIT.split(text)]
    pieces = [piece for piece in pieces if len(piece) >= _SHORTEST]
    if len(pieces) > 1:
        return pieces[:_MOST]
    # Behind a comma only what is itself a question: 给多少钱，什么时候截止.
    asked = [piece for piece in re.split("[，,]", text) if _ASKS.search(piece) and len(piece) >= _SHORTEST]
    return asked[:_MOST] if len(asked) > 1 else []

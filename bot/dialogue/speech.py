"""What a message does, by its words alone: ask, tell of the applicant, propose a topic, correct an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.guide import screening, statements
from bot.guide.model import Guide, Project
from bot.guide.phrases import CLAUSE_END

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
    r"(?:^|[,，]|我|想)(?:写|研究|做)(?!材料|申报|报告|方案|摘要|申请|项目|课题|示范|实施).{4,}?(?:行不行|行吗|行么|可以吗|可不可以|成不成|成不|成吗|中不中|合适不|合适吗|[套放塞靠]得?[进上]去?[不吗么])"
)
_WHICH = re.compile(
    r"(?:选|报|填|归|属于|对应|放|靠|算)(?:到|在|进)?(?:哪|第?几)一?(?:个|条|号)?(?:方向|题|选题|课题)|(?:几号|第几个)(?:方向|题|选题)|哪一?个方向"
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
    r"(?:我们?|咱们?|俺们?|本单位|单位|(?:公司|学校|学院|协会|律所|园区|[县市局院所]里)(?=[是有没不已])|我[局县市区园校院所]|以前|之前|原来|已经?|目前|现在|[是有没未无拿得设]|都[是有没]|不[是在算]|不具备)"
)
_CORRECTS = re.compile(r"[选答说填点弄搞]错|(?:要|想|得|需要|帮我)改|改(?:一下|成|为)|更正|纠正|重新[选答]")
_ASKS = re.compile(
    r"[?？]|怎么|如何|什么(?![也都])|啥(?![也都])|哪|谁|几时|多少|多长|多久|多大|有没有|是不是|算不算|[能要会让]不[能要会让]|(.)不\1|可不可以|[能是]否|咋|撒|多儿|(?<![十好这那过了])(?<!各出)几(?!天就|天了)[个家月年号点万次份天类条项页]|[一总]共.{1,6}几|吗|[交报填写选找用走发打归由算][^\s，,。！!？?]{1,8}还是(?![不没想觉得很老有])|(?:[吧么不]|没|[有了过来完好到].*没有)$"
)


_WHY = re.compile(
    r"(?:那|这|可是?|但是?|你们?|我们?|哎|请问)*(?:为啥|为什么|为何|凭什么|凭啥)(?:就|要|会|还|又)*"
    r"(?:不能报?|不行|不让报?|不可以|这样规?定?|这么规定|问这个|这么问|问|要这个|没有|没写|不写|卡这条|有这条)?(?:呢|啊|呀|的)*[?？]*"
    r"|(?:这|那|请问)*是?(?:依据|根据|按照?|依照)(?:的?是)?(?:哪|啥|什么)(?:里|一?条)?(?:规定|条款|文件)?的?(?:呢|啊)*[?？]*"
    r"|(?:这|那|请问)*是?(?:哪一?条|哪里|哪儿|啥地方)(?:规定|写|说|讲)的?(?:呢|啊)*[?？]*"
    r"|原[文话](?:是?(?:怎么|咋)(?:说|写)的?|是(?:啥|什么)|呢)?[?？]*"
)
"""Asks for the reason or the clause of what was just said."""


def asks_why(text: str) -> bool:
    """Whether a message asks nothing but why, or where that is written: 为啥不能, 依据哪条."""
    return bool(_WHY.fullmatch(text.strip()))


def asks(text: str) -> bool:
    """Whether a message asks something at all."""
    return bool(_ASKS.search(text))


def tells(guide: Guide, text: str) -> bool:
    """Whether a message tells about the applicant: it states facts in the applicant's own voice, and asks
    nothing else than whether they may apply.
    """
    if _asks_for_themselves(guide, text):
        return True
    told = _MAY_WE.sub("", text).strip(" ，,。")
    if not _OWN.search(told) or _REQUEST.search(told) or _ASKS.search(told):
        return False
    return any(statements.find(project, text) for project in guide.projects)


def _asks_for_themselves(guide: Guide, text: str) -> bool:
    """A story with facts in the own voice, and in a clause of it whether they may apply."""
    clauses = [clause for clause in CLAUSE_END.split(text) if clause]
    asked = [clause for clause in clauses if _MAY_APPLY.search(clause) and not _OTHERS.search(clause)]
    own = any(_SELF.match(clause) for clause in clauses)
    return bool(asked and own) and any(statements.find(project, text) for project in guide.projects)


def leaves_open(guide: Guide, text: str) -> bool:
    """Whether a message that tells and asks names no project, and what it tells doesn't either.

    It may be so of both: 我们没有失信记录，能报吗. Or it is nothing but the kind of unit, and one project
    doesn't take such units; then it asks which one does: 我们是律师事务所，可以报吗. Or it tells nothing
    that the project it names asks for: 我是县局的，想报研究类，能不能报.
    """
    if not _ASKS.search(text):
        return _names_a_unit_in_vain(guide, text)
    asked = "".join(clause for clause in CLAUSE_END.split(text) if _ASKS.search(clause))
    if projects := named(guide, asked) or named(guide, text):
        return not any(statements.find(project, text) for project in projects)
    told = statements.meant(guide, text)
    return _in_vain(*told[0]) if len(told) == 1 else bool(told)


def _names_a_unit_in_vain(guide: Guide, text: str) -> bool:
    """Whether a message tells but the kind of unit, which one project doesn't take: 我们是做软件的公司."""
    if named(guide, text):
        return False
    told = statements.meant(guide, text)
    return len(told) == 1 and _in_vain(*told[0])


def _in_vain(project: Project, found: Sequence[statements.Stated]) -> bool:
    alone = {each.fact: each.choice for each in found}
    return len(found) == 1 and screening.verdict(project, alone) is screening.Verdict.FAILED


def named(guide: Guide, text: str) -> list[Project]:
    """The projects that a message names by one of their names."""
    return [each for each in guide.projects if any(name in text for name in each.names)]


def applies(text: str) -> bool:
    """Whether a message speaks of applying at all."""
    return bool(_APPLY.search(text))


def may_we(guide: Guide, text: str) -> str | None:
    """The project in a message that asks nothing but whether they may apply: 能报吗, 能不能报研究项目.

    Empty where it names none; None for any other message.
    """
    plain, named = text.strip(), ""
    for project in guide.projects:
        name = next((each for each in project.names if each in plain), "")
        if name and not named:
            plain, named = plain.replace(name, "", 1), project.id
    return named if applies(text) and _MAY_WE.fullmatch(plain) else None


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


def asks_direction(text: str) -> bool:
    """Whether a message asks in so many words for a direction, whatever it tells before: …，选几号题？"""
    return bool(_WHICH.search(text))


def corrects(project: Project, answers: Mapping[str, str], text: str) -> bool:
    """Whether a message says that an answer given was wrong: 单位类型选错了."""
    if not _CORRECTS.search(text) or _ASKS.search(text):
        return False
    return statements.named(project, text) in answers

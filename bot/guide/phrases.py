"""The colloquial words that `bot.guide.reading` knows, as patterns on normalised text."""

from __future__ import annotations

import re

LONGEST = 40
"""Characters beyond which a text is a story."""

CLAUSE_END = re.compile(r"[，,。；;！!？?\s]+")
"""What parts the clauses of a message as it was typed."""

EDGES = "啊呀哦噢哈呢嘛吧啦哎诶欸喔哟呐哇咯喽啰哩捏滴哒嘞嗷呗噻"
"""Particles that change nothing."""

_POLITE = "谢谢您?|谢啦|多谢|麻烦了?|您好|你好|老师|同志|领导|亲|哈喽|抱歉|不好意思|辛苦了?"

COURTESY = re.compile(rf"(?:{_POLITE}|(?:刚刚?|都|已经?)?(?:查|问|看)过?了|[{EDGES}呃额唉])+")

BEFORE = re.compile(
    rf"^(?:{_POLITE}|这个|那个|就是说|就是|那就|那|就(?=选)|其实|目前|现在|当然|回答|答案是?|答|选项?|选择"
    "|(?:就|先|暂时?)(?:按|算|当)(?:成)?|(?:应该|肯定|基本上?|大体上?|早就|都)(?![没不无未])|算(?=[前有在])|(?:今年|去年|前年)(?=刚|[评设列定])|刚刚?(?=[评设列定])"
    r"|我们|咱们|俺们|你们|他们|我|咱|俺|本|您|你|这边|这里|这儿|单位|公司|园区|局里|县里|市里|区里|局"
    r"|[哎诶呃额哦噢啊唉哈])"
)
AFTER = re.compile(rf"(?:{_POLITE}|[{EDGES}])$")
AROUND_NAME = re.compile("^(?:是一家|是一个|是|属于|为)|[的了]$")

NUMBER = re.compile(
    r"(?:(?:我|我们)?(?:选项|选择|选|方向|答案是?))?第?"
    r"(?P<number>\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
    r"(?:个选项|个方向|个|项|号|条|种|类|[.、])?的?",
    re.ASCII,
)

QUESTION = re.compile(
    r"[?]|吗|么$|怎么|怎样|什么|啥|哪|多少|几家|几个|如何|为何|谁|是不是|(?<!没)有没有|能不能|可不可以|可以不"
    r"|行不行|能否|是否|算不算|对不对|要不要|会不会|请问|咋|难道"
)
HEDGE = re.compile(r"好像|(?<!不)可能|也许|大概|似乎|估计|或许|貌似|恐怕|差不多|看情况|部分")

PROBABLY = re.compile("应该")
PARTY = re.compile(r"负责人|实施单位|承担单位|牵头单位|申报单位|本?单位|企业|公司|[市县区我]局|我们局")
EVERY_PARTY = re.compile(r"[三两双各]方|都|全|各家|各单位")
"""One of the parties whose record is asked about, and all of them."""
PARTIES = {
    "申报单位": re.compile(r"申报单位|(?<!施)(?<!承担)单位(?!负责人)|[市县区我]局|我们(?!负责人)"),
    "负责人": re.compile("负责人"),
    "实施单位": re.compile("实施单位|承担单位|企业|公司"),
}
"""Each of them, by its name in the question."""
UNFIT = re.compile(
    "没|不|都|谁|哪|什么|啥|[两双各]家|一起|想|要|打算|准备|能|可以|如果|假如|吗|呢|该|行|还是|快|将|说是|承诺|答应|个体|合作社|协会|分公司|分店|办事处|省级的?$"
    "|建议|希望|最好|争取|商量|谈|意向|考虑|联系|外地|外省|隔壁|才|给|补|奖|收入|产值|税"
)
"""What may not stand in a synonym's gap."""
SEVERAL = re.compile(r"[两二三四五六七八九几多\d、和跟与同]|还有|以及")
"""Nor this behind 和: more than one partner."""
LOCAL = re.compile("省|[市县州区][里级上]")
"""Says nothing to a question about what the state has done: 市里评的, 省里给过钱."""
TOGETHER = ("和", "跟", "与")

_DONT = (
    "不太|不大|不是很|不是太|不怎么|不很|不敢|不能|不|没太|没"
    "|搞不太|搞不|弄不太|弄不|说不太|说不|记不太|记不|真不|也不|还不|我不"
)
UNKNOWN = re.compile(
    r"(?:(?:这个|这一?点|这|具体|暂时|一时|真的?|确实|实在|也|还|都|嗯|我)*(?:"
    rf"(?:{_DONT})(?:清楚|知道|晓得|确定|了解|清|记得|肯定|敢说|好说)"
    r"|[说拿吃摸]不(?:太|大)?(?:好|准|清|定|上来)|不好(?:说|讲|判断|确定)|难说|很难说"
    r"|忘(?:记|掉)?|记不(?:太)?(?:清|得|住|起来)|想不起来|没印象|没注意|没(?:去)?(?:查|问|打听)"
    r"|(?:得|要|需要|还要|还得|等我|去)+(?:再|先|去|回去)*(?:查|问|核实|确认|了解|打听)(?:一下|一问|一查|查|问|下)?"
    r"|待查|待核实|dontknow|don'tknow|idontknow|unknown|不造"
    r")楚?(?:过|了|的|呢|哎|啦)*)+"
)
OBJECT = re.compile(
    r"(?:到底|究竟|我们|单位|现在|目前|他们)*"
    r"(?:有没有|是不是|算不算|是否|在不在|够不够|能不能|符不符合)[一-龥]{0,8}"
)

AGREES, HAS, DENIES = "agrees", "has", "denies"

MEASURED = re.compile("具备|符合|满足|达标|达到|做到")
"""Says nothing where a question asks for what has happened: 具备 to 是否已经得到过资助."""
OF_EVENTS = re.compile("已经|列入|以前")

_SURELY = "(?:已经|已|确实|肯定|应该|当然|绝对|真的|都|也|全|早就|一直|还|可以说)*"
_STILL = "(?:目前|暂时|现在|确实|肯定|应该|绝对|真的|从来|从|一直|还|都|也|全|并且|并|根本|完全|压根|真|暂)*"

SIGNS = (
    (
        AGREES,
        re.compile(
            "(?:没错|不错|正确|可不是|对|嗯|恩|唔|yes|yep|yeah|y|√|肯定|当然|那是|那?必须|妥妥)(?:的|了|滴)*"
        ),
    ),
    (HAS, re.compile("也?(?:并不是|不是|并非|不可能|不会)说?(?:没有|没|不具备|不满足)(?:的|了)*")),
    (
        DENIES,
        re.compile(
            f"{_STILL}(?:没达到|没做到|没达标|没有|没得|没|木有|莫得|么得|冇得|冇|无|未|不是|不算是|不算"
            "|不具备|不满足|不达标|不存在|算不上|谈不上|称不上)(?:的|了|过|到|呢)*"
        ),
    ),
    (DENIES, re.compile("(?:不对|不|否|nope|no|n|×)的?")),
    (HAS, re.compile(f"{_SURELY}(?:算是|算有|有|具备|符合|满足|达到|达标|做到)(?:的|了|着|过|到)*")),
    (HAS, re.compile(f"{_SURELY}算(?:的)?(?!了)")),
    (AGREES, re.compile(f"{_SURELY}是(?:的|了)*")),
)
"""In the order in which they are tried. Agreeing (对) goes with a no as with a yes; having (有) doesn't."""

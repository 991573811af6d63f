"""What a piece of a sentence says of the thing that it names: so, not so, not known, or nothing certain.

The thing's name is replaced by `THING` before. Plain words for having and for not having are then taken
away; whatever is left must not weaken or turn them: 没少拨, 快批下来了, 不够, 退回去了 say nothing certain.
"""

from __future__ import annotations

import re

THING = "□"

YES, NO, UNKNOWN = "yes", "no", "unknown"

DOUBT = re.compile(
    r"不(?:太|大|是很)?(?:清楚|知道|确定|了解|晓得)|说不(?:准|好|清)|拿不准|吃不准|忘了|记不清|没印象"
)

_HARMLESS = re.compile("至少|没关系|不但|不仅|没有?(?:什么|啥|多大|大)?(?:问题|毛病|意见)")
"""Words with a syllable of denial in them that deny nothing."""

_HAS_AFTER_ALL = re.compile("(?:并不是|不是|并非)(?:说)?没有?|不少|不错|不差|不小")
"""Two denials, or a denial of too little: both say that it is so."""

_DENIAL = re.compile("没有|没得|没|尚未|未|无|不是|不在|不算|不具备|不存在")

_ASSERTION = re.compile(
    rf"[有是设拿给评齐]|为(?!了)|得到|列入|纳入|具备|收到|到账|到位|掌握|入选|确定|找到|属于|达到|满足|承担|靠前|良好|在{THING}"
    rf"|过|{THING}了|{THING}{THING}|定了|够"
)
"""A name alone states nothing: 实施单位的事 says of no applicant that it has one."""

_WEAKENS = re.compile(
    "[不没未无非缺少差弱难欠撤退拒仅只除快将漏]|明年|以后|后年|下半年|就好了|取消|收回|消除|修复|处理|解除|到期|几乎|马上|即将|应该|估计|正在|在[办建谈批]"
    "|(?<![委务组])会有|申请|申报|争取|一般|勉强|凑合|落后|有限"
)


_LITTLE = re.compile("一点|有点|部分|一半|意向|谈|兼职|业余|临时|借调|外聘|勉强|基本|固定|单独|专职|专门")
"""Less than the whole, or something else than what was asked for."""


def unsure(rest: str) -> bool:
    """Whether something in a piece weakens what it says, or it says that it isn't known."""
    left = _DENIAL.sub("", _HAS_AFTER_ALL.sub("", _HARMLESS.sub("", rest)))
    return bool(DOUBT.search(rest) or _WEAKENS.search(left) or _LITTLE.search(rest))


def of(rest: str, verbal: bool = False) -> str:
    """`YES`, `NO`, `UNKNOWN`, or an empty string where nothing certain is said.

    Args:
        rest: a piece of a sentence, normalised, with `THING` for the name.
        verbal: the name itself says that it is so, as 拿过钱 does.
    """
    if DOUBT.search(rest):
        return UNKNOWN
    plain = _HARMLESS.sub("", rest)
    without = _HAS_AFTER_ALL.sub("", plain)
    after_all = without != plain
    left, denials = _DENIAL.subn("", without)
    if _WEAKENS.search(left) or denials > 1 or (denials and after_all):
        return ""
    if denials:
        return NO
    return YES if after_all or verbal or _ASSERTION.search(left) else ""

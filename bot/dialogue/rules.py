"""What is decided by rule, before any model looks at the words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.bus.messages import Option

# A bot that doesn't obey a call for a person is the worst one; so this is a rule, not a model.
_ASK = r"(?:请|麻烦|帮我|给我|我要|我想|想要|想|要|能不能|能|可以|快|赶紧|直接|还是|就)*"
_TURN = (
    "(?:跟|和|与|转接|转到|转|接通|接|找|换|叫|联系|呼叫|来|上|有没有|有)?"
    "(?:一下|个|一个|位|一位|你们的?|咱们的?)*"
)
_WHO = r"(?:人工|真人|活人|客服|人工客服|人工服务|在线客服|客服人员|工作人员|人工坐席|坐席|专员)+"
_END = (
    "(?:说|服务|客服|坐席|回答|解答|接待|处理|帮忙|说话|聊聊?|问问|咨询|沟通|一下|来"
    "|吧|啊|呀|呢|吗|谢谢|好吗|行吗|可以吗|呗|在不在|在[吗么嘛]|在线[吗么嘛]?)*"
)
_HUMAN = re.compile(f"{_ASK}{_TURN}{_WHO}{_END}")
_HUMAN_PLAIN = re.compile(
    f"{_ASK}(?:找|转|换|叫|来|跟|和)(?:个|一个|一下|真)?人{_END}(?:接|帮我)*|有(?:没有)?人在?(?:吗|么|呢|没)?"
)
_TALK = re.compile(
    r"(?:安排|派|找|让|叫|请)(?:一?[个位名])?(?:老师|同志|领导|专人|工作人员|负责人|懂的人|人)"
    r"(?:来|给|和|跟|与|帮)?(?:我们?|咱们?|您)?(?:打|回)?(?:个|一下)?(?:沟通|联系|谈谈?|聊聊?|说说?|电话|讲讲?)"
)
"""Asks for a talk with somebody, whatever else is said."""
_GIVES_UP = re.compile(
    r"(?:那|我|就|还是|先|请|不要)*"
    r"(?:取消(?:人工|转人工|排队|等待|转接|服务)?|不(?:想|用|要|再)?等(?:人工|客服|待)?|不排(?:队)?|退出(?:人工|排队|等待)?"
    r"|不(?:用|要|需要|找|转)(?:人工|客服|真人|人)?|(?:别|甭)(?:等|转|找)(?:人工|客服|人)?|算了"
    r"|(?:回到?|返回|转回|换回|切换?回)(?:自动助手|机器人|机器|助手|自动回复))(?:了|吧|啦|啊|呀|谢谢)*"
)
# 四个 may be a count of something; only 第四个 or 选四个 is surely the fourth option.
_NUMBER = re.compile(r"(?:(?:第|选|选择|选第)([0-9]{1,2})(?:个|项|号|条)?|([0-9]{1,2})号?)[.、。)]?")
_DIGITS = {c: str(i) for i, c in enumerate("一二三四五六七八九十", 1)}


def _plain(text: str) -> str:
    """Full width folded, white space and closing marks dropped."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s,。.!?~…、]+", "", folded.replace(",", "").replace("!", "").replace("?", ""))


def wants_human(text: str) -> bool:
    """Whether the words ask for a person and for nothing else (人工, 转人工, 找个真人, 我要客服…), or for a
    talk with one (能否安排一位老师和我沟通).
    """
    plain = _plain(text)
    return bool(_HUMAN.fullmatch(plain) or _HUMAN_PLAIN.fullmatch(plain) or _TALK.search(plain))


_ERASE = re.compile(
    r"(?:请|麻烦|帮我|给我|我要|我想|想要?|要求?|申请|能不能|可以|你们?|把|全部|彻底|都)*"
    r"(?:删除?掉?|清除|清空|抹掉|抹去|销毁|注销)(?:一下|所有|全部|掉|关于)*我(?:们)?(?:在这里|在你们这|这里)?(?:留下)?的?"
    r"(?:所有|全部|个人|聊天|对话)*(?:信息|资料|数据|记录|隐私|账号|内容)(?:吧|吗|了|呢|好吗|可以吗|全部|都|谢谢)*"
    r"|(?:请|麻烦|帮我|我要|我想|想要?|能不能|可以)*把?我(?:们)?的?(?:所有|全部|个人|聊天|对话)*"
    r"(?:信息|资料|数据|记录|隐私|账号)(?:全部|全|都|给我|给)*(?:删除?掉?|清除|清空|抹掉|销毁|注销)(?:掉|了|吧|吗|一下|谢谢)*"
)


def wants_erasure(text: str) -> bool:
    """Whether the words ask for one's own data to be erased, and for nothing else: 删除我的信息…"""
    return bool(_ERASE.fullmatch(_plain(text)))


def gives_up(text: str) -> bool:
    """Whether an applicant who waits for a person doesn't want to any more: 取消, 不等了, 算了…"""
    return bool(_GIVES_UP.fullmatch(_plain(text)))


def chosen(text: str, offered: Sequence[Option]) -> str | None:
    """The tap that was typed: an option's number (2, 第二个, ２) or its words. None if neither."""
    if not offered:
        return None
    plain = _plain(text)
    for option in offered:
        if plain == _plain(option.label):
            return option.tap
    match = _NUMBER.fullmatch(re.sub("[一二三四五六七八九十]", lambda m: _DIGITS[m.group()], plain))
    number = int(match.group(1) or match.group(2)) if match else 0
    # A research direction has a number of its own, which people were told: 方向2 is 2, wherever it stands.
    own = [option.tap for option in offered if option.tap.endswith(f":direction:d{number}")]
    return next(iter([*own, *(option.tap for option in offered[max(number - 1, 0) : number])]), None)


def harmless(text: str) -> str:
    """A user's text that Rasa can't take for a command: a leading ``/`` is data."""
    stripped = text.lstrip()
    return "／" + stripped[1:] if stripped.startswith("/") else text

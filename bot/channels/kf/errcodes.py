"""Error codes of WeChat customer service, beside WeCom's common ones; and why a message didn't arrive.

From WeCom's pages of global error codes and of receiving customer-service messages.
"""

from __future__ import annotations

from bot.channels.common.refusal import Refusal
from bot.channels.wecom import errcodes

WRONG_STATE = 95018
BAD_TOKEN = 95007
"""A signal's token isn't good any more: fetching goes on without it."""
NO_SERVICER = 95014
NO_SUCH_CHANGE = 95016
"""The session can't go from its state into that one: it is there already, or over."""
BAD_PARAMETER = 40058

_MINUTE, _HOUR = 60.0, 3600.0
_ENDED = "会话已经结束。等对方再来消息，会自动发出。"

REFUSALS: dict[int, Refusal] = {
    95000: Refusal("stop", "客服帐号不对。请核对 KF_OPEN_KFID；稍后会自动再试。", _MINUTE, True),
    95001: Refusal("hold", "这一轮的发送条数用完了。等对方再来消息，会自动发出。"),
    95002: Refusal("fail", "对方超过 48 小时没有来消息，微信客服不让再发。等对方来消息后才能回复。"),
    95004: Refusal("stop", "客服帐号不存在。请核对 KF_OPEN_KFID；稍后会自动再试。", _MINUTE, True),
    95012: Refusal("stop", "企业还没有开通微信客服的接口。请在企业微信后台开通。", _HOUR, True),
    95013: Refusal("hold", _ENDED),
    95017: Refusal("stop", "这个客服帐号不由接口管理。请在企业微信后台的微信客服里改。", _HOUR, True),
    WRONG_STATE: Refusal(
        "hold", "会话在企业微信的接待人员手里，或已结束。等会话回来、对方再来消息，会自动发出。"
    ),
}

FAILURES = {
    4: "没有送达：会话已经过期。",
    5: "没有送达：会话已经关闭。",
    6: "没有送达：超过了 5 条的限额。",
    8: "没有送达：对方没有验证过身份。",
    10: "没有送达：对方拒收了客服的消息。",
}
"""Why a message that was taken didn't arrive, by ``fail_type``."""


def judge(code: int, message: str) -> Refusal:
    """What to do about an ``errcode``."""
    return REFUSALS.get(code) or errcodes.judge(code, message)


def repeated(code: int, message: str) -> bool:
    """Whether a refusal says that the msgid was used before: then the message was sent before."""
    return code == BAD_PARAMETER and "msgid" in message.lower()

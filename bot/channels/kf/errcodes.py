"""Error codes of WeChat customer service, beside WeCom's common ones; and why a message didn't arrive.

The meanings are those of WeCom's table of global error codes (document 90313) and of its page on receiving
customer-service messages and events, as the public SDKs quote both.
"""

from __future__ import annotations

from bot.channels.common.refusal import Refusal
from bot.channels.wecom import errcodes

WRONG_STATE = 95018
BAD_TOKEN = 95007
"""A signal's token isn't good any more: fetching goes on without it."""
NO_SERVICER = 95014
"""Whoever the session is to be given to doesn't serve this account."""
NO_SUCH_CHANGE = 95016
"""The session can't go from its state into that one: it is there already, or over."""
BAD_PARAMETER = 40058

_MINUTE, _HOUR = 60.0, 3600.0
_ENDED = "会话已经结束。等对方再来消息，会自动发出。"

REFUSALS: dict[int, Refusal] = {
    40096: Refusal("fail", "企业微信不认识这位客户，没有发送。"),
    95000: Refusal("stop", "客服帐号不对。请核对 KF_OPEN_KFID；稍后会自动再试。", _MINUTE, True),
    95001: Refusal("drained", "这一轮的发送条数用完了。等对方再来消息，会自动发出。"),
    95002: Refusal("fail", "对方超过 48 小时没有来消息，微信客服不让再发。等对方来消息后才能回复。"),
    95004: Refusal(
        "stop", "客服帐号不存在，可能已被删除。请核对 KF_OPEN_KFID；稍后会自动再试。", _MINUTE, True
    ),
    95011: Refusal("stop", "微信客服已改由企业微信管理，这个 Secret 不能用。请核对 KF_SECRET。", _HOUR, True),
    95012: Refusal("stop", "企业没有在企业微信里使用微信客服。请在企业微信后台开启。", _HOUR, True),
    95013: Refusal("hold", _ENDED),
    NO_SERVICER: Refusal("fail", "指定的人不是这个客服帐号的接待人员。请核对 KF_SERVICER。"),
    NO_SUCH_CHANGE: Refusal("fail", "会话现在的状态不能这样转接。请在企业微信里看这个会话。"),
    95017: Refusal("stop", "微信客服的 API 没有打开。请在企业微信后台的微信客服里打开。", _HOUR, True),
    WRONG_STATE: Refusal(
        "hold", "会话在企业微信的接待人员手里，或已结束。等会话回来、对方再来消息，会自动发出。"
    ),
}

FAILURES = {
    0: "没有送达：微信没有说明原因。",
    1: "没有送达：客服帐号已被删除。",
    2: "没有送达：应用已被停用。",
    4: "没有送达：会话已经过期，对方超过 48 小时没有来消息。",
    5: "没有送达：会话已经关闭。",
    6: "没有送达：超过了 5 条的限额。",
    8: "没有送达：企业的主体还没有验证。请在企业微信后台完成验证。",
    10: "没有送达：对方拒收了客服的消息。",
    11: "没有送达：企业里没有成员登录过企业微信 App。至少要有一位登录。",
    12: "没有送达：微信不让客服发这种消息。",
}
"""Why a message that was taken didn't arrive, by ``fail_type``."""


def judge(code: int, message: str) -> Refusal:
    """What to do about an ``errcode``."""
    return REFUSALS.get(code) or errcodes.judge(code, message)


def repeated(code: int, message: str) -> bool:
    """Whether a refusal says that the msgid was used before: then the message was sent before."""
    return code == BAD_PARAMETER and "msgid" in message.lower()

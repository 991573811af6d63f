"""WeChat's error codes: what to do, and what it means in plain words.

From WeChat's pages of global return codes, of customer-service messages and of the stable access token.
"""

from __future__ import annotations

from bot.channels.common.refusal import Refusal

STALE_TOKEN = frozenset({40001, 40014, 42001})
"""The access token isn't good any more. The call wasn't carried out; a new token may help, once."""

TOO_LONG = 45002

_MINUTE, _HOUR = 60.0, 3600.0

_TOKEN = Refusal(
    "stop",
    "微信不认我们的凭证，换过一次也不行。请核对 AppID 和 AppSecret；稍后会自动再试。",
    _MINUTE,
    alert=True,
)

REFUSALS: dict[int, Refusal] = {
    -1: Refusal("retry", "微信系统繁忙，稍后会自动再试。"),
    40001: _TOKEN,
    40014: _TOKEN,
    42001: _TOKEN,
    40003: Refusal("fail", "微信不认识这位用户，没有发送。可能已取消关注，或者是别的公众号的用户。"),
    40013: Refusal("stop", "AppID 不对。请核对 WECHAT_APP_ID；稍后会自动再试。", _MINUTE, alert=True),
    40125: Refusal("stop", "AppSecret 不对。请核对 WECHAT_APP_SECRET；稍后会自动再试。", _MINUTE, alert=True),
    40164: Refusal(
        "stop",
        "本机的 IP 不在公众号的 IP 白名单里。请在公众号后台加上；稍后会自动再试。",
        _MINUTE,
        alert=True,
    ),
    40243: Refusal(
        "stop", "AppSecret 已被冻结。请在公众号后台解冻；稍后会自动再试。", 10 * _MINUTE, alert=True
    ),
    43004: Refusal("fail", "对方没有关注公众号，收不到消息。"),
    44004: Refusal("fail", "消息内容是空的，没有发送。"),
    TOO_LONG: Refusal("split", "消息太长，拆开后微信仍不收。请改短后重发。"),
    45009: Refusal("stop", "今天的接口调用次数用完了，暂停发送；稍后会自动再试。", _HOUR, alert=True),
    45011: Refusal("stop", "调用接口太频繁，暂停一分钟后自动再发。", _MINUTE),
    45015: Refusal("fail", "对方超过 48 小时没有来消息，微信不让再发。等对方来消息后才能回复。"),
    45047: Refusal("drained", "这一轮的发送条数用完了。等对方再来消息，会自动发出。"),
    48001: Refusal(
        "mute", "这个公众号没有主动发消息的权限（未认证）。等对方再来消息时一起回复。", _HOUR, alert=True
    ),
    48002: Refusal("fail", "对方关闭了接收公众号消息，没有发送。"),
    48004: Refusal("stop", "发消息的接口被微信封禁了。请登录公众号后台查看原因。", _HOUR, alert=True),
    50002: Refusal("stop", "公众号的功能受限。请登录公众号后台查看原因。", _HOUR, alert=True),
    89503: Refusal("stop", "这个 IP 调用接口要管理员确认。请管理员在微信里确认。", _MINUTE, alert=True),
    89506: Refusal("stop", "管理员拒绝了这个 IP 调用接口，24 小时内不能再申请。", _HOUR, alert=True),
    89507: Refusal("stop", "管理员拒绝了这个 IP 调用接口，1 小时内不能再申请。", _HOUR, alert=True),
}


def judge(code: int, message: str) -> Refusal:
    """What to do about an ``errcode``; one that isn't known fails, with WeChat's own words."""
    known = REFUSALS.get(code)
    return known or Refusal("fail", f"微信没有接收，错误码 {code}：{message}")

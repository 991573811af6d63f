"""WeCom's error codes: what to do, and what it means in plain words.

From WeCom's page of global error codes.
"""

from __future__ import annotations

from bot.channels.common.refusal import Refusal

STALE_TOKEN = frozenset({40014, 42001})
"""The access token isn't good any more. The call wasn't carried out; a new token may help, once."""

RECEIVER = 81013
"""No receiver is valid. It is also raised here when the answer names the only receiver as invalid."""

_MINUTE, _HOUR = 60.0, 3600.0

_TOKEN = Refusal(
    "stop", "企业微信不认我们的凭证，换过一次也不行。请核对企业 ID 和 Secret；稍后会自动再试。", _MINUTE, True
)
_NOT_VISIBLE = Refusal("fail", "对方不在应用的可见范围里，没有发送。请在企业微信后台把对方加进可见范围。")

REFUSALS: dict[int, Refusal] = {
    -1: Refusal("retry", "企业微信系统繁忙，稍后会自动再试。"),
    40001: Refusal("stop", "Secret 不对。请在企业微信后台核对；稍后会自动再试。", _MINUTE, True),
    40003: Refusal("fail", "企业微信不认识这位成员，没有发送。"),
    40013: Refusal("stop", "企业 ID 不对。请核对 WECOM_CORP_ID；稍后会自动再试。", _MINUTE, True),
    40014: _TOKEN,
    42001: _TOKEN,
    40056: Refusal("stop", "应用 ID 不对。请核对 WECOM_AGENT_ID；稍后会自动再试。", _MINUTE, True),
    44004: Refusal("fail", "消息内容是空的，没有发送。"),
    45009: Refusal("stop", "调用接口太频繁，企业微信暂停了我们的调用；一分钟后自动再发。", _MINUTE, True),
    45033: Refusal("retry", "同时调用接口太多，稍后会自动再试。"),
    48002: Refusal("mute", "应用没有发消息的权限。请在企业微信后台给应用加上。", _HOUR, True),
    50001: Refusal("stop", "应用的可信域名没有登记。请在企业微信后台登记。", _HOUR, True),
    60011: Refusal("mute", "应用没有权限。请在企业微信后台检查应用的权限和可见范围。", _HOUR, True),
    60020: Refusal(
        "stop",
        "本机的 IP 不在应用的企业可信 IP 里。请在企业微信后台的应用详情里加上；稍后会自动再试。",
        _MINUTE,
        True,
    ),
    RECEIVER: _NOT_VISIBLE,
    82001: _NOT_VISIBLE,
    301002: Refusal(
        "mute", "Secret 和应用 ID 不是同一个应用的。请核对 WECOM_AGENT_ID 和 WECOM_SECRET。", _HOUR, True
    ),
}


def judge(code: int, message: str) -> Refusal:
    """What to do about an ``errcode``; one that isn't known fails, with WeCom's own words."""
    known = REFUSALS.get(code)
    return known or Refusal("fail", f"企业微信没有接收，错误码 {code}：{message}")

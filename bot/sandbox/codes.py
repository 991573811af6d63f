"""WeChat's error codes and the answers that carry them."""

from __future__ import annotations

import secrets
from typing import Any

from bot.errors import PlatformError

MESSAGES = {
    -1: "system error",
    0: "ok",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40014: "invalid access_token",
    40056: "invalid agentid",
    40058: "invalid Request Parameter",
    40164: "invalid ip, not in whitelist",
    40008: "invalid message type",
    40013: "invalid appid",
    41001: "access_token missing",
    42001: "access_token expired",
    43004: "require subscribe",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45072: "invalid command",
    45080: "client msg id or interaction missing in 30 seconds",
    45081: "already in typing status",
    46003: "menu no exist",
    47001: "data format error",
    48001: "api unauthorized",
    60020: "not allow to access from your ip",
    81013: "user & party & tag all invalid",
    93000: "invalid webhook url",
    95000: "invalid open_kfid",
    95001: "send too many messages",
    95002: "out of the 48 hours",
    95007: "invalid msg token",
    95014: "user is not a servicer",
    95016: "not allowed to change to this state",
    95018: "send msg session status invalid",
}


def refusal(code: int, more: str = "") -> PlatformError:
    """The error to raise so that the API answers with this code."""
    return PlatformError(code, MESSAGES.get(code, "error") + more)


def result(code: int, message: str = "") -> dict[str, Any]:
    """The answer for an error code, 0 being success."""
    message = message or MESSAGES.get(code, "error")
    return {"errcode": code, "errmsg": message if code == 0 else f"{message} rid: {secrets.token_hex(8)}"}

"""Who somebody is, by scanning a code with WeCom: the login page's address, and what WeCom says of a code.

On when ``WECOM_CORP_ID``, ``WECOM_AGENT_ID`` and ``WECOM_SECRET`` are set in the environment or ``.env``.
``WECOM_API_URL`` and ``WECOM_LOGIN_URL`` are WeCom's own by default.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx

from bot.errors import LoginError
from desk.environment import variable

_API = "https://qyapi.weixin.qq.com"
_LOGIN = "https://login.work.weixin.qq.com/wwlogin/sso/login"
_SECONDS = 5.0


class App(NamedTuple):
    """The WeCom app whose members may log in."""

    corp_id: str
    agent_id: str
    secret: str
    api_url: str
    login_url: str


def app() -> App | None:
    """The app of the settings; None when scanning isn't set up."""
    corp_id, agent_id, secret = (variable(f"WECOM_{name}") for name in ("CORP_ID", "AGENT_ID", "SECRET"))
    if not (corp_id and agent_id and secret):
        return None
    return App(
        corp_id,
        agent_id,
        secret,
        variable("WECOM_API_URL", _API).rstrip("/"),
        variable("WECOM_LOGIN_URL", _LOGIN),
    )


def scan_page(app: App, back: str, state: str) -> str:
    """The address of WeCom's page with the code to scan.

    Args:
        back: where WeCom sends the browser afterwards, with ``code`` and ``state``.
    """
    query = {"login_type": "CorpApp", "appid": app.corp_id, "agentid": app.agent_id}
    return f"{app.login_url}?{urlencode({**query, 'redirect_uri': back, 'state': state})}"


def member(app: App, code: str) -> str:
    """The member's id in WeCom for a code, which counts once and for 5 min.

    Raises:
        LoginError: WeCom refused, didn't answer, or the one who scanned isn't a member.
    """
    with httpx.Client(base_url=app.api_url, timeout=_SECONDS) as client:
        # The same token is given again as long as it lasts, so the sender's isn't made void by this.
        token = _ask(client, "gettoken", corpid=app.corp_id, corpsecret=app.secret)["access_token"]
        found = _ask(client, "auth/getuserinfo", access_token=token, code=code)
    id = found.get("userid") or found.get("UserId")
    if not id:
        raise LoginError("扫码的人不是本单位成员，不能登录。")
    return str(id)


def _ask(client: httpx.Client, call: str, **params: str) -> dict[str, Any]:
    try:
        found = client.get(f"/cgi-bin/{call}", params=params).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise LoginError("企业微信没有应答，请稍后再扫，或用密码登录。") from error
    if not isinstance(found, dict) or found.get("errcode", 0) != 0:
        code = found.get("errcode") if isinstance(found, dict) else "?"
        raise LoginError(f"企业微信没有认可这次扫码（错误码 {code}），请重新扫码，或用密码登录。")
    return found

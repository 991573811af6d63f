"""``python -m bot menu push wechat|wecom``: shows what would change, asks, and writes the menu."""

from __future__ import annotations

import argparse
import asyncio
import difflib
from pathlib import Path
from typing import Any

from bot import settings
from bot.channels.common.api import ApiClient
from bot.channels.common.once import Once
from bot.channels.wechat import errcodes as wechat_codes
from bot.channels.wechat.client import Client as WeChat
from bot.channels.wecom import errcodes as wecom_codes
from bot.channels.wecom.client import Client as WeCom
from bot.errors import ChannelError, MenuError, PlatformError
from bot.menu import model
from bot.settings import ROOT, Settings

FILE = ROOT / "data" / "menu" / "menu.yml"
NO_MENU, NO_RIGHT = 46003, 48001
_NAMES = {"wechat": "公众号", "wecom": "企业微信应用"}


def main(argv: list[str]) -> int:
    """Run the command; returns the exit code.

    Raises:
        MenuError: the file has mistakes, or the platform refused; sentences in Chinese.
    """
    parser = argparse.ArgumentParser(prog="python -m bot menu", description="更新聊天窗口下面的菜单")
    commands = parser.add_subparsers(dest="command", required=True)
    push = commands.add_parser("push", help="对比现在的菜单，确认后更新")
    push.add_argument("channel", choices=sorted(_NAMES))
    push.add_argument("--file", type=Path, default=FILE, help="菜单文件，默认 data/menu/menu.yml")
    push.add_argument("--yes", action="store_true", help="不再确认")
    options = parser.parse_args(argv)
    menu = model.load(options.file)
    model.check(menu, options.channel)
    return asyncio.run(_push(settings.load(), options.channel, model.body(menu), options.yes))


async def _push(config: Settings, channel: str, wanted: list[dict[str, Any]], sure: bool) -> int:
    client, params = _account(config, channel)
    try:
        live = await _live(client, params)
        changes = difference(live, wanted)
        if not changes:
            print(f"{_NAMES[channel]}的菜单已经是这样，不用更新。")
            return 0
        print(f"{_NAMES[channel]}的菜单会这样改（- 去掉，+ 加上）：\n" + "\n".join(changes))
        if not sure and (await asyncio.to_thread(input, "要更新吗？输入 y 更新：")).strip().lower() != "y":
            print("没有更新。")
            return 1
        await client.call(lambda api: api.post("menu/create", params=dict(params), data={"button": wanted}))
    except PlatformError as error:
        if error.code == NO_RIGHT:
            raise MenuError(["这个账号没有自定义菜单的权限：未认证的订阅号没有。"]) from error
        codes = wechat_codes if channel == "wechat" else wecom_codes
        raise MenuError([codes.judge(error.code, error.message).reason]) from error
    except ChannelError as error:
        raise MenuError([f"连不上接口：{error}。请检查网络，再试一次。"]) from error
    finally:
        await client.close()
    print("已更新。手机上可能要过几分钟、重新进入聊天才看得到。")
    return 0


def _account(config: Settings, channel: str) -> tuple[ApiClient, dict[str, str]]:
    if channel == "wechat":
        wechat = config.wechat
        return WeChat(wechat.app_id, wechat.app_secret, wechat.api_url, Once()), {}
    wecom = config.wecom
    if wecom is None:
        raise MenuError(["还没有配置企业微信应用，请先在 .env 里写上 WECOM_CORP_ID 等设置。"])
    client = WeCom(wecom.corp_id, wecom.secret, wecom.api_url, Once())
    return client, {"agentid": str(wecom.agent_id)}


async def _live(client: ApiClient, params: dict[str, str]) -> list[dict[str, Any]]:
    try:
        answer = await client.call(lambda api: api.get("menu/get", params=dict(params)))
    except PlatformError as error:
        if error.code != NO_MENU:
            raise
        return []
    found = answer.get("button") or (answer.get("menu") or {}).get("button") or []
    return list(found)


def difference(live: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[str]:
    """What would change, a line a button; nothing when nothing would."""
    old, new = model.lines(live), model.lines(wanted)
    return [] if old == new else list(difflib.ndiff(old, new))

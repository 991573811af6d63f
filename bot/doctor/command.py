"""``python -m bot doctor``: checks each configured account, and says in Chinese what is wrong."""

from __future__ import annotations

import argparse
import asyncio

import httpx

from bot import settings
from bot.bus.connection import connect, disconnect
from bot.doctor import accounts
from bot.doctor.accounts import Visit
from bot.doctor.checks import Finding
from bot.settings import Settings

_MARKS = {True: "正常", False: "有问题", None: "未核对"}
_SECONDS = 6.0


def main(argv: list[str]) -> int:
    """Run it; returns 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bot doctor", description="检查各个账号的配置")
    parser.add_argument("--url", help="回调地址的前半段，例如 https://example.org；默认检查本机的网关")
    options = parser.parse_args(argv)
    config = settings.load()
    return asyncio.run(examine(config, options.url or f"http://127.0.0.1:{config.gateway_port}"))


async def examine(config: Settings, base: str) -> int:
    """Check everything and print what was found; returns 1 when something is wrong."""
    redis = connect(config.redis_url)
    bad = 0
    local = base.startswith("http://127.0.0.1")
    async with httpx.AsyncClient(timeout=_SECONDS, trust_env=not local) as http:
        visit = Visit(config, redis, http, base.rstrip("/"))
        for title, account in (
            ("公众号", accounts.wechat),
            ("企业微信应用", accounts.wecom),
            ("微信客服", accounts.kf),
        ):
            findings = [finding async for finding in account(visit)]
            print(_section(title, findings))
            bad += sum(finding.good is False for finding in findings)
    await disconnect(redis)
    print(f"\n共 {bad} 处要改。" if bad else "\n没有发现问题。")
    return 1 if bad else 0


def _section(title: str, findings: list[Finding]) -> str:
    if not findings:
        return f"{title}：没有配置"
    lines = [f"  {_MARKS[f.good]}  {f.what}{f'：{f.words}' if f.words else ''}" for f in findings]
    return "\n".join([title, *lines])

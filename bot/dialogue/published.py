"""The published guide and the published model, as the worker gets them: from Redis, kept on this disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from actions import pack
from bot.bus import editions
from bot.bus.connection import Client
from bot.dialogue import train
from bot.dialogue.following import Follower
from bot.dialogue.runtime import Runtime
from bot.errors import GuideError, ModelError
from bot.guide import editions as kept
from bot.settings import Settings

log = structlog.get_logger()

BASE = "base"
"""Beside a model's parts: the fingerprint of the checkout that it was trained with."""


def start_with(config: Settings) -> str:
    """Use the guide that this machine used last, or the checkout's; returns its version, if published.

    Raises:
        GuideError: neither can be read.
    """
    folder = kept.pointed(config.var)
    if folder is None:
        return ""
    try:
        pack.use(pack.read(folder))
    except GuideError as error:
        log.error("published guide refused", version=folder.name, problem=str(error)[:500])
        return ""
    return folder.name


def guide_follower(config: Settings, redis: Client, now: str) -> Follower[pack.Edition]:
    """Follows the guide."""

    async def load(version: str) -> pack.Edition:
        folder = kept.folder(config.var, version)
        if not folder.is_dir():
            found = await editions.files(redis, "guide", version)
            texts = {name: content.decode("utf-8", "replace") for name, content in found.items()}
            if kept.digest(texts) != version:
                raise GuideError([f"版本 {version} 的文件不全，请在服务台重新发布。"])
            await asyncio.to_thread(kept.keep, config.var, texts)
        ready = await asyncio.to_thread(pack.read, folder)
        kept.point(config.var, version)
        return ready

    return Follower(redis, "guide", load, now)


def model_follower(config: Settings, redis: Client, now: Path) -> Follower[Runtime]:
    """Follows the model; it is loaded beside the one in use, so turns go on meanwhile."""

    async def load(version: str) -> Runtime:
        parts = await editions.files(redis, "model", version)
        if parts.pop(BASE, b"").decode() != train.fingerprint():
            raise ModelError("这个模型不是用现在的程序和数据训练的，请重新训练。")
        path = config.models / f"{version}.tar.gz"
        if not path.is_file():
            await _fetch(parts, version, path)
        return await asyncio.to_thread(Runtime, path, redis, config.conversation_days)

    return Follower(redis, "model", load, now.name.removesuffix(".tar.gz"))


async def _fetch(parts: dict[str, bytes], version: str, path: Path) -> None:
    """Put together a model that this machine doesn't have.

    Raises:
        ModelError: Redis hasn't got it either.
    """
    if not parts or not version.isalnum():
        raise ModelError(f"这台机器上没有模型 {version}，Redis 里也没有，请在服务台重新发布。")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    content = b"".join(parts[name] for name in sorted(parts))
    await asyncio.to_thread(aside.write_bytes, content)
    aside.replace(path)

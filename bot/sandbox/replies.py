"""How WeChat takes an answer: silence, a message to show, or a fault."""

from __future__ import annotations

import msgspec

from bot.errors import EnvelopeError
from bot.sandbox import pieces
from bot.sandbox.pieces import Link, Piece, Words
from bot.sandbox.protocol import Envelope, Opened, fields

FAULT_NOTICE = "该公众号提供的服务出现故障，请稍后再试"
TEXT_LIMIT = 2048
"""Bytes of UTF-8; a longer text is a fault."""

_PLACEHOLDERS = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "music": "[音乐]"}


class Silent(msgspec.Struct, frozen=True):
    """``success`` or nothing: the user sees nothing."""


class Shown(msgspec.Struct, frozen=True):
    """A message for the user: its kind, pieces, and the decrypted XML."""

    kind: str
    pieces: tuple[Piece, ...]
    xml: str


class Fault(msgspec.Struct, frozen=True):
    """The user sees the fault notice; developers see the reason and, if it could be opened, the XML."""

    reason: str
    xml: str = ""


Verdict = Silent | Shown | Fault


def judge(
    body: bytes,
    envelope: Envelope,
    openid: str,
    account: str,
    plain_mode: bool = False,
    cuts: bool = False,
) -> Verdict:
    """What WeChat makes of the body of an answer with status 200; WeCom ``cuts`` a text that is too long."""
    if body.strip() in (b"", b"success"):
        return Silent()
    try:
        opened = envelope.open_plain(body) if plain_mode else envelope.open_reply(body)
    except EnvelopeError as error:
        return Fault(str(error))
    try:
        return _message(opened, openid, account, cuts)
    except EnvelopeError as error:
        return Fault(str(error), opened.xml)


def _message(opened: Opened, openid: str, account: str, cuts: bool) -> Shown:
    found = opened.fields
    if found.get("ToUserName") != openid:
        raise EnvelopeError("ToUserName 不是这位用户")
    if found.get("FromUserName") != account:
        raise EnvelopeError("FromUserName 不是这个公众号")
    if not found.get("CreateTime", "").isdigit():
        raise EnvelopeError("CreateTime 不是整数")
    kind = found.get("MsgType", "")
    if kind == "text":
        content = found.get("Content", "")
        return Shown(kind, _text(cut(content) if cuts else content), opened.xml)
    if kind == "news":
        return Shown(kind, _article(opened), opened.xml)
    if kind == "transfer_customer_service":
        return Shown(kind, (Words("会话已转给公众号的人工客服"),), opened.xml)
    if kind in _PLACEHOLDERS:
        return Shown(kind, (Words(_PLACEHOLDERS[kind]),), opened.xml)
    raise EnvelopeError(f"不认识的 MsgType：{kind[:40] or '空'}")


def cut(content: str) -> str:
    """The start of a text, as much as fits: WeCom says nothing of the rest."""
    return content.encode()[:TEXT_LIMIT].decode("utf-8", "ignore")


def _text(content: str) -> tuple[Piece, ...]:
    size = len(content.encode())
    if not content.strip():
        raise EnvelopeError("正文是空的")
    if size > TEXT_LIMIT:
        raise EnvelopeError(f"正文有 {size} 字节，超过 {TEXT_LIMIT}")
    return pieces.read(content)


def _article(opened: Opened) -> tuple[Piece, ...]:
    """The one article of a news reply: title as a link, description under it."""
    items = opened.tree.findall("Articles/item")
    if len(items) != 1 or opened.fields.get("ArticleCount") != "1":
        raise EnvelopeError("图文消息应当只有一篇")
    item = fields(items[0])
    title, url = item.get("Title", ""), item.get("Url", "")
    if not title:
        raise EnvelopeError("图文消息没有标题")
    head: Piece = Link(url, title) if url.startswith(("http://", "https://")) else Words(title)
    description = item.get("Description", "")
    return (head, Words("\n" + description)) if description else (head,)

"""Several hundred ways in which a callback can be wrong although its signature is right."""

from __future__ import annotations

import base64
import os
import struct
from collections.abc import Iterator

from bot.settings import WeChat
from tests.wechat import Request, encrypt, encrypt_bytes, message, signed

_WRONG_VALUES = {
    "empty": "",
    "an element": "<b>1</b>",
    "two elements": "<b>1</b><b>2</b>",
    "an attribute": None,
    "a space inside": "1 2",
    "too long": "1" * 5000,
    "Chinese": "一二",
    "full-width digits": "１２",
    "superscripts": "²³",
    "negative": "-1" + "/",
    "a tag in CDATA": "<![CDATA[<b>]]>",
    "a quote": "1'2",
    "a path": "../../etc/passwd",
    "a line feed": "1\n2",
    "an emoji": "😀",
    "a null entity": "&#0;",
    "an unknown entity": "&nope;",
    "half a CDATA": "<![CDATA[1",
    "half an entity": "&amp",
}


def _fields(xml: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Each field missing, doubled, or with a wrong value."""
    for name in names:
        start, end = xml.index(f"<{name}>"), xml.index(f"</{name}>") + len(name) + 3
        element = xml[start:end]
        yield f"{name} missing", xml.replace(element, "")
        yield f"{name} doubled", xml.replace(element, element * 2)
        yield f"{name} three times", xml.replace(element, element * 3)
        for what, value in _WRONG_VALUES.items():
            wrong = f"<{name} a='b'>1</{name}>" if value is None else f"<{name}>{value}</{name}>"
            yield f"{name}: {what}", xml.replace(element, wrong)


def _structures() -> Iterator[tuple[str, str]]:
    good = message()
    for number in range(4, len(good) - 1, 4):
        yield f"cut after {number} characters", good[:number]
    for name in ("MsgType", "Content", "CreateTime"):
        yield f"</{name}> left out", good.replace(f"</{name}>", "")
        yield f"<{name}> left out", good.replace(f"<{name}>", "")
        yield f"</{name}> in small and large", good.replace(f"</{name}>", f"</{name.swapcase()}>")
    inner = good.removeprefix("<xml>").removesuffix("</xml>")
    yield "another root", f"<root>{inner}</root>"
    yield "a root in capitals", f"<XML>{inner}</XML>"
    yield "two roots", good + good
    yield "a root around it", f"<a>{good}</a>"
    yield "xml in xml", f"<xml>{good}</xml>"
    yield "twice in one", f"<xml>{inner}{inner}</xml>"
    yield "no fields", "<xml></xml>"
    yield "only text", "<xml>你好</xml>"
    yield "text behind", good + "你好"
    yield "an undeclared prefix", good.replace("MsgId>", "a:MsgId>")
    yield "a number as a name", good.replace("MsgId>", "1>")
    yield "attributes twice", good.replace("<MsgId>", "<MsgId a='1' a='2'>")
    yield "an open comment", good.replace("<MsgId>", "<!-- <MsgId>")
    yield "a bad comment", good.replace("<MsgId>", "<!-- -- --><MsgId>")
    yield "an open instruction", good.replace("<MsgId>", "<?x <MsgId>")
    yield "a declaration inside", good.replace("<MsgId>", "<?xml version='1.0'?><MsgId>")
    yield "all in one CDATA", f"<![CDATA[{good}]]>"
    yield "escaped", good.replace("<", "&lt;")
    yield "JSON", '{"ToUserName": "gh_1", "MsgType": "text"}'
    yield "JSON in xml", '<xml>{"MsgType": "text"}</xml>'
    yield "a form", "ToUserName=gh_1&MsgType=text"
    yield "HTML", "<!DOCTYPE html><html><body>hi</body></html>"
    yield "YAML", "xml:\n  MsgType: text"
    yield "nothing", ""
    yield "spaces", " \n\t "
    yield "a deep nest", good.replace("<MsgId>", "<a>" * 5000 + "</a>" * 5000 + "<MsgId><b/>")
    yield "an unfinished nest", "<xml>" + "<a>" * 8000
    yield "4,000 MsgIds", good.replace("</xml>", "<MsgId>1</MsgId>" * 2500 + "</xml>")
    yield "a nest as MsgId", good.replace("<![CDATA[1]]>", "<a>" * 3000 + "1" + "</a>" * 3000)


def _documents() -> Iterator[tuple[str, str]]:
    good = message()
    for name, subset in {
        "an entity": '<!ENTITY a "b">',
        "a bomb": '<!ENTITY a "bbbbbbbb"><!ENTITY c "&a;&a;&a;&a;">',
        "a file": '<!ENTITY a SYSTEM "file:///etc/passwd">',
        "an address": '<!ENTITY a SYSTEM "http://127.0.0.1:9/">',
        "a parameter entity": '<!ENTITY % a "b">',
        "an unparsed entity": '<!NOTATION n SYSTEM "n"><!ENTITY a SYSTEM "x" NDATA n>',
    }.items():
        yield (
            f"a document type with {name}",
            f"<!DOCTYPE xml [{subset}]>{good}".replace("你好", "]]>&a;<![CDATA["),
        )


def _bytes() -> Iterator[tuple[str, bytes]]:
    good = message().encode()
    for name, wrong in {
        "a lone byte": b"\xff",
        "a cut character": "好".encode()[:2],
        "a surrogate": b"\xed\xa0\x80",
        "an overlong slash": b"\xc0\xaf",
        "a continuation": b"\x80",
        "beyond Unicode": b"\xf7\xbf\xbf\xbf",
        "GBK": "你好".encode("gbk"),
        "Latin-1": "é".encode("latin-1"),
    }.items():
        yield f"{name} in the text", good.replace("你好".encode(), wrong)
        yield f"{name} in front", wrong + good
        yield f"{name} behind", good + wrong
        yield f"{name} in a name", good.replace(b"MsgId>", b"Msg" + wrong + b"Id>")
    yield "UTF-16", message().encode("utf-16")
    yield "UTF-32", message().encode("utf-32")
    yield "zeros", b"\0" * 64
    yield "random bytes", bytes(range(256))


def _events() -> Iterator[tuple[str, str]]:
    click = message("event", Event="CLICK", EventKey="topic:tasks", Ticket="t")
    yield from ((f"event: {name}", xml) for name, xml in _fields(click, ["Event", "EventKey"]))
    for name in ("EventKey", "Ticket"):
        for what, value in {"an element": "<b>1</b>", "an attribute": f"<{name} a='1'>x</{name}>"}.items():
            scan = message("event", Event="SCAN").replace("</xml>", f"<{name}>{value}</{name}></xml>")
            yield f"scan: {name} with {what}", scan
    for name in ("bizmsgmenuid", "Content"):
        for what in ("an element", "two elements", "half a CDATA", "an unknown entity"):
            changed = message(bizmsgmenuid="human") if name == "bizmsgmenuid" else message()
            old = changed[changed.index(f"<{name}>") : changed.index(f"</{name}>")]
            yield f"tap: {name} with {what}", changed.replace(old, f"<{name}>{_WRONG_VALUES[what]}")
    for what in ("Chinese", "an emoji", "too long", "a space inside"):
        yield f"tap: {what}", message(bizmsgmenuid=str(_WRONG_VALUES[what]))
    yield (
        "voice: doubled words",
        message("voice", Recognition="a").replace("</xml>", "<Recognition>b</Recognition></xml>"),
    )


def _ciphertexts(account: WeChat) -> Iterator[tuple[str, str]]:
    good, app_id, head = message().encode(), account.app_id.encode(), os.urandom(16)
    for number in (0, 1, len(good) - 1, len(good) + 1, len(good) + 18, 10_000, 2**31 - 1, 2**31, 2**32 - 1):
        plain = head + struct.pack("!I", number) + good + app_id
        yield f"length {number}", encrypt_bytes(plain, account.aes_key)
    little = head + struct.pack("<I", len(good)) + good + app_id
    yield "length in the other byte order", encrypt_bytes(little, account.aes_key)
    for wrong in (b"", app_id[:-1], app_id + b"x", app_id.upper(), b"\xff", "微信".encode(), app_id * 2):
        plain = head + struct.pack("!I", len(good)) + good + wrong
        yield f"app id {wrong!r}", encrypt_bytes(plain, account.aes_key)
    for length in range(0, 20, 2):
        yield f"{length} bytes in all", encrypt_bytes(b"x" * length, account.aes_key)
    whole = base64.b64decode(encrypt(good, account.aes_key, account.app_id))
    for length in range(0, len(whole), 24):
        yield f"cut after {length} bytes", base64.b64encode(whole[:length]).decode()
    yield from {
        "not Base64": "!!!!",
        "one letter": "a",
        "Chinese": "密文",
        "spaces": "a b c d",
    }.items()
    yield "hexadecimal", whole.hex()
    yield "another key", encrypt(good, "C" * 43, account.app_id)
    yield "not encrypted", base64.b64encode(good).decode()
    yield (
        "encrypted twice",
        encrypt(encrypt(good, account.aes_key, account.app_id), account.aes_key, account.app_id),
    )


def _outside(account: WeChat) -> Iterator[tuple[str, Request]]:
    """The signature covers what is encrypted; what is around it is wrong."""
    encrypted = encrypt(message(), account.aes_key, account.app_id)
    element = f"<Encrypt>{encrypted}</Encrypt>"
    for name, body in {
        "twice": f"<xml>{element}{element}</xml>",
        "in an element": f"<xml><Encrypt><a>{encrypted}</a></Encrypt></xml>",
        "with an attribute": f"<xml><Encrypt a='b'>{encrypted}</Encrypt></xml>",
        "in small letters": f"<xml>{element.lower()}</xml>",
        "one level down": f"<xml><a>{element}</a></xml>",
        "without a root": element,
        "under another root": f"<a>{element}</a>",
        "unfinished": f"<xml>{element}",
        "as JSON": f'{{"Encrypt": "{encrypted}"}}',
        "alone": encrypted,
        "by an entity": f'<!DOCTYPE xml [<!ENTITY a "{encrypted}">]><xml><Encrypt>&a;</Encrypt></xml>',
    }.items():
        yield name, Request(signed(encrypted, account).params, body.encode())


def malformed(account: WeChat) -> dict[str, Request]:
    """Name to request: each signed and encrypted, each wrong in a way of its own."""
    common = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId"]
    inside: list[tuple[str, str | bytes]] = [
        *_fields(message(), common),
        *_structures(),
        *_documents(),
        *_events(),
        *_bytes(),
    ]
    found = {
        f"inside: {name}": signed(encrypt(xml, account.aes_key, account.app_id), account)
        for name, xml in inside
    }
    found.update({f"ciphertext: {n}": signed(text, account) for n, text in _ciphertexts(account)})
    found.update({f"outside: {name}": request for name, request in _outside(account)})
    assert len({xml if isinstance(xml, bytes) else xml.encode() for _, xml in inside}) == len(inside)
    return found

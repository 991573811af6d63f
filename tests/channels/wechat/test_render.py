"""Replies as WeChat gets them: whole, small enough, nothing lost, nothing that breaks out."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.bus.messages import Option, Part, Reply
from bot.channels.common.render import MORE, label, plain, to_xml
from bot.channels.common.split import split
from bot.channels.common.text import printable
from bot.channels.wechat.render import LIMIT, render

LINK = re.compile(r'<a href="(weixin://bizmsgmenu\?msgmenucontent=[^"&]*&msgmenuid=[^"&]*)">([^<>]*)</a>')

any_text = st.text(st.characters(), max_size=200)
bits = ["]]>", "<a href='x'>", "</a>", "&lt;", "&", "<", "\x00", "\ud800", "\u0338", "\r\n", "。", "？"]
bits += ["字", "a ", "👨\u200d👩\u200d👧", "http://a.cn/b?c=d;e"]
nasty = st.lists(st.sampled_from(bits), max_size=400).map("".join)
texts = any_text | nasty
taps = st.sampled_from(["topic:conditions", "ask:demonstration:pilot:yes", "human"]) | any_text
options = st.builds(Option, taps, any_text | nasty.map(lambda text: text[:80]))
parts = st.builds(Part, texts, st.lists(options, max_size=14).map(tuple))
replies = st.builds(Reply, st.lists(parts, max_size=4).map(tuple))


def bare(text: str) -> str:
    """Without links' tags and white space: what must survive."""
    return re.sub(r"\s", "", LINK.sub(r"\2", text))


def expected(reply: Reply) -> str:
    number, said = 0, []
    for part in reply.parts:
        said.append(plain(part.text))
        for option in part.options:
            number += 1
            said.append(f"{number}. {label(option)}")
    return re.sub(r"\s", "", "".join(said))


def content(text: str) -> str:
    """What an XML parser finds in the passive reply."""
    tree = ElementTree.fromstring(to_xml(text, "oAlice", "gh_1", 1_700_000_000))
    found = {child.tag: child.text or "" for child in tree}
    assert found["ToUserName"] == "oAlice"
    assert found["FromUserName"] == "gh_1"
    assert found["MsgType"] == "text"
    assert found["CreateTime"] == "1700000000"
    return found["Content"]


@settings(max_examples=300, deadline=None)
@given(replies)
@example(Reply((Part("a", (Option("x", "\u0338"),)),)))
def test_every_reply_is_small_whole_and_complete(reply: Reply) -> None:
    rendered = render(reply)
    for text in rendered:
        assert 0 < len(text.encode()) <= LIMIT
        assert content(text) == text
        # Every tag that WeChat could see is one of our links, opened and closed in this very text.
        assert not re.search(r"<[A-Za-z/!?]", LINK.sub("", text))
    assert all(text.endswith("\n" + MORE) for text in rendered[:-1])
    joined = "".join(text.removesuffix("\n" + MORE) for text in rendered)
    assert bare(joined) == expected(reply)


@settings(max_examples=300, deadline=None)
@given(any_text | nasty)
def test_any_text_survives_the_xml(text: str) -> None:
    assert content(text) == printable(text)


@settings(max_examples=200, deadline=None)
@given(nasty, st.integers(40, 400))
def test_splitting_loses_nothing_but_white_space(text: str, limit: int) -> None:
    text = printable(text)
    pieces = split(text, limit)
    assert all(0 < len(piece.encode()) <= limit for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


def links(text: str) -> list[tuple[str, str, str]]:
    """Of each link: what it sends, its id, its words."""
    found = []
    for href, words in LINK.findall(text):
        query = parse_qs(urlsplit(href).query)
        found.append((query["msgmenucontent"][0], query["msgmenuid"][0], words))
    return found


def test_options_are_numbered_links_through_the_whole_reply() -> None:
    reply = Reply(
        (
            Part("先看这个。", (Option("topic:conditions", "看条件"),)),
            Part("再回答：", (Option("ask:research:team:yes", "有"), Option("ask:research:team:no", "没有"))),
        )
    )
    (text,) = render(reply)
    assert text == (
        "先看这个。\n"
        '1. <a href="weixin://bizmsgmenu?msgmenucontent=%E7%9C%8B%E6%9D%A1%E4%BB%B6&msgmenuid=topic:conditions">'
        "看条件</a>\n\n"
        "再回答：\n"
        '2. <a href="weixin://bizmsgmenu?msgmenucontent=%E6%9C%89&msgmenuid=ask:research:team:yes">有</a>\n'
        '3. <a href="weixin://bizmsgmenu?msgmenucontent=%E6%B2%A1%E6%9C%89&msgmenuid=ask:research:team:no">'
        "没有</a>"
    )
    assert links(text)[1] == ("有", "ask:research:team:yes", "有")


def test_many_options_say_their_number_and_too_many_are_plain() -> None:
    def asked(count: int) -> str:
        many = tuple(
            Option(f"ask:research:direction:d{n}", f"知识产权战略研究方向之{n}") for n in range(count)
        )
        (text,) = render(Reply((Part("选哪个方向？", many),)))
        return text

    assert links(asked(3))[2][0] == "知识产权战略研究方向之2"
    assert [found[0] for found in links(asked(14))] == [str(number) for number in range(1, 15)]
    assert links(asked(35)) == []
    assert "35. 知识产权战略研究方向之34" in asked(35)


def test_a_long_text_is_cut_at_sentence_ends_and_keeps_its_links() -> None:
    sentence = "这是一句说明条件的话，长短适中，讲的是知识产权项目怎么申请。"
    reply = Reply((Part(sentence * 60, (Option("human", "转人工"), Option("topic:tasks", "看任务"))),))
    rendered = render(reply)
    assert len(rendered) == 4
    for text in rendered[:-1]:
        assert text.removesuffix("\n" + MORE).endswith("。")
    assert [found[1] for found in links(rendered[-1])] == ["human", "topic:tasks"]


def test_tags_in_texts_are_harmless_and_signs_stay() -> None:
    (text,) = render(Reply((Part('<a href="http://evil">点我</a> 3 < 5 && R&D &lt;'),)))
    assert text == '＜a href="http://evil">点我＜/a> 3 < 5 && R＆D ＆lt;'


def test_nothing_to_say_is_no_text() -> None:
    assert render(Reply()) == []
    assert render(Reply((Part(" \x00 "),))) == []

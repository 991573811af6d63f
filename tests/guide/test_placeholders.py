"""Names in braces: filled from the project files, and caught when they are wrong."""

from __future__ import annotations

import pytest

from bot.guide.load import load_guide
from bot.guide.model import Contact
from bot.guide.placeholders import LIVE, LIVE_KEYS, NAMES, NO_CONTACT, PROJECTS, basis, contact, fill, unknown


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("执行期{demonstration.duration}。", "执行期1年。"),
        ("打{demonstration.contact.phone}", "打0931-8533556"),
        ("{demonstration.contact}", "知识产权保护运用处，电话0931-8533556"),
        ("{demonstration.contact.basis}", "（依据：一（三））"),
        ("{research.contact}", "主管处室和电话指南没有写"),
        ("{research.contact.basis}", ""),
        ("{research.deliverables}", "3万字以上的研究报告，5千字以内的成果摘要"),
        ("{research.directions.count}个", "12个"),
        ("没有括号", "没有括号"),
        ("", ""),
    ],
)
def test_fill(text: str, filled: str) -> None:
    assert fill(load_guide(), text) == filled


def test_fill_names_the_clauses_of_the_answer() -> None:
    assert (
        fill(load_guide(), "是。{basis}", ["一（二）①", "一（二）③"]) == "是。（依据：一（二）①、一（二）③）"
    )
    assert fill(load_guide(), "是。{basis}") == "是。"


@pytest.mark.parametrize("name", ["demonstration", "demonstration.", "research.sum", "other.name", "", " "])
def test_a_name_that_nothing_fills(name: str) -> None:
    text = f"甲{{{name}}}乙"
    assert unknown(text) == [f"{{{name}}}"]
    with pytest.raises(KeyError):
        fill(load_guide(), text)


def test_unknown_lists_every_mistake_and_nothing_else() -> None:
    assert unknown("{basis}{demonstration.short}{x}和{research.y}") == ["{x}", "{research.y}"]
    assert unknown("半个{括号") == ["{"]
    assert unknown("半个}") == ["}"]
    assert unknown("没有括号") == []


def test_every_name_can_be_filled_for_both_projects() -> None:
    guide = load_guide()
    for project in PROJECTS:
        for name in NAMES:
            text = f"{{{project}.{name}}}"
            assert unknown(text) == []
            assert "{" not in fill(guide, text)


def test_no_text_of_the_pack_has_a_wrong_name() -> None:
    guide = load_guide()
    texts = [answer.text for topic in guide.topics for answer in topic.answers]
    texts += [text for key, text in guide.chat.items() if not key.startswith(LIVE_KEYS)]
    assert [wrong for text in texts for wrong in unknown(text)] == []


def test_only_words_on_the_help_desk_name_what_it_knows() -> None:
    guide = load_guide()
    for key, text in guide.chat.items():
        allowed = {f"{{{name}}}" for name in LIVE} if key.startswith(LIVE_KEYS) else set()
        assert set(unknown(text)) <= allowed, key
    live = {name: f"<{name}>" for name in LIVE}
    assert fill(guide, "{ahead} {demonstration.contact.phone}", live=live) == "<ahead> 0931-8533556"


def test_every_answer_of_the_pack_says_where_it_comes_from() -> None:
    guide = load_guide()
    silent = [
        (topic.id, answer.project)
        for topic in guide.topics
        for answer in topic.answers
        if "{basis}" not in answer.text and ".contact.basis}" not in answer.text
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Contact("甲处", "0931-1"), "甲处，电话0931-1"),
        (Contact("甲处", ""), "甲处"),
        (Contact("", "0931-1"), "电话0931-1"),
        (Contact(), NO_CONTACT),
    ],
)
def test_contact(given: Contact, said: str) -> None:
    assert contact(given) == said


def test_basis_without_clauses_is_empty() -> None:
    assert basis([]) == ""
    assert basis([""]) == ""

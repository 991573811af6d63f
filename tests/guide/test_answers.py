"""What is said on each topic: the facts that must be in it, and everything that must never be."""

from __future__ import annotations

import re
from functools import cache

import msgspec
import pytest

from bot.guide import answers
from bot.guide.load import load_guide
from bot.guide.model import Blank, Contact, Guide
from bot.guide.placeholders import NO_CONTACT

DIVISION = "知识产权保护运用处"
PHONE = "0931-8533556"
VERDICTS = ("不符合", "待确认", "初步符合")
PROJECTS = (None, "demonstration", "research")

IN_GUIDE = [
    *(
        "overview",
        "who_can_apply",
        "conditions",
        "exclusions",
        "preference",
        "implementer",
        "joint",
        "credit",
    ),
    *("directions", "direction_detail", "direction_match", "tasks", "deliverables", "duration", "contact"),
    *("difference", "decision"),
]
NOT_IN_GUIDE = ["amount", "deadline", "forms", "where_to_submit", "places", "review"]

LONGEST = {"directions": 600}

# What an answer must say. A topic with project None must hold for the answer given when no project is known.
FACTS: list[tuple[str, str | None, list[str]]] = [
    ("overview", None, ["两类", "示范", "研究", "1年", "一（一）", "二（一）"]),
    ("who_can_apply", "demonstration", ["市州", "县级市", "高新区", "经开区", "管委会", "企业", "一（二）①"]),
    ("who_can_apply", "demonstration", ["一（二）③", "实施单位"]),
    ("who_can_apply", "research", ["研究", "人才和团队", "两家", "二（二）1", "二（二）2"]),
    ("who_can_apply", None, ["管委会", "人才和团队"]),
    ("conditions", "demonstration", ["议事日程", "工作资金", "保障条件", "产业", "自主知识产权", "全省"]),
    ("conditions", "demonstration", ["独立法人", "不良信用记录", "试点", "资助", *"①②③④"]),
    ("conditions", "research", ["工作基础", "人才", "团队", "两家", "牵头", "独立法人", "不良信用记录"]),
    ("conditions", "research", ["理论", "政策水平", "实践经验", "二（二）1", "二（二）2", "二（二）3"]),
    ("exclusions", "demonstration", ["试点", "资助", "都占", "不良信用记录", "一（二）①", "一（二）④"]),
    ("exclusions", "research", ["两家", "不良信用记录", "二（二）2", "二（二）3"]),
    ("preference", "demonstration", ["试点城市", "强县工程", "传统知识产权保护", "试点园区", "一（二）②"]),
    ("directions", "research", ["12个方向", "二（一）", *[f"{number}. " for number in range(1, 13)]]),
    ("directions", "demonstration", ["产业链", "专利", "一（一）"]),
    ("direction_detail", None, ["二（一）"]),
    ("direction_match", None, ["二（一）"]),
    ("tasks", "demonstration", ["1年", "工作方案", "标杆", "制度", "管理", "模式", "保护和运用"]),
    ("tasks", "demonstration", ["全省中上", "指标", "经验", "一（三）"]),
    ("tasks", "research", ["1年", "省市场监督管理局", "理论", "对策", "调查", "3万字", "5千字", "二（三）"]),
    ("deliverables", "research", ["3万字以上", "5千字以内", "报告", "摘要", "二（三）"]),
    ("deliverables", "demonstration", ["工作方案", "经验", "一（三）"]),
    ("deliverables", None, ["3万字以上", "5千字以内"]),
    ("duration", "demonstration", ["1年", "一（三）"]),
    ("duration", "research", ["1年", "二（三）"]),
    ("duration", None, ["示范项目", "研究项目", "一（三）", "二（三）"]),
    ("contact", "demonstration", [DIVISION, PHONE, "一（三）"]),
    ("contact", "research", ["指南没有写", "人工"]),
    ("contact", None, [DIVISION, PHONE, "指南没有写"]),
    ("joint", "research", ["两家", "三家不行", "牵头", "独立法人", "二（二）2"]),
    ("joint", "demonstration", ["指南没有写", PHONE]),
    ("implementer", "demonstration", ["辖区", "独立法人", "企业", "事业单位", "创造、运用、保护、服务"]),
    ("implementer", "demonstration", ["不良信用记录", "一（二）③", "一（二）④"]),
    ("credit", "demonstration", ["申报单位", "负责人", "企事业单位", "一（二）④"]),
    ("credit", "research", ["申报单位", "负责人", "研究项目", "二（二）3"]),
    ("difference", None, ["示范", "研究", "1年", "3万字以上", "5千字以内", "两家", PHONE, "指南没有写"]),
    ("decision", None, ["主管部门", "说了不算", "参考", "指南没有写"]),
]

# What would be wrong, or right for the other project only.
NOT_SAID: list[tuple[str, str, list[str]]] = [
    ("contact", "research", [DIVISION, PHONE]),
    ("duration", "research", ["示范项目"]),
    ("duration", "demonstration", ["研究项目"]),
    ("deliverables", "demonstration", ["3万字", "5千字"]),
    ("credit", "research", ["企事业单位"]),
    ("conditions", "research", ["议事日程", "试点"]),
    ("conditions", "demonstration", ["两家"]),
]


@cache
def guide() -> Guide:
    return load_guide()


def every_answer() -> list[tuple[str, str | None, answers.Answer]]:
    return [
        (topic.id, project, answers.answer(guide(), topic.id, project))
        for topic in guide().topics
        for project in PROJECTS
    ]


LIVE = {"ahead": "二", "hours": "周一至周五上午", "opening": "明天上午"}
"""What the help desk adds; in words, since the numbers in all texts are compared with the guide's."""


def every_text() -> list[tuple[str, str]]:
    """All that this module can say, with a name for it."""
    said = [(f"{topic}/{project}", answer.text) for topic, project, answer in every_answer()]
    said += [
        (f"direction {number}", answers.answer(guide(), "direction_detail", None, [number]).text)
        for number in range(14)
    ]
    for topic in ("专利质押融资", "地理标志网络侵权", "天气预报", ""):
        said.append((topic, answers.direction_match(guide(), topic).text))
    return said + [(key, answers.chat(guide(), key, LIVE)) for key in answers.CHAT_KEYS]


def test_there_is_a_topic_for_every_name_of_the_contract() -> None:
    assert {topic.id for topic in guide().topics} == {*IN_GUIDE, *NOT_IN_GUIDE}


@pytest.mark.parametrize(("topic", "project", "facts"), FACTS)
def test_facts_are_said(topic: str, project: str | None, facts: list[str]) -> None:
    text = answers.answer(guide(), topic, project).text
    assert [fact for fact in facts if fact not in text] == []


@pytest.mark.parametrize(("topic", "project", "wrong"), NOT_SAID)
def test_facts_of_the_other_project_are_not_said(topic: str, project: str, wrong: list[str]) -> None:
    text = answers.answer(guide(), topic, project).text
    assert [fact for fact in wrong if fact in text] == []


@pytest.mark.parametrize("topic", NOT_IN_GUIDE)
def test_what_the_guide_leaves_out_is_said_to_be_left_out(topic: str) -> None:
    for project in PROJECTS:
        answer = answers.answer(guide(), topic, project)
        assert not answer.in_guide
        assert "指南没有写" in answer.text
        assert "人工" in answer.text
        assert (PHONE in answer.text) == (project != "research")
        assert ("指南也没有写" in answer.text) == (project != "demonstration")


def test_everything_else_is_in_the_guide_but_the_contact_for_research() -> None:
    missing = [(topic, project) for topic, project, answer in every_answer() if not answer.in_guide]
    assert [each for each in missing if each[0] not in NOT_IN_GUIDE] == [("contact", "research")]


def test_every_answer_from_the_guide_names_a_clause() -> None:
    for topic, project, answer in every_answer():
        if answer.in_guide and not answer.needs_project:
            assert re.search(r"（依据：[一二]（", answer.text), (topic, project)


def test_answers_are_short() -> None:
    for topic, project, answer in every_answer():
        assert 10 < len(answer.text) <= LONGEST.get(topic, 350), (topic, project, len(answer.text))


def test_verdict_words_are_in_no_text() -> None:
    for name, text in every_text():
        assert [word for word in VERDICTS if word in text] == [], name


def test_no_number_but_the_guides() -> None:
    """No other phone, no date, no sum of money: every number is in this list."""
    allowed = {"1", "3", "5", "12", PHONE.split("-")[0], PHONE.split("-")[1]}
    for name, text in every_text():
        body = re.sub(r"(?m)^\d+\. ", "", text)
        body = re.sub(r"二（[一二]）\d+", "", body)
        if name.startswith("direction "):
            body = re.sub(r"方向\d+", "", body)
        if name in ("专利质押融资", "地理标志网络侵权"):
            body = re.sub(r"方向\d+", "", body)
        assert set(re.findall(r"\d+", body)) <= allowed, (name, text)
        assert not re.search(r"\d\s*(万元|元|月|日|%|％)", body), (name, text)
        assert not re.search(r"[{}]", text), (name, text)


def test_a_topic_that_differs_much_asks_for_the_project() -> None:
    asked = [topic for topic, project, answer in every_answer() if answer.needs_project]
    assert asked == ["conditions", "tasks"]
    text = answers.answer(guide(), "conditions").text
    assert text.endswith("？")
    assert "示范项目" in text
    assert "研究项目" in text
    assert len(text) < 60


def test_a_project_is_never_asked_for_twice() -> None:
    assert [topic for topic, project, answer in every_answer() if project and answer.needs_project] == []


@pytest.mark.parametrize(
    ("topic", "asked", "told"),
    [
        ("preference", "research", "示范项目"),
        ("implementer", "research", "示范项目"),
        ("direction_detail", "demonstration", "研究项目"),
        ("direction_match", "demonstration", "研究项目"),
    ],
)
def test_a_topic_of_the_other_project_says_so(topic: str, asked: str, told: str) -> None:
    text = answers.answer(guide(), topic, asked).text
    assert text.startswith(f"这一点，指南只对{told}作了说明。")
    other = "research" if asked == "demonstration" else "demonstration"
    assert text.endswith(answers.answer(guide(), topic, other).text)


def test_each_direction_is_told_with_its_clause() -> None:
    directions = guide().project("research").directions
    assert [direction.number for direction in directions] == list(range(1, 13))
    for direction in directions:
        text = answers.answer(guide(), "direction_detail", "research", [direction.number]).text
        assert f"方向{direction.number}“{direction.name}”" in text
        assert direction.about in text
        assert f"二（一）{direction.number}）" in text
        assert len(direction.name) <= 14


@pytest.mark.parametrize("number", [0, 13, -1, 100])
def test_a_direction_that_is_not_there(number: int) -> None:
    text = answers.answer(guide(), "direction_detail", None, [number]).text
    assert text.startswith(f"没有方向{number}")
    assert "12个方向" in text


def test_a_topic_is_matched_with_its_direction_clause_and_reason() -> None:
    text = answers.direction_match(guide(), "我们想研究专利质押融资的风险").text
    assert "方向2“知识产权金融政策评估”" in text
    assert "二（一）2" in text
    assert "您提到了“质押融资”" in text


def test_the_second_best_direction_is_named_as_well() -> None:
    text = answers.direction_match(guide(), "人工智能企业的数据知识产权登记").text
    assert "方向8" in text
    assert "其次是方向6" in text


@pytest.mark.parametrize("topic", ["", "？", "养牛技术", "a" * 5000])
def test_a_topic_that_fits_no_direction_is_told_so(topic: str) -> None:
    text = answers.direction_match(guide(), topic).text
    assert "看不出" in text
    assert "二（一）" in text
    assert "人工" in text


def test_related_topics_exist_and_lead_elsewhere() -> None:
    known = {topic.id for topic in guide().topics}
    for topic, _, answer in every_answer():
        assert set(answer.related) <= known - {topic}
        assert 1 <= len(answer.related) <= 2


def test_unknown_topic_or_project() -> None:
    for topic, project in (("weather", None), ("duration", "other")):
        with pytest.raises(KeyError):
            answers.answer(guide(), topic, project)


def with_blank(id: str, text: str, source: str) -> Guide:
    blanks = [Blank(id, blank.name, text, source) if blank.id == id else blank for blank in guide().blanks]
    return msgspec.structs.replace(guide(), blanks=tuple(blanks))


def with_contact(contact: Contact) -> Guide:
    projects = [
        msgspec.structs.replace(project, contact=contact) if project.id == "research" else project
        for project in guide().projects
    ]
    return msgspec.structs.replace(guide(), projects=tuple(projects))


@pytest.mark.parametrize("topic", NOT_IN_GUIDE)
def test_what_the_office_fills_in_is_said_with_its_source(topic: str) -> None:
    filled = with_blank(topic, "以通知为准的话", "某号通知")
    for project in PROJECTS:
        answer = answers.answer(filled, topic, project)
        assert answer.in_guide
        assert "以通知为准的话（来源：某号通知）" in answer.text
        assert "没有写" not in answer.text
    others = [each for each in NOT_IN_GUIDE if each != topic]
    assert all("指南没有写" in answers.answer(filled, each).text for each in others)


def test_a_contact_that_the_office_fills_in_is_used_everywhere() -> None:
    filled = with_contact(Contact("甲处", "0931-1234567", "某号通知"))
    answer = answers.answer(filled, "contact", "research")
    assert answer.in_guide
    assert "甲处，电话0931-1234567（来源：某号通知）" in answer.text
    for topic in filled.topics:
        for project in PROJECTS:
            text = answers.answer(filled, topic.id, project).text
            assert NO_CONTACT not in text
            assert "指南也没有写" not in text
    assert "研究项目请问甲处，电话0931-1234567" in answers.answer(filled, "amount", "research").text
    assert "甲处" in answers.chat(filled, "human_requested")


def test_chat_has_every_text() -> None:
    assert set(answers.CHAT_KEYS) == set(guide().chat)
    for key in answers.CHAT_KEYS:
        assert 5 < len(answers.chat(guide(), key, LIVE)) <= 200, key
    with pytest.raises(KeyError):
        answers.chat(guide(), "nothing")
    with pytest.raises(KeyError):
        answers.chat(guide(), "handoff_queued")


def test_the_welcome_says_what_we_are_and_how_to_leave_us() -> None:
    for key in ("welcome", "notice", "bot_challenge"):
        text = answers.chat(guide(), key)
        assert "自动助手" in text
        assert "人工" in text
    assert "隐私" in answers.chat(guide(), "welcome")
    assert "\n" not in answers.chat(guide(), "notice")


def test_privacy_says_what_is_kept_and_how_to_have_it_deleted() -> None:
    text = answers.chat(guide(), "privacy")
    assert [word for word in ("消息", "答案", "留多久", "删除", "人工", "取消关注") if word not in text] == []


def test_asking_for_a_human_gives_the_phone_and_promises_nobody() -> None:
    text = answers.chat(guide(), "human_requested")
    assert text.startswith("已记下您要找人工")
    assert PHONE in text
    assert "指南没有写" in text
    assert "不能保证" in text

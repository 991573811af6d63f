"""What typed answers mean. The tables are how people write; None is "not plainly an answer"."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guide.load import load_guide
from bot.guide.model import Choice, Fact
from bot.guide.reading import GAP, read
from bot.guide.statements import about

GUIDE = load_guide()
DEMONSTRATION = GUIDE.project("demonstration")
RESEARCH = GUIDE.project("research")
FACTS = [fact for project in GUIDE.projects for fact in project.facts]
YES_NO = [fact for fact in FACTS if {"yes", "no", "unknown"} == {choice.id for choice in fact.choices}]


def _words(table: str) -> list[str]:
    """The phrases of a table, parted by plain spaces."""
    return re.split("[ \n]+", table.strip(" \n"))


YES = _words("""
有 有的 有呢 有啊 有呀 有哦 有的呢 有滴 有了 有的有的 我们有 咱有 我们单位有 我们这边有的 单位有 当然有
肯定有 确实有 已经有了 应该有 应该有吧 应该有的 算有 算有吧 算有的吧 早就有了 一直有 也有 都有 是 是的
是的呀 是呀 是滴 是啊 是的是的 算是 算是吧 对 对的 对呀 对啊 对对 没错 不错 正确 嗯 嗯嗯 嗯嗯嗯 嗯，有的
恩 是的，有 是的有的 对，有 嗯是的 肯定的 当然 yes Yes YES y 不是没有 并不是没有 不可能没有 您好，有的
有的，谢谢 有，谢谢您 老师，有的 呃，有 有！ 有。 “有” 【有】 有😊 有～ 有的， 　有　 那当然有 就是有
其实有 目前有 现在有 有的老师 答：有 回答：有 達到 達標 符合 满足 具备 √
""")

NO = _words("""
没有 没 没呢 没有呢 没有的 没有啊 没有哦 没有吧 没得 没得呢 木有 木有啊 莫得 冇 无 暂时没有 暂无 目前没有
还没有 还没有呢 还没 还没呢 从来没有 从没有 并没有 并没有啊 确实没有 肯定没有 真没有 真的没有 都没有
全都没有 也没有 一直没有 根本没有 压根没有 完全没有 不是 不是的 不是呢 不是啊 不算 不算吧 不算是 算不上
谈不上 不 不对 否 不具备 不满足 不达标 没达到 沒有 我们没有 我们单位没有 我们还没有 没有没有 没有，谢谢
您好，没有 没有老师 没有！ 没有。 no No NO n 不不 不不不 不，没有 没，没有 嗯，没有 嗯没有 对，没有
是的，没有 是没有 没有了 没有过 应该没有 应该不是 ×
""")

UNKNOWN = _words("""
不清楚 不太清楚 不大清楚 不是很清楚 不怎么清楚 不知道 不太知道 不晓得 不确定 不太确定 不能确定 不了解
不太了解 说不好 说不准 说不清 说不清楚 拿不准 吃不准 不好说 不好说呢 难说 很难说 忘了 忘记了 忘啦 记不清
记不清了 记不得 记不得了 不记得 不记得了 想不起来 没印象 没查过 没了解过 搞不清 搞不清楚 弄不清楚 我不清楚
我不知道 我也不知道 我也不清楚 这个不清楚 这个我不清楚 这个不太清楚 不清楚呢 不清楚啊 不清楚，谢谢
不知道呀 不知道哦 不知道呢 真不知道 真的不知道 确实不清楚 暂时不清楚 目前不清楚 还不清楚 还不知道 还不确定
要问一下 我得问问 得查一下 需要核实 我去查一下 等我查一下 不知道有没有 不清楚有没有 不确定是不是
不知道算不算 我们不清楚 不敢确定 不敢肯定 说不上来 一时说不准 不清楚了 嗯不清楚 不清楚不清楚 也不清楚
""")

NONE = _words("""
园区可以报吗 园区可以报吗？ 有吗 有吗？ 有? 是吗 有没有要求 什么意思 什么叫议事日程 这是啥意思 怎么算有
怎么查 多少算有 几件算够 哪些算 为什么问这个 能不能跳过 可以不答吗 是不是必须有 算不算呢？ 有没有都行吗
谁来认定 请问有什么要求 你是机器人吗 有一点点 有但是不多 有，但是去年停了 有是有，不过不大 没有但快有了
有也没有 没有，有 不是也是 有又好像没有 好像有 好像没有 可能有 可能没有 也许吧 大概有吧 似乎没有 估计没有
或许 貌似有 差不多 看情况 一部分有 部分有 快有了 马上就有 以后会有 正在办 在申请 去年没有今年有
以前有现在没有 上半年刚开过会研究这个事情领导很重视 我们是一家做阀门的企业去年拿了专利 转人工 人工 你好
您好 谢谢 好的 好 行 ok 哦 啊 嗯？ 呵呵 哈哈 在吗 重新开始 上一步 退出 取消 0 99 -1 4.5 第九个 一百
电话多少 。 ！ ？ ... 😊 不是没有但是少 不能没有 没有不 不有 不无 没什么 没啥 不怎么有 不行吗 怎么会没有
谁说没有 难道没有 没有人告诉我 有人吗 有关系吗 没关系 没问题 有问题 没事 无所谓 随便 都可以 都行 不用
不需要 不要 算了 不想说 不告诉你 不懂 不明白 没看懂 不行 知道了 清楚 知道
""")


@pytest.mark.parametrize("text", YES)
def test_yes(text: str) -> None:
    assert read(RESEARCH.fact("team"), text) == "yes"


@pytest.mark.parametrize("text", NO)
def test_no(text: str) -> None:
    assert read(RESEARCH.fact("team"), text) == "no"


@pytest.mark.parametrize("text", UNKNOWN)
def test_unknown(text: str) -> None:
    assert read(RESEARCH.fact("team"), text) == "unknown"


@pytest.mark.parametrize("text", NONE)
def test_no_answer(text: str) -> None:
    assert read(RESEARCH.fact("team"), text) is None


@pytest.mark.parametrize("fact", YES_NO, ids=lambda fact: fact.id)
@pytest.mark.parametrize(
    ("texts", "choice"),
    [
        (["有", "有的", "是的", "对", "嗯"], "yes"),
        (["没有", "没呢", "不是", "没得", "木有", "并没有"], "no"),
        (["不清楚", "不太清楚", "说不好", "忘了"], "unknown"),
    ],
)
def test_every_yes_no_question_is_read_by_its_own_meaning(fact: Fact, texts: list[str], choice: str) -> None:
    """Also where the good answer is no: 没有 to a question about bad records is no."""
    for text in texts:
        assert read(fact, text) == choice, text


@pytest.mark.parametrize(
    ("project", "fact", "text", "choice"),
    [
        ("demonstration", "bad_credit", "没有不良记录", "no"),
        ("demonstration", "bad_credit", "没有失信", "no"),
        ("demonstration", "bad_credit", "三方都没有", "no"),
        ("demonstration", "bad_credit", "信用良好", "no"),
        ("demonstration", "bad_credit", "我们信用良好", "no"),
        ("demonstration", "bad_credit", "有过不良记录", "yes"),
        ("demonstration", "bad_credit", "其中一方有", "yes"),
        ("demonstration", "bad_credit", "没问题吧？", None),
        ("demonstration", "bad_credit", "没问题", None),
        ("demonstration", "bad_credit", "1", "no"),
        ("demonstration", "bad_credit", "2", "yes"),
        ("demonstration", "bad_credit", "3", "unknown"),
        ("demonstration", "pilot", "还不是", "no"),
        ("demonstration", "pilot", "已经评上了", "yes"),
        ("demonstration", "pilot", "没评过", "no"),
        ("demonstration", "pilot", "去年刚评过", "yes"),
        ("demonstration", "pilot", "市里评的", None),
        ("demonstration", "pilot", "具备", None),
        ("demonstration", "pilot_funded", "具备", None),
        ("demonstration", "pilot_funded", "给过五十万", "yes"),
        ("demonstration", "pilot_funded", "说是给五十万", None),
        ("demonstration", "pilot_funded", "省里给过钱", None),
        ("demonstration", "bad_credit", "应该没有", "unknown"),
        ("demonstration", "bad_credit", "我们局没有失信", None),
        ("demonstration", "bad_credit", "单位没有，负责人也没有", None),
        ("demonstration", "bad_credit", "单位没有，负责人也没有，企业也没有", "no"),
        ("research", "bad_credit", "单位没有，负责人也没有", "no"),
        ("demonstration", "pilot_funded", "没拿过", "no"),
        ("demonstration", "pilot_funded", "拿到过了", "yes"),
        ("demonstration", "agenda", "列入了", "yes"),
        ("demonstration", "agenda", "已经列入了", "yes"),
        ("demonstration", "agenda", "没列入", "no"),
        ("demonstration", "agenda", "没有列入呢", "no"),
        ("demonstration", "agenda", "列入了吗", None),
        ("demonstration", "fund", "设了", "yes"),
        ("demonstration", "fund", "没设", "no"),
        ("demonstration", "fund", "每年二十万", "yes"),
        ("demonstration", "fund", "每年给企业补二十万", None),
        ("demonstration", "fund", "去年没有", None),
        ("demonstration", "fund", "基本没有", None),
        ("demonstration", "management", "不靠前", "no"),
        ("demonstration", "implementer", "一家都没有", "no"),
        ("demonstration", "implementer", "有好几家", "yes"),
        ("demonstration", "implementer", "企业还没定", "unknown"),
        ("demonstration", "implementer", "正在谈", "unknown"),
        ("demonstration", "implementer", "有一家研究院", "yes"),
        ("demonstration", "implementer", "有一家在谈", None),
        ("demonstration", "implementer", "有一家分公司", None),
        ("demonstration", "applicant", "1", "city"),
        ("demonstration", "applicant", "第二个", "county"),
        ("demonstration", "applicant", "选3", "park"),
        ("demonstration", "applicant", "选第三个", "park"),
        ("demonstration", "applicant", "④", "enterprise"),
        ("demonstration", "applicant", "５", "other"),
        ("demonstration", "applicant", "6", "unknown"),
        ("demonstration", "applicant", "7", None),
        ("demonstration", "applicant", "企业", "enterprise"),
        ("demonstration", "applicant", "我们是企业", "enterprise"),
        ("demonstration", "applicant", "我们是一家企业", "enterprise"),
        ("demonstration", "applicant", "公司", "enterprise"),
        ("demonstration", "applicant", "国家级或省级园区管委会", "park"),
        ("demonstration", "applicant", "省级高新区管委会", "park"),
        ("demonstration", "applicant", "我们是县市场监管局", "county"),
        ("demonstration", "applicant", "市州及以上市场监管部门。", "city"),
        ("demonstration", "applicant", "都不是", "other"),
        ("demonstration", "applicant", "企业可以报吗", None),
        ("demonstration", "applicant", "园区可以报吗", None),
        ("demonstration", "applicant", "是的", None),
        ("demonstration", "applicant", "没有", None),
        ("demonstration", "applicant", "不清楚", "unknown"),
        ("demonstration", "applicant", "不是企业", None),
        ("demonstration", "applicant", "企业和园区都算", None),
        ("research", "units", "1", "one"),
        ("research", "units", "一家", "one"),
        ("research", "units", "就我们一家", "one"),
        ("research", "units", "单独申报", "one"),
        ("research", "units", "两家", "two"),
        ("research", "units", "俩", "two"),
        ("research", "units", "2家", "two"),
        ("research", "units", "两个单位", "two"),
        ("research", "units", "我们两家", "two"),
        ("research", "units", "三家", "more"),
        ("research", "units", "3", "more"),
        ("research", "units", "4家", "more"),
        ("research", "units", "超过两家", "more"),
        ("research", "units", "两家以上", "more"),
        ("research", "units", "两三家", None),
        ("research", "units", "一两家", None),
        ("research", "units", "不到三家", None),
        ("research", "units", "几家", None),
        ("research", "units", "没有", None),
        ("research", "units", "和律所一起报", "two"),
        ("research", "units", "我们和兰大联合申报", "two"),
        ("research", "units", "和两家律所一起报", None),
        ("research", "units", "和律所、协会一起报", None),
        ("research", "units", "我们想和律所一起", None),
        ("research", "lead", "还没定", "no"),
        ("research", "lead", "我们牵头", "yes"),
        ("research", "lead", "大学牵头我们参与", "yes"),
        ("research", "lead", "两家一起牵头", None),
        ("research", "lead", "谁牵头", None),
        ("research", "lead", "建议兰大牵头", None),
        ("research", "lead_legal", "不是独立法人", "no"),
        ("research", "lead_legal", "是独立法人", "yes"),
        ("research", "own_legal", "内设机构", "no"),
        ("research", "own_legal", "学校是独立法人", "yes"),
        ("research", "own_legal", "学校才是独立法人", None),
        ("research", "direction", "就选第8个", "d8"),
        ("research", "direction", "3", "d3"),
        ("research", "direction", "方向3", "d3"),
        ("research", "direction", "第十二个", "d12"),
        ("research", "direction", "十二", "d12"),
        ("research", "direction", "第10个方向", "d10"),
        ("research", "direction", "方向十一", "d11"),
        ("research", "direction", "方向12。", "d12"),
        ("research", "direction", "13", "none"),
        ("research", "direction", "14", "unknown"),
        ("research", "direction", "15", None),
        ("research", "direction", "都不是", "none"),
        ("research", "direction", "哪个都对不上", "none"),
        ("research", "direction", "还没想好", "unknown"),
        ("research", "direction", "不清楚", "unknown"),
        ("research", "direction", "是的", None),
        ("research", "direction", "质押融资", None),
        ("research", "direction", "方向3讲什么", None),
    ],
)
def test_answers_to_particular_questions(project: str, fact: str, text: str, choice: str | None) -> None:
    assert read(GUIDE.project(project).fact(fact), text) == choice


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_every_label_synonym_and_number_is_read(fact: Fact) -> None:
    for number, choice in enumerate(fact.choices, 1):
        assert read(fact, str(number)) == choice.id
        assert read(fact, f"选{number}") == choice.id
        assert read(fact, f" {choice.label}。") == choice.id
        for synonym in choice.synonyms:
            said = synonym.replace(f"{GAP}万", "五十万").replace(GAP, "兰大")
            assert read(fact, said) == choice.id, said
            assert read(fact, f"您好，{said}，谢谢") == choice.id, said


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_a_question_mark_makes_a_question(fact: Fact) -> None:
    for choice in fact.choices:
        assert read(fact, f"{choice.label}吗？") is None
        assert read(fact, f"{choice.label}？") is None


@given(st.text(max_size=200))
def test_any_text_is_read_or_left_alone(text: str) -> None:
    for fact in FACTS[:3]:
        found = read(fact, text)
        assert found is None or found in {choice.id for choice in fact.choices}


@given(st.text(alphabet="有没不是的清楚知道嗯对吗？，吧呢1二个第", max_size=12))
def test_reading_is_the_same_with_politeness_around(text: str) -> None:
    fact = RESEARCH.fact("team")
    found = read(fact, text)
    if found is not None:
        assert read(fact, f"您好，{text}") == found
        assert read(fact, f"{text}，谢谢") == found


def test_a_choice_named_like_a_yes_wins_over_yes() -> None:
    fact = Fact(
        "x",
        "x",
        "x？",
        "x",
        "x",
        "一",
        (Choice("no", "是，没有"), Choice("yes", "有"), Choice("unknown", "?")),
    )
    assert read(fact, "是，没有") == "no"


@pytest.mark.parametrize("text", ["没问题", "没啥问题", "没有什么问题", "没毛病", "条件我看了，没啥问题"])
def test_no_objection_is_no_no(text: str) -> None:
    for fact in YES_NO:
        told = about(fact, text)
        assert read(fact, text) != "no"
        assert told is None or told.choice != "no"

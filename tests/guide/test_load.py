"""Reading the pack: what it holds, and what each kind of mistake is told, with file and line."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from bot.errors import GuideError
from bot.guide.answers import CHAT_KEYS
from bot.guide.load import load_guide
from bot.guide.model import All, Any, Is, Not
from bot.guide.tree import VERDICT_WORDS

PACK = """\
guide:
  title: 小指南
  blanks:
    - {id: deadline, name: 截止时间, text:, source:}
  chat:
    thanks: 不客气。
  topics:
    - id: duration
      label: 多长时间
      related: [when]
      answers:
        - clauses: [一（三）]
          text: 执行期{demonstration.duration}，电话{demonstration.contact.phone}。{basis}
    - id: when
      label: 什么时候截止
      blank: deadline
  projects:
    - id: demonstration
      name: 小项目
      short: 小项目
      duration: 1年
      duration_clause: 一（三）
      tasks: [做一件事。]
      tasks_clause: 一（三）
      deliverables: [一份报告]
      deliverables_clause: 一（三）
      prepare: [一份证明]
      contact:
        division: 某处
        phone: 0931-1234567
        clause: 一（三）
      facts:
        - id: member
          name: 会员
          question: 是不是会员？
          about: 只有会员能报。
          hint: 看会员证。
          clause: 一（二）①
          choices:
            - {id: yes, label: 是}
            - {id: no, label: 不是}
            - {id: unknown, label: 不清楚}
        - id: paid
          name: 会费
          question: 交了会费没有？
          about: 会员要交会费。
          hint: 看收据。
          clause: 一（二）②
          when:
            member: {is: yes}
          choices:
            - {id: yes, label: 交了, synonyms: [交过]}
            - {id: no, label: 没交}
            - {id: unknown, label: 不清楚}
      conditions:
        - id: member
          name: 会员
          kind: hard
          clause: 一（二）①
          requires:
            member: {is: yes}
          met: 是会员。
          failed: 不是会员。
          unclear: 还不清楚是不是会员。
          change: 先入会。
        - id: paid
          name: 会费
          kind: judged
          clause: 一（二）②
          when:
            member: {is one of: [yes]}
          requires:
            any:
              - paid: {is: yes}
              - not:
                  member: {is: yes}
          met: 交了会费。
          unclear: 还不清楚交没交会费。
          change: 去查一查。
"""


CHAT = "guide:\n  chat:\n" + "".join(f"    {key}: 好。\n" for key in CHAT_KEYS if key != "thanks")


def write(folder: Path, text: str, name: str = "guide.yml") -> Path:
    """Write a file of the pack, and the chat texts that no test is about beside it."""
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "zchat.yml").write_text(CHAT, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(GuideError) as caught:
        load_guide(folder)
    return caught.value.problems


def test_the_small_pack_is_sound_and_becomes_objects(tmp_path: Path) -> None:
    guide = load_guide(write(tmp_path, PACK))
    [project] = guide.projects
    assert guide.title == "小指南"
    assert project.fact("paid").when == Is("member", ("yes",))
    assert project.fact("paid").choice("yes").synonyms == ("交过",)
    assert project.conditions[1].requires == Any((Is("paid", ("yes",)), Not(Is("member", ("yes",)))))
    assert project.contact.phone == "0931-1234567"
    assert guide.chat["thanks"] == "不客气。"
    assert set(guide.chat) == set(CHAT_KEYS)
    assert guide.topic("when").blank == "deadline"
    assert len(guide.version) == 12


def test_yes_and_no_are_words_however_they_are_written(tmp_path: Path) -> None:
    for written in ("Yes", "'yes'", "YES"):
        guide = load_guide(write(tmp_path, PACK.replace("member: {is: yes}", f"member: {{is: {written}}}")))
        assert guide.projects[0].conditions[0].requires == Is("member", ("yes",))


# Each: what is replaced by what, the line that must be named, and words that must be said.
MISTAKES = {
    "unknown fact": (
        "            member: {is: yes}\n          met: 是",
        "            mamber: {is: yes}\n          met: 是",
        61,
        "不存在的事实“mamber”",
    ),
    "unknown fact in when": (
        "member: {is one of: [yes]}",
        "mamber: {is one of: [yes]}",
        71,
        "不存在的事实“mamber”",
    ),
    "no such choice": (
        "member: {is one of: [yes]}",
        "member: {is one of: [yes, maybe]}",
        71,
        "没有的选项“maybe”",
    ),
    "later fact": (
        "          clause: 一（二）①\n          choices:",
        "          clause: 一（二）①\n          when: {paid: {is: yes}}\n          choices:",
        39,
        "排在后面",
    ),
    "never decided": (
        "          when:\n"
        "            member: {is one of: [yes]}\n"
        "          requires:\n"
        "            any:\n"
        "              - paid: {is: yes}\n"
        "              - not:\n"
        "                  member: {is: yes}\n",
        "          requires:\n            paid: {is: yes}\n",
        70,
        "判断不出来",
    ),
    "never met": (
        "            member: {is: yes}\n          met: 是",
        "            all:\n"
        "              - member: {is: yes}\n"
        "              - member: {is: no}\n"
        "          met: 是",
        60,
        "怎么答都不会满足",
    ),
    "never failed": (
        "            member: {is: yes}\n          met: 是",
        "            any:\n"
        "              - member: {is: yes}\n"
        "              - member: {is: no}\n"
        "          met: 是",
        60,
        "怎么答都会满足",
    ),
    "condition never applies": (
        "            member: {is one of: [yes]}",
        "            all:\n              - member: {is: yes}\n              - member: {is: no}",
        70,
        "永远用不到",
    ),
    "fact never asked": (
        "          when:\n            member: {is: yes}\n",
        "          when:\n"
        "            all:\n"
        "              - member: {is: yes}\n"
        "              - member: {is: no}\n",
        49,
        "永远不会问",
    ),
    "fact without use": (
        "              - paid: {is: yes}\n              - not:",
        "              - member: {is: no}\n              - not:",
        43,
        "没有用在任何条件里",
    ),
    "two facts in one place": (
        "            member: {is: yes}\n          met: 是",
        "            member: {is: yes}\n            paid: {is: yes}\n          met: 是",
        61,
        "all（都要）或 any（任一）",
    ),
    "no operator": (
        "            member: {is: yes}\n          met: 是",
        "            member: yes\n          met: 是",
        61,
        "读不懂",
    ),
    "is with a list": (
        "            member: {is: yes}\n          met: 是",
        "            member: {is: [yes]}\n          met: 是",
        61,
        "读不懂",
    ),
    "empty all": (
        "            member: {is: yes}\n          met: 是",
        "            all: []\n          met: 是",
        61,
        "一串条件",
    ),
    "missing clause": (
        "          kind: hard\n          clause: 一（二）①\n",
        "          kind: hard\n",
        56,
        "没有写“clause”，请补上指南条款号",
    ),
    "empty clause": (
        "          kind: hard\n          clause: 一（二）①\n",
        "          kind: hard\n          clause:\n",
        59,
        "空着“clause”",
    ),
    "not a clause": (
        "          kind: hard\n          clause: 一（二）①\n",
        "          kind: hard\n          clause: 1(2)\n",
        59,
        "不是指南的条款号",
    ),
    "unknown project": (
        "clauses: [一（三）]",
        "clauses: [一（三）]\n          project: 项目",
        13,
        "不存在的项目",
    ),
    "wrong clause in an answer": (
        "clauses: [一（三）]",
        "clauses: [第三条]",
        12,
        "不是指南的条款号",
    ),
    "not a phone": (
        "0931-1234567",
        "0931-12345",
        30,
        "不像电话号码",
    ),
    "two phones": (
        "0931-1234567",
        "0931-1234567、7654321",
        30,
        "一处只写一个",
    ),
    "contact without source": (
        "        clause: 一（三）\n      facts",
        "      facts",
        28,
        "出处",
    ),
    "duplicate fact": (
        "        - id: paid\n          name: 会费\n          question",
        "        - id: member\n          name: 会费\n          question",
        43,
        "guide.yml 第 33 行已经有一个",
    ),
    "duplicate condition": (
        "        - id: paid\n          name: 会费\n          kind",
        "        - id: member\n          name: 会费\n          kind",
        66,
        "guide.yml 第 56 行已经有一个",
    ),
    "duplicate topic": (
        "    - id: when",
        "    - id: duration",
        14,
        "重复了",
    ),
    "duplicate choice": (
        "            - {id: no, label: 不是}",
        "            - {id: yes, label: 不是}",
        41,
        "选项“yes”重复",
    ),
    "duplicate key": (
        "      short: 小项目\n",
        "      short: 小项目\n      short: 项目\n",
        21,
        "写了两次",
    ),
    "one word for two choices": (
        "label: 没交}",
        "label: 没交, synonyms: [交了]}",
        53,
        "既指“yes”又指“no”",
    ),
    "id that breaks taps": (
        "id: unknown, label: 不清楚}\n        - id",
        "id: 'un:known', label: 不清楚}\n        - id",
        42,
        "小写字母",
    ),
    "long label": (
        "label: 没交",
        "label: 到现在为止一直都还没有交过今年应当交的那一笔会员费",
        53,
        "放不下",
    ),
    "single choice": (
        "            - {id: no, label: 不是}\n            - {id: unknown, label: 不清楚}\n        - id: paid",
        "        - id: paid",
        40,
        "只有一个选项",
    ),
    "unknown key": (
        "          hint: 看收据。",
        "          hnit: 看收据。",
        47,
        "请改成“hint”",
    ),
    "unknown key without a near one": (
        "  title: 小指南",
        "  title: 小指南\n  zzz: 1",
        3,
        "不认识“zzz”",
    ),
    "missing field": (
        "          hint: 看收据。\n",
        "",
        43,
        "没有写“hint”",
    ),
    "missing failed sentence": (
        "          failed: 不是会员。\n",
        "",
        56,
        "没有写“failed”",
    ),
    "failed sentence where nothing fails": (
        "          met: 交了会费。",
        "          failed: 没交。\n          met: 交了会费。",
        77,
        "请删掉“failed”",
    ),
    "failed_for without such a choice": (
        "          failed: 不是会员。",
        "          failed: 不是会员。\n          failed_for:\n            guest: 客人不行。",
        65,
        "不存在的选项“guest”",
    ),
    "wrong kind": (
        "kind: judged",
        "kind: soft",
        68,
        "不能是“soft”",
    ),
    "list instead of text": (
        "      name: 小项目",
        "      name: [小项目]",
        19,
        "应该是一句文字",
    ),
    "text instead of list": (
        "      tasks: [做一件事。]",
        "      tasks: 做一件事。",
        23,
        "应该是一个列表",
    ),
    "mapping in a list of texts": (
        "      prepare: [一份证明]",
        "      prepare: [一份: 证明]",
        27,
        "不是文字",
    ),
    "text instead of mapping": (
        "      contact:\n        division: 某处\n        phone: 0931-1234567\n        clause: 一（三）\n",
        "      contact: 某处\n",
        28,
        "“名称: 内容”",
    ),
    "unknown placeholder": (
        "{demonstration.duration}",
        "{demonstration.time}",
        13,
        "不存在的“{demonstration.time}”",
    ),
    "placeholder of another project": (
        "{demonstration.duration}",
        "{research.duration}",
        13,
        "不存在的“{research.duration}”",
    ),
    "unfilled placeholder": (
        "        phone: 0931-1234567\n",
        "        phone:\n",
        13,
        "还空着",
    ),
    "single brace": (
        "{demonstration.duration}",
        "{demonstration.duration",
        13,
        "没有配对",
    ),
    "unknown placeholder in a chat text": (
        "不客气。",
        "不客气{who}。",
        6,
        "不存在的“{who}”",
    ),
    "brace where nothing is filled in": (
        "          about: 只有会员能报。",
        "          about: 只有{who}能报。",
        36,
        "花括号",
    ),
    "verdict word": (
        "          met: 是会员。",
        "          met: 初步符合。",
        62,
        "只能由结论说出",
    ),
    "missing chat text": (
        "    thanks: 不客气。\n",
        "    bye2: 不客气。\n",
        5,
        "没有写“thanks”",
    ),
    "chat text without use": (
        "    thanks: 不客气。\n",
        "    thanks: 不客气。\n    thanksgiving: 好。\n",
        7,
        "“thanksgiving”没有地方用",
    ),
    "verdict word in a chat text": (
        "不客气。",
        "待确认。",
        6,
        "只能由结论说出",
    ),
    "unknown related topic": (
        "related: [when]",
        "related: [whence]",
        10,
        "不存在的话题“whence”",
    ),
    "topic related to itself": (
        "related: [when]",
        "related: [duration]",
        10,
        "它自己",
    ),
    "unknown blank": (
        "blank: deadline",
        "blank: deadlin",
        16,
        "不存在的空白项“deadlin”",
    ),
    "topic without an answer": (
        "      blank: deadline\n",
        "",
        14,
        "没有写“answers”",
    ),
    "two answers for all": (
        "{basis}\n",
        "{basis}\n        - clauses: [一]\n          text: 又一条。\n",
        11,
        "只写一个通用的",
    ),
    "blank filled without source": (
        "text:, source:}",
        "text: 五月底, source:}",
        4,
        "没有写“source”",
    ),
    "broken yaml": (
        "      short: 小项目\n",
        "      short: “小项目\n     wrong: 缩进\n",
        21,
        "YAML 格式读不懂",
    ),
    "tab": (
        "      short: 小项目\n",
        "\t\tshort: 小项目\n",
        20,
        "制表符",
    ),
    "unclosed quote": (
        "      prepare: [一份证明]",
        "      prepare: ['一份证明]",
        27,
        "YAML 格式读不懂",
    ),
    "alias": (
        "      name: 小项目\n      short: 小项目",
        "      name: &name 小项目\n      short: *name",
        20,
        "引用",
    ),
    "invisible character": (
        "      short: 小项目",
        "      short: 小\x07项目",
        20,
        "不能显示的字符",
    ),
    "not under guide": (
        "guide:\n",
        "guid:\n",
        1,
        "请改成“guide”",
    ),
    "no title": (
        "  title: 小指南\n",
        "",
        1,
        "没有写“title”",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_file_and_line(name: str, tmp_path: Path) -> None:
    old, new, line, words = MISTAKES[name]
    assert PACK.count(old) == 1, f"{old!r} stands {PACK.count(old)} times"
    found = problems(write(tmp_path, PACK.replace(old, new)))
    assert any(each.startswith(f"guide.yml:{line} ") and words in each for each in found), found
    assert len(found) <= 2, found


@pytest.mark.parametrize("name", MISTAKES)
def test_every_sentence_is_one_that_a_clerk_can_read(name: str, tmp_path: Path) -> None:
    old, new, _, _ = MISTAKES[name]
    for each in problems(write(tmp_path, PACK.replace(old, new))):
        assert re.fullmatch(r"guide\.yml:[1-9]\d* [^。\n]*请[^。\n]*。", each), each


def test_all_mistakes_are_told_together_in_order(tmp_path: Path) -> None:
    text = PACK.replace("0931-1234567", "12").replace("kind: judged", "kind: soft")
    text = text.replace("member: {is one of: [yes]}", "member: {is one of: [maybe]}")
    text = text.replace("related: [when]", "related: [whence]")
    write(tmp_path, "guide:\n  blanks:\n    - {id: deadline, name: 又一个}\n", "zz.yml")
    found = [each.split(" ")[0] for each in problems(write(tmp_path, text))]
    assert found == ["guide.yml:10", "guide.yml:30", "guide.yml:68", "guide.yml:71", "zz.yml:3"]


def test_two_files_are_joined_and_each_keeps_its_name_in_mistakes(tmp_path: Path) -> None:
    write(tmp_path, PACK)
    write(tmp_path, "guide:\n  topics:\n    - {id: more, label: 别的, blank: nothing}\n", "topics.yml")
    assert problems(tmp_path) == ["topics.yml:3 话题“more”的“blank”用到了不存在的空白项“nothing”，请改正。"]


def test_a_file_that_cannot_be_read_hides_no_other_mistake(tmp_path: Path) -> None:
    write(tmp_path, PACK.replace("0931-1234567", "12"))
    write(tmp_path, "guide: [", "broken.yml")
    (tmp_path / "latin.yml").write_bytes("guide:\n  title: 指南\n".encode("gbk"))
    places = [each.split(" ")[0] for each in problems(tmp_path)]
    assert places == ["broken.yml:1", "guide.yml:30", "latin.yml:2"]


def test_an_empty_file_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, PACK)
    write(tmp_path, "# nothing\n", "empty.yml")
    assert problems(tmp_path) == ["empty.yml:1 文件是空的，请写上内容或删掉这个文件。"]


def test_a_folder_without_files_is_a_mistake(tmp_path: Path) -> None:
    assert "没有指南文件" in problems(tmp_path / "nowhere")[0]


def test_conditions_that_share_too_many_facts_are_refused(tmp_path: Path) -> None:
    facts, leaves = "", ""
    for number in range(11):
        facts += (
            f"        - id: f{number}\n          name: 甲\n          question: 甲？\n          about: 甲。\n"
            "          hint: 甲。\n          clause: 一（二）①\n          choices:\n"
            "            - {id: yes, label: 是}\n            - {id: no, label: 否}\n"
            "            - {id: unknown, label: 不清楚}\n"
        )
        leaves += f"              - f{number}: {{is: yes}}\n"
    text = PACK.replace("      conditions:\n", facts + "      conditions:\n")
    text = text.replace("              - paid: {is: yes}\n", "              - paid: {is: yes}\n" + leaves)
    assert "太多了" in problems(write(tmp_path, text))[0]


def test_directions_go_to_the_research_project_and_become_choices(tmp_path: Path) -> None:
    text = PACK.replace("demonstration", "research")
    text = text.replace(
        "            - {id: yes, label: 交了", "            - directions\n            - {id: yes, label: 交了"
    )
    direction = "    - {{number: {0}, name: 方向{0}, about: 说明。, keywords: [词], clause: 二（一）{0}}}\n"
    more = "guide:\n  directions:\n" + direction.format(1) + direction.format(2)
    write(tmp_path, more, "directions.yml")
    project = load_guide(write(tmp_path, text)).project("research")
    assert [choice.id for choice in project.fact("paid").choices] == ["d1", "d2", "yes", "no", "unknown"]
    assert project.fact("paid").choice("d2").label == "方向2"
    write(tmp_path, more.replace("number: 2", "number: 3"), "directions.yml")
    assert problems(tmp_path) == ["directions.yml:4 研究方向的编号不连续，3 前面缺了 2，请补上或改编号。"]
    write(tmp_path, more.replace("number: 2", "number: two"), "directions.yml")
    assert problems(tmp_path)[0].startswith("directions.yml:4 研究方向“two”的“number”应该是")


# The real pack.


def test_the_pack_holds_what_must_stand() -> None:
    guide = load_guide()
    demonstration, research = guide.projects
    assert (demonstration.id, research.id) == ("demonstration", "research")
    assert demonstration.contact.division == "知识产权保护运用处"
    assert demonstration.contact.phone == "0931-8533556"
    assert (research.contact.division, research.contact.phone) == ("", "")
    assert demonstration.duration == research.duration == "1年"
    assert "3万字以上" in research.deliverables[0]
    assert "5千字以内" in research.deliverables[1]
    assert [direction.number for direction in research.directions] == list(range(1, 13))
    assert {blank.id for blank in guide.blanks} == {
        *("amount", "deadline", "forms", "where_to_submit", "places", "review")
    }
    assert not any(blank.text for blank in guide.blanks)


def test_clauses_and_kinds_are_those_of_the_contract() -> None:
    guide = load_guide()
    found = {
        project.id: [(each.id, each.kind, each.clause) for each in project.conditions]
        for project in guide.projects
    }
    assert found["demonstration"] == [
        ("applicant", "hard", "一（二）①"),
        ("pilot", "hard", "一（二）①"),
        ("agenda", "hard", "一（二）②"),
        ("fund", "hard", "一（二）②"),
        ("support", "hard", "一（二）②"),
        ("industry", "judged", "一（二）②"),
        ("holdings", "judged", "一（二）②"),
        ("management", "judged", "一（二）②"),
        ("implementer", "hard", "一（二）③"),
        ("bad_credit", "hard", "一（二）④"),
        ("former_pilot", "preference", "一（二）②"),
    ]
    assert found["research"] == [
        ("foundation", "judged", "二（二）1"),
        ("expertise", "judged", "二（二）1"),
        ("team", "hard", "二（二）1"),
        ("units", "hard", "二（二）2"),
        ("lead", "hard", "二（二）2"),
        ("lead_legal", "hard", "二（二）2"),
        ("own_legal", "judged", "二（二）2"),
        ("bad_credit", "hard", "二（二）3"),
        ("direction", "advice", "二（一）"),
    ]


def test_objects_are_frozen() -> None:
    guide = load_guide()
    with pytest.raises(AttributeError):
        guide.projects[0].name = "x"  # type: ignore[misc]


def test_no_text_of_the_pack_gives_a_verdict() -> None:
    text = msgspec.json.encode(load_guide()).decode()
    assert not any(word in text for word in VERDICT_WORDS)


def test_the_version_changes_with_any_file(tmp_path: Path) -> None:
    first = load_guide(write(tmp_path, PACK)).version
    assert load_guide(tmp_path).version == first
    assert load_guide(write(tmp_path, PACK.replace("不客气", "不用谢"))).version != first


def test_expressions_may_be_nested(tmp_path: Path) -> None:
    text = PACK.replace(
        "            member: {is: yes}\n          met: 是",
        "            not: {all: [{member: {is: no}}, {not: {any: [{member: {is: yes}}]}}]}\n"
        "          met: 是",
    )
    inner = All((Is("member", ("no",)), Not(Any((Is("member", ("yes",)),)))))
    assert load_guide(write(tmp_path, text)).projects[0].conditions[0].requires == Not(inner)

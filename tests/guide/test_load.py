"""Reading the pack: what it holds, and what each kind of mistake is told, with file and line."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from bot.guide.answers import CHAT_KEYS
from bot.guide.load import load_guide
from bot.guide.model import All, Any, Is, Not
from bot.guide.tree import VERDICT_WORDS
from tests.guide import mistakes_of_form, mistakes_of_sense
from tests.guide.pack import PACK, problems, write

MISTAKES = {**mistakes_of_sense.MISTAKES, **mistakes_of_form.MISTAKES}


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
        *("amount", "deadline", "forms", "where_to_submit", "places", "review"),
        *("checks", "changes", "people", "originality", "spending", "elsewhere", "several"),
        *("failing", "recommend", "address", "again", "yearly", "ownership", "rank", "hire", "repeated"),
        "supplement",
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

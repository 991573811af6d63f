"""Facts that a message states, within a screening: taken, said back, and each can be undone by a tap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from actions import taps
from actions.memory import Memory
from actions.offers import again
from actions.taps import Option
from bot.guide import reading, screening, statements
from bot.guide.model import Fact, Project
from bot.guide.statements import Stated

_OWN = re.compile("我们|咱|俺|我[局县市区园校院所单]|本[局县市区园校院所单]")
_INTRODUCES = re.compile("问|了解|咨询|打听|请教")
"""What comes after these words is asked about, not told; after an answer they say that it was none."""
_ANSWER_THEN = re.compile(r"\s*([^，,。;；！!?？]{1,12})[，,。;；！!]+(.+)", re.DOTALL)
_FILLER = re.compile("(?:对|嗯|恩|好|不|哦|噢|行|是|没错|不错|当然)+[了呀啊吧]*")
"""Before a comma these only lead over to what comes: 对了，电话多少."""
_CHANGED = re.compile(
    r".{0,6}(?:改|(?<![没不])错|更正|不对).{0,3}[，,。\s]+(?:应该是|其实是|是)?(.+)", re.DOTALL
)
_UNDO = 4
"""At most so many options to undo what was understood."""


class Hearing(NamedTuple):
    """What was made of a message: words to say first, with options, or the key of a chat text.

    ``asks``: the message also asks a topic, which is to be answered after that.
    """

    say: str = ""
    chat: str = ""
    options: tuple[Option, ...] = ()
    asks: bool = False


def stated(memory: Memory, project: Project) -> Hearing | None:
    """Take every fact that the words state, and say what was understood; None when they state none."""
    found = told(memory, project)
    return taken(memory, project, found) if found else None


def told(memory: Memory, project: Project) -> list[Stated]:
    """What the words state, without what doesn't apply: who is no pilot wasn't paid as one (财政没给钱)."""
    found = () if taps.hear(memory.text) else statements.find(project, memory.text)
    answers = memory.answers(project.id)
    for each in found:
        answers = screening.put(project, answers, each.fact, each.choice)
    return [each for each in found if each.fact in answers]


def taken(memory: Memory, project: Project, found: Sequence[Stated]) -> Hearing:
    """Keep what was stated and say it back, each with a way to undo it."""
    before = answers = memory.answers(project.id)
    for each in found:
        answers = screening.put(project, answers, each.fact, each.choice)
    memory.keep(project.id, answers)
    facts = [(project.fact(each.fact), each.choice) for each in found]
    lines = [
        f"• {fact.name}：{fact.choice(choice).label}{_changed(fact, before.get(fact.id, choice), choice)}"
        for fact, choice in facts
    ]
    options = tuple(again(project, fact) for fact, _ in facts[:_UNDO])
    return Hearing(say="\n".join(["照您说的，我先记下：", *lines, "哪一条不对，点下面改。"]), options=options)


def _changed(fact: Fact, before: str, now: str) -> str:
    """What was noted before, where it was something else: nothing is replaced unseen."""
    return "" if before == now else f"（先前记的是“{fact.choice(before).label}”）"


def told_and_asked(memory: Memory, project: Project, fact: Fact | None) -> Hearing | None:
    """A topic's question with a fact beside it: 我们有工作资金，那要交什么材料？ None where it only asks."""
    found = [
        each for each in statements.find(project, memory.text) if _own_voice(memory.text, each.words)
    ] or _answered_first(memory.text, fact)
    return taken(memory, project, found)._replace(asks=True) if found else None


def restated(memory: Memory, project: Project, asked: Fact | None = None) -> Hearing | None:
    """An answer taken back with the new one beside it: 改一下，是两家; 说错了，已经到账了.

    Only where one question fits: a mere yes names none, and what answers the open one may be of that.
    """
    match = _CHANGED.fullmatch(memory.text.strip())
    if match is None or (asked and reading.by_name(asked, match[1])):
        return None
    answers = memory.answers(project.id)
    facts = [fact for fact in project.facts if fact.id in answers]
    said = [(fact, reading.by_name if statements.polar(fact) else reading.read) for fact in facts]
    found = [Stated(fact.id, choice, match[1]) for fact, read in said if (choice := read(fact, match[1]))]
    return taken(memory, project, found) if len(found) == 1 else None


def _own_voice(text: str, words: str) -> bool:
    """Whether the applicant says it of themselves. 没有工作资金，还能报吗 may be asked for anybody."""
    at = text.find(words)
    until = text[: at + len(words)] if at >= 0 else text
    return bool(_OWN.search(until)) and not _INTRODUCES.search(until)


def _answered_first(text: str, fact: Fact | None) -> list[Stated]:
    """The open question answered, then one asked back: 有的，那要交什么材料？"""
    match = _ANSWER_THEN.match(text)
    if fact is None or match is None or _FILLER.fullmatch(match[1]) or _INTRODUCES.search(match[2]):
        return []
    choice = reading.read(fact, match[1])
    return [Stated(fact.id, choice, match[1])] if choice else []

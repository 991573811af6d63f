"""How one message is taken within a screening."""

from __future__ import annotations

import re

from actions import taps
from actions.memory import Memory
from actions.narrowing import fitting
from actions.stating import Hearing, restated, stated, taken, told, told_and_asked
from bot.guide import elaborated, organisations, reading, screening, statements, wording
from bot.guide.answers import RESEARCH, answer, chat, direction_match
from bot.guide.model import Fact, Guide, Project

_CORRECTS = re.compile(r"改|更正|纠正|[选答说填点弄搞]错|不对|重新[选答]")
_WRONG = re.compile(
    r"我?(?:刚才|刚刚|前面|上面)?(?:我|我们)?(?:[选答说填点弄搞记]错了?|不对)(?:了|吧|啊)*(?:[，,。\s]|$)"
)
_GOES_ON = re.compile(r"接着|继续|刚才|上次")
_DOUBTS = re.compile(
    "[清准道底晓忘记]|(?:再|去|要|得|需)[查问]|查查|问问|没[查问]|跳过|再说|回头|难说|确定|好说|想好|拿不|说不"
)
"""Without one of these 掌握 or 企业还没定 is no "don't know", whatever it sounds like."""
_OF_UNITS = re.compile("几家|牵头|法人")
"""Questions about the units themselves: there 公司 is an attempt at an answer."""
_LONG = 20
_SHORT = 10
_HOW = re.compile(
    r"(?:这个|这一?条|这题|这一问|这|那|我|要)?(?:怎么|在?哪里?|上哪儿?|去哪儿?|从哪儿?|如何|咋)(?:能|才能|去)?"
    r"(?:查到?|看|找|判断|知道|弄清楚?|核实|确认|算)[呢啊呀得]?|(?:这个?|那)?(?:是|啥)?(?:什么|啥)意思|(?:看|搞|听)?不懂|不明白"
)


def hear(memory: Memory, guide: Guide) -> Hearing | None:
    """Take a message into the memory; None when it is no answer and no command."""
    match memory.intent:
        case "answer":
            return _tapped(memory, guide)
        case "screen" | "continue" | "start_over" | "go_back":
            return _command(memory, guide)
    return _typed(memory, guide)


def _tapped(memory: Memory, guide: Guide) -> Hearing:
    _, project_id, fact_id, *choice = memory.entities["tap"].split(":")
    try:
        project = guide.project(project_id)
        fact = project.fact(fact_id)
        if choice:
            memory.keep(project_id, screening.put(project, memory.answers(project_id), fact_id, choice[0]))
        else:
            _reopen(memory, project, fact)
    except KeyError:
        # The option is from an older guide.
        return Hearing(chat="old_option")
    return Hearing()


def _command(memory: Memory, guide: Guide) -> Hearing:
    if memory.entities.get("tap", "").startswith("resume"):
        return _resumed(memory, guide)
    chosen = memory.entities.get("project") or _at_hand(memory)
    if chosen not in {project.id for project in guide.projects}:
        return Hearing()
    project, answers = guide.project(chosen), memory.answers(chosen)
    memory.keep(chosen, answers)
    if memory.intent in {"start_over", "go_back"}:
        return _rewound(memory, project)
    said = _stated(memory, project, open_fact(memory, project))
    if said is not None:
        return said
    goes_on = answers and not memory.in_screening and open_fact(memory, project) is not None
    return Hearing(chat="resumed") if goes_on else Hearing()


def _resumed(memory: Memory, guide: Guide) -> Hearing:
    """A person gave the conversation back: take over what they corrected, and go on."""
    corrected = taps.corrections(memory.entities["tap"])
    if not corrected:
        return Hearing(chat="resumed")
    lines = [chat(guide, "handoff_corrected")]
    try:
        project = guide.project(memory.entities["project"])
        answers = memory.answers(project.id)
        for fact, choice in corrected:
            answers = screening.put(project, answers, fact, choice)
            lines.append(f"• {project.fact(fact).name}：{project.fact(fact).choice(choice).label}")
    except KeyError:
        # Corrected by a guide that has changed meanwhile.
        return Hearing(chat="resumed")
    memory.keep(project.id, answers)
    return Hearing(say="\n".join(lines))


def _at_hand(memory: Memory) -> str | None:
    """The project that goes on: the one talked about, unless only another one has been begun."""
    begun = [project for project, answers in memory.screening.items() if answers]
    goes_on = memory.intent in {"continue", "go_back"} or _GOES_ON.search(memory.text)
    resumes = goes_on and not memory.in_screening
    return begun[0] if resumes and len(begun) == 1 else memory.project


def _rewound(memory: Memory, project: Project) -> Hearing:
    """Start over, or one question back."""
    memory.put("reopened", None)
    if memory.intent == "go_back" and (again := restated(memory, project)):
        return again
    if memory.intent == "start_over":
        memory.keep(project.id, {})
        return Hearing(chat="restarted")
    answers = memory.answers(project.id)
    back = screening.take_back(project, answers)
    memory.keep(project.id, back)
    return Hearing(chat="undone" if back != answers else "first_question")


def open_fact(memory: Memory, project: Project) -> Fact | None:
    """The fact whose question is open: the one that is put again, else the next; None when all is said."""
    answers = memory.answers(project.id)
    asked, _, again = (memory.reopened or "").partition(":")
    if asked == project.id and again not in answers:
        fact = project.fact(again)
        if again in screening.put(project, answers, again, fact.choices[0].id):
            return fact
    return screening.next_fact(project, answers)


def _typed(memory: Memory, guide: Guide) -> Hearing | None:
    if memory.project is None:
        return _which_project(memory, guide)
    project = guide.project(memory.project)
    answers = memory.answers(project.id)
    fact = open_fact(memory, project)
    if fact is not None and (explained := _explained(memory, fact)):
        return explained
    choice = reading.read(fact, memory.text) if fact else None
    if choice is None:
        asked = _of_a_topic(memory, guide)
        if asked and statements.asks(memory.text):
            return told_and_asked(memory, project, fact)
        heard = (
            _corrected(memory, project) or restated(memory, project, fact) or _stated(memory, project, fact)
        )
        if heard is not None or asked or fact is None:
            return heard or (None if asked else Hearing())
        choice = _by_intent(memory, fact)
        if choice is None:
            return _answered_aside(memory, guide, project, fact)
    if fact is None:
        return Hearing()
    memory.keep(project.id, screening.put(project, answers, fact.id, choice))
    return Hearing(say=f"记下了：{fact.name}——{fact.choice(choice).label}。")


def _of_a_topic(memory: Memory, guide: Guide) -> bool:
    """Whether the message was heard as a topic of the guide."""
    return memory.intent in {topic.id for topic in guide.topics}


def _stated(memory: Memory, project: Project, fact: Fact | None) -> Hearing | None:
    """What the words state, the open question's answer before it among them: 列入了，资金也有."""
    found = told(memory, project)
    if fact is not None and all(each.fact != fact.id for each in found):
        first = elaborated.find(fact, memory.text)
        found += [first] if first else []
    if not found and fact is not None and (about := statements.about(fact, memory.text)):
        found = [about]
    if found:
        return taken(memory, project, found)
    return Hearing(chat="which_to_change") if _WRONG.match(memory.text.strip()) else None


def _names_unit(guide: Guide, project: Project, text: str) -> bool:
    """Whether a message only says what unit they are, to a project that takes any: 我们是协会."""
    facts = [fact for each in guide.projects if each is not project for fact in each.facts]
    any_unit = all(fact.id != "applicant" for fact in project.facts)
    return any_unit and len(text) <= _SHORT and organisations.names(facts, reading.normal(text))


def _explained(memory: Memory, fact: Fact) -> Hearing | None:
    """What the open question's "how" or "why" is answered."""
    if _asks_how(fact, memory.text):
        return Hearing(say=wording.hint(fact))
    return Hearing(say=wording.why(fact)) if memory.intent == "why" else None


def _answered_aside(memory: Memory, guide: Guide, project: Project, fact: Fact) -> Hearing | None:
    """What is told beside the question: the kind of unit where any may apply, or a topic of research."""
    if not _OF_UNITS.search(fact.question) and _names_unit(guide, project, memory.text):
        return Hearing(say=answer(guide, "who_can_apply", project.id).text)
    fits = fitting(memory, guide, fact)
    return Hearing(say=direction_match(guide, memory.text, memory.direction_prior).text) if fits else None


def _asks_how(fact: Fact, text: str) -> bool:
    """How to find out: 怎么查？ alone, or behind 不太清楚."""
    before, _, last = re.sub(r"[？?。\s]+$", "", text).rpartition("，")
    alone = not before or reading.read(fact, before) == "unknown"
    return alone and bool(_HOW.fullmatch(reading.normal(last)))


def _which_project(memory: Memory, guide: Guide) -> Hearing | None:
    """No project is being talked about yet: the message may name one, or fit one only."""
    if memory.in_screening and _of_a_topic(memory, guide) and statements.asks(memory.text):
        return None
    chosen = memory.entities.get("project") or (RESEARCH if memory.numbers else None)
    if chosen is None:
        meant = statements.meant(guide, memory.text)
        chosen = meant[0][0].id if len(meant) == 1 else None
    if chosen is None:
        return None if memory.in_screening else Hearing()
    memory.keep(chosen, memory.answers(chosen))
    return stated(memory, guide.project(chosen)) or Hearing()


def _corrected(memory: Memory, project: Project) -> Hearing | None:
    """单位类型选错了: put that question again. With the new answer in the same words, `_stated` takes it."""
    if not _CORRECTS.search(memory.text):
        return None
    wrong = statements.named(project, memory.text)
    if wrong not in memory.answers(project.id) or statements.find(project, memory.text):
        return None
    fact = project.fact(wrong)
    _reopen(memory, project, fact)
    return Hearing(say=f"好的，“{fact.name}”重新问一遍。")


def _reopen(memory: Memory, project: Project, fact: Fact) -> None:
    answers = memory.answers(project.id)
    answers.pop(fact.id, None)
    memory.keep(project.id, answers)
    memory.put("reopened", f"{project.id}:{fact.id}")


def _by_intent(memory: Memory, fact: Fact) -> str | None:
    """Don't know, as the language model heard it.

    Yes and no aren't taken from it: it hears 找到了 as a yes, whatever was asked.
    """
    unsure = memory.intent == "unsure" and statements.polar(fact) and _DOUBTS.search(memory.text)
    return "unknown" if unsure and len(memory.text) <= _LONG else None

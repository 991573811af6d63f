"""Questions about the guide."""

from __future__ import annotations

import re

from actions import taps
from actions.base import Speaker, Voice
from actions.feedback import invite
from actions.memory import Memory
from actions.offers import HUMAN, originals, projects, topics
from actions.pack import guide
from actions.taps import Option
from bot.guide import directions, points
from bot.guide.answers import DEMONSTRATION, RESEARCH, Answer, answer, direction_match, point
from bot.guide.phrases import CLAUSE_END

_SAME = re.compile(r"同一|一样|也是|也[打找]|都[是打找]|两[个边类]|通用")
"""Asks for one project beside the other: 研究那个也是这个号吗."""

_OF_A_PLACE = re.compile("我们?(?:这个)?(?:县|区|市|园区|管委会|高新区|经开区|开发区)")
"""Asks for a place. What its project has to do is asked of the demonstration project; what says 课题 names
the other.
"""

_OF_THE_TWELVE = re.compile(
    "^(?!.*(?:哪一?[个条]|第几|对得上))"
    ".*?(?:(?:那|这)(?:个|一)?(?:方向|条|个题|项)|的(?:那|这)个|(?<!几个)(?<!什么)方向[里中]|个题[是里])"
)
"""Speaks of a direction that is there: 地标那个题是让从哪两个角度写的. Not of which one it is."""


_PLAINLY = 0.65
"""What is asked beside a story is answered where its topic is at least this likely."""


_AMONG_THEM = re.compile(
    "(?!.*(?:合适|适合|对应|能不|能[报选套靠放]|可以|想|打算|我们|我的))(?=.*(?:方向|选题|课题|题目))"
    "(?=.*(?:有没有|有无|没得|包不包|包括|包含|涉及|提到|讲到|有.{1,14}[吗么没不])).{4,30}"
)
"""Asks whether one of the twelve is about something: 有没有关于人工智能的方向. What is one of the twelve is
about intellectual property, said or not.
"""
_TRADE = "的知识产权"


class AnswerTopic(Speaker):
    """Answers a topic for the project that is being talked about."""

    action = "action_answer"

    def speak(self, voice: Voice, memory: Memory) -> None:
        topic, named = memory.intent, memory.entities.get("project")
        memory.put("topic", topic)
        if named and not memory.in_screening:
            # Within a screening the open question is about the project that is screened.
            memory.put("project", named)
        found, *more = _several(memory, topic, named)
        memory.note("clarified" if found.needs_project else "answered" if found.in_guide else "not_in_guide")
        # Within a screening the open question follows, and its options are the ones with numbers.
        voice.say(found.text, [] if memory.in_screening or more else _under(memory, topic, found))
        for each in more:
            # The lines behind the first say whom to ask: once is enough.
            said_already = not (found.in_guide or each.in_guide)
            voice.say(each.text.partition("\n")[0] if said_already else each.text)


def beside(memory: Memory) -> Answer | None:
    """The answer to what a story asks plainly beside the facts that it tells: 我们是学院，能牵头吗."""
    asked = points.topic(guide(), memory.points)
    if asked is None or points.likelihood(guide(), memory.points, asked) < _PLAINLY:
        return None
    if asked == "who_can_apply" and memory.project and (own := _of_their_kind(memory, memory.project)):
        return own
    return _points(memory, memory.points, asked, memory.project)


def _of_their_kind(memory: Memory, project: str) -> Answer | None:
    """Whether such a unit may apply, where they said which they are: the words may name a company too."""
    kind = memory.answers(project).get("applicant")
    found = next((each for each in guide().points if each.id == kind), None)
    return point(guide(), found, project) if found else None


def _several(memory: Memory, topic: str, named: str | None) -> list[Answer]:
    """The answers to all that a message asks, the first one's topic being given."""
    first = named or memory.first
    found = _points(memory, memory.points, topic, first) or _find(memory, topic, first)
    answers = [(topic, found)]
    for other, asked, project in memory.also:
        about = named or project
        # What the guide doesn't say ends with whom to ask: no need to answer that once more.
        if found.in_guide or other != "contact":
            more = _points(memory, asked, other, about) or answer(guide(), other, about or memory.project)
            answers.append((other, more))
    # Nor to ask back for the project where one of the topic's points is answered: 要弄个啥，方案吗.
    told = {other for other, each in answers if not each.needs_project}
    kept = [each for other, each in answers if not (each.needs_project and other in told)]
    return list({each.text: each for each in kept}.values())


def _points(memory: Memory, asked: points.Ranking, topic: str, named: str | None) -> Answer | None:
    """The answer to what a typed question asks for by itself; None where it asks for the topic as a whole."""
    chosen = points.find(guide(), asked, topic, named, memory.project)
    if not chosen or (topic == "who_can_apply" and named and chosen[0].project not in (None, named)):
        return None  # who may apply is said of either project
    found = [point(guide(), each, named or memory.project, named) for each in chosen]
    return Answer(
        text="\n\n".join(each.text for each in found),
        related=tuple(dict.fromkeys(id for each in found for id in each.related))[:2],
        in_guide=any(each.in_guide for each in found),
        clauses=tuple(dict.fromkeys(clause for each in found for clause in each.clauses)),
    )


def _find(memory: Memory, topic: str, named: str | None) -> Answer:
    if topic == "direction_detail" and not memory.numbers and directions.names(guide(), memory.text):
        # 方向里提到三中全会的是哪一条 gives no number: it asks for one.
        return direction_match(guide(), memory.text)
    if topic == "direction_match" and taps.hear(memory.text) is None:
        prior, words = memory.direction_prior, memory.text
        if _OF_THE_TWELVE.search(words):
            prior = _one_of_them(prior)
        asked = next((clause for clause in CLAUSE_END.split(words) if _AMONG_THEM.fullmatch(clause)), None)
        if asked and directions.names(guide(), f"{asked}{_TRADE}"):
            prior, words = None, f"{asked}{_TRADE}"
        if named in (None, RESEARCH) or directions.find(guide(), words, prior):
            return direction_match(guide(), words, prior)
        # Only research has directions to choose from: what is asked of the other project is its aim.
        topic = "directions"
    if _SAME.search(memory.text):
        both = answer(guide(), topic, None, memory.numbers)
        if not both.needs_project:
            return both
    found = answer(guide(), topic, named or memory.project, memory.numbers)
    if found.needs_project and _OF_A_PLACE.search(memory.text):
        return answer(guide(), topic, DEMONSTRATION)
    return found


def _one_of_them(prior: dict[int, float] | None) -> dict[int, float] | None:
    """The same prior without the doubt whether any fits."""
    if prior is None:
        return None
    whole = sum(prior.values())
    # Where the ranker sees none at all, the keywords decide alone.
    return {number: likely / whole for number, likely in prior.items()} if whole else None


def _under(memory: Memory, topic: str, found: Answer) -> list[Option]:
    if found.needs_project:
        return projects(topic)
    related = topics(*found.related)
    if not found.in_guide:
        return [*related[:1], HUMAN]
    return [*related, *originals(*found.clauses), *invite(memory)]

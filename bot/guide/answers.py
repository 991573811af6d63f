"""What we say to a topic: the guide's answer, the office's words, or that the guide doesn't say.

Pure functions of the guide. Texts come from ``data/guide/topics.yml`` and ``chat.yml``; only the sentences
that depend on what the office has filled in are put together here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from bot.guide import directions, placeholders
from bot.guide.model import Guide, Point, Project, Topic, TopicAnswer

BOTH_LIMIT = 300
"""Answers for both projects are given together up to this many characters; else we ask which."""

LIST_LIMIT = 600
"""The same for the list of directions, which is one project's answer with a line on the other."""

DEMONSTRATION = "demonstration"
RESEARCH = "research"

MOST_DIRECTIONS = 3
"""Directions described in one reply."""

CHAT_KEYS = (
    "welcome",
    "notice",
    "greet_again",
    "thanks",
    "bye",
    "bot_challenge",
    "help",
    "privacy",
    "complaint",
    "rude",
    "out_of_scope",
    "not_understood",
    "not_understood_again",
    "hint_intro",
    "feedback_helped",
    "feedback_unsolved",
    "human_requested",
    "cancelled",
    "restarted",
    "nothing_to_continue",
    "which_to_change",
    "why",
    "undone",
    "first_question",
    "noted",
    "choose_project",
    "media",
    "voice_empty",
    "too_long",
    "failed",
    "empty",
    "resumed",
    "old_option",
    "no_source",
    "erase_ask",
    "erase_noted",
    "handoff_queued",
    "handoff_place",
    "handoff_closed",
    "handoff_noted",
    "handoff_timeout",
    "handoff_cancelled",
    "handoff_back",
    "handoff_corrected",
    "handoff_score",
    "handoff_scored",
)
"""The keys that ``guide.chat`` must have."""


class Answer(msgspec.Struct, frozen=True):
    """A reply to a topic.

    Attributes:
        text: ready to send.
        related: ids of topics to offer under it, at most two.
        in_guide: False where neither the guide nor the office says; the text then says so.
        needs_project: the text is a question for the project; the caller offers both as options.
        clauses: what it is based on, in the guide's order.
    """

    text: str
    related: tuple[str, ...] = ()
    in_guide: bool = True
    needs_project: bool = False
    clauses: tuple[str, ...] = ()


def answer(guide: Guide, topic_id: str, project_id: str | None = None, numbers: Sequence[int] = ()) -> Answer:
    """The answer to a topic for one project, or for both or whichever it fits when that is None.

    ``numbers`` are research directions; they count only for ``direction_detail``.

    Raises:
        KeyError: an unknown topic or project.
    """
    topic = guide.topic(topic_id)
    if project_id is not None:
        guide.project(project_id)
    if topic.blank:
        return _blank(guide, topic.blank, topic.related, project_id)
    if topic_id == "direction_detail" and numbers:
        shown = "\n\n".join(_direction(guide, number) for number in numbers[:MOST_DIRECTIONS])
        return Answer(shown, topic.related)
    chosen = tuple(each for each in topic.answers if project_id is None or each.project in (None, project_id))
    if not chosen:
        return Answer(_only_other(guide, topic), topic.related, _said(guide, topic, topic.answers))
    text = "\n\n".join(_text(guide, each) for each in chosen)
    limit = LIST_LIMIT if topic_id == "directions" else BOTH_LIMIT
    if len(chosen) > 1 and len(text) > limit:
        return Answer(_which(guide, topic), topic.related, needs_project=True)
    clauses = tuple(dict.fromkeys(clause for each in chosen for clause in each.clauses))
    return Answer(text, topic.related, _said(guide, topic, chosen), clauses=clauses)


def point(guide: Guide, asked: Point, project_id: str | None = None, named: str | None = None) -> Answer:
    """The answer to one point. Where the guide doesn't say, whom to ask is told for the project, or for both
    where that is None.

    Args:
        named: the project that the question names; a point of the other one says that it is the other's.
    """
    if asked.blank:
        return _blank(guide, asked.blank, ("contact",), asked.project or project_id)
    clauses = _of_project(guide, asked, project_id)
    text = placeholders.fill(guide, asked.text, clauses)
    if named and asked.project and asked.project != named:
        text = f"{_only_of(guide, asked.project)}\n{text}"
    return Answer(text, (asked.topic,), clauses=clauses)


def direction_match(guide: Guide, text: str, prior: Mapping[int, float] | None = None) -> Answer:
    """Which research direction a topic in the applicant's words fits, the second best, and why.

    For ``prior`` see `bot.guide.directions.find`.
    """
    related = guide.topic("direction_match").related
    found = directions.find(guide, text, prior)
    if not found:
        return Answer(_no_direction(guide), related)
    best = found[0]
    lines = [
        f"{len(guide.project(RESEARCH).directions)}个方向里，最接近的是{_named(best)}：{best.direction.about}{placeholders.basis([best.direction.clause])}",
        f"理由：{best.reason}。",
    ]
    if len(found) > 1:
        lines.append(f"其次是{_named(found[1])}{placeholders.basis([found[1].direction.clause])}。")
    lines.append("我是照您说的话比对的，选哪个方向由您定。")
    return Answer("\n".join(lines), related)


def chat(guide: Guide, key: str, live: Mapping[str, str] | None = None) -> str:
    """One of the texts that are no fact of the guide.

    Args:
        live: what it names of the help desk, see `bot.guide.placeholders.LIVE`.

    Raises:
        KeyError: there is no such key, or something that the text names is missing in ``live``.
    """
    return placeholders.fill(guide, guide.chat[key], live=live)


def _of_project(guide: Guide, asked: Point, project_id: str | None) -> tuple[str, ...]:
    """The clauses of a point, of one project only where it is named and the words hold for each alike."""
    if project_id is None or any(f"{{{project.id}." in asked.text for project in guide.projects):
        return asked.clauses
    # A project's clauses all begin with the number of its part of the guide.
    part = guide.project(project_id).duration_clause.partition("（")[0]
    return tuple(each for each in asked.clauses if each.startswith(part)) or asked.clauses


def _text(guide: Guide, each: TopicAnswer) -> str:
    return placeholders.fill(guide, each.text, each.clauses)


def _said(guide: Guide, topic: Topic, chosen: tuple[TopicAnswer, ...]) -> bool:
    """Whether anybody says it: only a contact can be missing in a topic that has answers."""
    if topic.id != "contact":
        return True
    projects = [guide.project(each.project) for each in chosen if each.project]
    return any(_has_contact(project) for project in projects)


def _has_contact(project: Project) -> bool:
    return bool(project.contact.division or project.contact.phone)


def _only_other(guide: Guide, topic: Topic) -> str:
    other = topic.answers[0]
    return f"{_only_of(guide, other.project)}\n{_text(guide, other)}"


def _only_of(guide: Guide, project_id: str | None) -> str:
    short = guide.project(project_id).short if project_id else ""
    return f"这一点，指南只对{short}作了说明。"


def _which(guide: Guide, topic: Topic) -> str:
    shorts = "，还是".join(project.short for project in guide.projects)
    return f"“{topic.label}”，两类项目不一样。您问的是{shorts}？"


def _blank(guide: Guide, id: str, related: tuple[str, ...], project_id: str | None) -> Answer:
    blank = next(blank for blank in guide.blanks if blank.id == id)
    if blank.text:
        return Answer(f"{blank.name}：{blank.text}（来源：{blank.source}）", related)
    projects = guide.projects if project_id is None else (guide.project(project_id),)
    ask = "；".join(_ask(project) for project in projects)
    text = f"{blank.name}，指南没有写，我不能猜。\n{ask}。\n也可以发“人工”，请工作人员回复。"
    return Answer(text, related, in_guide=False)


def _ask(project: Project) -> str:
    if _has_contact(project):
        return f"{project.short}请问{placeholders.contact(project.contact)}"
    return f"{project.short}的主管处室和电话，指南也没有写"


def _direction(guide: Guide, number: int) -> str:
    project = guide.project(RESEARCH)
    for direction in project.directions:
        if direction.number == number:
            return (
                f"方向{number}“{direction.name}”：{direction.about}{placeholders.basis([direction.clause])}\n"
                f"这是{project.short}的方向。想看能不能报，发“能不能报”。"
            )
    count = len(project.directions)
    return (
        f"没有方向{number}。{project.short}一共{count}个方向{placeholders.basis(['二（一）'])}，"
        f"请发 1 到 {count} 的编号，比如“方向3”。"
    )


def _no_direction(guide: Guide) -> str:
    project = guide.project(RESEARCH)
    return (
        f"您说的题目，我看不出归哪个方向。{project.short}要在{len(project.directions)}个方向里做"
        f"{placeholders.basis(['二（一）', '二（三）'])}。\n"
        "您可以换个说法，讲清研究的是哪方面的知识产权问题；也可以看看全部方向，或者发“人工”。"
    )


def _named(match: directions.Match) -> str:
    return f"方向{match.direction.number}“{match.direction.name}”"

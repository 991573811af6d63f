"""The encoded guide as frozen objects. `bot.guide.load` makes them from YAML and checks them.

Clauses are written as in the printed guide, e.g. ``一（二）①``. All texts are plain Chinese of our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Union

import msgspec

Answers = Mapping[str, str]
"""Fact id to choice id. A missing fact isn't answered yet; the choice ``unknown`` is an answer."""

Kind = Literal["hard", "judged", "preference", "advice"]


class Is(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="is"):
    """The fact has one of these choices."""

    fact: str
    choices: tuple[str, ...]


class All(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="all"):
    """Every part holds."""

    parts: tuple[Expression, ...]


class Any(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="any"):
    """At least one part holds."""

    parts: tuple[Expression, ...]


class Not(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="op", tag="not"):
    """The part doesn't hold."""

    part: Expression


Expression = Union[Is, All, Any, Not]  # noqa: UP007 - the classes name it before it exists


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer to a question.

    Attributes:
        id: stable; a tap and a stored answer carry it.
        label: the words on the option, short enough for one line on a phone.
        synonyms: other ways to type this answer, matched whole after normalising.
    """

    id: str
    label: str
    synonyms: tuple[str, ...] = ()


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something about the applicant that a question establishes.

    Attributes:
        name: a few words for it, used in summaries: 您说过的“…”.
        question: the question itself, one sentence.
        about: what it is about, one sentence.
        hint: how to find out.
        clause: where the guide asks for it.
        when: asked only where this holds; always when None.
        mentions: words by which people speak of it in passing; see `bot.guide.statements`.
    """

    id: str
    name: str
    question: str
    about: str
    hint: str
    clause: str
    choices: tuple[Choice, ...]
    when: Expression | None = None
    mentions: tuple[str, ...] = ()

    def choice(self, id: str) -> Choice:
        """The choice with this id. Raises KeyError."""
        for choice in self.choices:
            if choice.id == id:
                return choice
        raise KeyError(id)


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition of the guide.

    Attributes:
        name: what must hold, in a few words.
        kind: ``hard`` fails the verdict when it surely doesn't hold; ``judged`` and ``advice`` only make
            it unclear; ``preference`` changes only what the applicant is told.
        requires: holds, fails or is unknown by three-valued logic.
        met, failed, unclear: one sentence each for the applicant; texts are fixed.
        change: what would change a failure or settle a doubt, one sentence.
        failed_for: other sentences where a failure has a special reason: choice id to sentence.
    """

    id: str
    name: str
    kind: Kind
    clause: str
    requires: Expression
    met: str
    unclear: str
    failed: str = ""
    change: str = ""
    when: Expression | None = None
    failed_for: dict[str, str] = {}


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The division in charge. Blank strings: the guide doesn't say, and the office may fill it in."""

    division: str = ""
    phone: str = ""
    clause: str = ""


class Direction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the research directions: number 1 to 12, short name, one plain sentence, keywords.

    ``examples`` are topics in people's own words that belong here; new ones may be added at any time.
    """

    number: int
    name: str
    about: str
    keywords: tuple[str, ...]
    clause: str
    examples: tuple[str, ...] = ()


class Project(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One project type of the guide.

    Attributes:
        id: ``demonstration`` or ``research``.
        name: the guide's name for it.
        short: how we call it in a sentence.
        synonyms: other names people use.
        duration: e.g. ``1年``; with ``duration_clause``.
        tasks: the tasks and targets, one plain sentence each; with ``tasks_clause``.
        deliverables: what must be handed over at the end; with ``deliverables_clause``.
        prepare: what to get ready before applying, drawn from the conditions only.
    """

    id: str
    name: str
    short: str
    synonyms: tuple[str, ...]
    duration: str
    duration_clause: str
    tasks: tuple[str, ...]
    tasks_clause: str
    deliverables: tuple[str, ...]
    deliverables_clause: str
    prepare: tuple[str, ...]
    contact: Contact
    facts: tuple[Fact, ...]
    conditions: tuple[Condition, ...]
    directions: tuple[Direction, ...] = ()

    @property
    def names(self) -> list[str]:
        """All that people call it, the longest first."""
        return sorted({self.name, self.short, *self.synonyms}, key=len, reverse=True)

    def fact(self, id: str) -> Fact:
        """The fact with this id. Raises KeyError."""
        for fact in self.facts:
            if fact.id == id:
                return fact
        raise KeyError(id)


class Blank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something the guide doesn't say, for the office to fill in.

    Attributes:
        id: the topic that asks for it, e.g. ``deadline``.
        name: what it is, e.g. 申报截止时间.
        text: the office's own words; empty as long as nobody has said.
        source: where the office's words come from; required when ``text`` is filled in.
    """

    id: str
    name: str
    text: str = ""
    source: str = ""


class TopicAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The answer to a topic, for one project or (``project`` None) for the guide as a whole.

    ``text`` may name facts of the guide in braces, e.g. ``{demonstration.duration}``; the loader checks
    and `bot.guide.answers` fills them, so that a number stands in one place only.
    """

    text: str
    clauses: tuple[str, ...]
    project: str | None = None


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something people ask about. Its id is also the Rasa intent and the tap ``topic:<id>``.

    Attributes:
        label: the words on an option, e.g. 执行期多长.
        answers: by project; exactly one of these forms: one answer with project None, or one for each
            project that the topic fits.
        blank: the id of the `Blank` that it asks for, if the guide doesn't say.
        related: topics offered under the answer, at most two.
    """

    id: str
    label: str
    answers: tuple[TopicAnswer, ...] = ()
    blank: str = ""
    related: tuple[str, ...] = ()


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One point of a topic, asked for by itself: how many patents, whether there is a mid-term check.

    Attributes:
        id: stable, for the office, the checker and the questions in ``data/nlu/points``.
        topic: the topic that it belongs to.
        text: the answer, with braces as in `TopicAnswer`; empty where ``blank`` is given.
        clauses: what the answer is based on.
        project: the project that it is about; None for both.
        blank: the id of the `Blank` that it asks for, if the guide doesn't say.
    """

    id: str
    topic: str
    text: str = ""
    clauses: tuple[str, ...] = ()
    project: str | None = None
    blank: str = ""


class Guide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole guide. ``version`` is a hash of the files that it was read from.

    ``chat`` holds what we say that is no fact of the guide (`bot.guide.answers.CHAT_KEYS`), key to text.
    """

    title: str
    projects: tuple[Project, ...]
    blanks: tuple[Blank, ...]
    topics: tuple[Topic, ...]
    points: tuple[Point, ...] = ()
    chat: dict[str, str] = {}
    version: str = ""

    def project(self, id: str) -> Project:
        """The project with this id. Raises KeyError."""
        for project in self.projects:
            if project.id == id:
                return project
        raise KeyError(id)

    def topic(self, id: str) -> Topic:
        """The topic with this id. Raises KeyError."""
        for topic in self.topics:
            if topic.id == id:
                return topic
        raise KeyError(id)

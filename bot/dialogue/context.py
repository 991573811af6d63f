"""What a message means given what was said before: follow-ups, and two questions at once."""

from __future__ import annotations

import re

from bot.guide.model import Guide, Project

_AROUND = (
    "(?:那么?|要是|如果|换成|换|那边|还有|另外|关于|对于|是|问|我问的是|我说的是|说的是|我指的是|就是|这个|那个"
    "|类|项目|的话|的|话|呢|吗|啊|呀|怎么样|怎样|怎么说|又|也|一样|同样|问题|情况)*"
)
_SPLIT = re.compile(r"[?？。！!；;\n]+|[，,、\s]*(?:还有就是|还有|另外|再就是|以及|顺便问一下|顺便)[，,]?")
_MOST = 3
_SHORTEST = 3


def only_project(guide: Guide, text: str) -> str | None:
    """The project, when a message names one and nothing else: 那研究类的呢？ None otherwise."""
    plain = re.sub(r"[\s?？。！!，,、~…]+", "", text)
    for project in guide.projects:
        names = "|".join(re.escape(name) for name in _names(project))
        if re.fullmatch(f"{_AROUND}(?:{names}){_AROUND}", plain):
            return project.id
    return None


def _names(project: Project) -> list[str]:
    return sorted({project.name, project.short, *project.synonyms}, key=len, reverse=True)


def questions(text: str) -> list[str]:
    """The questions that a message may hold: two or three pieces, or an empty list for a single one."""
    pieces = [piece.strip(" ，,、") for piece in _SPLIT.split(text)]
    pieces = [piece for piece in pieces if len(piece) >= _SHORTEST]
    return pieces[:_MOST] if len(pieces) > 1 else []

"""A log as an office would have it after some time, of any size; for tests, pictures and the bench.

Every number in it follows from its row's number, so two runs make the same log.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from bot.guide.answers import answer
from desk.faqlog import inbox, rollup
from desk.faqlog.models import Question, Screening, Turn, Visit
from desk.faqlog.record import standing
from desk.handoff.models import Conversation
from desk.handoff.texts import guide
from desk.hours import CHINA
from tests.nlu.questions import held_out

TURNS = 4
"""Of one visit."""
CHANNELS = ("wechat", "wechat", "wechat", "kf", "wecom")
HOURS = (9, 10, 9, 15, 16, 11, 10, 14, 20, 8, 15, 9, 21)
OUTCOMES = ("answered",) * 11 + ("not_in_guide", "clarified", "not_understood", "not_understood", "off_topic")
_CHUNK = 10_000


@lru_cache(maxsize=1)
def _asked() -> list[tuple[str, str, str]]:
    """Questions with topic and answer."""
    topics = {topic.id for topic in guide().topics}
    return [(text, topic, answer(guide(), topic).text) for text, topic in held_out() if topic in topics]


def _pick(number: int, salt: int, count: int) -> int:
    """Which of so many, as if by chance, but the same each time."""
    return ((number * 2_654_435_761 + salt * 974_711) * 40_503 >> 11) % 2**31 % count


def _moment(visit: int, visits: int, days: int, now: datetime) -> datetime:
    """Days pass evenly; within a day office hours have most."""
    day = now - timedelta(days=days - 1 - visit * days // visits)
    hour = HOURS[_pick(visit, 6, len(HOURS))]
    at = day.replace(hour=hour, minute=visit * 13 % 50, second=visit % 60)
    return min(at, now - timedelta(minutes=20))


@lru_cache(maxsize=10_000)
def _standing(project: str, answers: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    return standing(project, dict(answers))


def _walk(visit: int, conversation: int, channel: str, at: datetime) -> Screening:
    project = guide().projects[visit // 6 % 2]
    count = _pick(visit, 8, len(project.facts) + 2)
    answers = {
        fact.id: fact.choices[_pick(visit * 20 + n, 9, 5) % 2 * _pick(visit + n, 10, len(fact.choices))].id
        for n, fact in enumerate(project.facts[:count])
    }
    failed, open_fact = _standing(project.id, tuple(answers.items()))
    verdict = "" if open_fact else "不符合" if failed else ("待确认" if visit % 3 else "初步符合")
    return Screening(
        conversation_id=conversation,
        channel=channel,
        project=project.id,
        day=at.astimezone(CHINA).date(),
        started_at=at,
        last_at=at,
        answers=answers,
        verdict=verdict,
        failed=failed,
        open_fact=open_fact,
    )


def _turn(number: int, visit: Visit, walk: Screening | None) -> Turn:
    asked = _asked()
    text, topic, said = asked[_pick(number, 1, len(asked))]
    outcome = OUTCOMES[_pick(number, 2, len(OUTCOMES))]
    screening = walk is not None and number % TURNS < 2
    if screening:
        text, outcome, said = "是", "screening", "记下了。"
    topical = outcome in ("answered", "not_in_guide", "clarified")
    score = {0: 1, 7: 0, 12: 1}.get(_pick(number, 3, 30)) if topical else None
    return Turn(
        conversation_id=visit.conversation_id,
        visit=visit,
        screening=walk if screening else None,
        event=f"office-{number}",
        key=f"office-{number}",
        at=visit.started_at + timedelta(minutes=number % TURNS),
        channel=visit.channel,
        text=text,
        answer=said if outcome != "not_understood" else "我没太明白您的意思。",
        intent=topic if topical else "nlu_fallback",
        confidence=0.3 + _pick(number, 4, 70) / 100 if topical else None,
        topic=topic if topical else "",
        project=walk.project
        if walk is not None and screening
        else ("demonstration", "research", "")[_pick(number, 5, 3)],
        outcome=outcome,
        verdict=walk.verdict if walk is not None and screening else "",
        ms=10.0,
        model="20261101-090000-example",
        guide="2026-1",
        score=score,
    ).derive()


def _visits(
    first: int, last: int, visits: int, days: int, people: list[int], now: datetime
) -> Iterator[Visit]:
    for number in range(first, last):
        person = _pick(number, 7, len(people))
        at = _moment(number, visits, days, now)
        yield Visit(
            conversation_id=people[person],
            channel=CHANNELS[person % len(CHANNELS)],
            day=at.astimezone(CHINA).date(),
            started_at=at,
            last_at=at + timedelta(minutes=TURNS - 1),
            turns=TURNS,
        )


def fill(turns: int, days: int = 90, people: int = 0, now: datetime | None = None) -> None:
    """Write so many turns, in as many days until now, and roll the days that are over."""
    now = now or datetime.now(CHINA)
    visits = turns // TURNS
    keys = [f"{CHANNELS[n % len(CHANNELS)]}:office:o-{n}" for n in range(people or max(visits // 3, 1))]
    made = [Conversation(key=key, channel=key.partition(":")[0]) for key in keys]
    Conversation.objects.bulk_create(made, batch_size=2_000)
    found = dict(Conversation.objects.filter(key__contains=":office:").values_list("key", "pk"))
    ids = [found[key] for key in keys]
    for first in range(0, visits, _CHUNK):
        _chunk(first, min(first + _CHUNK, visits), visits, days, ids, now)
    rollup.roll_finished(days + 1)


def _chunk(first: int, last: int, visits: int, days: int, people: list[int], now: datetime) -> None:
    batch = Visit.objects.bulk_create(_visits(first, last, visits, days, people, now), batch_size=2_000)
    walks: dict[int, Screening] = {
        number: _walk(number, visit.conversation_id, visit.channel, visit.started_at)
        for number, visit in enumerate(batch, first)
        if number % 6 == 0
    }
    Screening.objects.bulk_create(walks.values(), batch_size=2_000)
    rows = Turn.objects.bulk_create(
        [
            _turn(number * TURNS + step, visit, walks.get(number))
            for number, visit in enumerate(batch, first)
            for step in range(TURNS)
        ],
        batch_size=1_000,
    )
    reasons = ((row, inbox.why(row) or ("unsolved" if row.score == 0 else None)) for row in rows)
    Question.objects.bulk_create(
        [
            Question(turn=row, conversation_id=row.conversation_id, why=why, digest=inbox.digest(row.text))
            for row, why in reasons
            if why
        ],
        batch_size=2_000,
    )

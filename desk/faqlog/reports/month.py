"""The monthly report: the figures of one month, with a few sentences for a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from desk.faqlog.filters import Filter
from desk.faqlog.reports import figures
from desk.faqlog.reports.figures import Report
from desk.faqlog.reports.walks import Walk
from desk.faqlog.rollup import today

TOPICS = 8


@dataclass(frozen=True)
class Month:
    """One month: its name, its figures, and what there is to say about them."""

    name: str
    value: str
    report: Report
    sentences: list[str]


def first_of(text: str) -> date:
    """The first day of a month written 2026-03; of the last finished month where that can't be read."""
    try:
        year, _, month = text.partition("-")
        found = date(int(year), int(month), 1)
        if 2000 <= found.year < 2200:
            return found
    except ValueError:
        pass
    return (today().replace(day=1) - timedelta(days=1)).replace(day=1)


def month(first: date) -> Month:
    """The report of the month that begins on this day."""
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    report = figures.report(Filter(first=first, last=last))
    return Month(f"{first.year}年{first.month}月", f"{first:%Y-%m}", report, _sentences(report))


def _sentences(report: Report) -> list[str]:
    # No bracket ends a sentence: the PDF's lines can keep one mark back, not two.
    tile = {each.name: each for each in report.tiles}
    if not tile["问答"].value:
        return ["本月没有人提问。"]
    said = [
        f"本月共有 {tile['申请人'].shown} 位申请人提问 {tile['提问'].shown} 次，答上 {tile['答上'].shown}，"
        f"没答上 {tile['没答上'].shown} 次，转人工 {tile['转人工'].shown} 次。"
    ]
    if report.topics:
        most = "、".join(f"“{topic.name}”{topic.turns:,} 次" for topic in report.topics[:3])
        said.append(f"问得最多的是{most}。")
    rising = [topic for topic in report.topics if topic.before >= 5 and topic.turns > topic.before * 1.5]
    if rising:
        said.append(
            "比上期明显增多的是" + "、".join(f"“{topic.name}”{topic.trend}" for topic in rising[:3]) + "。"
        )
    said += [_walked(walk) for walk in report.walks if walk.started.value]
    return said


def _walked(walk: Walk) -> str:
    verdicts = "，".join(f"{line.name} {line.value:,}" for line in walk.verdicts)
    text = f"{walk.name}：{walk.started.value:,} 次核对，{walk.finished.value:,} 次有结论：{verdicts}"
    stuck = max(walk.funnel, key=lambda line: line.value, default=None)
    if stuck is not None and stuck.value:
        text += f"；没做完的多停在“{stuck.name}”，{stuck.value:,} 次"
    return text + "。"

"""A report as sheets: one a table, with the numbers of the page."""

from __future__ import annotations

from collections.abc import Iterable

from desk.faqlog import names
from desk.faqlog.book import Table
from desk.faqlog.filters import words
from desk.faqlog.reports.figures import Report


def tables(report: Report) -> Iterable[Table]:
    """The sheets of a report."""
    about = [["条件", word] for word in words(report.wanted)]
    yield Table("说明", ("项", "内容"), (10, 50), about)
    tiles = ((each.name, each.value, each.shown, each.note) for each in report.tiles)
    yield Table("总览", ("指标", "数量", "显示", "说明"), (16, 12, 12, 20), list(tiles))
    days = ((each.name, each.turns, each.answered, each.unanswered) for each in report.days)
    yield Table("趋势", ("日期", "问答", "答上", "没答上"), (14, 10, 10, 10), list(days))
    topics = (
        (each.name, each.turns, each.before, each.trend, each.helped, each.unsolved) for each in report.topics
    )
    yield Table(
        "主题", ("主题", "本期", "上期", "变化", "有帮助", "没解决"), (22, 10, 10, 10, 10, 10), list(topics)
    )
    yield Table(
        "结果",
        ("结果", "问答", "占比"),
        (16, 10, 10),
        [(each.name, each.value, each.note) for each in report.outcomes],
    )
    yield Table(
        "渠道",
        ("渠道", "问答", "占比"),
        (16, 10, 10),
        [(each.name, each.value, each.note) for each in report.channels],
    )
    yield _screenings(report)
    yield Table(
        "停在哪一问",
        ("项目", "问题", "停在这里", "走过的"),
        (16, 36, 10, 10),
        [(walk.name, line.name, line.value, line.left) for walk in report.walks for line in walk.funnel],
    )
    hours = [f"{hour} 时" for hour in range(24)]
    heat = [[f"星期{names.DAYS[day]}", *(each.value for each in row)] for day, row in enumerate(report.heat)]
    yield Table("时段", ["星期", *hours], [10, *([6] * 24)], heat)


def _screenings(report: Report) -> Table:
    lines = []
    for walk in report.walks:
        lines += [
            (walk.name, each.name, each.value) for each in (walk.started, walk.finished, *walk.verdicts)
        ]
        lines += [(walk.name, f"不满足：{each.name}", each.value) for each in walk.failing]
    return Table("核对", ("项目", "指标", "次数"), (16, 44, 10), lines)

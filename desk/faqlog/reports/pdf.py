"""The monthly report as one A4 page. PDF viewers bring the font for Chinese themselves: none is embedded."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import KeepInFrame, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from desk.faqlog.reports.month import TOPICS, Month
from desk.faqlog.rollup import today

FONT = "STSong-Light"
_BLUE, _ORANGE, _LINE, _SOFT = (
    colors.HexColor(each) for each in ("#1d5fa8", "#c46a1b", "#d9e0e8", "#e8f0fa")
)
_WIDE, _TALL = A4[0] - 36 * mm, A4[1] - 30 * mm


def _style(size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        f"{FONT}{size}", fontName=FONT, fontSize=size, leading=size * 1.5, wordWrap="CJK", **more
    )


_BODY, _HEAD, _SMALL = (
    _style(9.5),
    _style(12, textColor=_BLUE, spaceBefore=4),
    _style(8, textColor=colors.HexColor("#566573")),
)


def pdf(month: Month) -> bytes:
    """The file."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    place = BytesIO()
    page = SimpleDocTemplate(
        place,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=15 * mm,
        bottomMargin=15 * mm,
        title=f"知识产权项目申报问答月报 {month.name}",
        author="知识产权项目申报助手",
        lang="zh-CN",
    )
    # Whatever a month brings, it is one page: the frame shrinks what it holds.
    page.build([KeepInFrame(_WIDE - 12, _TALL - 12, _story(month), mode="shrink")])
    return place.getvalue()


def _story(month: Month) -> list[Any]:
    report = month.report
    title = _style(18, alignment=1, spaceAfter=2)
    story: list[Any] = [
        Paragraph("知识产权项目申报问答月报", title),
        Paragraph(f"{month.name}（{report.first} 至 {report.last}），{today()} 制表", _style(8, alignment=1)),
        Spacer(1, 3 * mm),
        _tiles(month),
        Spacer(1, 2 * mm),
    ]
    story += [Paragraph(sentence, _BODY) for sentence in month.sentences]
    story += [Paragraph("每天的问答（橙色为没答上的）", _HEAD), _days(month)]
    story += [_side_by_side(month), Paragraph("条件核对", _HEAD), _walks(month)]
    story.append(
        Paragraph(
            "答上率＝（已答＋指南没写）÷ 提问。号码已遮盖，本表不含个人信息。"
            "核对结论只供参考，以主管部门审定为准。",
            _SMALL,
        )
    )
    return story


def _tiles(month: Month) -> Table:
    tiles = month.report.tiles
    cells = [
        [Paragraph(each.shown, _style(13, alignment=1, textColor=_BLUE)) for each in tiles],
        [Paragraph(each.name, _style(8, alignment=1)) for each in tiles],
    ]
    return Table(
        cells,
        colWidths=[(_WIDE - 12) / len(tiles)] * len(tiles),
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), _SOFT),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("INNERGRID", (0, 0), (-1, 0), 0, _SOFT),
            ]
        ),
    )


def _axis(axis: Any, size: float = 7) -> None:
    axis.labels.fontName, axis.labels.fontSize = FONT, size
    axis.strokeColor = _LINE


def _days(month: Month) -> Drawing:
    days = month.report.days
    drawing = Drawing(_WIDE - 12, 110)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 28, 18, _WIDE - 48, 84
    chart.data = [[day.turns for day in days], [day.unanswered for day in days]]
    chart.bars[0].fillColor, chart.bars[1].fillColor = _BLUE, _ORANGE
    chart.bars.strokeColor = None
    chart.categoryAxis.categoryNames = [day.name.rpartition("月")[2].removesuffix("日") for day in days]
    chart.valueAxis.valueMin, chart.valueAxis.labelTextFormat = 0, "%d"
    chart.valueAxis.valueStep = _step(max([day.turns for day in days], default=0))
    _axis(chart.categoryAxis)
    _axis(chart.valueAxis)
    drawing.add(chart)
    return drawing


def _step(most: int) -> int:
    """A round step that gives at most five lines."""
    step = 1
    for factor in (2, 2.5, 2) * 12:
        if most / step <= 5:
            break
        step = int(step * factor)
    return step


def _side_by_side(month: Month) -> Table:
    half = (_WIDE - 12) / 2
    left: list[Any] = [Paragraph("问得最多的", _HEAD), _topics(month, half - 6)]
    right: list[Any] = [Paragraph("主题变化", _HEAD), _trend(month, half - 6)]
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return Table([[left, right]], colWidths=[half, half], style=style)


def _topics(month: Month, width: float) -> Drawing:
    topics = month.report.topics[:TOPICS]
    drawing = Drawing(width, 150)
    if not topics:
        drawing.add(String(0, 130, "没有。", fontName=FONT, fontSize=9))
        return drawing
    chart = HorizontalBarChart()
    chart.x, chart.y, chart.width, chart.height = 86, 8, width - 110, 136
    chart.data = [[topic.turns for topic in topics][::-1]]
    chart.bars[0].fillColor, chart.bars.strokeColor = _BLUE, None
    chart.categoryAxis.categoryNames = [topic.name for topic in topics][::-1]
    chart.barLabels.fontName, chart.barLabels.fontSize, chart.barLabelFormat = FONT, 7, "%d"
    chart.barLabels.dx, chart.barLabels.boxAnchor = 3, "w"
    chart.valueAxis.valueMin, chart.valueAxis.visible = 0, 0
    _axis(chart.categoryAxis, 8)
    drawing.add(chart)
    return drawing


def _table(head: list[str], rows: list[list[Any]], widths: list[float]) -> Table:
    cells = [[Paragraph(str(cell), _style(8)) for cell in row] for row in [head, *rows]]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), _SOFT),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    return Table(cells, colWidths=widths, style=TableStyle(style))


def _trend(month: Month, width: float) -> Table:
    rows = [
        [each.name, each.turns, each.before, each.trend, each.unsolved]
        for each in month.report.topics[:TOPICS]
    ]
    parts = (0.37, 0.13, 0.13, 0.2, 0.17)
    return _table(["主题", "本期", "上期", "变化", "没解决"], rows, [width * part for part in parts])


def _walks(month: Month) -> Table:
    rows = [
        [
            walk.name,
            walk.started.value,
            walk.finished.value,
            *(line.value for line in walk.verdicts),
            "；".join(f"{line.name} {line.value}" for line in walk.failing[:2]) or "—",
        ]
        for walk in month.report.walks
    ]
    head = ["项目", "开始", "有结论", "初步符合", "待确认", "不符合", "主要不满足的条件"]
    parts = (0.12, 0.07, 0.08, 0.1, 0.08, 0.08, 0.47)
    return _table(head, rows, [(_WIDE - 12) * part for part in parts])

"""The official text out of real files of each kind: made-up words in the printed guide's form."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bot.errors import GuideError
from bot.guide import editions as kept
from desk.accounts.permissions import Role
from desk.editions import current
from desk.office import official
from desk.office.models import Draft
from tests.desk.officers import client, problems, published

LINES = [
    "某类项目申报说明",
    "一、甲类示例项目",
    "（一）支持方向",
    "示例方向的第一句话。",
    "（二）申报条件",
    "①示例的第一条要求。",
    "②示例的第二条要求。",
    "二、乙类示例项目",
    "（二）申报条件",
    "1.乙类的第一条。",
    "2.乙类的第二条。",
]
WANTED = ["一", "一（一）", "一（二）", "一（二）①", "一（二）②", "二", "二（二）", "二（二）1", "二（二）2"]


def _docx() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for line in LINES[:-1]:
        document.add_paragraph(line)
    document.add_table(1, 1).cell(0, 0).text = LINES[-1]
    document.save(out)
    return out.getvalue()


def _pdf() -> bytes:
    out = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(out)
    for page in (LINES[:6], LINES[6:]):
        canvas.setFont("STSong-Light", 12)
        for at, line in enumerate(page):
            canvas.drawString(72, 760 - 24 * at, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "a.docx": _docx,
    "b.PDF": _pdf,
    "c.txt": lambda: "\r\n".join(LINES).encode("gb18030"),
    "d.txt": lambda: "\n".join(LINES).encode("utf-8-sig"),
}


@pytest.mark.parametrize("name", FILES)
def test_each_kind_of_file_gives_the_same_clauses(name: str) -> None:
    found = official.clauses(name, FILES[name]())
    assert list(found) == WANTED
    assert found["一（二）①"] == "①示例的第一条要求。"
    assert found["二（二）2"] == "2.乙类的第二条。"


UNREADABLE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "old word file": ("a.doc", lambda: b"x"),
    "no zip": ("a.docx", lambda: b"not a zip"),
    "half a zip": ("a.docx", lambda: _docx()[:500]),
    "broken pdf": ("a.pdf", lambda: b"%PDF-1.4 broken"),
    "no encoding": ("a.txt", lambda: b"\xff\xff\xff"),
    "blank": ("a.txt", lambda: b"  \n "),
    "no numbering": ("a.txt", lambda: "没有编号的话。".encode()),
    "too large": ("a.txt", lambda: b"x" * (official.MOST_BYTES + 1)),
}


# By name: a file's bytes in a test's id would hold the time it was made, another one in each process.
@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_refused_in_a_sentence(case: str) -> None:
    name, content = UNREADABLE[case]
    with pytest.raises(GuideError) as refused:
        official.clauses(name, content())
    assert refused.value.problems[0].endswith("。")


@pytest.mark.usefixtures("desk")
def test_it_is_approved_published_and_stays_out_of_the_checkout() -> None:
    writer, other = client("writer", Role.REVIEWER), client("other", Role.ADMIN)
    files = current.files()
    assert writer.post("/office/source/load/", {"why": "某文号"}).status_code == 422
    wrong = SimpleUploadedFile("x.pdf", b"no")
    assert "读不出来" in problems(writer.post("/office/source/load/", {"why": "某文号", "file": wrong}))
    right = SimpleUploadedFile("x.docx", _docx())
    assert writer.post("/office/source/load/", {"why": "某文号", "file": right}).status_code == 302
    published(writer, other, Draft.objects.get())
    changed = current.files()
    assert set(changed) - set(files) == {kept.SOURCE}
    page = other.get("/office/source/?clause=一（二）").content.decode()
    assert "①示例的第一条要求。" in page
    assert "乙类" not in page
    assert kept.SOURCE not in current.base_files()

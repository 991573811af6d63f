"""Exports: the rows of the page, nothing that a spreadsheet runs, nothing that is personal."""

from __future__ import annotations

import asyncio
import csv
import io
import random
import subprocess
import sys
import unicodedata
import zipfile
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import AsyncClient

from bot.settings import ROOT
from desk.accounts.permissions import Role
from desk.faqlog import book, cells, export, filters
from desk.faqlog.models import Turn
from desk.handoff.models import AuditEntry
from tests.desk import biglog
from tests.desk.make import event, signed_in, user, written
from tests.desk.place import Place, environ
from tests.desk.test_log import login
from tests.test_privacy import _number, _typed

pytestmark = pytest.mark.usefixtures("desk")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86",
        "-1",
        "@sum(a)",
        "\t=1",
        "  =cmd|' /C calc'!A0",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\r=1",
        "−2",
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert cells.neutral(text) == f"'{text}"


def test_other_cells_stay_as_they_are() -> None:
    for text in ("申报条件", "1+1=2", "", "（=）", "a-b"):
        assert cells.neutral(text) == text
    assert cells.plain(None) == ""
    assert cells.plain(0.5) == 0.5
    assert cells.neutral("a\x00b\x0b") == "a�b�"
    assert len(cells.neutral("长" * 40_000)) == cells.LONGEST


def _read(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_csv_file_has_the_rows_of_the_filter_and_the_audit_log_says_so() -> None:
    biglog.fill(600, 6)
    query = "days=all&outcome=answered&channel=wechat"
    response: Any = login().get(f"/faq/log/export.csv?{query}")
    rows = _read(b"".join(response.streaming_content))
    wanted = filters.read(QueryDict(query))
    assert [int(row["记录编号"]) for row in rows] == list(filters.turns(wanted).values_list("pk", flat=True))
    assert {row["渠道"] for row in rows} == {"公众号"}
    entry = AuditEntry.objects.filter(action="export").latest("id")
    assert (entry.subject, entry.reason) == ("问答日志 CSV", "公众号；已答")


def test_under_asgi_the_file_comes_in_pieces() -> None:
    biglog.fill(2_000, 3)
    who = user("async", Role.AUDITOR)

    async def fetch() -> list[bytes]:
        client = AsyncClient()
        await client.aforce_login(who, backend="django.contrib.auth.backends.ModelBackend")
        response: Any = await client.get("/faq/log/export.csv?days=all")
        return [piece async for piece in response.streaming_content]

    pieces = asyncio.run(fetch())
    assert len(pieces) > 3
    assert len(_read(b"".join(pieces))) == 2_000


def test_an_xlsx_file_has_a_sheet_a_table(tmp_path: Path) -> None:
    biglog.fill(400, 4)
    Turn.objects.filter(pk=Turn.objects.latest("at").pk).update(text='=HYPERLINK("http://x")')
    response: Any = login().get("/faq/log/export.xlsx?days=all")
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as file:
        sheets = file.read("xl/workbook.xml").decode()
        turns = file.read("xl/worksheets/sheet2.xml").decode()
        visits = file.read("xl/worksheets/sheet3.xml").decode()
    assert [name in sheets for name in ("说明", "问答", "会话")] == [True] * 3
    assert (turns.count("<row"), visits.count("<row")) == (401, 101)
    assert "<f>" not in turns
    assert "'=HYPERLINK" in turns
    report: Any = login_again().get("/faq/report/export.xlsx?days=all")
    with zipfile.ZipFile(io.BytesIO(b"".join(report.streaming_content))) as file:
        assert file.read("xl/workbook.xml").decode().count("<sheet ") == 9


def login_again() -> Any:
    """A client of another member of staff."""
    return signed_in(user("again", Role.LEAD))


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "ROWS", 10)
    book.write(tmp_path / "b.xlsx", [book.Table("问答", ["数"], [5], [[n] for n in range(25)])])
    with zipfile.ZipFile(tmp_path / "b.xlsx") as file:
        assert all(name in file.read("xl/workbook.xml").decode() for name in ("问答", "问答2", "问答3"))
        assert "问答4" not in file.read("xl/workbook.xml").decode()


def test_a_sheet_that_grows_too_large_goes_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "_AT_ONCE", 50)
    monkeypatch.setattr(book, "_BYTES", 400)
    book.write(tmp_path / "b.xlsx", [book.Table("问答", ["数"], [5], [[n] for n in range(40)])])
    with zipfile.ZipFile(tmp_path / "b.xlsx") as file:
        sheets = file.read("xl/workbook.xml").decode().count("<sheet ")
    assert sheets > 2
    rows = [row["A"] for sheet in range(sheets) for row in _cells(tmp_path / "b.xlsx", sheet + 1)[1:]]
    assert rows == list(range(40))


_NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def _cells(path: Path, sheet: int) -> list[dict[str, Any]]:
    """The rows of a sheet as a reader of XML finds them: cells by the letter of their column."""
    with zipfile.ZipFile(path) as file:
        root = ElementTree.fromstring(file.read(f"xl/worksheets/sheet{sheet}.xml"))
    found = []
    for number, row in enumerate(root.findall("m:sheetData/m:row", _NAMES), 1):
        assert row.get("r") == str(number)
        cells: dict[str, Any] = {}
        for cell in row:
            column = (cell.get("r") or "").removesuffix(str(number))
            text, value = cell.find("m:is/m:t", _NAMES), cell.find("m:v", _NAMES)
            assert (cell.get("t") == "inlineStr") == (text is not None)
            cells[column] = (text.text or "") if text is not None else float(value.text)  # type: ignore[union-attr,arg-type]
        found.append(cells)
    return found


def test_cells_are_what_was_written_whatever_was_typed(tmp_path: Path) -> None:
    row = ["a<b>&\"'", " 前后 ", "一\n二", "=1", "_x0041_ a_xyz", "𠮷" * 20_000, None, "", 0.45, 12, True]
    day = [date(2026, 1, 2), datetime(2026, 1, 1, 20, 4, 5, 678, timezone.utc)]
    many = ["末"] * 30
    book.write(
        tmp_path / "b.xlsx",
        [
            book.Table("一 & 二", [str(n) for n in range(13)], [5] * 13, [[*row, *day]] * 2),
            book.Table("空", ["a"], [5], []),
            book.Table("宽", many, [5] * 30, iter([many])),
        ],
    )
    _, first, second = _cells(tmp_path / "b.xlsx", 1)
    assert first == second
    assert [first[name] for name in "ABCDE"] == [*row[:3], "'=1", "_x005F_x0041_ a_xyz"]
    assert first["F"] == "𠮷" * 16_383, "Excel counts these twice"
    assert not {"G", "H"} & set(first)
    assert [first[name] for name in "IJKLM"] == [0.45, 12, 1, "2026-01-02", "2026-01-02 04:04:05"]
    assert len(_cells(tmp_path / "b.xlsx", 2)) == 1
    assert _cells(tmp_path / "b.xlsx", 3)[1]["AD"] == "末"
    with zipfile.ZipFile(tmp_path / "b.xlsx") as file:
        assert file.testzip() is None
        assert all(each.extract_version < 45 for each in file.infolist()), "Excel opens no ZIP64"
        assert [f"sheet{n}.xml" in file.read("[Content_Types].xml").decode() for n in (1, 2, 3, 4)] == [
            True
        ] * 3 + [False]


_DIGITS = str.maketrans("零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖", "01234567890123456789")


def _digits(text: str) -> str:
    """All digits of a text, however they are written; what is masked parts them."""
    signs = unicodedata.normalize("NFKC", text.translate(_DIGITS)).upper()
    return "".join(sign for sign in signs if sign.isdigit() or sign in "*X")


def test_of_a_thousand_numbers_none_is_in_the_log_or_a_file(database: Place, redis_url: str) -> None:
    random_ = random.Random(11)
    numbers = [_number(random_) for _ in range(1_000)]
    events = []
    for at in range(0, 1_000, 20):
        text = "；我是".join(_typed(random_, number) for number in numbers[at : at + 20])
        key = f"n{at}"
        events += [
            event("message_in", key=key, kind="text", text=text),
            event("turn", key=key, outcome="answered", topic="contact", confidence=0.9),
            event("message_out", key=key, author="bot", text=f"请打0931-8533556。您留的是{text[:60]}"),
        ]
    written(*events)
    environment = environ(database, redis_url)
    command = [sys.executable, "-m", "desk", "faq-log"]
    printed = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert len(rows) == 50
    assert all("0931-8533556" in row["answer"] for row in rows)
    assert list(rows[0]) == list(export.PLAIN_HEAD)
    shown = "".join(export.csv_pieces(filters.Filter()))
    stored = "\n".join("\n".join(row) for row in Turn.objects.values_list("text", "answer", "grams"))
    for place in (printed, shown, stored):
        runs = _digits(place)
        assert not [number for number in numbers if number in runs]


def test_the_command_prints_nothing_but_csv(database: Place, redis_url: str) -> None:
    written(
        event("message_in", key="k", kind="text", text="=1，\n“两行”"),
        event("turn", key="k", outcome="answered", topic="amount", project="research", confidence=0.75),
        event("message_out", key="k", author="bot", text="没有写。"),
    )
    environment = {**environ(database, redis_url), "LC_ALL": "C"}
    done = subprocess.run(
        ["make", "-s", "faq-log", f"PY={sys.executable}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    (row,) = csv.DictReader(io.StringIO(done.stdout.decode("utf-8"), newline=""))
    assert (row["text"], row["answer"], row["topic"]) == ("'=1，\n“两行”", "没有写。", "amount")
    assert (row["outcome"], row["channel"], row["confidence"]) == ("answered", "wechat", "0.75")

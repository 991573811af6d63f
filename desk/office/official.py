"""The official text, out of the file that an operator loads: lines of ``.docx``, ``.pdf`` or ``.txt``."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from bot.errors import GuideError
from bot.guide import source

MOST_BYTES = 20 * 1024 * 1024


def _docx(content: bytes) -> list[str]:
    import docx

    document = docx.Document(io.BytesIO(content))
    lines: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            lines += [cell.text for row in block.rows for cell in row.cells]
        else:
            lines += block.text.split("\n")
    return lines


def _pdf(content: bytes) -> list[str]:
    import pypdf

    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [line for page in pages for line in page.extract_text().split("\n")]


def _txt(content: bytes) -> list[str]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    raise ValueError("编码")


_READERS: dict[str, Callable[[bytes], list[str]]] = {"docx": _docx, "pdf": _pdf, "txt": _txt}


def clauses(name: str, content: bytes) -> dict[str, str]:
    """The clauses of a file.

    Raises:
        GuideError: a sentence says why it can't be used.
    """
    reader = _READERS.get(name.rpartition(".")[2].lower())
    if reader is None:
        raise GuideError(["请选 .docx、.pdf 或 .txt 文件。"])
    if len(content) > MOST_BYTES:
        raise GuideError(["文件超过 20 MB，请只留指南正文。"])
    try:
        lines = reader(content)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise GuideError([f"文件读不出来（{type(error).__name__}），请另存一次再试。"]) from error
    except Exception as error:
        raise GuideError([f"文件读不出来（{type(error).__name__}），请另存一次再试。"]) from error
    if not any(line.strip() for line in lines):
        raise GuideError(["文件里没有文字。扫描的图片要先识别成文字。"])
    return source.cut(lines)

"""Reads the guide pack, ``data/guide/*.yml``, into frozen objects, and reports every mistake in it.

All files are read together: lists are joined in the order of the files' names. The research directions
have a file of their own and go to project `research`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.errors import GuideError
from bot.guide.build_project import build_project
from bot.guide.build_topics import build_blank, build_chat, build_direction, build_point, build_topic
from bot.guide.builder import Builder
from bot.guide.check import check
from bot.guide.files import read_file
from bot.guide.model import Direction, Guide
from bot.guide.tree import Item, Problems

FOLDER = Path(__file__).resolve().parents[2] / "data" / "guide"
DIRECTIONS_OF = "research"


def load_guide(folder: Path | None = None) -> Guide:
    """Read and check the pack.

    Args:
        folder: where the files are; the project's own by default.

    Raises:
        GuideError: with all mistakes, each a sentence in Chinese that starts with ``file:line``.
    """
    folder = FOLDER if folder is None else folder
    paths = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]) if folder.is_dir() else []
    if not paths:
        raise GuideError([f"{folder}:1 这里没有指南文件（.yml），请检查文件夹的位置。"])
    problems = Problems()
    items = [item for path in paths if (item := read_file(path, problems)) is not None]
    build = Builder(problems)
    guide = _guide(build, items, _version(paths))
    if len(items) == len(paths):
        # Where a file can't be read, what is missing from it would only make more complaints.
        _whole(guide, items[0])
        check(guide, build)
    problems.stop()
    return guide


def _version(paths: Sequence[Path]) -> str:
    """The first 12 hex digits of a hash of all files."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}:".encode() + content)
    return digest.hexdigest()[:12]


def _each(items: Sequence[Item], key: str, what: str) -> Iterator[Item]:
    for item in items:
        yield from item.items(key, what, required=False)


def _guide(build: Builder, items: Sequence[Item], version: str) -> Guide:
    """The guide, as far as it can be read."""
    titles = [item.text("title", required=False) for item in items]
    directions = tuple(build_direction(build, each) for each in _each(items, "directions", "研究方向"))
    projects = []
    for each in _each(items, "projects", "项目"):
        id = build.name(each, "项目")
        own: tuple[Direction, ...] = directions if id == DIRECTIONS_OF else ()
        projects.append(build_project(build, each, id, own))
    guide = Guide(
        title="".join(titles),
        projects=tuple(projects),
        blanks=tuple(build_blank(build, each) for each in _each(items, "blanks", "空白项")),
        topics=tuple(build_topic(build, each) for each in _each(items, "topics", "话题")),
        points=tuple(build_point(build, each) for each in _each(items, "points", "要点")),
        chat={key: text for item in items for key, text in build_chat(build, item).items()},
        version=version,
    )
    for item, title in zip(items, titles, strict=True):
        if title and title != guide.title:
            item.complain("title", "“title”（指南名称）在几个文件里都写了，请只留一处。")
        item.done()
    return guide


def _whole(guide: Guide, first: Item) -> None:
    """Complain about sections that no file has."""
    if not guide.title:
        first.complain("title", "整份指南没有写“title”（指南名称），请在一个文件里补上。")
    if not guide.projects:
        first.complain("projects", "整份指南没有写“projects”（项目），请补上。")
    if not guide.chat:
        first.complain("chat", "整份指南没有写“chat”（问候、提示等话），请在一个文件里补上。")

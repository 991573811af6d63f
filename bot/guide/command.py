"""``python -m bot guide check | show | graph``: for whoever keeps the guide pack."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot import settings
from bot.errors import GuideError
from bot.guide.graph import mermaid
from bot.guide.load import load_guide
from bot.guide.model import Guide
from bot.guide.show import show


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code, 1 where the pack has mistakes."""
    arguments = _parser().parse_args(argv)
    folder: Path = arguments.folder or settings.load().guide
    try:
        guide = load_guide(folder)
    except GuideError as error:
        print(error)
        print(f"共 {len(error.problems)} 处要改。改好后请再核对一次。")
        return 1
    if arguments.command == "check":
        print(_counts(guide))
    elif arguments.command == "show":
        print(show(guide), end="")
    else:
        _graph(guide, arguments.project, arguments.output)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot guide", description="核对、通读、画出指南")
    commands = parser.add_subparsers(dest="command", required=True)
    helps = {"check": "核对有没有写错", "show": "按条款通读", "graph": "画出询问流程（Mermaid）"}
    for name, text in helps.items():
        command = commands.add_parser(name, help=text)
        command.add_argument("--folder", type=Path, help="指南文件夹，默认用设置里的")
        if name == "graph":
            command.add_argument("--project", default="", help="只画这一个项目")
            command.add_argument("-o", "--output", type=Path, help="写到这个文件，默认打印出来")
    return parser


def _counts(guide: Guide) -> str:
    lines = ["没有问题。"]
    for project in guide.projects:
        counts = f"{len(project.facts)} 个问题，{len(project.conditions)} 条条件"
        lines.append(f"{project.short}：{counts}，{len(project.directions)} 个方向")
    filled = sum(bool(blank.text) for blank in guide.blanks)
    lines.append(f"话题 {len(guide.topics)} 个；指南没写的 {len(guide.blanks)} 项，已补 {filled} 项")
    lines.append(f"版本 {guide.version}")
    return "\n".join(lines)


def _graph(guide: Guide, project_id: str, output: Path | None) -> None:
    """One chart, or one for each project; in a ``.md`` file they are fenced so that it shows them."""
    chosen = [project for project in guide.projects if project_id in ("", project.id)]
    if not chosen:
        raise GuideError([f"没有项目“{project_id}”，可以写的有：{'、'.join(p.id for p in guide.projects)}。"])
    charts = [mermaid(project) for project in chosen]
    fenced = len(charts) > 1 or (output is not None and output.suffix == ".md")
    pairs = zip(chosen, charts, strict=True)
    texts = (
        [f"## {project.name}\n\n```mermaid\n{chart}```\n" for project, chart in pairs] if fenced else charts
    )
    text = "\n".join(texts)
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")
        print(f"已写到 {output}")

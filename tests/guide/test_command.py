"""The clerk's commands: check, show, graph."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.guide import screening
from bot.guide.command import main
from bot.guide.graph import mermaid, walk
from bot.guide.load import FOLDER, load_guide
from bot.guide.model import Project
from bot.guide.show import order

GUIDE = load_guide()
PROJECTS = pytest.mark.parametrize("project", GUIDE.projects, ids=lambda project: project.id)


def test_check_says_that_all_is_well_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--folder", str(FOLDER)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("没有问题")
    assert "示范项目：12 个问题，11 条条件" in said
    assert "研究项目：9 个问题，9 条条件，12 个方向" in said


def test_check_lists_all_mistakes_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "guide"
    shutil.copytree(FOLDER, folder)
    path = folder / "project-demonstration.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("0931-8533556", "8533").replace("kind: judged", "kind: hrad"), encoding="utf-8"
    )
    assert main(["check", "--folder", str(folder)]) == 1
    said = capsys.readouterr().out
    assert re.search(r"^project-demonstration\.yml:\d+ .*“8533”", said, re.MULTILINE)
    assert len(re.findall(r"^project-demonstration\.yml:\d+ .*“hrad”", said, re.MULTILINE)) == 3
    assert "共 4 处要改" in said


def test_show_follows_the_printed_guide(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--folder", str(FOLDER)]) == 0
    said = capsys.readouterr().out
    clauses = re.findall(r"^【(.+)】$", said, re.MULTILINE)
    numbered = [f"二（一）{number}" for number in range(1, 13)]
    assert clauses == [
        *("一（二）①", "一（二）②", "一（二）③", "一（二）④", "一（三）"),
        *("二（一）", *numbered, "二（二）1", "二（二）2", "二（二）3", "二（三）"),
    ]
    for fact in ("知识产权保护运用处", "0931-8533556", "3万字以上", "5千字以内", "执行期：1年"):
        assert fact in said
    for project in GUIDE.projects:
        for condition in project.conditions:
            assert condition.name in said
    for blank in GUIDE.blanks:
        assert f"{blank.name}：（空着）" in said


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("一", "一（二）"),
        ("一（二）①", "一（二）②"),
        ("二（一）9", "二（一）10"),
        ("一（三）", "二（一）"),
        ("二（三）", "答复"),
    ],
)
def test_clauses_are_ordered_as_printed(earlier: str, later: str) -> None:
    assert order(earlier) < order(later)


@PROJECTS
def test_the_chart_is_true_to_the_screening(project: Project) -> None:
    """The drawn edges, read back, lead every walk to the same questions and the same verdict."""
    chart = mermaid(project)
    texts = dict(re.findall(r"^    (n\d+)[({\[]+\"(.+?)\"", chart, re.MULTILINE))
    leads: dict[str, dict[str, str]] = {}
    for source, words, target in re.findall(r'^    (n\d+) -->\|"(.+)"\| (n\d+)$', chart, re.MULTILINE):
        for label in words.split(" / "):
            leads.setdefault(source, {})[label] = target
    start = re.search(r"--> (n\d+)$", chart, re.MULTILINE)
    assert start is not None

    seen: set[tuple[str, str]] = set()

    def follow(node: str, answers: dict[str, str]) -> None:
        fact = screening.next_fact(project, answers)
        if fact is None:
            verdict = screening.verdict(project, answers)
            assert verdict is not None
            assert texts[node] == verdict.value
            return
        assert texts[node].split("<br>") == [fact.name, fact.clause]
        for choice in fact.choices:
            edges = leads[node]
            target = edges.get(choice.label) or edges.get("怎么答都一样") or _many(edges, choice.id)
            seen.add((node, target))
            follow(target, screening.put(project, answers, fact.id, choice.id))

    follow(start[1], {})
    drawn = {(source, target) for source, edges in leads.items() for target in edges.values()}
    assert seen == drawn, "an arrow that no walk takes"


def _many(edges: dict[str, str], choice: str) -> str:
    """Directions are drawn as one arrow: the first and how many."""
    assert re.fullmatch(r"d\d+", choice)
    [target] = [target for words, target in edges.items() if words.endswith("等 12 项")]
    return target


@PROJECTS
def test_the_chart_stays_readable(project: Project) -> None:
    """A dozen questions, each at most twice or so (all well so far, or something unclear)."""
    assert len(walk(project)) <= 2 * len(project.facts) + 3


def test_graph_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "graph.md"
    assert main(["graph", "--folder", str(FOLDER), "-o", str(path)]) == 0
    written = path.read_text(encoding="utf-8")
    assert written.count("```mermaid\nflowchart TD") == 2
    assert str(path) in capsys.readouterr().out
    assert main(["graph", "--folder", str(FOLDER), "--project", "research"]) == 0
    assert capsys.readouterr().out == mermaid(GUIDE.project("research"))


def test_an_empty_folder_is_a_mistake_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--folder", str(tmp_path)]) == 1
    assert "没有指南文件" in capsys.readouterr().out

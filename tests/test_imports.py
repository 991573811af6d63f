"""The house rules that a machine can check: who imports whom, and how long a file may be."""

from __future__ import annotations

import ast

import pytest
from importlinter import configuration
from importlinter.application import use_cases

from bot.settings import ROOT

LONGEST = 400
ROOMS = ("actions", "bench", "bot", "setup", "tests")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def test_imports_point_down(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # Not the command line's function: it sets up logging anew, which closes the handler that TensorFlow
    # has put on pytest's captured stream, and pytest's own output is lost with it.
    configuration.configure()
    monkeypatch.syspath_prepend(ROOT)
    passed = use_cases.lint_imports(str(ROOT / "pyproject.toml"), cache_dir=None, no_logo=True)
    assert passed, capsys.readouterr().out


def test_no_source_file_is_too_long() -> None:
    assert len(SOURCES) > 20
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.read_text(encoding="utf-8").strip()
        and ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []

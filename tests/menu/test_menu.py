"""The menu: its limits in bytes, its forms, and pushing it after a look at the difference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions import taps
from bot import settings as settings_module
from bot.errors import MenuError
from bot.menu import command, model
from bot.menu.model import Button, check, load
from bot.settings import Settings
from tests.work import Corp, corp


@pytest.fixture
def office(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Corp]:
    with corp(settings) as made:
        monkeypatch.setattr(settings_module, "load", lambda: made.settings)
        yield made


def push(monkeypatch: pytest.MonkeyPatch, channel: str, answer: str, *more: str) -> int:
    monkeypatch.setattr("builtins.input", lambda _: answer)
    return command.main(["push", channel, *more])


def test_our_own_menu_fits_both_platforms_and_its_taps_mean_something() -> None:
    menu = load(command.FILE)
    for channel in ("wechat", "wecom"):
        check(menu, channel)
    every = [item for button in menu for item in (button.below or (button,))]
    assert all(taps.hear(item.tap) for item in every)


@pytest.mark.parametrize("channel", ["wechat", "wecom"])
def test_pushing_shows_the_difference_asks_and_writes(
    office: Corp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    assert push(monkeypatch, channel, "") == 1
    shown = capsys.readouterr().out
    assert "+ 能不能报" in shown
    assert "没有更新" in shown
    assert push(monkeypatch, channel, "y") == 0
    assert "已更新" in capsys.readouterr().out
    assert push(monkeypatch, channel, "y") == 0
    assert "不用更新" in capsys.readouterr().out
    if channel == "wecom":
        assert office.work.desks["wecom"].world.menu == model.body(load(command.FILE))


def test_a_changed_menu_shows_what_goes_and_what_comes(
    office: Corp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    push(monkeypatch, "wecom", "y")
    changed = tmp_path / "menu.yml"
    changed.write_text(command.FILE.read_text(encoding="utf-8").replace("转人工", "找客服"), encoding="utf-8")
    capsys.readouterr()
    assert push(monkeypatch, "wecom", "", "--file", str(changed)) == 1
    shown = capsys.readouterr().out
    assert "- 转人工  →  human" in shown
    assert "+ 找客服  →  human" in shown
    assert office.calls("wecom", "menu/create") == 1


ONE = Button("甲", tap="human")
MISTAKES = [
    ((), "1 到 3 个按钮"),
    ((ONE,) * 4, "现在是 4 个"),
    ((Button("六个汉字太长", tap="human"),), "18 字节"),
    ((Button("", tap="human"),), "0 字节"),
    ((Button("甲", below=(ONE,) * 6),), "最多 5 项"),
    ((Button("甲", below=(Button("长" * 21, tap="human"),)),), "63 字节"),
    ((Button("甲", tap="x" * 129),), "128 字节"),
    ((Button("甲", tap="有空 格"),), "tap"),
    ((Button("甲"),), "写一个"),
    ((Button("甲", tap="human", url="https://a.example"),), "写一个"),
    ((Button("甲", url="javascript:1"),), "https://"),
    ((Button("甲", url="https://a.example/" + "x" * 1_024),), "1024"),
    ((Button("甲", below=(Button("乙", below=(ONE,)),)),), "不能再有一级"),
]


@pytest.mark.parametrize(("menu", "words"), MISTAKES)
def test_each_limit_is_named(menu: tuple[Button, ...], words: str) -> None:
    with pytest.raises(MenuError, match=words):
        check(menu, "wechat")


def test_wecom_allows_shorter_names_below() -> None:
    menu = (Button("甲", below=(Button("长" * 14, tap="human"),)),)
    check(menu, "wechat")
    with pytest.raises(MenuError, match="1 到 40 字节"):
        check(menu, "wecom")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(MenuError, match="读不到"):
        load(tmp_path / "none.yml")
    wrong = tmp_path / "menu.yml"
    wrong.write_text("menu:\n  - name: 甲\n    tab: human\n", encoding="utf-8")
    with pytest.raises(MenuError, match="tab"):
        load(wrong)


def test_an_account_without_the_right_is_told_so(office: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
    office.app.trouble.errcode, office.app.trouble.times = 60020, 1
    office.app.trouble.path = "/cgi-bin/menu/create"
    with pytest.raises(MenuError, match="可信 IP"):
        push(monkeypatch, "wecom", "y")

"""Settings: where a value comes from, which one wins, and how a wrong one is named."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import settings
from bot.errors import SettingsError
from bot.settings import ROOT


def test_defaults_work_for_the_demo(tmp_path: Path) -> None:
    made = settings.load({}, root=tmp_path)
    assert (made.gateway_port, made.desk_port, made.sandbox_port, made.redis_port) == (8080, 8000, 8090, 6390)
    assert made.host == "127.0.0.1"
    assert made.sandbox
    assert made.embedded_redis
    assert made.redis_url == "redis://127.0.0.1:6390/0"
    assert made.wechat.api_url == "http://127.0.0.1:8090"
    assert not made.wechat.plain_mode


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GATEWAY_PORT=8181\nSANDBOX_PORT=8282\n")
    made = settings.load({"GATEWAY_PORT": "8383", "SANDBOX_PORT": ""}, root=tmp_path)
    assert made.gateway_port == 8383
    assert made.sandbox_port == 8282, "an empty variable is one that isn't set"
    assert made.desk_port == 8000


def test_secrets_are_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    first, second = (settings.load({}, root=tmp_path).wechat for _ in range(2))
    assert first == second
    assert len(first.aes_key) == 43
    assert (tmp_path / "var" / "generated.env").stat().st_mode & 0o777 == 0o600
    assert settings.load({}, root=tmp_path / "elsewhere").wechat.token != first.token


def test_a_file_of_an_earlier_version_is_completed_and_kept(tmp_path: Path) -> None:
    first = settings.load({}, root=tmp_path)
    path = tmp_path / "var" / "generated.env"
    old = [line for line in path.read_text().splitlines(keepends=True) if line.startswith("WECHAT_")]
    path.write_text("".join(old))
    again, then = (settings.load({}, root=tmp_path) for _ in range(2))
    assert again.wechat == first.wechat
    assert again.wecom is not None
    assert again.kf is not None
    assert (again.wecom, again.kf) == (then.wecom, then.kf)
    assert again.wecom != first.wecom
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_the_sandbox_wecom_is_there_only_if_it_was_set_up(tmp_path: Path) -> None:
    alone = settings.load({"SANDBOX": "0"}, root=tmp_path)
    assert (alone.wecom, alone.kf, alone.alerts.robot_key) == (None, None, "")
    account = {
        "SANDBOX": "0",
        "WECOM_CORP_ID": "ww1",
        "WECOM_AGENT_ID": "1000002",
        "WECOM_SECRET": "s",
        "WECOM_TOKEN": "t",
        "WECOM_AES_KEY": "A" * 43,
    }
    made = settings.load(account, root=tmp_path).wecom
    assert made is not None
    assert (made.agent_id, made.api_url) == (1000002, "https://qyapi.weixin.qq.com")
    for name in account.keys() - {"SANDBOX", "WECOM_AGENT_ID"}:
        with pytest.raises(SettingsError, match=name):
            settings.load({key: value for key, value in account.items() if key != name}, root=tmp_path)


def test_processes_that_start_at_once_get_the_same_secrets(tmp_path: Path) -> None:
    code = "import sys, pathlib, bot.settings as s; print(s.load({}, pathlib.Path(sys.argv[1])).wechat)"
    command = [sys.executable, "-c", code, str(tmp_path)]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    printed = {process.communicate(timeout=60)[0] for process in processes}
    assert len(printed) == 1
    assert "WeChat(" in printed.pop()
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["generated.env"]


def test_another_redis_takes_the_place_of_the_embedded_one(tmp_path: Path) -> None:
    made = settings.load({"REDIS_URL": "redis://elsewhere:6379/1"}, root=tmp_path)
    assert made.redis_url == "redis://elsewhere:6379/1"
    assert not made.embedded_redis


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_PORT", "http"),
        ("SANDBOX_PORT", "0"),
        ("REDIS_PORT", "65536"),
        ("DESK_PORT", "-1"),
        ("SANDBOX", "maybe"),
        ("WECHAT_PLAIN_MODE", "on?"),
        ("WECHAT_ACCOUNT", "personal"),
        ("WECHAT_AES_KEY", "short"),
        ("WECOM_AES_KEY", "short"),
        ("WECOM_AGENT_ID", "app"),
        ("KF_AES_KEY", "short"),
        ("KF_HANDOFF", "nobody"),
        ("ALERT_WAIT_MINUTES", "0"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings.load({name: value}, root=tmp_path)


def test_every_setting_is_in_the_readme() -> None:
    sources = [ROOT / "bot" / name for name in ("settings.py", "accounts.py", "generated.py")]
    source = "\n".join(re.sub(r"[()\[\],]", " ", path.read_text(encoding="utf-8")) for path in sources)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = {
        word for word in source.replace('"', " ").split() if word.isupper() and "_" in word and word.isascii()
    }
    names = {name.rstrip(":") for name in names}
    names = {name for name in names if name.replace("_", "").isalpha() and not name.startswith("_")}
    names -= {"O_RDONLY", "LOCK_EX", "PUBLIC_API"}
    assert {"GATEWAY_PORT", "WECHAT_AES_KEY", "REDIS_URL", "WECOM_API_URL", "KF_HANDOFF"} <= names
    assert not {name for name in names if f"`{name}`" not in readme}

"""What the processes write: one JSON line an event, from structlog and from libraries alike."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs


@pytest.fixture
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.mark.usefixtures("_restored")
def test_every_line_is_json_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().info("callback", result="reply", ms=1.5)
    logging.getLogger("some.library").warning("careful: %s", "事")
    logging.getLogger("some.library").info("chatter")
    out, err = capsys.readouterr()
    first, second = map(json.loads, err.splitlines())
    assert out == ""
    assert (first["event"], first["result"], first["ms"], first["level"]) == (
        "callback",
        "reply",
        1.5,
        "info",
    )
    assert (second["event"], second["level"]) == ("careful: 事", "warning")
    assert first["timestamp"].endswith("Z")


@pytest.mark.usefixtures("_restored")
def test_personal_numbers_in_an_error_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    try:
        raise ValueError("不能处理：我的电话13900001234，主管处室0931-8533556")
    except ValueError as error:
        structlog.get_logger().error("turn failed", key="139000012341", error=repr(error), exc_info=error)
        logging.getLogger("some.library").exception("身份证 %s", "620102199001011234")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    for text in (first["error"], first["exception"], second["exception"]):
        assert "13900001234" not in text
        assert "0931-8533556" in text
    assert "620102199001011234" not in second["event"]
    assert first["key"] == "139000012341"


def test_a_hashed_key_names_the_message_and_nobody() -> None:
    assert logs.hashed("wechat|gh|oAlice|1|2") == logs.hashed("wechat|gh|oAlice|1|2")
    assert logs.hashed("wechat|gh|oAlice|1|2") != logs.hashed("wechat|gh|oAlice|1|3")
    assert "oAlice" not in logs.hashed("wechat|gh|oAlice|1|2")

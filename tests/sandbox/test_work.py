"""The stand-in's limits of WeCom and WeChat customer service, each broken on purpose."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import PlatformError
from bot.sandbox.work.limits import MEMBER, ROBOT, Limits
from bot.sandbox.work.service import ASSISTANT, ENDED, NEW, QUEUE, SERVICER, Service


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(clock: Clock) -> Service:
    return Service("wk1", clock)


def refused(code: int) -> Any:
    return pytest.raises(PlatformError, match=str(code))


def test_a_member_gets_30_a_minute_and_1000_an_hour(clock: Clock) -> None:
    limits = Limits(MEMBER, clock)
    taken = 0
    for _ in range(40):
        taken += sum(limits.take("a") for _ in range(31))
        clock.now += 60
    assert taken == 1_000
    clock.now += 3_600
    assert limits.take("a")
    robot = Limits(ROBOT, clock)
    assert sum(robot.take("robot") for _ in range(25)) == 20


def test_five_messages_within_48_hours(service: Service, clock: Clock) -> None:
    service.wrote("wm", "text", {"content": "问"})
    for number in range(5):
        assert service.spend("wm", f"m{number}")
    with refused(95001):
        service.spend("wm", "m5")
    service.wrote("wm", "text", {"content": "再问"})
    clock.now += 48 * 3_600
    with refused(95002):
        service.spend("wm", "m6")


def test_sending_in_a_forbidden_state_is_refused_and_counted(service: Service) -> None:
    service.wrote("wm", "text", {"content": "问"})
    for state in (QUEUE, SERVICER, ENDED):
        service.sessions["wm"].state = state
        with refused(95018):
            service.spend("wm", f"m{state}")
    assert (service.forbidden, service.raced) == (3, 0)


def test_who_asked_just_before_and_could_not_know_is_counted_apart(service: Service, clock: Clock) -> None:
    def tried(state_asked: bool, fetched: bool = False, seconds: float = 0.0) -> tuple[int, int]:
        service.ended("wm", "LiMing")
        service.wrote("wm", "text", {"content": "问"})
        before = service.forbidden, service.raced
        if state_asked:
            assert service.state("wm") == NEW
        clock.now += seconds
        service.taken("wm", "LiMing")
        if fetched:
            service.page("", service.token(), 1_000)
        with refused(95018):
            service.spend("wm", "m")
        return service.forbidden - before[0], service.raced - before[1]

    assert tried(state_asked=True) == (0, 1)
    assert tried(state_asked=False) == (1, 0)
    assert tried(state_asked=True, fetched=True) == (1, 0)
    assert tried(state_asked=True, seconds=1.0) == (1, 0)
    # Asking is good for one message.
    service.ended("wm", "LiMing")
    service.wrote("wm", "text", {"content": "问"})
    service.state("wm")
    service.spend("wm", "m1")
    service.taken("wm", "LiMing")
    forbidden = service.forbidden
    with refused(95018):
        service.spend("wm", "m2")
    assert service.forbidden == forbidden + 1


@pytest.mark.parametrize("state", range(5))
def test_only_some_changes_of_state_are_allowed(service: Service, state: int) -> None:
    service.servicers.add("LiMing")
    allowed = {
        NEW: {ASSISTANT, QUEUE, SERVICER, ENDED},
        ASSISTANT: {QUEUE, SERVICER, ENDED},
        QUEUE: {SERVICER, ENDED},
        SERVICER: {ENDED},
        ENDED: set[int](),
    }
    for wanted in range(5):
        service.sessions["wm"].state = state
        if wanted in allowed[state]:
            service.change("wm", wanted, "LiMing")
        else:
            with refused(95016):
                service.change("wm", wanted, "LiMing")
    service.sessions["wm"].state = NEW
    with refused(95014):
        service.change("wm", SERVICER, "OffDuty")
    service.sessions["wm"].state = ENDED
    service.wrote("wm", "text", {"content": "又来了"})
    assert service.sessions["wm"].state == NEW


def test_a_msgid_is_used_once_and_has_its_shape(service: Service) -> None:
    service.wrote("wm", "text", {"content": "问"})
    service.spend("wm", "a" * 32)
    for msgid in ("a" * 32, "a" * 33, "", "有"):
        with refused(40058):
            service.spend("wm", msgid)


def test_a_welcome_code_is_good_for_20_seconds_and_one_message(service: Service, clock: Clock) -> None:
    code = service.entered("wm")
    assert service.use(code, "m1") == "wm"
    with refused(40058):
        service.use(code, "m2")
    assert service.entered("wm") == ""
    late = service.entered("wn")
    clock.now += 20
    with refused(40058):
        service.use(late, "m3")


def test_pages_tokens_and_what_is_kept(service: Service, clock: Clock) -> None:
    service.wrote("wm", "text", {"content": "很久以前"})
    clock.now += 3 * 86_400
    token = service.token()
    for number in range(3):
        service.wrote("wm", "text", {"content": str(number)})
    page = service.page("", token, 2)
    assert [each["text"]["content"] for each in page["msg_list"]] == ["0", "1"]
    assert page["has_more"] == 1
    service.empty_pages = 1
    empty = service.page(page["next_cursor"], token, 2)
    assert (empty["msg_list"], empty["has_more"], empty["next_cursor"]) == ([], 1, page["next_cursor"])
    service.page("", "", 1)
    with refused(45009):
        service.page("", "", 1)
    clock.now += 600
    with refused(95007):
        service.page("", token, 1)

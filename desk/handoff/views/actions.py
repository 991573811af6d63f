"""What staff do with a conversation. Each is a POST, allowed by role, decided by one statement in SQL."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from bot.errors import BusError, NotYoursError
from desk.accounts.guard import needs
from desk.accounts.models import User
from desk.bus import wake
from desk.handoff import (
    allowance,
    audit,
    closing,
    feed,
    guidebook,
    ownership,
    reconcile,
    resuming,
    sending,
)
from desk.handoff import tickets as tickets_module
from desk.handoff.models import Author, Conversation, Group, Who
from desk.handoff.split import split
from desk.handoff.views.common import colleagues, conversation_of, message_of, notify, number, pane

NOT_TOLD = "，但暂时通知不到机器人，它可能还会答一条；系统会继续通知"


def _epoch(request: HttpRequest) -> int:
    return number(request.POST.get("epoch"), -1) or 0


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:300]


def _told(pk: int) -> bool:
    """Tell Redis and open pages at once."""
    told = reconcile.push(pk)
    _wake()
    return told


def _wake() -> None:
    with contextlib.suppress(BusError):  # open pages look by themselves within a second
        wake()


def _change(
    request: HttpRequest,
    pk: int,
    action: str,
    change: Callable[[User, int], ownership.Result],
    said: str,
    **details: str,
) -> HttpResponse:
    """Make a change of owner with its audit entry, tell everyone, and show the pane again."""
    user: Any = request.user
    conversation = conversation_of(pk)
    with transaction.atomic():
        result = change(user, _epoch(request))
        if result.done:
            audit.record(request, action, conversation, **details)
    if not result.done:
        return pane(
            request, pk, f"没有成功：会话现在由“{result.holder}”负责，页面已更新", good=False, status=409
        )
    return pane(request, pk, said if _told(pk) else said + NOT_TOLD)


@needs("answer")
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the conversation."""
    return _change(
        request, pk, "claim", lambda user, epoch: ownership.claim(pk, user, epoch), "已接管，现在由您答复"
    )


@needs("force")
@require_POST
def force(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it from a colleague, with a reason."""
    reason = _reason(request)
    if len(reason) < 2:
        return pane(request, pk, "强制接管要写明理由", good=False, status=422)
    return _change(
        request,
        pk,
        "force",
        lambda user, epoch: ownership.force(pk, user, epoch, reason),
        "已强制接管",
        reason=reason,
    )


@needs("answer")
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Back into the queue."""
    return _change(
        request, pk, "release", lambda user, epoch: ownership.release(pk, user, epoch), "已放回队列"
    )


@needs("answer")
@require_POST
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """To a colleague or a group, with a note."""
    kind, _, id = request.POST.get("to", "").partition(":")
    users, groups = colleagues(request)
    targets: list[User | Group] = [*users] if kind == "user" else [*groups]
    to = next((each for each in targets if str(each.pk) == id), None)
    if to is None:
        return pane(request, pk, "请选择要转交的同事或小组", good=False, status=422)
    note = request.POST.get("note", "").strip()[:300]
    return _change(
        request,
        pk,
        "transfer",
        lambda user, epoch: ownership.transfer(pk, user, epoch, to, note),
        f"已转交给 {to}",
        subject=str(to),
        reason=note,
    )


@needs("answer")
@require_POST
def hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the bot: the applicant is told, and the open question is put again."""

    def back(user: User, epoch: int) -> ownership.Result:
        result, ticket = ownership.hand_back(pk, user, epoch)
        if result.done:
            closing.say(pk, ticket)
        return result

    action = "close" if request.POST.get("next") else "handback"
    response = _change(request, pk, action, back, "已交回自动助手")
    with contextlib.suppress(BusError):  # else the consumer tells the worker, as soon as it can
        resuming.tell_all(only=pk)
    return (
        notify(response, "已结束，打开下一个", **{"desk:next": True})
        if _closed(request, response)
        else response
    )


def _closed(request: HttpRequest, response: HttpResponse) -> bool:
    return bool(request.POST.get("next")) and response.status_code == 200


@needs("answer")
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something to the applicant. Only who has the conversation may."""
    user: Any = request.user
    text = request.POST.get("text", "").strip()
    if not text or len(text) > 6_000:
        return pane(request, pk, "请写 1 到 6000 字" if text else "还没有写内容", good=False, status=422)
    conversation = conversation_of(pk)
    left = allowance.left(conversation)
    pieces = len(split(text, reserve=len(sending.STAFF_MARK.encode())))
    if left is not None and left.reserve_needed(pieces) and not request.POST.get("reserve"):
        words = f"要发 {pieces} 条，{left.words}。要留 1 条做结束语；确定要发，请再按一次发送"
        return notify(
            pane(request, pk, words, good=False, status=409), words, False, **{"desk:reserve": True}
        )
    try:
        sending.from_staff(pk, user, _epoch(request), text)
    except NotYoursError:
        return pane(request, pk, "没有发出：请先接管会话", good=False, status=409)
    _wake()
    return notify(pane(request, pk), "", **{"desk:sent": True})


@needs("answer")
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note that only colleagues see."""
    user: Any = request.user
    text = request.POST.get("text", "").strip()[:6_000]
    if not text:
        return pane(request, pk, "还没有写内容", good=False, status=422)
    conversation_of(pk)
    with transaction.atomic():
        feed.add(pk, tickets_module.current(pk), Author.NOTE, text, agent=user)
    _wake()
    return notify(pane(request, pk), "", **{"desk:sent": True})


@needs("answer")
@require_POST
def retry(request: HttpRequest, pk: int, message: int) -> HttpResponse:
    """A new attempt at a bubble that failed, or of which nobody knows."""
    user: Any = request.user
    found = message_of(pk, message)
    if not Conversation.objects.filter(pk=pk, owner=Who.AGENT, agent=user).exists():
        return pane(request, pk, "没有重发：请先接管会话", good=False, status=409)
    try:
        again = sending.retry(found, user)
    except BusError:
        return pane(request, pk, "没有重发：暂时连不上发送服务，请稍后再试", good=False, status=503)
    _wake()
    said = "已重新发送" if again else "没有重发：这条消息的状态已经变了，页面已更新"
    return pane(request, pk, said, good=again, status=200 if again else 409)


@needs("unmask")
@require_POST
def unmask(request: HttpRequest, pk: int, message: int) -> HttpResponse:
    """Show the personal numbers of one bubble, once, with a reason."""
    reason, found = _reason(request), message_of(pk, message)
    if len(reason) < 2:
        return notify(HttpResponse(status=204), "查看号码要写明理由", False)
    audit.record(request, "unmask", found.conversation, subject=f"消息 {found.pk}", reason=reason)
    found.unmasked = True
    return render(request, "console/bubble.html", {"message": found})


@needs("answer")
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an answer of the screening; the bot hears of it at the hand-back."""
    user: Any = request.user
    project, fact, choice = (request.POST.get(name, "") for name in ("project", "fact", "choice"))
    try:
        words = guidebook.check(project, fact, choice)
    except KeyError:
        return pane(request, pk, "指南里没有这个选项", good=False, status=422)
    with transaction.atomic():
        mine = Conversation.objects.filter(pk=pk, owner=Who.AGENT, agent=user).first()
        if mine is None:
            return pane(request, pk, "没有更正：请先接管会话", good=False, status=409)
        resuming.correct(mine, project, fact, choice)
        answers = guidebook.put(mine, fact, choice)
        Conversation.objects.filter(pk=pk).update(answers=answers)
        feed.line(pk, tickets_module.current(pk), f"{user} 更正了核对答案：{words}。交回后自动助手按此继续")
        audit.record(request, "correct", mine, subject=words)
    _wake()
    return notify(pane(request, pk), "已更正", **{"desk:context": True})

"""The inbox of the unanswered: groups by how many people asked, their questions, and what becomes of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from desk.accounts.guard import needs
from desk.accounts.models import User
from desk.faqlog import names, settle
from desk.faqlog.models import Fate, Group, Kind, Question, Why
from desk.handoff import audit
from desk.handoff.models import Author, Message
from desk.handoff.views.common import notify, number, staff

PAGE = 40
_QUESTIONS = 80
_REPLIES = 4
_SETTLED = [fate for fate in Fate.values if fate != Fate.OPEN]
_MOST = 500
"""What can be marked at once."""


def _list(request: HttpRequest) -> dict[str, Any]:
    """A page of groups, most people first."""
    why, behind = request.GET.get("why", ""), number(request.GET.get("behind"), 0) or 0
    settled = request.GET.get("fate") == "settled"
    waiting = Question.objects.filter(fate__in=_SETTLED if settled else [Fate.OPEN])
    if why in Why.values:
        waiting = waiting.filter(why=why)
    counts = _counts(waiting)
    rows = list(counts[behind : behind + PAGE + 1])
    more = len(rows) > PAGE
    groups = Group.objects.select_related("exemplar__turn").in_bulk([row["group"] for row in rows[:PAGE]])
    lines = [{**row, "it": groups[row["group"]]} for row in rows[:PAGE] if row["group"] in groups]
    topics = names.topics() | {names.OFF_TOPIC: "与申报无关"}
    for line in lines:
        line["nearest"] = [topics[each] for each in line["it"].nearest.split(",") if each in topics][:2]
    return {
        "lines": lines,
        "why": why,
        "whys": Why.choices,
        "settled": settled,
        "behind": behind + PAGE if more else None,
        "settled_": "settled" if settled else "",
    }


def _counts(waiting: QuerySet[Question]) -> QuerySet[Any, Any]:
    rows = waiting.filter(group__isnull=False).values("group")
    counted = rows.annotate(people=Count("conversation", distinct=True), n=Count("*"))
    return counted.order_by("-people", "-n", "group")


def _head() -> dict[str, Any]:
    """What stands above the list."""
    totals = Question.objects.filter(fate=Fate.OPEN).aggregate(
        open=Count("*"), people=Count("conversation", distinct=True), fresh=Count("pk", filter=Q(group=None))
    )
    return {"totals": totals, "kinds": Kind.choices, "topics": names.topics(), "section": "inbox"}


@require_GET
@needs("faqlog")
def page(request: HttpRequest) -> HttpResponse:
    """The whole page, with the first group open."""
    context = _list(request) | _head()
    first = context["lines"][0]["it"] if context["lines"] else None
    if first is not None:
        context |= _one(first, context["settled"])
    return render(request, "faqlog/inbox.html", context)


@require_GET
@needs("faqlog")
def groups(request: HttpRequest) -> HttpResponse:
    """The list alone."""
    return render(request, "faqlog/inbox_list.html", _list(request) | _head())


def _one(chosen: Group, settled: bool) -> dict[str, Any]:
    latest = Question.objects.order_by("-turn_id")
    rows = latest.filter(group=chosen, fate__in=_SETTLED if settled else [Fate.OPEN])
    # Only those that are shown are read whole: a group may have thousands.
    shown = list(rows.values_list("pk", flat=True)[:_QUESTIONS])
    found = list(latest.filter(pk__in=shown).select_related("turn", "conversation", "settled_by"))
    nearest = chosen.nearest.split(",")
    return {
        "group": chosen,
        "questions": found,
        "first_topic": next((topic for topic in nearest if topic in names.topics()), ""),
        "replies": _replies(found),
        "settled": settled,
    }


def _replies(questions: list[Question]) -> list[Message]:
    """What staff answered in the conversations of these questions, after them."""
    since = {each.conversation_id: each.turn.at for each in questions}
    said = Message.objects.filter(conversation__in=list(since), author=Author.STAFF).select_related("agent")
    rows = said.order_by("-id")[:_QUESTIONS]
    return [row for row in rows if row.at >= since[row.conversation_id]][:_REPLIES]


@require_GET
@needs("faqlog")
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group's questions."""
    chosen = get_object_or_404(Group, pk=pk)
    return render(
        request, "faqlog/inbox_group.html", _one(chosen, request.GET.get("fate") == "settled") | _head()
    )


def _numbers(request: HttpRequest, name: str) -> list[int]:
    found = (number(each) for each in request.POST.getlist(name)[:_MOST])
    return [each for each in found if each is not None]


def _done(request: HttpRequest, what: str, user: User) -> tuple[str, str]:
    """Carry out one action; returns what to write into the audit log and what to tell. Raises ValueError."""
    questions, marked = _numbers(request, "question"), _numbers(request, "group")
    if what == "merge":
        went = settle.merge(marked)
        return f"并组 {went + 1} 组", f"已并成一组（{went + 1} 组）。"
    if what == "reopen":
        count = settle.reopen(questions)
        return f"放回待处理 {count} 条", f"已放回 {count} 条。"
    found = settle.chosen(questions, marked)
    if what == "adopt":
        topic = request.POST.get("topic", "")
        made, count = settle.adopt(found, topic, request.POST.get("kind", Kind.TRAIN), user)
        label = names.topics()[topic]
        return f"{count} 条归入“{label}”", f"{count} 条归入“{label}”，采纳 {made} 种说法，等同事批准。"
    if what == "off_topic":
        made, count = settle.off_topic(found, user)
        return f"{count} 条与申报无关", f"{count} 条标为与申报无关，采纳 {made} 种说法。"
    if what == "new_topic":
        label = request.POST.get("label", "")
        made, count = settle.new_topic(found, label, user)
        return f"{count} 条列为新主题“{label}”", f"{count} 条列为新主题“{label}”。"
    if what == "dismiss":
        _, count = settle.dismiss(found, request.POST.get("reason", ""), user)
        return f"{count} 条不处理", f"{count} 条不处理。"
    raise ValueError("没有这个操作")


@require_POST
@needs("review")
def settle_(request: HttpRequest) -> HttpResponse:
    """Carry out one action on the marked questions or groups, and show the list as it is then."""
    who = staff(request)
    try:
        subject, told = _done(request, request.POST.get("what", ""), who)
    except ValueError as error:
        return notify(HttpResponse(status=204), str(error), good=False)
    audit.record(request, "settle", subject=subject, reason=request.POST.get("reason", ""))
    return notify(HttpResponse(status=204), told)


@require_POST
@needs("review")
def draft(request: HttpRequest, message: int) -> HttpResponse:
    """Draft an answer from what a colleague wrote."""
    said = get_object_or_404(Message.objects.select_related("conversation"), pk=message, author=Author.STAFF)
    who = staff(request)
    try:
        made = settle.draft(said, request.POST.get("topic", ""), request.POST.get("text", ""), who)
    except ValueError as error:
        return notify(HttpResponse(status=204), str(error), good=False)
    audit.record(request, "draft", said.conversation, subject=f"草稿 {made.pk}：{names.topics()[made.topic]}")
    return notify(HttpResponse(status=204), "草稿已存，编辑答复时可以采用。")

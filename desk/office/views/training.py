"""Training from the log: the examples, the runs with their progress and comparison, and the model in use."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from bot.nlu.comparison import NAMES
from bot.nlu.evaluate import right
from bot.nlu.examples import Question
from desk.accounts.guard import needs
from desk.faqlog.models import Example
from desk.office import checking, heard, training
from desk.office.drafts import RefusedError
from desk.office.models import ModelChoice, Stage, Training
from desk.office.views.common import page as show
from desk.office.views.versions import workers

_RUNS, _SHOWN = 20, 300


@require_GET
@needs("office")
def page(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request)


def _page(request: HttpRequest, problems: tuple[str, ...] = ()) -> HttpResponse:
    running = training.running()
    runs = list(Training.objects.all()[:_RUNS])
    wanted = request.GET.get("run", "")
    run = next((each for each in runs if str(each.pk) == wanted), runs[0] if runs else None)
    choice = training.chosen()
    used = {each[0] for each in choice.examples} if choice else set()
    examples = list(training.usable().select_related("by", "approved_by"))
    topics = heard.labels(checking.now().guide)
    return show(
        request,
        "office/training.html",
        "training",
        {
            "examples": [
                (each, topics.get(each.topic, each.topic), each.text in used) for each in examples[:_SHOWN]
            ],
            "fresh": sum(each.text not in used for each in examples),
            "count": len(examples),
            "unapproved": Example.objects.filter(approved_by=None).count(),
            "proposed": Example.objects.filter(
                approved_by__isnull=False, topic__in=training.proposed()
            ).count(),
            "runs": runs,
            "running": running,
            "choices": ModelChoice.objects.all()[:_RUNS],
            "chosen": choice,
            "workers": workers("model"),
            "problems": problems,
            **_compared(run),
        },
        status=409 if problems else 200,
    )


def _compared(run: Training | None) -> dict[str, Any]:
    """One run with its comparison in words."""
    result = run.result if run else {}
    labels = heard.labels(checking.now().guide)
    figures = [
        (label, result["live"][name], result["new"][name])
        for name, label in NAMES.items()
        if result.get("live")
    ]
    return {
        "run": run,
        "figures": [(label, _percent(a), _percent(b), b - a) for label, a, b in figures],
        "topics": [
            {**each, "label": labels.get(each["topic"], each["topic"])} for each in result.get("topics", [])
        ],
        "changed": [_changed(each, labels) for each in result.get("changed", [])],
        "floors": [_named(each, labels) for each in result.get("problems", [])],
    }


def _changed(each: dict[str, str], labels: dict[str, str]) -> dict[str, Any]:
    """A question that is heard differently, in words, and whether each model hears it right."""
    asked = Question(each["text"], each["topic"])
    words = {side: labels.get(each[side], each[side]) for side in ("topic", "live", "new")}
    return {**each, **words, "was_right": right(asked, each["live"]), "is_right": right(asked, each["new"])}


def _named(problem: str, labels: dict[str, str]) -> str:
    """What fell below its floor, with the topic's name for its id."""
    return re.sub(r"^主题 (\w+)：", lambda found: f"主题“{labels.get(found[1], found[1])}”：", problem)


def _percent(value: float) -> str:
    return f"{value * 100:.1f}%"


@require_GET
@needs("office")
def rows(request: HttpRequest) -> HttpResponse:
    """The progress of the run that goes on; the page is loaded anew when it has ended."""
    run = training.running()
    response = render(request, "office/progress.html", {"run": run})
    if run is None:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@needs("edit")
def start(request: HttpRequest) -> HttpResponse:
    """Start a run; ``sure`` is the button's, so that nothing else starts one."""
    if request.POST.get("sure") != "1":
        return _page(request, ("请在训练页上点“开始训练”。",))
    try:
        training.begin(request)
    except RefusedError as error:
        return _page(request, error.problems)
    return redirect("office-training")


@require_POST
@needs("edit")
def use(request: HttpRequest) -> HttpResponse:
    """Publish a run's model, or go back to an earlier one."""
    try:
        if (run := _number(request, "run")) is not None:
            training.publish(request, get_object_or_404(Training, pk=run))
        elif (choice := _number(request, "choice")) is not None:
            training.back(request, get_object_or_404(ModelChoice, pk=choice))
        else:
            return _page(request, ("请选一个模型。",))
    except RefusedError as error:
        return _page(request, error.problems)
    return redirect("office-training")


def _number(request: HttpRequest, name: str) -> int | None:
    raw = request.POST.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None


__all__ = ["Stage", "page", "rows", "start", "use"]

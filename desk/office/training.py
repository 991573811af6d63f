"""Training from the log: a run in a process of its own, its judgement, its publishing, and the way back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from bot.bus import editions as board
from bot.bus.connection import Client
from bot.errors import BusError
from bot.nlu import examples as nlu
from bot.settings import ROOT
from desk.bus import bus
from desk.faqlog.models import Example, Kind, NewTopic
from desk.handoff import audit
from desk.handoff.texts import guide
from desk.office.drafts import RefusedError, who
from desk.office.models import ModelChoice, Stage, Training

FILE = "reviewed.yml"
PART = 1 << 20
SILENT = timedelta(minutes=15)
"""A run that said nothing for this long has died."""


def proposed() -> list[str]:
    """The topics that the office proposed, but that the program doesn't have yet."""
    known = {topic.id for topic in guide().topics}
    return [topic for topic in NewTopic.objects.values_list("pk", flat=True) if topic not in known]


def usable() -> QuerySet[Example]:
    """The examples that count. Those of a proposed topic wait for it, and hold up nothing else."""
    return Example.objects.filter(approved_by__isnull=False).exclude(topic__in=proposed())


def approved() -> list[list[str]]:
    """The examples that count, as a run takes them: text, topic, what for."""
    rows = usable().order_by("topic", "text")
    return [[text, topic, kind] for text, topic, kind in rows.values_list("text", "topic", "kind")]


def chosen() -> ModelChoice | None:
    """The choice that counts; None as long as the checkout's own model is in use."""
    return ModelChoice.objects.first()


def live() -> str:
    """The model that workers have loaded, as far as one is known."""
    try:
        loaded = bus.call(lambda redis: board.loaded(redis, "model"))
    except BusError:
        loaded = {}
    newest = max(loaded.values(), key=lambda each: each.at, default=None)
    choice = chosen()
    return newest.version if newest else choice.model if choice else ""


def running() -> Training | None:
    """The run that goes on; one that has died is closed first."""
    Training.objects.filter(stage=Stage.RUNNING, beat_at__lt=timezone.now() - SILENT).update(
        stage=Stage.FAILED
    )
    return Training.objects.filter(stage=Stage.RUNNING).first()


def begin(request: HttpRequest) -> Training:
    """Start a run. Raises `RefusedError` while another goes on, or without anything new."""
    if running() is not None:
        raise RefusedError("已有一次训练在进行，请等它结束。")
    run = Training.objects.create(
        examples=approved(), live=live(), by=who(request), by_name=str(request.user)
    )
    audit.record(request, "train", subject=f"第 {run.pk} 次训练，{len(run.examples)} 条说法")
    folder: Path = settings.BOT.var / "nlu"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "training.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "desk", "train", str(run.pk)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return run


def carry_out(pk: int) -> int:
    """``python -m desk train PK``: run the training program, and keep what it says. Returns an exit code."""
    run = Training.objects.get(pk=pk)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.dialogue.retrain"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    if process.stdin is None or process.stdout is None:
        return 1
    with process:
        process.stdin.write(json.dumps({"examples": run.examples, "live": run.live}))
        process.stdin.close()
        for line in process.stdout:
            _hear(run, line)
    if run.stage == Stage.RUNNING:
        _end(run, Stage.FAILED, f"训练程序中断了（代码 {process.returncode}）。")
    return 0 if run.stage in (Stage.PASSED, Stage.BELOW) else 1


def _hear(run: Training, line: str) -> None:
    try:
        said: dict[str, Any] = json.loads(line)
    except ValueError:
        return  # a library printed something
    if "say" in said:
        run.lines = [*run.lines, f"{timezone.localtime():%H:%M:%S} {said['say']}"][-200:]
        run.beat_at = timezone.now()
        run.save(update_fields=["lines", "beat_at"])
    elif "failed" in said:
        _end(run, Stage.FAILED, said["failed"])
    elif "done" in said:
        run.result = said["done"]
        run.model, run.live = run.result["model"], run.result["against"]
        wrong = run.result["problems"]
        _end(run, Stage.BELOW if wrong else Stage.PASSED, "比较完了。")


def _end(run: Training, stage: Stage, line: str) -> None:
    run.stage = stage
    run.lines = [*run.lines, f"{timezone.localtime():%H:%M:%S} {line}"]
    run.save()


def publish(request: HttpRequest, run: Training) -> ModelChoice:
    """Have workers take a run's model.

    Raises:
        RefusedError: it fell below a floor, isn't done, or was compared with a model not in use any more.
    """
    if run.stage != Stage.PASSED:
        raise RefusedError("这次训练没有通过检验，不能发布。")
    if (now := live()) and now != run.live:
        raise RefusedError("检验以后，正在用的模型已经换过，请重新训练、比较。")
    path: Path = settings.BOT.models / f"{run.model}.tar.gz"
    if not path.is_file():
        raise RefusedError("模型文件已经不在了，请重新训练。")
    if chosen() is None:
        # So that one can go back to what was in use before the first choice.
        _choose(request, run.live, [], "程序自带的模型")
    choice = _choose(request, run.model, run.examples, f"第 {run.pk} 次训练")
    Training.objects.filter(pk=run.pk).update(stage=Stage.PUBLISHED)
    return choice


def back(request: HttpRequest, choice: ModelChoice) -> ModelChoice:
    """Take an earlier model again. Raises `RefusedError` when its file is gone."""
    now = chosen()
    if now is not None and now.model == choice.model:
        raise RefusedError("现在用的就是这个模型。")
    if not (settings.BOT.models / f"{choice.model}.tar.gz").is_file():
        raise RefusedError("这个模型的文件已经不在了。")
    return _choose(request, choice.model, choice.examples, f"退回 {choice.at:%Y-%m-%d %H:%M} 的模型")


def _choose(request: HttpRequest, model: str, examples: list[list[str]], why: str) -> ModelChoice:
    with transaction.atomic():
        choice = ModelChoice.objects.create(
            model=model, examples=examples, why=why, by=who(request), by_name=str(request.user)
        )
        audit.record(request, "model", subject=model, reason=why)
    write_reviewed(examples)
    tell(choice)
    return choice


def write_reviewed(examples: Iterable[list[str]]) -> None:
    """Put the examples of the model in use where ``make run`` trains from, in case it must train anew."""
    folder: Path = settings.BOT.reviewed
    trained = [nlu.Question(text, topic) for text, topic, kind in examples if kind == Kind.TRAIN]
    if trained:
        nlu.write(folder / FILE, trained)
    else:
        (folder / FILE).unlink(missing_ok=True)


def tell(choice: ModelChoice) -> bool:
    """Tell workers which model to use, with the file; False while Redis is away: a chore does it later."""
    path: Path = settings.BOT.models / f"{choice.model}.tar.gz"
    content = path.read_bytes()
    parts = {f"{at:05}": content[at * PART : (at + 1) * PART] for at in range(-(-len(content) // PART))}
    parts["base"] = _base(choice).encode()

    async def put(redis: Client) -> None:
        await board.publish(redis, "model", choice.model, parts)

    try:
        bus.call(put, 60.0)
    except BusError:
        return False
    return True


def _base(choice: ModelChoice) -> str:
    """The fingerprint of the checkout that a model was trained with: its own name where nothing was added."""
    run = (
        Training.objects.filter(model=choice.model).first()
        or Training.objects.filter(live=choice.model).first()
    )
    return str(run.result.get("base", "")) if run else ""


def tell_again() -> None:
    """A chore: where Redis has forgotten the model, tell it again. Raises `BusError`."""
    choice = chosen()
    if choice is None or bus.call(lambda redis: board.current(redis, "model")) == choice.model:
        return
    if (settings.BOT.models / f"{choice.model}.tar.gz").is_file():
        tell(choice)


def forget(texts: Iterable[str]) -> None:
    """Take texts out of everything that training keeps; the model itself holds only pieces of words."""
    gone = set(texts)
    if not gone:
        return
    for model in (Training, ModelChoice):
        for row in model.objects.exclude(examples=[]):
            left = [each for each in row.examples if each[0] not in gone]
            values: dict[str, Any] = {"examples": left}
            if isinstance(row, Training) and row.result:
                changed = [each for each in row.result.get("changed", []) if each["text"] not in gone]
                values["result"] = {**row.result, "changed": changed}
            model.objects.filter(pk=row.pk).update(**values)
    choice = chosen()
    if choice is not None:
        write_reviewed(choice.examples)

"""Training from the log: what may go in, when a model may be published, and the way back.

Real processes and a real Redis; the training itself takes minutes: ``python -m bench.swap --retrain``
shows it, with a swap under load.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from bot.bus import editions as board
from bot.dialogue import retrain, train
from bot.nlu import examples as nlu
from bot.nlu.comparison import NAMES, compare
from bot.nlu.evaluate import Heard
from bot.nlu.examples import Question
from desk.accounts.permissions import Role
from desk.bus import bus
from desk.faqlog.models import Example, NewTopic
from desk.handoff.models import AuditEntry
from desk.handoff.texts import guide
from desk.office import heard, training
from desk.office.models import ModelChoice, Stage, Training
from tests.desk.make import user
from tests.desk.officers import client, problems

pytestmark = pytest.mark.usefixtures("desk")

OLD, NEW = "a" * 16, "b" * 16


@pytest.fixture
def boss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """An administrator of an installation with two model files of its own."""
    own = {"models": tmp_path / "models", "reviewed": tmp_path / "reviewed", "var": tmp_path / "var"}
    monkeypatch.setattr(settings, "BOT", msgspec.structs.replace(settings.BOT, **own))
    own["models"].mkdir()
    for name in (OLD, NEW):
        (own["models"] / f"{name}.tar.gz").write_bytes(name.encode() * 150_000)
    return client("boss", Role.ADMIN)


def _run(stage: Stage = Stage.PASSED, **more: object) -> Training:
    rows = [["能批多少", "amount", "train"], ["批得下来几个钱", "amount", "heldout"]]
    result = {"model": NEW, "against": OLD, "base": "cafe", "problems": []}
    fields = {"examples": rows, "model": NEW, "live": OLD, "result": result, "by_name": "n", **more}
    return Training.objects.create(stage=stage, **fields)


def _current() -> str:
    return bus.call(lambda redis: board.current(redis, "model"))


def test_a_model_is_published_with_its_file_and_taken_back(boss: Client) -> None:
    run = _run()
    assert boss.post("/office/training/use/", {"run": run.pk}).status_code == 302
    assert _current() == NEW
    parts = bus.call(lambda redis: board.files(redis, "model", NEW))
    assert parts.pop("base") == b"cafe"
    whole = (settings.BOT.models / f"{NEW}.tar.gz").read_bytes()
    assert b"".join(parts[name] for name in sorted(parts)) == whole
    assert len(parts) == 3, "a megabyte each"
    trained = nlu.read(settings.BOT.reviewed / training.FILE)
    assert trained == [Question("能批多少", "amount")], "what is held out isn't trained"
    first = ModelChoice.objects.order_by("id")[0]
    assert first.model == OLD
    assert boss.post("/office/training/use/", {"choice": first.pk}).status_code == 302
    assert _current() == OLD
    assert nlu.folder(settings.BOT.reviewed) == []
    assert boss.post("/office/training/use/", {"choice": first.pk}).status_code == 409, "in use already"
    bus.call(lambda redis: redis.flushdb())
    training.tell_again()
    assert _current() == OLD
    assert AuditEntry.objects.filter(action="model").count() == 3


@pytest.mark.parametrize("stage", [Stage.BELOW, Stage.FAILED, Stage.RUNNING, Stage.PUBLISHED])
def test_only_a_model_that_passed_is_published(boss: Client, stage: Stage) -> None:
    response = boss.post("/office/training/use/", {"run": _run(stage).pk})
    assert response.status_code == 409
    assert "没有通过" in problems(response)
    assert not ModelChoice.objects.exists()


def test_a_comparison_with_a_model_no_longer_in_use_does_not_count(boss: Client) -> None:
    bus.call(lambda redis: board.tell(redis, "model", "w1", "c" * 16))
    response = boss.post("/office/training/use/", {"run": _run().pk})
    assert response.status_code == 409
    assert "已经换过" in problems(response)


def test_one_run_at_a_time_and_none_by_accident(boss: Client) -> None:
    assert boss.post("/office/training/start/", {}).status_code == 409
    run = _run(Stage.RUNNING)
    assert boss.post("/office/training/start/", {"sure": "1"}).status_code == 409
    page = boss.get("/office/training/rows/")
    assert page.status_code == 200
    assert "HX-Refresh" not in page.headers
    Training.objects.filter(pk=run.pk).update(beat_at="2020-01-01T00:00:00Z")
    assert boss.get("/office/training/rows/").headers["HX-Refresh"] == "true", "a dead run is closed"


def test_examples_that_may_not_go_in_end_the_run_with_a_sentence_each(boss: Client) -> None:
    who = user("who")
    Example.objects.create(text="今天天气", topic="weather", by=who, approved_by=who)
    Example.objects.create(text="没人批准的", topic="amount", by=who)
    run = Training.objects.create(examples=training.approved(), by_name="n")
    assert len(run.examples) == 1
    assert training.carry_out(run.pk) == 1
    run.refresh_from_db()
    assert run.stage == Stage.FAILED
    assert "没有这个主题" in run.lines[-1]
    assert "1 条训练用" in run.lines[0]


def test_examples_of_a_proposed_topic_wait_for_it_and_hold_up_nothing_else(boss: Client) -> None:
    who, other = user("who"), user("other")
    NewTopic.objects.create(pk="new_1", label="分期拨付", by=who)
    for text, topic in (("分几回给", "new_1"), ("能批多少", "amount")):
        Example.objects.create(text=text, topic=topic, by=who, approved_by=other)
    assert training.approved() == [["能批多少", "amount", "train"]]
    page = boss.get("/office/training/").content.decode()
    assert "另有 1 条属于新主题" in page
    assert "新说法 1 条" in page


def test_the_comparison_speaks_to_an_official(boss: Client) -> None:
    rows = [("今天天气", "out_of_scope", "bye", "nlu_fallback"), ("能批多少", "amount", "amount", "human")]
    changed = [dict(zip(("text", "topic", "live", "new"), row, strict=True)) for row in rows]
    figures, floors = dict.fromkeys(NAMES, 0.9), ["主题 amount：34 句答对 20 句，低于下限 85%"]
    _run(Stage.BELOW, result={"live": figures, "new": figures, "changed": changed, "problems": floors})
    page = boss.get("/office/training/").content.decode()
    assert "主题“资助多少钱”：34 句" in page
    found = re.findall(r'<td class="(up|down)">(.*?)</td>', page)
    wanted = [("down", "告别"), ("up", "没听懂"), ("up", "资助多少钱"), ("down", "找人工")]
    assert found == wanted, "an off-topic question that isn't understood is heard right"


def test_every_intent_of_the_comparison_has_a_name() -> None:
    asked = {each.intent for each in nlu.folder(nlu.TRAINING)}
    assert asked <= set(heard.labels(guide()))


def test_what_is_held_out_is_never_trained_and_no_text_means_two_things() -> None:
    held = nlu.held_out()[0]
    known = nlu.folder(nlu.TRAINING)[0]
    other = next(each.intent for each in nlu.folder(nlu.TRAINING) if each.intent != known.intent)
    mine = [Question("全新的说法", "amount"), held, Question(known.text, other)]
    mine.append(Question("我电话13812345678", "amount"))
    found = retrain.problems(mine, [], retrain.intents())
    assert len(found) == 3, "nothing is wrong with the new one"
    assert all(any(part in each for each in found) for part in ("检验用的", "不能再归到", "个人号码"))


def test_texts_are_written_so_that_rasa_reads_them_as_they_are(tmp_path: Path) -> None:
    asked = [Question("- [钱](x){a}\n能批多少", "amount"), Question("/help 一下", "help")]
    nlu.write(tmp_path / "reviewed.yml", asked)
    assert nlu.folder(tmp_path) == [
        Question("［钱］（x）｛a｝ 能批多少", "amount"),
        Question("help 一下", "help"),
    ]
    before = train.fingerprint(reviewed=None)
    assert train.fingerprint(reviewed=tmp_path) != before
    assert train.fingerprint(reviewed=tmp_path / "none") == before


def test_nothing_may_fall_below_its_floor() -> None:
    asked = [Question(f"q{at}", "amount" if at % 2 else "out_of_scope") for at in range(200)]
    good = [Heard(each.intent, 0.9 if each.intent == "amount" else 0.1) for each in asked]
    assert compare(asked, good, good).problems == []
    worse = [Heard("review", 0.9) if at in (1, 3, 5) else each for at, each in enumerate(good)]
    found = compare(asked, good, worse)
    assert [each.text for each in found.changed] == ["q1", "q3", "q5"]
    assert found.problems == [], "97 of 100 is above the floor"
    low = [Heard("review", 0.9) if at < 34 and at % 2 else each for at, each in enumerate(good)]
    assert any("主题 amount" in each for each in compare(asked, good, low).problems)
    assert compare(asked, low, low).problems == [], "what the live model misses isn't asked of the new one"

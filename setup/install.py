"""Makes ``.venv`` and installs the locked packages: ``python setup/install.py run|dev [--root FOLDER]``.

Runs on a bare Python 3.10, so it imports nothing but the standard library. A stamp in ``.venv`` holds
the hash of what was installed; while it fits, nothing is done and no network is needed. What was
interrupted is made again from nothing, since pip takes a half-unpacked package for a whole one. Two
that start at once take turns.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from itertools import count
from pathlib import Path

FILES = {"run": ("requirements.txt",), "dev": ("requirements.txt", "requirements-dev.txt")}
"""What each kind depends on; the last is installed. dev is a superset of run, locked to the same versions."""

ROOT = Path(__file__).resolve().parent.parent


def wanted_stamp(root: Path, kind: str) -> str:
    """The stamp of an environment that is up to date: the hash of its requirements files."""
    digest = hashlib.sha256()
    for name in FILES[kind]:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_current(root: Path, kind: str) -> bool:
    """Whether ``.venv`` holds what is wanted: that kind, or the larger one."""
    venv = root / ".venv"
    if not (venv / "bin" / "python").exists() or (venv / ".unfinished").exists():
        return False
    kinds = [kind] if kind == "dev" else ["run", "dev"]
    return any(_read(venv / f".stamp-{each}") == wanted_stamp(root, each) for each in kinds)


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""


def install(root: Path, kind: str, lock: int) -> None:
    """Bring ``.venv`` up to date.

    Args:
        lock: the lock's file descriptor. pip inherits it, so the lock outlives a killed parent.

    Raises:
        SystemExit: it failed; the reason has been printed.
    """
    venv = root / ".venv"
    if (venv / ".unfinished").exists() or not _runs(venv):
        _say("正在建立 Python 环境 .venv ……")
        shutil.rmtree(venv, ignore_errors=True)
        venv.mkdir(parents=True)
        (venv / ".unfinished").touch()
        # The base interpreter: this one may be the .venv that was just deleted.
        base = getattr(sys, "_base_executable", sys.executable)
        subprocess.run([base, "-m", "venv", str(venv)], check=True)
        (venv / ".unfinished").unlink()
    _pip(root, FILES[kind][-1], lock)
    (venv / f".stamp-{kind}").write_text(wanted_stamp(root, kind), encoding="ascii")
    (venv / ".unfinished").unlink(missing_ok=True)


def _begin_writing(venv: Path) -> None:
    """From here on what is installed is neither old nor new. (A failed download leaves the old one.)"""
    (venv / ".unfinished").touch()
    for stamp in venv.glob(".stamp-*"):
        stamp.unlink()


def _runs(venv: Path) -> bool:
    python = venv / "bin" / "python"
    check = "import pip, sys; sys.exit(sys.version_info[:2] != (3, 10))"
    return python.exists() and subprocess.run([str(python), "-c", check], capture_output=True).returncode == 0


def _pip(root: Path, requirements: str, lock: int) -> None:
    venv = root / ".venv"
    total = len(re.findall(r"^[A-Za-z0-9]", (root / requirements).read_text(encoding="utf-8"), re.MULTILINE))
    started = time.monotonic()
    _say(f"正在安装依赖，约 {total} 个包。第一次要下载约 1 GB，通常需要几分钟……")
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", "--require-hashes"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "-r", requirements]
    process = subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        pass_fds=(lock,),
    )
    with process, (venv / "install.log").open("w", encoding="utf-8") as log:
        last_lines: deque[str] = deque(maxlen=20)
        numbers = count(1)
        for line in process.stdout or ():
            log.write(line)
            last_lines.append(line)
            _follow(line, numbers, total, venv)
    if process.returncode != 0:
        _say("".join(last_lines))
        raise SystemExit(
            "依赖没有装好，原因见上面最后几行。"
            "常见原因：网络不通，磁盘空间不足（需要约 4 GB），没有 C 编译器。\n"
            "解决后再运行一次同样的命令即可。"
        )
    _say(f"依赖安装完成，用时 {time.monotonic() - started:.0f} 秒。")


def _follow(line: str, numbers: Iterator[int], total: int, venv: Path) -> None:
    """Turn pip's lines into a few of progress."""
    if line.startswith(("Collecting", "Requirement already satisfied")):
        number = next(numbers)
        if number % 20 == 0:
            _say(f"  已准备 {number} 个包（约 {total} 个）")
    elif line.startswith("Installing collected packages"):
        _begin_writing(venv)
        _say("  下载完成，正在写入……")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Returns the process's exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=sorted(FILES))
    parser.add_argument("--root", type=Path, default=ROOT)
    options = parser.parse_args()
    root = options.root.resolve()
    if is_current(root, options.kind):
        return 0
    with (root / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("另一个命令正在准备环境，等它完成……")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_current(root, options.kind):
            install(root, options.kind, lock.fileno())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\n已中断。下次会重新安装。")
    except subprocess.CalledProcessError as error:
        sys.exit(f"没有成功：{error}")

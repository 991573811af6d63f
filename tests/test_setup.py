"""Set-up on other people's machines: finding Python 3.10, and installing into ``.venv``."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import ROOT

PYTHON = str(getattr(sys, "_base_executable", sys.executable))
COMPLAINS = "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n"
WORKS = f'#!/bin/sh\nexec "{PYTHON}" "$@"\n'


def _script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for PATH with the usual tools and no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("cat", "dirname"):
        (folder / name).symlink_to(shutil.which(name) or "")
    return folder


Find = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def find(tmp_path: Path, tools: Path) -> Find:
    """Runs the finder with these folders on PATH, and nothing else of this machine."""

    def run(*folders: Path) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": ":".join(map(str, (*folders, tools))), "HOME": str(tmp_path)}
        command = ["/bin/sh", str(ROOT / "setup" / "env.sh"), "find"]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    return run


def test_a_python_on_path_is_taken(tmp_path: Path, find: Find) -> None:
    python = _script(tmp_path / "one" / "python3.10", WORKS)
    assert find(python.parent).stdout == f"{python}\n"


def test_a_shim_that_only_complains_is_passed_over(tmp_path: Path, find: Find) -> None:
    shim = _script(tmp_path / "shims" / "python3.10", COMPLAINS)
    python = _script(tmp_path / "later" / "python3.10", WORKS)
    assert find(shim.parent, python.parent).stdout == f"{python}\n"


def test_another_version_is_passed_over(tmp_path: Path, find: Find) -> None:
    lies = 'import sys; sys.version_info = (3, 12, 0, "final", 0)'
    other = _script(tmp_path / "other" / "python3", f'#!/bin/sh\nexec "{PYTHON}" -c "{lies}\n$2"\n')
    assert find(other.parent).returncode == 1


def test_pyenv_is_searched_when_path_has_none(tmp_path: Path, find: Find) -> None:
    shim = _script(tmp_path / "shims" / "python3.10", COMPLAINS)
    python = _script(tmp_path / ".pyenv" / "versions" / "3.10.7" / "bin" / "python3.10", WORKS)
    _script(tmp_path / ".pyenv" / "versions" / "3.10.2" / "bin" / "python3.10", COMPLAINS)
    assert find(shim.parent).stdout == f"{python}\n"


def test_uv_installs_one_when_there_is_none(tmp_path: Path, find: Find) -> None:
    python = tmp_path / "uv-python" / "python3.10"
    _script(tmp_path / "made" / "python3.10", WORKS)
    uv = (
        "#!/bin/sh\n"
        f'if [ "$2" = install ]; then mv "{tmp_path}/made" "{python.parent}"; exit; fi\n'
        f'[ -x "{python}" ] && echo "{python}"\n'
    )
    (tmp_path / "tools" / "mv").symlink_to(shutil.which("mv") or "")
    found = find(_script(tmp_path / "bin" / "uv", uv).parent)
    assert found.stdout == f"{python}\n"
    assert "正在用 uv 下载" in found.stderr


def test_without_any_a_sentence_says_what_to_do(tmp_path: Path, find: Find) -> None:
    shim = _script(tmp_path / "shims" / "python3.10", COMPLAINS)
    found = find(shim.parent)
    assert found.returncode == 1
    assert found.stdout == ""
    assert found.stderr.startswith("没有找到能用的 Python 3.10。")
    assert all(way in found.stderr for way in ("uv", "pyenv install 3.10", "python3.10-venv"))


class Project:
    """A project whose only requirement is a tiny wheel beside it: nothing is downloaded."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.python = root / ".venv" / "bin" / "python"
        self.require("1.0")

    def require(self, version: str) -> None:
        wheel = self.root / f"tiny-{version}-py3-none-any.whl"
        info = f"tiny-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n"
        files = {
            "tiny.py": f"VERSION = {version!r}\n",
            f"{info}/METADATA": metadata,
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, text in files.items():
                archive.writestr(zipfile.ZipInfo(name), text)  # without the time, so that the hash stays
        line = f"./{wheel.name} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
        for name in ("requirements.txt", "requirements-dev.txt"):
            (self.root / name).write_text(line)

    def start(self, kind: str = "run") -> subprocess.Popen[str]:
        command = [PYTHON, str(ROOT / "setup" / "install.py"), kind, "--root", str(self.root)]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ)

    def install(self, kind: str = "run") -> tuple[int, str]:
        process = self.start(kind)
        _, said = process.communicate(timeout=120)
        return process.returncode, said

    def installed(self) -> str:
        words = [str(self.python), "-c", "import tiny; print(tiny.VERSION)"]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A project whose environment is made, and what was said meanwhile. Not to be changed."""
    project = Project(tmp_path_factory.mktemp("finished"))
    code, said = project.install("dev")
    assert code == 0, said
    assert project.installed() == "1.0"
    return project.root, said


@pytest.fixture
def project(finished: tuple[Path, str], tmp_path: Path) -> Project:
    """A copy of that project."""
    shutil.copytree(finished[0], tmp_path / "copy", symlinks=True)
    return Project(tmp_path / "copy")


def test_progress_is_in_chinese(finished: tuple[Path, str]) -> None:
    assert "正在安装依赖" in finished[1]
    assert "依赖安装完成" in finished[1]
    assert "Collecting" not in finished[1]


def test_a_second_start_does_nothing(project: Project) -> None:
    assert project.install("dev") == (0, "")
    assert project.install("run") == (0, ""), "what the tests need holds what the assistant needs"


def test_a_change_is_installed(project: Project) -> None:
    project.require("2.0")
    code, said = project.install()
    assert code == 0, said
    assert project.installed() == "2.0"
    assert project.install() == (0, "")
    assert "正在安装依赖" in project.install("dev")[1]


def test_a_wrong_hash_is_refused_and_the_old_environment_stays(project: Project) -> None:
    project.require("2.0")
    requirements = project.root / "requirements.txt"
    requirements.write_text(requirements.read_text().split("sha256:")[0] + "sha256:" + "0" * 64 + "\n")
    code, said = project.install()
    assert code == 1
    assert "依赖没有装好" in said
    assert "Traceback" not in said
    assert project.installed() == "1.0"
    assert project.install()[0] == 1


def test_an_interrupted_install_is_made_again_from_nothing(project: Project) -> None:
    (project.root / ".venv" / ".unfinished").touch()
    half = next(project.root.glob(".venv/lib/python3*/site-packages")) / "tiny.py"
    half.unlink()
    code, said = project.install()
    assert code == 0, said
    assert project.installed() == "1.0"


def test_two_at_once_install_once(tmp_path: Path) -> None:
    project = Project(tmp_path)
    both = [project.start(), project.start()]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("正在安装依赖" in each for each in said) == 1
    assert project.installed() == "1.0"

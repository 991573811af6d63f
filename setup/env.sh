#!/bin/sh
# Prepares the environment: finds Python 3.10, then setup/install.py makes .venv and installs into it.
#   sh setup/env.sh run      what the assistant needs
#   sh setup/env.sh dev      and what its tests need
#   sh setup/env.sh find     only prints the Python that would be used
# Only POSIX sh and the usual tools are expected here.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

# A Python counts only if it really runs: pyenv puts a `python3.10` on PATH that may merely complain,
# and Debian's has no ensurepip unless python3.10-venv is installed.
works() {
    [ -x "$1" ] && "$1" -c '
import sys, ctypes, ensurepip, sqlite3, ssl, venv
sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1
}

on_path() {
    old_ifs=$IFS
    IFS=:
    for folder in $PATH; do
        for name in python3.10 python3 python; do
            if works "$folder/$name"; then
                IFS=$old_ifs
                echo "$folder/$name"
                return 0
            fi
        done
    done
    IFS=$old_ifs
    return 1
}

under_pyenv() {
    for python in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python3.10; do
        if works "$python"; then
            echo "$python"
            return 0
        fi
    done
    return 1
}

through_uv() {
    for uv in "$(command -v uv || true)" "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv"; do
        [ -n "$uv" ] && [ -x "$uv" ] || continue
        python=$("$uv" python find --no-project --system 3.10 2>/dev/null || true)
        if [ -z "$python" ] || ! works "$python"; then
            echo "正在用 uv 下载 Python 3.10……" >&2
            "$uv" python install 3.10 >&2 || continue
            python=$("$uv" python find --no-project --system 3.10 2>/dev/null || true)
        fi
        if [ -n "$python" ] && works "$python"; then
            echo "$python"
            return 0
        fi
    done
    return 1
}

find_python() {
    on_path || under_pyenv || through_uv
}

HOME=${HOME:-/nonexistent}
if [ "${1:-}" != find ] && works "$root/.venv/bin/python"; then
    python=$root/.venv/bin/python
elif ! python=$(find_python); then
    cat >&2 <<'END'
没有找到能用的 Python 3.10。请任选一种方法装好，再运行一次刚才的命令：
  1. 装 uv（例如 pipx install uv），之后会自动下载 Python 3.10；
  2. 用 pyenv：pyenv install 3.10
  3. Ubuntu 22.04：sudo apt-get install python3.10 python3.10-venv
END
    exit 1
fi
if [ "${1:-}" = find ]; then
    echo "$python"
    exit 0
fi
exec "$python" "$root/setup/install.py" "$@"

"""A PostgreSQL server that is thrown away, and databases on it made from a template."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.conftest import free_port

_numbers = itertools.count()
_PLACES = "/usr/lib/postgresql"


def programs() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``; None when PostgreSQL isn't installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    others = sorted(Path(_PLACES).glob("*/bin/initdb"))
    return others[-1].parent if others else None


@contextmanager
def server(bin_: Path) -> Iterator[str]:
    """A server on loopback; gives its address, ending in ``/``."""
    # PostgreSQL refuses to be run by root.
    user = None
    if os.getuid() == 0:
        names = {each.pw_name for each in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        if user:
            os.chown(name, pwd.getpwnam(user).pw_uid, -1)
        data = f"{name}/data"
        subprocess.run(
            [f"{bin_}/initdb", "-D", data, "-U", "desk", "--auth=trust", "--encoding=UTF8", "--no-sync"],
            check=True, capture_output=True, user=user, cwd="/",
        )  # fmt: skip
        options = f"-h 127.0.0.1 -p {port} -k {name} -c fsync=off -c max_connections=200"
        control = [f"{bin_}/pg_ctl", "-D", data, "-w"]
        subprocess.run(
            [*control, "-l", f"{name}/log", "-o", options, "start"],
            check=True, stdout=subprocess.DEVNULL, user=user, cwd="/",
        )  # fmt: skip
        try:
            yield f"postgres://desk@127.0.0.1:{port}/"
        finally:
            subprocess.run(
                [*control, "-m", "fast", "stop"], check=True, stdout=subprocess.DEVNULL, user=user, cwd="/"
            )


def _do(address: str, statement: str) -> None:
    with psycopg.connect(address + "postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def create(url: str) -> None:
    """Make an empty database."""
    address, _, name = url.rpartition("/")
    _do(address + "/", f'CREATE DATABASE "{name}"')


def copy(address: str, template: str) -> str:
    """Make a copy of a database to which nobody is connected; returns its name."""
    name = f"{template}_{next(_numbers)}"
    _do(address, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    return name


def drop(address: str, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    _do(address, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

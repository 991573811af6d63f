"""Lua scripts beside this file, each run atomically on the one slot of its key."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from redis.exceptions import NoScriptError

from bot.bus.connection import Client

_FOLDER = Path(__file__).parent / "scripts"


class Script:
    """The script ``scripts/<name>.lua``. It takes one key: the prefix of all keys it touches.

    With several names it is these files one behind the other, so that scripts can share functions.
    """

    def __init__(self, *names: str) -> None:
        self._source = "\n".join((_FOLDER / f"{name}.lua").read_text(encoding="utf-8") for name in names)
        # Redis names a script by SHA-1; nothing secret hangs on it.
        self._digest = hashlib.sha1(self._source.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, redis: Client, key: str, *args: str | bytes | int) -> Any:
        """Run it. A server that doesn't know it (new, or restarted) is taught it."""
        try:
            return await redis.evalsha(self._digest, 1, key, *args)  # type: ignore[no-untyped-call]
        except NoScriptError:
            return await redis.eval(self._source, 1, key, *args)  # type: ignore[no-untyped-call]

"""Applicants who each ask one thing: by WeChat's stand-in, the gateway and the worker, as on the page."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

_PATIENCE = 60.0
_AT_ONCE = 4


class Askers:
    """A crowd on one running chat page. ``port``: the page's."""

    def __init__(self, port: int) -> None:
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{port}/sandbox/api", trust_env=False, timeout=_PATIENCE
        )

    def ask(self, text: str) -> str:
        """What somebody new is answered, with the options under it."""
        user = self._post("/users")["id"]
        self._post(f"/users/{user}/event?wait=1", event="subscribe")
        before = self._shown(user)[-1]["id"]
        self._post(f"/users/{user}/text?wait=1", content=text)
        limit = time.monotonic() + _PATIENCE
        while not (said := [each for each in self._shown(user, before) if each["side"] == "account"]):
            # Where a turn took too long for an answer, it is pushed afterwards.
            assert time.monotonic() < limit, f"no answer to {text}"
            time.sleep(0.2)
        return "\n".join(_plain(each["pieces"]) for each in said)

    def all(self, texts: Iterable[str]) -> dict[str, str]:
        """What each of these is answered."""
        asked = list(texts)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return dict(zip(asked, pool.map(self.ask, asked), strict=True))

    def close(self) -> None:
        """Leave."""
        self._http.close()

    def _post(self, path: str, **body: str) -> dict[str, Any]:
        found: dict[str, Any] = self._http.post(path, json=body).raise_for_status().json()
        return found

    def _shown(self, user: str, after: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._http.get(
            f"/users/{user}/messages", params={"after": after}
        ).json()
        return found


def _plain(pieces: Iterable[dict[str, str]]) -> str:
    return "".join(f"[{each['label']}]" if "label" in each else each["text"] for each in pieces)

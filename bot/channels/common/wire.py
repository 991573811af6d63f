"""HTTP that knows whether a request got out whole.

A POST of which a part is missing isn't carried out, so it may be sent again. One that went out whole may
have been carried out, even if the connection broke a moment later. `requests` tells both as the same
`ConnectionError`, so the connection itself has to remember.
"""

from __future__ import annotations

import threading
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _Written(threading.local):
    whole = False


_written = _Written()


def begin() -> None:
    """Before a request of this thread."""
    _written.whole = False


def whole() -> bool:
    """Whether the last request of this thread went out to its last byte."""
    return _written.whole


class _Plain(HTTPConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        _written.whole = True


class _Secure(HTTPSConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)
        _written.whole = True


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


_POOLS = {"http": _PlainPool, "https": _SecurePool}


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


def session(loopback: bool) -> requests.Session:
    """A session whose requests are watched.

    Args:
        loopback: the API is on this machine, so no proxy of the environment's is asked.
    """
    made = requests.Session()
    made.trust_env = not loopback
    made.max_redirects = 0
    # A kept connection that the server closes just now looks like a request without an answer.
    made.headers["Connection"] = "close"
    for scheme in _POOLS:
        made.mount(f"{scheme}://", _Adapter(max_retries=0))
    return made

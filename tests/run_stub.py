"""Stand-ins for the assistant's programs, for the tests of the supervisor: ``python run_stub.py KIND``.

Each leaves its process id in ``STUB_PIDS``, one file a start.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class _Ok(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path in ("/readyz", "/healthz") else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keeps quiet."""


def _note(kind: str, pid: int) -> None:
    (Path(os.environ["STUB_PIDS"]) / f"{kind}.{pid}").touch()


def _serve(setting: str) -> None:
    HTTPServer(("127.0.0.1", int(os.environ[setting])), _Ok).serve_forever()


def _desk() -> None:
    print(f"首次使用：\nhttp://127.0.0.1:{os.environ['DESK_PORT']}/start/MQ/once/", flush=True)
    _serve("DESK_PORT")


def _with_child() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    _note("grandchild", child.pid)
    time.sleep(600)


def _deaf() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _note("deaf-now", os.getpid())
    while True:
        time.sleep(600)


def _broken() -> None:
    sys.exit("这是它自己的原因")


KINDS = {
    "gateway": lambda: _serve("GATEWAY_PORT"),
    "sandbox": lambda: _serve("SANDBOX_PORT"),
    "desk": _desk,
    "worker": _with_child,
    "deaf": _deaf,
    "broken": _broken,
}

if __name__ == "__main__":
    _note(sys.argv[1], os.getpid())
    KINDS[sys.argv[1]]()

"""``python -m desk serve``: the desk's pages on ``host:desk_port``."""

from __future__ import annotations

import warnings

import uvicorn

from bot import logs
from desk import prepare


def main() -> None:
    """Bring the database up to date, print the first link if nobody has a password yet, and serve."""
    logs.configure()
    prepare.set_up()
    prepare.migrate()
    from django.conf import settings

    # WhiteNoise opens files in the ordinary way; they are small.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    link = prepare.first_link()
    if link:
        print(f"首次使用：请打开这个一次性链接，设置管理员密码：\n{link}", flush=True)
    uvicorn.run(
        "desk.asgi:application",
        host=settings.BOT.host,
        port=settings.BOT.desk_port,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=3,
        proxy_headers=settings.HTTPS,
    )

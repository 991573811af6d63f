"""``python -m desk COMMAND``: the commands of `USAGE`, or any of Django's."""

from __future__ import annotations

import os
import sys

from bot.errors import AssistantError

USAGE = """用法：python -m desk <命令>
  serve        启动服务台网页
  consume      启动消费者：把事件写进数据库
  migrate      更新数据库结构
  first-admin  打印第一位管理员的一次性链接
  faq-log      把问答日志打印成 CSV（UTF-8）
  train 编号   运行一次训练（训练页会自己启动它）
其余命令交给 Django，例如：python -m desk shell"""


def _serve() -> int:
    from desk import serve

    serve.main()
    return 0


def _consume() -> int:
    from desk import consume

    return consume.main()


def _first_admin() -> int:
    from desk import prepare

    prepare.set_up()
    prepare.migrate()
    link = prepare.first_link()
    print(link or "已有账号设置过密码，请用管理员账号登录后新增人员。")
    return 0 if link else 1


def _migrate() -> int:
    from desk import prepare

    prepare.set_up()
    prepare.migrate()
    return 0


def _faq_log() -> int:
    from desk import prepare

    prepare.set_up()
    prepare.migrate()
    from desk.faqlog import export

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        for piece in export.plain_csv():
            sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough. What is left in the buffer can't be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _train(pk: str) -> int:
    from desk import prepare

    prepare.set_up()
    from desk.office import training

    return training.carry_out(int(pk))


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code."""
    commands = {
        "serve": _serve,
        "consume": _consume,
        "first-admin": _first_admin,
        "migrate": _migrate,
        "faq-log": _faq_log,
    }
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(USAGE)
        return 0 if argv else 2
    try:
        if argv[0] in commands and len(argv) == 1:
            return commands[argv[0]]()
        if argv[0] == "train" and len(argv) == 2 and argv[1].isdigit():
            return _train(argv[1])
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 1
    from django.core.management import execute_from_command_line

    from desk import prepare

    prepare.set_up()
    execute_from_command_line(["desk", *argv])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

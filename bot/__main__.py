"""``python -m bot COMMAND …``: each command is a module with a ``main(argv)``, imported when asked."""

from __future__ import annotations

import importlib
import sys

from bot.errors import AssistantError

COMMANDS = {
    "guide": ("bot.guide.command", "check | show | graph：核对、通读、画出指南"),
    "chat": ("bot.dialogue.chat", "在终端里和助手对话"),
    "menu": ("bot.menu.command", "push wechat | push wecom：更新公众号或企业微信应用的菜单"),
    "doctor": ("bot.doctor.command", "检查各个账号的配置，说明哪里不对"),
    "run": ("bot.run", "启动全部进程"),
}


def main(argv: list[str]) -> int:
    """Run one command; returns the process's exit code."""
    if not argv or argv[0] not in COMMANDS:
        print("用法：python -m bot 命令\n" + "\n".join(f"  {n:6} {h}" for n, (_, h) in COMMANDS.items()))
        return 2
    command = importlib.import_module(COMMANDS[argv[0]][0])
    try:
        return int(command.main(argv[1:]))
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Writing to the audit log."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from desk.handoff.models import AuditEntry, Conversation

ACTIONS = {
    "login": "登录",
    "logout": "退出",
    "password": "设置密码",
    "view": "查看会话",
    "claim": "接管",
    "force": "强制接管",
    "release": "放回队列",
    "transfer": "转交",
    "handback": "交回助手",
    "close": "结束",
    "correct": "更正核对答案",
    "unmask": "查看个人号码",
    "export": "导出",
    "wrong": "标记答错",
    "adopt": "归入主题",
    "settle": "处理问题",
    "approve": "批准说法",
    "withdraw": "撤回说法",
    "new_topic": "新建主题",
    "draft": "起草答复",
    "manage_add": "新增设置",
    "manage_change": "修改设置",
    "manage_delete": "删除设置",
    "revoke": "注销登录",
    "invite": "生成一次性链接",
    "edit": "起草修改",
    "submit": "提交审核",
    "pass": "审核通过",
    "return": "退回修改",
    "drop": "撤销草稿",
    "publish": "发布",
    "rollback": "退回旧版本",
    "train": "训练模型",
    "model": "更换模型",
    "erase": "删除个人信息",
    "export_person": "导出个人信息",
}


def record(
    request: HttpRequest | None,
    action: str,
    conversation: Conversation | None = None,
    *,
    user: Any = None,
    subject: str = "",
    reason: str = "",
) -> None:
    """Add an entry, in the transaction of what it tells of.

    Args:
        request: whose user and address are written; or give ``user``.
        action: a key of `ACTIONS`.
    """
    actor: Any = user if request is None else request.user
    AuditEntry.objects.create(
        actor=actor,
        actor_name=str(actor),
        action=action,
        conversation=conversation.pk if conversation else None,
        subject=subject[:120],
        reason=reason[:300],
        address="" if request is None else request.META.get("REMOTE_ADDR", ""),
    )

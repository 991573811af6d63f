"""The roles, and the one table of what each may do. Nothing else in the desk decides about rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from desk.accounts.models import User


class Role(models.TextChoices):
    """The five roles."""

    AGENT = "agent", "客服"
    LEAD = "lead", "班长"
    REVIEWER = "reviewer", "业务审核"
    ADMIN = "admin", "管理员"
    AUDITOR = "auditor", "审计"


Action = Literal[
    "console",
    "answer",
    "force",
    "unmask",
    "numbers",
    "audit",
    "canned",
    "groups",
    "accounts",
    "faqlog",
    "review",
    "office",
    "edit",
    "erase",
]

TABLE: dict[Action, frozenset[Role]] = {
    # See conversations, with personal numbers masked.
    "console": frozenset(Role),
    # Take over, write, hand back, transfer, close, correct an answer of the screening.
    "answer": frozenset({Role.AGENT, Role.LEAD}),
    # Take over from a colleague, with a reason.
    "force": frozenset({Role.LEAD}),
    # See personal numbers, with a reason.
    "unmask": frozenset({Role.AGENT, Role.LEAD}),
    "numbers": frozenset({Role.LEAD, Role.REVIEWER, Role.ADMIN, Role.AUDITOR}),
    "audit": frozenset({Role.ADMIN, Role.AUDITOR}),
    "canned": frozenset({Role.LEAD, Role.ADMIN}),
    "groups": frozenset({Role.LEAD, Role.ADMIN}),
    "accounts": frozenset({Role.ADMIN}),
    # Read the log, the inbox and the reports, and take them out as files.
    "faqlog": frozenset({Role.LEAD, Role.REVIEWER, Role.ADMIN, Role.AUDITOR}),
    # Say what becomes of a question that wasn't answered, and approve what a colleague said.
    "review": frozenset({Role.LEAD, Role.REVIEWER, Role.ADMIN}),
    # Read what the office edits: drafts, versions, training runs.
    "office": frozenset({Role.REVIEWER, Role.ADMIN, Role.AUDITOR}),
    # Edit, approve what somebody else wrote, publish, train.
    "edit": frozenset({Role.REVIEWER, Role.ADMIN}),
    # Export or erase what is known of an applicant, who asked for it.
    "erase": frozenset({Role.LEAD, Role.ADMIN}),
}

MANAGE: frozenset[Action] = frozenset({"canned", "groups", "accounts"})
"""Any of these opens the managing pages."""


def allowed(user: User | AnonymousUser | Any, action: Action) -> bool:
    """Whether this user, logged in or not, may do this."""
    roles = getattr(user, "roles", None)
    if not user.is_authenticated or not user.is_active or not roles:
        return False
    return bool(TABLE[action].intersection(roles))


def rights(user: User | AnonymousUser | Any) -> dict[str, bool]:
    """Every action, and whether this user may."""
    return {action: allowed(user, action) for action in get_args(Action)}

"""Drafts: begun by one, approved by another, published at once, and taken back by one press."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from bot.guide import editions as kept
from desk.accounts.models import User
from desk.editions import current
from desk.editions.models import Edition, Kind, Publication
from desk.handoff import audit
from desk.handoff.models import CannedReply
from desk.office import checking, items
from desk.office.models import Draft, State
from desk.office.patch import Files, MissingError


def who(request: HttpRequest) -> User:
    """Who asks; every view here is behind a right, so it is somebody."""
    return cast(User, request.user)


class RefusedError(Exception):
    """It can't be done; carries one or more sentences for the page."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def applied(files: Files, drafts: Iterable[Draft]) -> Files:
    """The files with drafts put in. Raises `RefusedError` where one can't be."""
    for draft in drafts:
        kind = items.KINDS[draft.kind]
        if kind.apply is None:
            continue
        try:
            files = kind.apply(files, draft.target, draft.after)
        except MissingError:
            raise RefusedError(f"“{draft.title}”在现在的指南里找不到了。") from None
        except (ValueError, KeyError) as error:
            raise RefusedError(f"“{draft.title}”：{error}") from None
    return files


def checked(drafts: Iterable[Draft]) -> tuple[Files, checking.Checked]:
    """The files in use with drafts put in, and what the checker says of them. Raises `RefusedError`."""
    files = applied(current.files(), drafts)
    return files, checking.check(files)


def problems(draft: Draft) -> tuple[str, ...]:
    """What is wrong with a draft, against the guide as it is now."""
    try:
        found = checked([draft])[1].problems
    except RefusedError as error:
        return error.problems
    return (*found, *_canned_problems(draft))


def _canned_problems(draft: Draft) -> tuple[str, ...]:
    if draft.kind != "canned":
        return ()
    values = draft.after
    wrong = []
    if not values.get("title") or not values.get("text"):
        wrong.append("标题和内容都要写。")
    if not str(values.get("position", "")).isdigit():
        wrong.append("次序应是一个数。")
    if values.get("active") not in ("是", "否"):
        wrong.append("“使用”请写 是 或 否。")
    return tuple(wrong)


def stale(draft: Draft) -> bool:
    """Whether the thing was changed since the draft was begun: nobody's work is overwritten unseen."""
    files = current.files()
    found = checking.check(files).guide
    if found is None:
        return False
    try:
        now = items.one(draft.kind, draft.target, files, found).values
    except MissingError:
        return True
    return draft.target != "new" and now != draft.before


def begin(request: HttpRequest, item: items.Item, after: dict[str, str], why: str) -> Draft:
    """Keep a draft of a change."""
    draft = Draft.objects.create(
        kind=item.kind,
        target=item.target,
        title=f"{items.KINDS[item.kind].name}：{item.title}"[:120],
        before=item.values,
        after=after,
        why=why[:300],
        author=who(request),
        author_name=str(request.user),
    )
    audit.record(request, "edit", subject=draft.title, reason=draft.why)
    return draft


def move(request: HttpRequest, draft: Draft, to: State, note: str = "") -> None:
    """Take a draft one step on.

    Raises:
        RefusedError: it isn't this user's step, the draft isn't there yet, or it has mistakes.
    """
    allowed_from, action = _STEPS[to]
    mine = draft.author_id == request.user.pk
    if to in (State.APPROVED, State.RETURNED) and mine:
        raise RefusedError("自己起草的，要请另一个人审核。")
    if to in (State.WAITING, State.DROPPED) and not mine:
        raise RefusedError("只有起草的人可以提交或撤销。")
    if to in (State.WAITING, State.APPROVED) and (wrong := problems(draft)):
        raise RefusedError(*wrong)
    rows = Draft.objects.filter(pk=draft.pk, state__in=allowed_from)
    values: dict[str, object] = {"state": to}
    if to in (State.APPROVED, State.RETURNED):
        values |= {
            "reviewer": who(request),
            "reviewer_name": str(request.user),
            "reviewed_at": timezone.now(),
            "note": note[:300],
        }
    with transaction.atomic():
        if not rows.update(**values):
            raise RefusedError("这条草稿的状态已经变了，请刷新页面。")
        audit.record(request, action, subject=draft.title, reason=note)
    draft.refresh_from_db()


_STEPS: dict[State, tuple[Sequence[State], str]] = {
    State.WAITING: ((State.DRAFT, State.RETURNED), "submit"),
    State.APPROVED: ((State.WAITING,), "pass"),
    State.RETURNED: ((State.WAITING, State.APPROVED), "return"),
    State.DROPPED: ((State.DRAFT, State.WAITING, State.RETURNED, State.APPROVED), "drop"),
}


def publish(request: HttpRequest, why: str) -> Publication:
    """Publish everything that was approved, together.

    Raises:
        RefusedError: there is nothing, something changed meanwhile, or the checker refuses the whole.
    """
    with transaction.atomic():
        Publication.objects.select_for_update().first()  # one at a time
        drafts = list(Draft.objects.select_for_update().filter(state=State.APPROVED).order_by("reviewed_at"))
        if not drafts:
            raise RefusedError("没有已通过、等待发布的修改。")
        if old := [draft.title for draft in drafts if stale(draft)]:
            raise RefusedError(*(f"“{title}”起草以后，别人改过同一处，请退回后重新起草。" for title in old))
        files, found = checked(drafts)
        if found.guide is None:
            raise RefusedError(*found.problems)
        _keep_base()
        done = current.publish(files, found.guide.version, Kind.CHANGE, why or drafts[0].why, who(request))
        _canned(drafts)
        Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
            state=State.PUBLISHED, publication=done
        )
        audit.record(request, "publish", subject=f"{done.edition_id}（{len(drafts)} 处）", reason=why)
    return done


def _keep_base() -> None:
    """Before the first publication: the checkout's files as an edition, so that one can go back to them."""
    if not Publication.objects.exists():
        files = current.base_files()
        Edition.objects.get_or_create(
            pk=kept.digest(files),
            defaults={
                "guide": checking.check(files).guide.version,  # type: ignore[union-attr]  # it is in use
                "base": kept.digest(files),
                "files": files,
            },
        )


def _canned(drafts: Iterable[Draft]) -> None:
    for draft in drafts:
        if draft.kind != "canned":
            continue
        values = {
            "title": draft.after["title"][:40],
            "shortcut": draft.after.get("shortcut", "")[:20],
            "text": draft.after["text"][:1500],
            "position": int(draft.after["position"]),
            "active": draft.after["active"] == "是",
        }
        if draft.target == "new":
            made = CannedReply.objects.create(**values)
            Draft.objects.filter(pk=draft.pk).update(target=str(made.pk))
        else:
            CannedReply.objects.filter(pk=draft.target).update(**values)


def back(request: HttpRequest, version: str, why: str) -> Publication:
    """Make an earlier edition current again.

    Raises:
        RefusedError: there is no such edition, it is in use, or today's checker refuses it.
    """
    with transaction.atomic():
        Publication.objects.select_for_update().first()
        edition = Edition.objects.filter(pk=version).first()
        if edition is None:
            raise RefusedError("没有这个版本。")
        if current.version() == version:
            raise RefusedError("现在用的就是这个版本。")
        found = checking.check(edition.files)
        if found.guide is None:
            raise RefusedError(*found.problems)
        done = current.publish(edition.files, found.guide.version, Kind.BACK, why, who(request))
        audit.record(request, "rollback", subject=version, reason=why)
    return done

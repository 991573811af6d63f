"""The edition in use: its files, the guide in it, and the working hours. SQL says which; workers follow."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bot.bus import editions as board
from bot.bus.connection import Client
from bot.guide import editions as kept
from bot.guide.load import load_guide
from bot.guide.model import Guide
from bot.settings import ROOT
from desk import hours
from desk.accounts.models import User
from desk.bus import bus
from desk.editions.models import Edition, Kind, Publication


def base_files() -> dict[str, str]:
    """The files of the checkout."""
    folder: Path = settings.BOT.guide
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))}
    return {**files, kept.HOURS: (ROOT / hours.FILE).read_text(encoding="utf-8")}


def version() -> str:
    """The version in use; empty as long as nothing was published."""
    return Publication.objects.values_list("edition_id", flat=True).first() or ""


def edition() -> Edition | None:
    """The edition in use, or None: then the checkout's files are."""
    now = version()
    return Edition.objects.get(pk=now) if now else None


def files() -> dict[str, str]:
    """The files in use."""
    found = edition()
    return dict(found.files) if found else base_files()


@lru_cache(maxsize=8)
def _folder(var: Path, now: str) -> Path:
    """The folder of an edition on this machine, written if need be."""
    return kept.keep(var, Edition.objects.get(pk=now).files)


def base_guide() -> Guide:
    """The guide of the checkout."""
    return _load(*_base())


def _base() -> tuple[Path, float]:
    base: Path = settings.BOT.guide
    return base, max(path.stat().st_mtime for path in base.glob("*.yml"))


def folder() -> tuple[Path, float]:
    """Where the guide in use is, and a stamp that changes with its files."""
    now = version()
    if now:
        return _folder(settings.BOT.var, now), 0.0
    return _base()


@lru_cache(maxsize=4)
def _load(path: Path, stamp: float) -> Guide:
    return load_guide(path)


def guide() -> Guide:
    """The guide in use, read again when it changed. Raises `GuideError`."""
    return _load(*folder())


@lru_cache(maxsize=4)
def _calendar(path: Path, stamp: float) -> hours.Calendar:
    return hours.parse(path.read_text(encoding="utf-8"))


def calendar() -> hours.Calendar:
    """The working hours in use, read again when they changed. Raises `SettingsError`."""
    now = version()
    path = _folder(settings.BOT.var, now) / kept.HOURS if now else ROOT / hours.FILE
    if not path.is_file():
        path = ROOT / hours.FILE
    return _calendar(path, path.stat().st_mtime)


def publish(new: dict[str, str], guide_version: str, kind: Kind, why: str, by: User) -> Publication:
    """Make these files current, in a transaction with what else the caller writes.

    The caller has checked the files. Workers are told once the transaction is over.
    """
    now = kept.digest(new)
    made, _ = Edition.objects.get_or_create(
        pk=now, defaults={"guide": guide_version, "base": kept.digest(base_files()), "files": new}
    )
    publication = Publication.objects.create(
        edition=made, kind=kind, why=why[:300], by=by, by_name=str(by)[:64]
    )
    transaction.on_commit(lambda: tell(now, force=True), robust=True)
    return publication


def tell(now: str, force: bool = False) -> None:
    """Tell workers which edition is current; nothing happens where they know. Raises `BusError`."""
    texts = {name: text.encode() for name, text in Edition.objects.get(pk=now).files.items()}

    async def put(redis: Client) -> None:
        if force or await board.current(redis, "guide") != now:
            await board.publish(redis, "guide", now, texts)

    bus.call(put, 10.0)


def tell_again() -> None:
    """A chore: what Redis has forgotten, it is told again. Raises `BusError`."""
    if now := version():
        tell(now)

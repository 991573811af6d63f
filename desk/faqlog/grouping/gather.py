"""Puts new questions of the inbox into groups: a chore of the consumer, in a thread, as it takes a while."""

from __future__ import annotations

import os
import threading

import numpy as np
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from bot.settings import ROOT
from desk.faqlog.grouping import meaning as meanings
from desk.faqlog.grouping.centres import Centres, Vector
from desk.faqlog.grouping.meaning import Meaning
from desk.faqlog.models import Fate, Group, Question

AT_ONCE = 64
_LOOKED_AT = 50
"""Questions of a group among which the one that stands for all is sought."""
_log = structlog.get_logger()
_running = threading.Lock()


def kick() -> None:
    """Start grouping what is new, unless that goes on already."""
    if not _new().exists() or not _running.acquire(blocking=False):
        return
    threading.Thread(target=_work, name="grouping", daemon=True).start()


def _work() -> None:
    # On Linux a thread may have a priority of its own: events are written first.
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
    try:
        run()
    except Exception as error:  # noqa: BLE001 - whatever happens here, the consumer goes on; it is tried again
        _log.warning("grouping", problem=f"{type(error).__name__}: {error}"[:300])
    finally:
        connection.close()
        _running.release()


def run(meaning: Meaning | None = None) -> int:
    """Group everything that is new; returns how many questions that were."""
    done = 0
    if _new().exists():
        meaning = meaning or meanings.learn(meanings.examples(ROOT / "data" / "nlu"), settings.BOT.var)
        _renew(meaning)
        while found := _step(meaning):
            done += found
    return done


def _new() -> QuerySet[Question]:
    return Question.objects.filter(group=None, fate=Fate.OPEN)


def _vectors(rows: list[Question]) -> Vector:
    """What the questions mean; the same words are encoded once."""
    same = Question.objects.filter(digest__in={row.digest for row in rows}).exclude(vector=b"")
    known = dict(same.values_list("digest", "vector"))
    fresh = {row.digest: row.turn.text for row in rows if row.digest not in known}
    encoded = meanings.encode(list(fresh.values()))
    found = dict(zip(fresh, encoded, strict=True))
    return np.array([found[r.digest] if r.digest in found else _unpacked(known[r.digest]) for r in rows])


def _packed(vector: Vector) -> bytes:
    return bytes(vector.astype(np.float16).tobytes())


def _unpacked(data: bytes | memoryview) -> Vector:
    return np.frombuffer(bytes(data), np.float16).astype(np.float32)


def _step(meaning: Meaning) -> int:
    rows = list(_new().select_related("turn").order_by("id")[:AT_ONCE])
    if not rows:
        return 0
    vectors = _vectors(rows)
    places = meaning.place(vectors)
    with transaction.atomic():
        groups = list(Group.objects.filter(meaning=meaning.name).order_by("id"))
        centres = Centres(places.shape[1])
        for group in groups:
            centres.add(np.frombuffer(bytes(group.centre), np.float32), group.weight)
        touched = set()
        for row, vector, place in zip(rows, vectors, places, strict=True):
            number = centres.join(place)
            if number == len(groups):
                groups.append(Group.objects.create(centre=b"", meaning=meaning.name))
            touched.add(number)
            row.group, row.vector = groups[number], _packed(vector)
        Question.objects.bulk_update(rows, ["group", "vector"])
        for number in touched:
            keep(groups[number], centres.centre(number), centres.weights[number], meaning)
    return len(rows)


def keep(group: Group, centre: Vector, weight: int, meaning: Meaning) -> None:
    """Write where a group stands now, and which question stands for it."""
    group.centre, group.weight, group.meaning = centre.tobytes(), weight, meaning.name
    group.nearest = ",".join(meaning.nearest(centre))
    rows = list(
        Question.objects.filter(group=group).exclude(vector=b"").values_list("pk", "vector")[:_LOOKED_AT]
    )
    if rows:
        places = meaning.place(np.array([_unpacked(vector) for _, vector in rows]))
        group.exemplar_id = rows[int(((places - centre) ** 2).sum(axis=1).argmin())][0]
    group.save()


def _renew(meaning: Meaning) -> None:
    """Groups that were measured in another way are measured anew: the assistant has learnt since."""
    for group in Group.objects.exclude(meaning=meaning.name):
        rows = Question.objects.filter(group=group).exclude(vector=b"")
        vectors = [_unpacked(vector) for vector in rows.values_list("vector", flat=True)[: _LOOKED_AT * 4]]
        if not vectors:
            group.delete()
            continue
        keep(group, meaning.place(np.array(vectors)).mean(axis=0), len(vectors), meaning)

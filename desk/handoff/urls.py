"""Addresses of the console."""

from __future__ import annotations

from django.urls import path

from desk.handoff.views import actions, audit, console, numbers, stream

urlpatterns = [
    path("", console.page, name="console"),
    path("queue/", console.queue, name="queue"),
    path("measure/", console.measure, name="measure"),
    path("changes/", console.changes, name="changes"),
    path("stream/", stream.stream, name="stream"),
    path("c/<int:pk>/", console.page, name="conversation"),
    path("c/<int:pk>/pane/", console.pane, name="pane"),
    path("c/<int:pk>/live/", console.live, name="live"),
    path("c/<int:pk>/older/", console.older, name="older"),
    path("c/<int:pk>/context/", console.context, name="context"),
    path("c/<int:pk>/guide/", console.search_guide, name="search-guide"),
    path("c/<int:pk>/canned/", console.search_canned, name="search-canned"),
    path("c/<int:pk>/t/<int:ticket>/", console.earlier, name="earlier"),
    path("c/<int:pk>/to/", console.transfer_form, name="transfer-form"),
    path("c/<int:pk>/claim/", actions.claim, name="claim"),
    path("c/<int:pk>/force/", actions.force, name="force"),
    path("c/<int:pk>/release/", actions.release, name="release"),
    path("c/<int:pk>/transfer/", actions.transfer, name="transfer"),
    path("c/<int:pk>/back/", actions.hand_back, name="hand-back"),
    path("c/<int:pk>/send/", actions.send, name="send"),
    path("c/<int:pk>/note/", actions.note, name="note"),
    path("c/<int:pk>/correct/", actions.correct, name="correct"),
    path("c/<int:pk>/m/<int:message>/retry/", actions.retry, name="retry"),
    path("c/<int:pk>/m/<int:message>/unmask/", actions.unmask, name="unmask"),
    path("numbers/", numbers.page, name="numbers"),
    path("numbers/rows/", numbers.rows, name="numbers-rows"),
    path("audit/", audit.page, name="audit"),
]

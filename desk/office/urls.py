"""Addresses of the office."""

from __future__ import annotations

from django.urls import path

from desk.office.views import drafts, lists, people, preview, sources, training, versions

urlpatterns = [
    path("office/", lists.page, name="office"),
    path("office/edit/<str:kind>/<str:target>/", drafts.edit, name="office-edit"),
    path("office/file/", drafts.edit_file, name="office-file"),
    path("office/draft/<int:pk>/", drafts.page, name="office-draft"),
    path("office/draft/<int:pk>/step/", drafts.step, name="office-step"),
    path("office/draft/<int:pk>/chat/", preview.chat, name="office-chat"),
    path("office/publish/", versions.publish, name="office-publish"),
    path("office/versions/", versions.page, name="office-versions"),
    path("office/versions/back/", versions.back, name="office-back"),
    path("office/source/", sources.page, name="office-source"),
    path("office/source/load/", sources.load, name="office-source-load"),
    path("office/training/", training.page, name="office-training"),
    path("office/training/rows/", training.rows, name="office-training-rows"),
    path("office/training/start/", training.start, name="office-train"),
    path("office/training/use/", training.use, name="office-model"),
    path("office/privacy/", people.page, name="office-privacy"),
    path("office/privacy/<int:pk>/export/", people.export, name="office-export"),
    path("office/privacy/<int:pk>/erase/", people.erase, name="office-erase"),
]

"""Addresses of logging in."""

from __future__ import annotations

from django.urls import path

from desk.accounts import scan, views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("wecom/login/", scan.begin, name="wecom"),
    path("wecom/back/", scan.back, name="wecom-back"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("start/<str:uid>/<str:token>/", views.start, name="start"),
    path("password/", views.password, name="password"),
]

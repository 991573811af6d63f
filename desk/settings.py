"""Django's settings, made from `bot.settings` and a few variables of the desk's own.

``DATABASE_URL`` (SQLite under ``var/`` by default), ``DESK_IDLE_MINUTES`` (30), ``DESK_HOSTS`` and
``DESK_ORIGINS`` (for use behind a proxy, parted by commas), ``DESK_HTTPS`` (1 when the proxy speaks it),
``DESK_HOURS`` (the calendar, ``data/desk/hours.yml``), ``DESK_ASK_SCORE`` (1: ask for a score afterwards).
"""

from __future__ import annotations

from typing import Any

import dj_database_url
from django.templatetags.static import static
from django.urls import reverse_lazy

from bot import settings as bot_settings
from desk.environment import names, number, secret_key, variable

BOT = bot_settings.load()
HTTPS = variable("DESK_HTTPS") == "1"

DEBUG = False
SECRET_KEY = secret_key(BOT.var)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", BOT.host, *names("DESK_HOSTS")]
CSRF_TRUSTED_ORIGINS = names("DESK_ORIGINS")
ROOT_URLCONF = "desk.urls"
ASGI_APPLICATION = "desk.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "import_export",
    "axes",
    "desk.accounts",
    "desk.editions",
    "desk.handoff",
    "desk.faqlog",
    "desk.office",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "desk.middleware.content_security",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "desk.middleware.idle_time_out",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [bot_settings.ROOT / "desk" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.accounts.context.rights",
            ],
        },
    }
]

DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        variable("DATABASE_URL", f"sqlite:///{(BOT.var / 'desk.sqlite3').resolve()}"), conn_max_age=0
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its turn at the start, so it never finds out at the end that it can't have it.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # What is erased is overwritten, so that it isn't left in the file's free space.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
        " PRAGMA secure_delete=ON;",
    }
else:
    # PostgreSQL takes it that a page of an index costs as much as four in a row, as on a turning disk, and
    # would rather read the whole log. ``?options=`` in the address says otherwise.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c random_page_cost=1.1")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "console"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # how long a one-time link lives

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_SENSITIVE_PARAMETERS = ["username"]
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = None

SESSION_COOKIE_NAME = "desk_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "desk_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "desk.accounts.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
IDLE_SECONDS = number("DESK_IDLE_MINUTES", 30) * 60
ASK_SCORE = variable("DESK_ASK_SCORE", "1") == "1"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [bot_settings.ROOT / "desk" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300

DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
LOGGING_CONFIG = None  # `bot.logs` sets logging up

_BLUES = {
    "50": "#eef4fb",
    "100": "#dce9f7",
    "200": "#bfd6ef",
    "300": "#93b9e2",
    "400": "#5f95d0",
    "500": "#3a78bd",
    "600": "#1d5fa8",
    "700": "#164a84",
    "800": "#133c6a",
    "900": "#123357",
    "950": "#0b203a",
}


def _item(title: str, icon: str, name: str, right: str) -> dict[str, Any]:
    """An entry of the managing pages' menu, for those with a right."""

    def may(request: Any) -> bool:
        # Imported here: the table of rights needs Django, which needs these settings.
        from desk.accounts.permissions import rights

        return rights(request.user)[right]

    return {"title": title, "icon": icon, "link": reverse_lazy(name), "permission": may}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "服务台管理",
    "SITE_HEADER": "服务台管理",
    "SITE_SUBHEADER": "知识产权项目申报助手",
    "SITE_URL": reverse_lazy("console"),
    "SITE_SYMBOL": "support_agent",
    "SHOW_HISTORY": False,
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": _BLUES},
    "STYLES": [lambda request: static("desk/manage.css")],
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {"items": [_item("返回服务台", "arrow_back", "console", "console")]},
            {
                "title": "管理",
                "separator": True,
                "items": [
                    _item("账号", "person", "admin:accounts_user_changelist", "accounts"),
                    _item("小组", "groups", "admin:handoff_group_changelist", "groups"),
                    _item("常用语", "quickreply", "admin:handoff_cannedreply_changelist", "canned"),
                ],
            },
        ],
    },
}

"""Django's settings, all from the environment through ``env.Reader``.

The README lists every name. Nothing here has a default that would be unsafe in
production: what matters is required, what loosens a rule is refused there.
"""

import os
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from backbone_app import logs
from backbone_app.env import Mode, Reader

_read = Reader(os.environ)
_RATE: Final = {"least": 10, "most": 10_000_000}

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = _read.mode
DEBUG = False
SECRET_KEY = _read.secret("SECRET_KEY")
BACKBONE_BASE_URL = _read.base_url("BASE_URL")
BACKBONE_APP_KEY = _read.text("APP_KEY", "backbone-work-sync")
BACKBONE_ENCRYPTION_KEYS = _read.key_ring("ENCRYPTION_KEYS")
BACKBONE_CLOUD_HOSTS = _read.words("CLOUD_HOSTS", "atlassian.net,jira.com")
BACKBONE_INSTALL_KEY_HOSTS = _read.services(
    "INSTALL_KEY_HOSTS",
    "https://asap-distribution.us-west-2.prod.atl-asap.net,https://connect-install-keys.atlassian.com",
)
BACKBONE_FORGE_APP_ID = _read.forge_app("FORGE_APP_ID")
BACKBONE_FORGE_KEYS_URL = _read.service(
    "FORGE_KEYS_URL", "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"
)
BACKBONE_API_URL = _read.service("API_URL", "https://api.atlassian.com")
BACKBONE_AUTH_URL = _read.service("AUTH_URL", "https://auth.atlassian.com")
BACKBONE_OAUTH_CLIENT_ID, BACKBONE_OAUTH_CLIENT_SECRET = _read.both("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET")
BACKBONE_ALL_JS_URL = _read.service("ALL_JS_URL", "https://connect-cdn.atl-paas.net/all.js")
BACKBONE_ALLOW_LOOPBACK = _read.yes_no("ALLOW_LOOPBACK", "no")
BACKBONE_DENIED_NETWORKS = _read.networks("DENIED_NETWORKS")
BACKBONE_AUTHORITIES = _read.file("AUTHORITIES")
BACKBONE_WORKER_THREADS = _read.number("WORKER_THREADS", 4, least=1, most=32)
BACKBONE_RECONCILE_MINUTES = _read.number("RECONCILE_MINUTES", 15, least=1, most=60)
BACKBONE_POLL_MS = _read.number("POLL_MS", 50, least=10, most=5000)
BACKBONE_LATE_EFFECT_SECONDS = _read.number(
    "LATE_EFFECT_SECONDS", 60, least=30 if MODE is Mode.PRODUCTION else 0, most=600
)
BACKBONE_INDEX_LAG_SECONDS = _read.number(
    "INDEX_LAG_SECONDS", 300, least=60 if MODE is Mode.PRODUCTION else 0, most=3600
)
BACKBONE_POINTS_PER_HOUR = _read.number("POINTS_PER_HOUR", 65_000, least=100, most=10_000_000)
BACKBONE_BEHIND_PROXY = _read.yes_no("BEHIND_PROXY", "no")
BACKBONE_ADDRESS_CALLS_PER_MINUTE = _read.number("ADDRESS_CALLS_PER_MINUTE", 120, **_RATE)
BACKBONE_ADDRESS_REFUSALS_PER_MINUTE = _read.number("ADDRESS_REFUSALS_PER_MINUTE", 300, **_RATE)
BACKBONE_SITE_WEBHOOKS_PER_MINUTE = _read.number("SITE_WEBHOOKS_PER_MINUTE", 30_000, **_RATE)
BACKBONE_SITE_CALLS_PER_MINUTE = _read.number("SITE_CALLS_PER_MINUTE", 3000, **_RATE)
BACKBONE_PERSON_CALLS_PER_MINUTE = _read.number("PERSON_CALLS_PER_MINUTE", 600, **_RATE)
BACKBONE_METRICS_DIR = _read.text("METRICS_DIR", "")
BACKBONE_METRICS_LISTEN = _read.private_listener("METRICS_LISTEN")
BACKBONE_BODY_SECONDS = _read.number("BODY_SECONDS", 10, least=1, most=120)
BACKBONE_ERASURE_LOG = _read.kept_file("ERASURE_LOG")
BACKBONE_ERASE_AFTER_DAYS = _read.number("ERASE_AFTER_DAYS", 30, least=1, most=365)
BACKBONE_LICENCE_PUBLIC_KEY = _read.public_keys("LICENCE_PUBLIC_KEY")
BACKBONE_DATA_CENTER_NEEDS_LICENCE = _read.yes_no("DATA_CENTER_NEEDS_LICENCE", "no")
BACKBONE_MAIL = _read.mail_server("MAIL_URL", sender=_read.address("MAIL_FROM"))
BACKBONE_TICKET_GUESSES_PER_MINUTE = _read.number("TICKET_GUESSES_PER_MINUTE", 30, **_RATE)
LOG_LEVEL = _read.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")

if MODE is Mode.PRODUCTION and BACKBONE_ALLOW_LOOPBACK:
    raise ImproperlyConfigured(
        "BACKBONE_ALLOW_LOOPBACK is for development; production does not start with it."
    )
if not (BASE_DIR / "templates").is_dir():
    raise ImproperlyConfigured(
        f"There are no templates in {BASE_DIR}: start in a checkout, the installed package has no pages."
    )

ALLOWED_HOSTS = _read.words("ALLOWED_HOSTS", BACKBONE_BASE_URL.split("://", 1)[1].split("/")[0].split(":")[0])
ROOT_URLCONF = "backbone_app.urls"
WSGI_APPLICATION = "backbone_app.wsgi.application"
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_q",
    "drf_spectacular",
    "backbone_app",
]
MIDDLEWARE = [
    "backbone_app.web.tracing.RequestIds",
    "backbone_app.web.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "backbone_app.web.addresses.OwnAddresses",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backbone_app.web.errors.ErrorTable",
    "backbone_app.web.limits.RequestLimits",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"context_processors": [], "string_if_invalid": ""},
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # from where they are: a step that copies them is one more to forget
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

_database = _read.database()
_on_sqlite = _database["ENGINE"] == "django.db.backends.sqlite3"
if _on_sqlite:
    _database["OPTIONS"] = {
        # One writer at a time, taken at BEGIN: a transaction never fails half-way because another one wrote.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
_database["CONN_MAX_AGE"] = None
_database["CONN_HEALTH_CHECKS"] = (
    True  # a database that was restarted is no reason to restart anything of ours
)
_database["ATOMIC_REQUESTS"] = False
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What the measurements in the README's "queue" section ask for: the queue carries wake-ups only.
_LANE = {
    "orm": "default",
    "broker_class": "backbone_app.queue.Broker",
    "poll": BACKBONE_POLL_MS / 1000,
    "bulk": 1,
    "save_limit": -1,
    "cached": 1,  # second: how a task went stays in memory, as its row would be unpacked without a signature
    "ack_failures": True,
    "max_attempts": 1,
    "recycle": 500,
    "guard_cycle": 0.5,
    "catch_up": False,
    "label": "Backbone",
}
_LIVE = {**_LANE, "workers": 1, "queue_limit": 1, "timeout": 60, "retry": 150}
_BULK = {**_LANE, "workers": 1, "queue_limit": 1, "timeout": 300, "retry": 700}
# SQLite has one writer: one process works there, and may take as long as the slowest lane.
BACKBONE_LANES = ("live",) if _on_sqlite else ("live", "bulk")
Q_CLUSTER = {**(_BULK if _on_sqlite else _LIVE), "name": "live", "ALT_CLUSTERS": {"bulk": _BULK}}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["backbone_app.web.api.framework.OwnPage"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "backbone_app.web.api.framework.JsonOnly",
    "DEFAULT_PARSER_CLASSES": ["backbone_app.web.api.framework.StrictJson"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "backbone_app.web.api.problems.handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Backbone Work Sync",
    "DESCRIPTION": "Everything the pages do, for machines.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_SSL_REDIRECT = MODE is Mode.PRODUCTION
SECURE_SSL_HOST = BACKBONE_BASE_URL.split("://", 1)[1].split("/")[0]  # never to the host a request names
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BACKBONE_BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024  # Jira sends no webhook above 25 MB

_read.refuse_strangers()

LOGGING_CONFIG = None  # Django's own would write to the console with the sentences of exceptions
logs.configure(LOG_LEVEL)

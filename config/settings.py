"""Every setting, read from the environment and safe where the environment says nothing.

The README lists the variables. A desk that answers on loopback alone works over plain HTTP; as soon as
ALLOWED_HOSTS names any other host, cookies, redirects and headers insist on HTTPS.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bootstrap_wrapper
import dj_database_url
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured

from config.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    """Whether the environment variable `name` says yes: 1, true, yes or on."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def _listed(name: str, default: str) -> list[str]:
    """The comma-separated values of the environment variable `name`."""
    return [part.strip() for part in (os.environ.get(name) or default).split(",") if part.strip()]


# Who may ask, and how safely

DEBUG = _flag("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key(BASE_DIR / ".secret_key")

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ALLOWED_HOSTS = _listed("ALLOWED_HOSTS", default=",".join(LOOPBACK))
LOOPBACK_ONLY = set(ALLOWED_HOSTS) <= set(LOOPBACK)

SECURE_SSL_REDIRECT = not LOOPBACK_ONLY
SESSION_COOKIE_SECURE = not LOOPBACK_ONLY
CSRF_COOKIE_SECURE = not LOOPBACK_ONLY
SECURE_HSTS_SECONDS = 0 if LOOPBACK_ONLY else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOOPBACK_ONLY
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # browsers' preload lists: for the owner of the domain to decide
if _flag("BEHIND_PROXY"):  # only a proxy that always sets this header itself may be believed
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own icons stand in its style sheet as data
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "worklist"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a long working day
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a guideline with all its rows is one form of the admin

# An uploaded worklist: what is larger is refused with words
UPLOAD_ROWS = 100_000
UPLOAD_COLUMNS = 100
UPLOAD_CELL = 1000  # characters
UPLOAD_MEGABYTES = 32
UPLOAD_UNPACKED_MEGABYTES = 320  # of a workbook, which is a ZIP
UPLOAD_FAULTS = 10_000  # after these the check stops

# What it is made of

INSTALLED_APPS = [
    "coverage_app.apps.CoverageConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "coverage_app.web.middleware.ClearErrorsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "coverage_app.web.kept.KeepingLoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {  # each belongs to its side, not to the whole app
                "desk": "coverage_app.web.templatetags.desk",
                "evidence": "coverage_app.web.templatetags.evidence",
                "editors_work": "coverage_app.admin.editors_work",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_TAGS = {message_levels.ERROR: "danger"}  # Bootstrap's word for it

# Where it keeps things


def database(url: str) -> dict[str, Any]:
    """Django's settings for the database at `url`; SQLite gets what several writers at once need."""
    settings: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)}
    if settings["ENGINE"] == "django.db.backends.sqlite3":  # foreign keys are on by Django's own doing
        settings["OPTIONS"] = {
            # recursive_triggers: without it, INSERT OR REPLACE would pass by the guards against deleting
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
            "timeout": 20,  # seconds that a writer waits for another
            "transaction_mode": "IMMEDIATE",  # wait at the start, rather than fail half-way
        }
    return settings


DATABASES = {"default": database(os.environ.get("DATABASE_URL") or f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # `manage.py worker` carries them out
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap_wrapper.get_bootstrap_css_dir()),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Its mail: one digest a day of what is due, sent only where EMAIL_HOST names a server


def site_url(given: str, hosts: list[str]) -> str:
    """The address that mails link to: the one `given`, else that of the first host, without a slash at its end."""
    named = [host for host in hosts if host not in LOOPBACK and not host.startswith(("*", "."))]
    url = given or (f"https://{named[0]}" if named else "http://127.0.0.1:8000")
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is not closed
        parts = urlsplit("")
    whole = parts.scheme in {"http", "https"} and parts.hostname and not (parts.query or parts.fragment)
    if not whole or not url.isprintable() or " " in url:
        raise ImproperlyConfigured(f"SITE_URL is no address of a site, such as https://desk.example.org: {url!r}")
    return url.rstrip("/")


def _port(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        raise ImproperlyConfigured(f"{name} is no port: {text!r}")
    return int(text) if text else default


EMAIL_HOST = os.environ.get("EMAIL_HOST", "").strip()
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = _flag("EMAIL_USE_SSL")
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured("EMAIL_USE_TLS and EMAIL_USE_SSL: set the one that the mail server speaks, not both.")
EMAIL_PORT = _port("EMAIL_PORT", default=465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 10  # seconds for each answer of the mail server
SITE_URL = site_url(os.environ.get("SITE_URL", "").strip(), ALLOWED_HOSTS)
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "").strip() or "coverage-desk@localhost"
if not DEFAULT_FROM_EMAIL.isprintable():
    raise ImproperlyConfigured("DEFAULT_FROM_EMAIL is one line of text.")

# How it speaks

LANGUAGE_CODE = "en-us"
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = False
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE") or "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL") or "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django_tasks": {"level": "WARNING"},  # each task's start and end are no news
        "django_tasks_db": {"level": "ERROR"},
    },
}

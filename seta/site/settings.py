"""Django's settings, read from the environment, safe on a laptop and on a server."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url

from seta.kit.senders import networks

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("SETA_VAR", BASE_DIR / "var"))


def _secret_key() -> str:
    """SETA_SECRET_KEY, or one made once and kept in the data folder with mode 600."""
    given = os.environ.get("SETA_SECRET_KEY")
    if given:
        return given
    kept = VAR_DIR / "secret.key"
    if kept.exists():
        return kept.read_text().strip()
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(48)
    kept.touch(mode=0o600)
    kept.write_text(made)
    return made


SECRET_KEY = _secret_key()
# Where the keys of the platforms' secrets come from: a file or a list of keys, newest first; a KMS that wraps them.
KEY_FILE = os.environ.get("SETA_KEY_FILE", "")
KEYS = os.environ.get("SETA_KEYS", "")
KMS_COMMAND = os.environ.get("SETA_KMS_COMMAND", "")
VAULT = os.environ.get("SETA_VAULT") or (
    "kms" if KMS_COMMAND else "key_file" if KEY_FILE or KEYS else "secret_key"
)
# Some banks still want pain.001.001.03.
BANK_FILE = os.environ.get("SETA_BANK_FILE", "pain.001.001.09")
DEBUG = os.environ.get("SETA_DEBUG", "") == "1"
PUBLIC_URL = os.environ.get("SETA_PUBLIC_URL", "http://127.0.0.1:8800").rstrip("/")
ALLOWED_HOSTS = os.environ.get("SETA_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = networks(os.environ.get("SETA_TRUSTED_PROXIES", ""))

PARTS = (
    "seta.events",
    "seta.houses",
    "seta.callbacks",
    "seta.webhooks",
    "seta.people",
    "seta.ledger",
    "seta.oversight",
    "seta.content",
    "seta.payments",
    "seta.conversations",
    "seta.boutique",
    "seta.loyalty",
    "seta.clienteling",
    "seta.guide",
    "seta.partners",
    "seta.stores",
    "seta.consultations",
    "seta.drops",
    "seta.popups",
    "seta.articles",
    "seta.broadcasts",
    "seta.insights",
    "seta.privacy",
    "seta.desk",
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    *PARTS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "seta.site.middleware.content_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "seta.site.urls"
WSGI_APPLICATION = "seta.site.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    """SQLite in WAL mode with durable, immediate transactions, unless DATABASE_URL names PostgreSQL.

    IMMEDIATE because a transaction that reads before it writes fails at once with `database is locked` under
    concurrency otherwise; synchronous FULL because acknowledged means durable.
    """
    url = os.environ.get("DATABASE_URL")
    if url:
        config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600))
        config["CONN_HEALTH_CHECKS"] = True
        return config
    synchronous = os.environ.get("SETA_SQLITE_SYNCHRONOUS", "FULL")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SETA_SQLITE", str(VAR_DIR / "seta.sqlite3")),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA temp_store=MEMORY;",
        },
        "TEST": {"NAME": str(Path(tempfile.gettempdir()) / f"seta-test-{os.getpid()}.sqlite3")},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English"), ("it", "Italiano")]
LOCALE_PATHS = [BASE_DIR / "seta" / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# Letters to partners leave by smtp[s]://user:password@host:port; without it they lie in the data folder's outbox.
_MAIL = urlsplit(os.environ.get("SETA_MAIL_URL", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.hostname else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "outbox"
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "", _MAIL.port or (465 if _MAIL.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = _MAIL.scheme == "smtp" and EMAIL_PORT == 587
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("SETA_MAIL_FROM", "seta@localhost")

WEBHOOKS_ALLOW_PRIVATE = os.environ.get("SETA_WEBHOOKS_PRIVATE", "") == "1"
LAKE_DIR = VAR_DIR / "lake"
# For consultations: addresses apart by spaces, such as "stun:stun.example.org turn:turn.example.org|user:secret".
ICE_SERVERS = os.environ.get("SETA_ICE_SERVERS", "")
EMBEDDED_WORKER = os.environ.get("SETA_EMBEDDED_WORKER", "1") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SETA_LOG_LEVEL", "WARNING")},
    "loggers": {"seta": {"level": os.environ.get("SETA_LOG_LEVEL", "INFO")}},
}

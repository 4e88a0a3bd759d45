"""The product's settings as the tests run them: loopback, quick passwords, no built static files.

The database is SQLite in a file of its own (in memory, two connections could not wait for each other),
or whatever DATABASE_URL names: see tests/support/postgres.py.
"""

import os
import tempfile
from pathlib import Path

for _name in ("ALLOWED_HOSTS", "BEHIND_PROXY", "DEBUG", "EMAIL_HOST", "LOG_LEVEL", "SITE_URL", "TIME_ZONE"):
    os.environ.pop(_name, None)  # whatever the developer's shell says, the tests speak of the defaults
os.environ["SECRET_KEY"] = "only-for-the-tests-" * 3

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, LOGGING, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True  # look for a static file when it is asked for: there is no folder of them
LOGGING = LOGGING | {"root": {"handlers": ["stderr"], "level": "WARNING"}}

DATABASES["default"]["CONN_MAX_AGE"] = 0  # the live server's threads must let go of the database
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    _folder = tempfile.TemporaryDirectory(prefix="desk-tests-", ignore_cleanup_errors=True)
    DATABASES["default"]["NAME"] = Path(_folder.name) / "main.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder.name) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"

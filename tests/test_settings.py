"""The settings: safe where the environment says nothing, and strict as soon as others can reach the desk."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client

from config import port
from config.secret import secret_key
from config.wsgi import application

ROOT = Path(__file__).resolve().parent.parent
SECRET = "a-secret-of-the-test-" * 3
PRINT = """
import json
from config import settings
names = {names!r}
print(json.dumps({{name: getattr(settings, name, None) for name in names}}, default=str))
"""


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in a Python whose environment is `environment` alone."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"SECRET_KEY": SECRET, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def settings_for(*names: str, **environment: str) -> dict[str, Any]:
    """The settings `names` under `environment`."""
    done = python(PRINT.format(names=names), **environment)
    assert done.returncode == 0, done.stderr
    settings: dict[str, Any] = json.loads(done.stdout)
    return settings


SECURITY = (
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
)


def test_nothing_set_means_loopback_and_no_debugging() -> None:
    settings = settings_for("DEBUG", "ALLOWED_HOSTS", "SECURE_PROXY_SSL_HEADER", "TIME_ZONE", *SECURITY)
    assert settings.pop("ALLOWED_HOSTS") == ["127.0.0.1", "localhost", "[::1]"]
    assert settings.pop("TIME_ZONE") == "UTC"
    assert not any(settings.values())


@pytest.mark.parametrize("hosts", ["desk.example.org", "127.0.0.1, desk.example.org", "*"])
def test_any_other_host_insists_on_https(hosts: str) -> None:
    assert all(settings_for(*SECURITY, "SECURE_HSTS_SECONDS", ALLOWED_HOSTS=hosts).values())


def test_debugging_must_be_asked_for() -> None:
    assert settings_for("DEBUG", DEBUG="1") == {"DEBUG": True}
    assert settings_for("DEBUG", DEBUG="0") == {"DEBUG": False}


def test_a_proxy_is_believed_only_on_request() -> None:
    header = settings_for("SECURE_PROXY_SSL_HEADER", BEHIND_PROXY="1")["SECURE_PROXY_SSL_HEADER"]
    assert header == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_sqlite_lets_writers_wait_for_each_other() -> None:
    database = settings_for("DATABASES")["DATABASES"]["default"]
    assert database["NAME"] == str(ROOT / "db.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["OPTIONS"]["timeout"] == 20


def test_a_url_names_a_postgresql() -> None:
    url = "postgresql://desk:pw@db.example.org:5433/coverage"
    database = settings_for("DATABASES", DATABASE_URL=url)["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", 5433, "coverage")
    assert "init_command" not in database.get("OPTIONS", {})


@pytest.mark.django_db
def test_the_database_keeps_its_references() -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL cannot do otherwise
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / ".secret_key"
    key = secret_key(path)
    assert len(key) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert secret_key(path) == key
    assert list(tmp_path.iterdir()) == [path]


def test_processes_that_start_together_get_the_same_secret_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(secret_key, [tmp_path / ".secret_key"] * 32))
    assert len(set(keys)) == 1


def test_a_secret_key_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY"):
        secret_key(tmp_path / "no such folder" / ".secret_key")
    (tmp_path / "empty").touch()
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        secret_key(tmp_path / "empty")


@pytest.mark.django_db
def test_every_page_carries_a_security_policy(client: Client) -> None:
    response = client.get("/")
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "login"), [("/", "/sign-in/"), ("/admin/", "/admin/login/")])
def test_a_stranger_is_sent_to_the_login(client: Client, path: str, login: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(f"{login}?next=")


@pytest.mark.parametrize("wrong", ["", "0", "70000", "-1", "eight", "٨٠"])
def test_a_port_that_is_none_is_named(wrong: str) -> None:
    assert "is not a port" in str(port.problem(wrong))


@pytest.mark.parametrize("charset", ["hex", "rot13", "raw_unicode_escape", '"utf-7"'])
def test_a_request_in_an_odd_charset_is_refused_before_anything_reads_it(charset: str) -> None:
    told: list[str] = []
    environ = {"CONTENT_TYPE": f"text/plain; charset={charset}"}
    body = b"".join(application(environ, lambda status, headers: told.append(status)))
    assert told == ["400 Bad Request"]
    assert b"UTF-8" in body

"""The demonstration accounts, signed in once a run: each test that needs one has it without signing in anew."""

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

_cookies: dict[str, str] = {}


def sign_all_in() -> None:
    """Give every account on file a session, which each test finds."""
    for user in User.objects.all():
        client = Client()
        client.force_login(user)
        _cookies[user.username] = client.cookies[settings.SESSION_COOKIE_NAME].value


def signed_in(username: str) -> Client:
    """A browser in which that demonstration account is signed in."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = _cookies[username]
    return client

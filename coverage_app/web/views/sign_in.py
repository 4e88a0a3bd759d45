"""Signing in."""

from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import LoginView
from django.urls import reverse


def home_of(user: User | AnonymousUser | Any) -> str:
    """Where somebody begins: the cases, or the policies for those who do not see cases."""
    return reverse("worklist" if user.has_perm("coverage_app.view_case") else "policies")


class SignIn(LoginView):
    """The sign-in page; it leads to the page that was asked for, else to where the person begins."""

    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return home_of(self.request.user)

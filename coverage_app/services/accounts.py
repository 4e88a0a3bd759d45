"""The demonstration accounts, one a role."""

import secrets

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from .audit import record

# username: (first name, last name, group, sees the admin). Two editors: one alone can publish nothing of their own.
CAST = {
    "coordinator": ("Mara", "Alvarez", "coordinator", False),
    "reviewer": ("Robin", "Chen", "reviewer", False),
    "editor": ("Edda", "Novak", "policy editor", True),
    "editor2": ("Femi", "Okafor", "policy editor", True),
}


@transaction.atomic
def make_demo_accounts(*, reset: bool = False) -> dict[str, str]:
    """Create the demonstration accounts that are missing and return their passwords by username.

    With ``reset`` every one gets a new password. An account that stays as it was is not in the result.
    """
    User = get_user_model()
    passwords = {}
    for username, (first, last, group, staff) in CAST.items():
        user, created = User.objects.get_or_create(
            username=username, defaults={"first_name": first, "last_name": last, "is_staff": staff}
        )
        if not (created or reset):
            continue
        passwords[username] = secrets.token_urlsafe(9)
        user.set_password(passwords[username])
        user.save()
        user.groups.add(Group.objects.get(name=group))
        record(by=None, action="create account" if created else "reset password", subject=user)
    return passwords

"""Showing new passwords, which are stored nowhere in clear."""

from django.core.management.base import OutputWrapper


def print_accounts(stdout: OutputWrapper, passwords: dict[str, str]) -> None:
    """Print the passwords that were just made; nothing when there are none."""
    if not passwords:
        return
    stdout.write("Demonstration accounts (their passwords are shown this once):")
    for username, password in passwords.items():
        stdout.write(f"  {username:<12} {password}")

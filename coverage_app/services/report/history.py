"""What a policy's own history says of a day before the edition on file."""

import datetime as dt

from coverage_app.models import Edition, Remark

from .words import day as day_words
from .words import listed, month

STATEMENT = Remark.Statement


def history_says(edition: Edition, day: dt.date) -> str:
    """Return what the history on file says of the policy statement on ``day``, which is before the edition.

    The verdict stays without an edition: a history tells what was changed, not what the text was. Blank where no
    history is on file. Entries are dated by the month, so an entry of the month of ``day`` counts as made.
    """
    entries = [r for r in edition.remarks.all() if r.kind == Remark.Kind.HISTORY and r.dated]
    entries.sort(key=lambda entry: entry.dated)
    if not entries:
        return ""
    on = f"{day:%Y-%m}"
    if on < entries[0].dated:
        return f"The policy's own history begins in {month(entries[0].dated)}; it says nothing about {day_words(day)}."
    later = [entry for entry in entries if entry.dated > on]
    changed = [entry.dated for entry in later if entry.statement in (STATEMENT.CHANGED, STATEMENT.NEW)]
    settled = [e.dated for e in entries if e.dated <= on and e.statement in (STATEMENT.CHANGED, STATEMENT.NEW)]
    if changed:
        when = listed([month(dated) for dated in changed], "and")
        before = f" The statement of that time dates from {month(settled[-1])}." if settled else ""
        return f"By the policy's own history, the policy statement was changed after this date, in {when}.{before}"
    since = settled[-1] if settled else ""
    silent = [month(e.dated) for e in entries if e.dated > since and e.statement == STATEMENT.NOT_SAID]
    if settled:
        said = f"Statement unchanged since {month(settled[-1])} by the policy's own history."
    else:
        said = (
            f"No entry of the policy's own history since {month(entries[0].dated)}, where it begins,"
            " changes the statement."
        )
    if silent:
        said += f" {'The entry' if len(silent) == 1 else 'The entries'} of {listed(silent, 'and')}"
        said += f" {'does' if len(silent) == 1 else 'do'} not mention the statement."
    return said

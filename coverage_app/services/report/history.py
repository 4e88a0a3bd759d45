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
    settled = [e.dated for e in entries if e.dated <= on and e.statement in (STATEMENT.CHANGED, STATEMENT.NEW)]
    changed = [entry for entry in later if entry.statement in (STATEMENT.CHANGED, STATEMENT.NEW)]
    if changed:
        told = [(month(entry.dated), entry.text.rstrip(".")) for entry in changed]
        when = "; ".join(f"{dated} ({text})" if text else dated for dated, text in told)
        before = f" The statement of that time dates from {month(settled[-1])}." if settled else ""
        return f"By the policy's own history, the policy statement was changed after this date: {when}.{before}"
    since = settled[-1] if settled else on
    silent = [month(e.dated) for e in entries if e.dated > since and e.statement == STATEMENT.NOT_SAID]
    if settled:
        said = f"Statement unchanged since {month(settled[-1])} by the policy's own history."
    elif silent:
        said = "No later entry of the policy's own history changes the statement."
    else:
        said = "Statement unchanged from this date to the version on file by the policy's own history."
    if silent:
        said += f" {'The entry' if len(silent) == 1 else 'The entries'} of {listed(silent, 'and')}"
        said += f" {'does' if len(silent) == 1 else 'do'} not mention the statement."
    return said

"""Working days, Monday to Friday: until when a completed case is to be reviewed. Holidays are not known here."""

import datetime as dt

SATURDAY = 5
BEFORE_SERVICE = 2
WITHOUT_SERVICE = 5


def working_day(day: dt.date, steps: int) -> dt.date:
    """The working day that lies ``steps`` of them after ``day``; before it where ``steps`` is negative."""
    one = dt.timedelta(days=1 if steps > 0 else -1)
    for _ in range(abs(steps)):
        day += one
        while day.weekday() >= SATURDAY:
            day += one
    return day


def review_due(date_of_service: dt.date | None, completed: dt.date) -> dt.date:
    """The last day for the review of a case that is completed on the day ``completed``.

    Two working days before the date of service, but not before the next working day; without a date of service
    five working days from now.
    """
    if date_of_service is None:
        return working_day(completed, WITHOUT_SERVICE)
    return max(working_day(date_of_service, -BEFORE_SERVICE), working_day(completed, 1))

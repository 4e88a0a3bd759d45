"""The saving of cases and the publication of editions one after the other, document by document.

A case that is saved while an edition of its payer comes into force would else repeat the old verdict and miss its
notice: neither transaction sees what the other has not yet ended. Take these before the row of an edition or a case,
always in this order: document, edition, case. SQLite has one writer at a time anyhow.
"""

from django.db import connection

from coverage_app.models import Document

TABLE = Document._meta.db_table


def hold_editions(*documents: int | None) -> None:
    """Until the transaction ends no edition of these documents comes into force or is withdrawn.

    Others may hold them at the same time; whoever publishes waits. None: no payer is chosen.
    """
    numbers = sorted({number for number in documents if number is not None})
    if numbers and connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # Django has no words for FOR SHARE
            cursor.execute(f"SELECT 1 FROM {TABLE} WHERE id = ANY(%s) ORDER BY id FOR SHARE", [numbers])


def change_editions(document: int) -> None:
    """Wait until nobody holds the editions of the document, and let nobody hold them until the transaction ends."""
    held = Document.objects.select_for_update(no_key=True).filter(
        pk=document
    )  # its key does not change: cases refer to it
    list(held.values_list("pk"))

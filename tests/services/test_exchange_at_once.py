"""Two imports at once: the second finds what the first has brought in, or is told to try again."""

import pytest

from coverage_app.models import Document, Edition
from coverage_app.services.exchange import ImportFault, import_text
from tests.services.making import SMALL, import_small, person
from tests.services.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_imports_of_one_file_at_once_one_makes_the_draft() -> None:
    import_small()
    other, by = SMALL.replace("All else", "Everything else"), person("editor")
    found = at_once(*[lambda: import_text(text=other, by=by, as_draft=True)] * 2)
    assert sorted(line for (line,) in found) == [
        "small 2025-01-01 is on file already: skipped",
        "small 2025-01-01 is on file with another text: this one imported, draft",
    ]
    assert Edition.objects.filter(document__code="small").count() == 2


def test_of_two_imports_of_a_new_document_at_once_one_brings_it_in() -> None:
    by = person("editor")
    found = at_once(*[lambda: import_text(text=SMALL, by=by)] * 2)
    told = [result for result in found if not isinstance(result, list)]
    assert all(isinstance(fault, ImportFault) and "try again" in str(fault) for fault in told)
    assert ["small 2025-01-01 imported, published"] in found
    assert Document.objects.filter(code="small").count() == Edition.objects.filter(document__code="small").count() == 1

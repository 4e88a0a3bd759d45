"""Filling the table of ICD-10-CM codes. The only place that loads the library: it takes seconds and memory."""

from collections.abc import Iterable

from django.db import transaction

from coverage_app.models import DiagnosisCode

from .audit import By, record


def library_codes() -> Iterable[DiagnosisCode]:
    """Every ICD-10-CM category and code of the installed release; a leaf is billable."""
    import simple_icd_10_cm as icd  # loads on import: only here, when the table is filled

    for code in icd.get_all_codes(with_dots=True):
        if icd.is_category_or_subcategory(code):
            yield DiagnosisCode(code=code, description=icd.get_description(code)[:300], billable=icd.is_leaf(code))


@transaction.atomic
def fill_diagnosis_codes(*, by: By, codes: Iterable[DiagnosisCode] | None = None) -> int:
    """Fill the table where it is empty; returns how many codes were added. Safe to repeat.

    Lost to nobody: two at once add the same rows, and a row that is there is left alone.
    """
    if DiagnosisCode.objects.exists():
        return 0
    rows = list({row.code: row for row in (library_codes() if codes is None else codes)}.values())
    DiagnosisCode.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    if rows:
        record(by=by, action="fill", subject=DiagnosisCode(code="*"), detail={"codes": len(rows)})
    return len(rows)

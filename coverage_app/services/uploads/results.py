"""What an upload has come to: how many rows are stored, what is wrong with others, and the verdicts."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Min, QuerySet

from coverage_app.models import Case, Upload, UploadRow
from coverage_app.services.report.tags import NO_PAYER, VERDICTS

from .columns import Columns, Described


@dataclass(frozen=True)
class Progress:
    """How many rows are stored and how many are not, with the first and the last line of each (0: none)."""

    stored: int
    first_stored: int
    last_stored: int
    left: int
    first_left: int
    last_left: int


@dataclass(frozen=True)
class Tally:
    """How many stored cases have one verdict under one payer at one site (blank: not chosen, not documented)."""

    payer: str
    site: str
    verdict: str
    cases: int


def progress_of(upload: Upload) -> Progress:
    """What is stored by now. Rows are stored in their order. Two queries."""
    edges = {"first": Min("line"), "last": Max("line"), "rows": Count("pk")}
    stored = upload.all_rows.filter(case__isnull=False).aggregate(**edges)
    left = upload.all_rows.filter(case__isnull=True).aggregate(**edges)
    return Progress(
        stored["rows"], stored["first"] or 0, stored["last"] or 0, left["rows"], left["first"] or 0, left["last"] or 0
    )


def tallies(upload: Upload) -> list[Tally]:
    """The stored cases by payer, site and verdict, as they stand now. One query."""
    cases = Case.objects.filter(upload_row__upload=upload)
    rows = cases.values_list("document__short_name", "site__label", "verdict").annotate(cases=Count("pk")).order_by()
    return [Tally(payer or "", site or "", verdict, number) for payer, site, verdict, number in rows]


def stored_rows(upload: Upload) -> QuerySet[UploadRow]:
    """The rows that are cases, in their order, each with its case."""
    return upload.all_rows.filter(case__isnull=False).select_related("case__document").order_by("line")


def faulty_rows(upload: Upload) -> QuerySet[UploadRow]:
    """The rows with faults, in their order."""
    return upload.all_rows.filter(faulty=True).order_by("line")


def fault_table(upload: Upload) -> Iterator[tuple[str, ...]]:
    """Every fault of the file as rows of text, a head first. Reads them piece by piece."""
    yield ("line", "column", "what is wrong", "nearest known name")
    whole = [fault for fault in upload.faults if "message" in fault]
    for fault in whole:
        yield _fault(fault.get("line") or "", fault)
    for line, faults in faulty_rows(upload).values_list("line", "faults").iterator():
        for fault in faults:
            yield _fault(line, fault)


def _fault(line: object, fault: dict[str, str]) -> tuple[str, ...]:
    return (str(line), fault.get("column", ""), fault["message"], fault.get("hint", ""))


def case_table(upload: Upload) -> Iterator[tuple[str, ...]]:
    """Every row as text, with what was stored of it, a head first. Reads them piece by piece."""
    yield ("line", "id", "stored as", "payer", "date of service", "disease", "verdict", "missing")
    rows = upload.all_rows.order_by("line").values_list(
        "line", "cells", "case__reference", "case__document__code", "case__date_of_service", "case__title",
        "case__verdict", "case__missing",
    )  # fmt: skip
    for line, cells, reference, payer, day, title, verdict, missing in rows.iterator():
        of_case = ["not stored", *[""] * 5]
        if reference:
            when = day.isoformat() if day else ""
            of_case = [reference, payer or "", when, title, words_of(verdict), " ".join(missing)]
        yield (str(line), cells.get("id", ""), *of_case)


def words_of(verdict: str) -> str:
    """A verdict's code in words."""
    return VERDICTS.get(verdict, NO_PAYER)["label"]


def template_table(columns: Columns) -> list[list[str]]:
    """A worklist to begin with: the header, and one case as an example."""
    described: list[Described] = list(columns.described())
    return [[column.name for column in described], [column.example for column in described]]

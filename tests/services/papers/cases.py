"""Completed cases for the tests of the papers, and their papers opened by real readers."""

import io
from collections.abc import Mapping
from typing import Any

import docx
import pypdf
from django.utils import timezone

from coverage_app.models import Case, CaseReview, Evidence, Fact, PayerStep
from coverage_app.services.case_life import send_back
from coverage_app.services.cases import complete_case
from coverage_app.services.exchange import import_text
from coverage_app.services.papers import paper
from tests.services.making import DAY, MET, make_case, payer, person
from tests.services.test_cases import save

CERVIX = {"site": "cervix", "recurrence": "local"}
SARCOMA = {"site": "sarcoma_extremity", "margin": "positive", "intent": "boost", "recurrence": "local", "age": "44"}
BEFORE_FEP = DAY.replace(year=2023, month=9, day=30)

EITHER_WAY = """\
code: either
kind: payer_policy
short_name: Either 1
title: Intraoperative Radiotherapy
publisher: A plan of two passages
editions:
- in_force: 2024-01-01
  in_force_basis: stated
  status: published
  provisions:
  - id: S1
    criteria: site is breast and margin is negative
    effect: criteria_met
    quote: Breast cancer with negative margins is considered medically necessary.
    locator: Section 1
  - id: S2
    criteria: site is breast and margin is not negative
    effect: criteria_met
    quote: Breast cancer with other margins is considered medically necessary.
    locator: Section 2
  - id: S3
    criteria: always
    effect: investigational
    quote: All else is investigational.
    locator: Section 3
"""
"""A policy of which one passage or another is met, whatever the margin is."""

OF_VERDICT: dict[str, tuple[str, Mapping[str, str], Mapping[str, Any]]] = {
    "criteria_met": ("fep", MET, {}),
    "investigational": ("fep", SARCOMA, {}),
    "physician_review": ("nia", {"site": "pancreas", "margin": "close"}, {}),
    "governed_elsewhere": ("bcbsma", {"site": "breast", "recurrence": "primary"}, {}),
    "not_addressed": ("fep", {"site": "non_oncologic"}, {}),
    "undetermined": ("nia", CERVIX, {}),
    "no_edition": ("fep", MET, {"date_of_service": BEFORE_FEP}),
}
"""A case of each verdict: payer, answers, fields."""


def completed(code: str, given: Mapping[str, Any], evidence: Mapping[str, str] | None = None, **fields: Any) -> Case:
    """A completed case; ``evidence`` notes a pathology report at a page for an answer, by fact."""
    case = make_case(code, given, **fields)
    for fact, place in (evidence or {}).items():
        Evidence.objects.create(
            case=case, fact=Fact.objects.get(code=fact), answer=given[fact], document_type="pathology",
            dated=DAY, place=place, note="an aside of ours", noted_by=person("coordinator"),
        )  # fmt: skip
    complete_case(case=case, version=case.version, by=person("coordinator"))
    return Case.objects.get(pk=case.pk)


def of_verdict(verdict: str) -> Case:
    code, given, fields = OF_VERDICT[verdict]
    case = completed(code, given, **fields)
    assert case.assessments.get().verdict == verdict
    return case


def either_way(given: Mapping[str, Any]) -> Case:
    """A completed case under the policy of two passages."""
    import_text(text=EITHER_WAY, by=person("editor"))
    return completed("either", given)


def again_under(case: Case, code: str) -> Case:
    """The same case, completed again under another payer."""
    save(Case.objects.get(pk=case.pk), document=payer(code))
    return completed_again(case)


def completed_again(case: Case) -> Case:
    complete_case(case=case, version=Case.objects.get(pk=case.pk).version, by=person("coordinator"))
    return Case.objects.get(pk=case.pk)


def sent_back(case: Case) -> Case:
    """The same case, sent back by the reviewer with a question."""
    send_back(case=case, version=case.version, by=person("reviewer"), question="Which margin is it?")
    return Case.objects.get(pk=case.pk)


def overridden(case: Case, verdict: str) -> Case:
    """The same case with a reviewer's own verdict on its assessment."""
    CaseReview.objects.create(
        assessment=case.assessments.get(), decision="overridden", verdict=verdict, reason="clinical",
        comment="The chart says more.", completed_by=person("coordinator"), at=timezone.now(), by=person("reviewer"),
    )  # fmt: skip
    return case


def step(case: Case, kind: str, *, day: int = 4, reason: str = "", reference: str = "", struck: bool = False) -> None:
    """A step at the payer, in March 2024, on the newest assessment."""
    said = {"struck_at": timezone.now(), "struck_by": person("reviewer"), "struck_why": "An error"} if struck else {}
    PayerStep.objects.create(
        assessment=case.assessments.latest("number"), kind=kind, happened_on=DAY.replace(day=day), reason=reason,
        reference=reference, at=timezone.now(), by=person("reviewer"), **said,
    )  # fmt: skip


def pdf(case: Case) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(paper(case=case, kind="summary").content))


def pdf_text(case: Case) -> str:
    """What the summary says, white space made even."""
    return " ".join(" ".join(page.extract_text() for page in pdf(case).pages).split())


def letter_text(case: Case, kind: str) -> str:
    return docx_text(paper(case=case, kind=kind).content)


def docx_text(data: bytes) -> str:
    """What a Word document says, tables and footers too, a paragraph a line."""
    document = docx.Document(io.BytesIO(data))
    lines = [p.text for p in document.element.body.iter() if p.tag.endswith("}p") and hasattr(p, "text")]
    lines += [p.text for section in document.sections for p in section.footer.paragraphs]
    return "\n".join(lines)

"""Codes and authorization. Coverage, coding and authorization are three separate questions."""

import re
from collections.abc import Iterable
from typing import Any

from coverage_app.models import AuthorizationRule, DiagnosisCode, Document, ListedCode, Remark
from coverage_app.services import library
from coverage_app.services.standing import Standing

from .tags import LISTED, Tag

NO_CODE = "No document on file names a CPT code for {}. Ask the payer how it is to be billed."
NOT_STATED = "This document does not say whether authorization is required. Ask the plan."
NOT_COVERAGE = (
    "Prior authorization does not guarantee coverage: an investigational service that needs no prior authorization"
    " is still not covered."
)
OTHER_SERVICES = (
    "Other services of the session (the physician's management, placing the applicator, planning) have codes of their"
    " own, which these documents do not name. Ask your coding department."
)


def listed_tag(standing: Standing, system: str, code: str) -> Tag:
    """Whether the payer's list has the code, or there is no such list."""
    if standing.reading is None:
        return LISTED["no_policy"]
    codes = [c.code for c in standing.reading.codes if c.system == system]
    if not codes:
        return LISTED["no_list"]
    return LISTED["listed" if code in codes else "not_listed"]


def _described() -> dict[str, str]:
    """The CPT codes that the coding references describe."""
    return {
        code.code: code.description
        for reading in library.newest(Document.Kind.CODING)
        for code in reading.codes
        if code.system == ListedCode.System.CPT
    }


def _cpt(standing: Standing) -> list[dict[str, Any]]:
    """The code that goes with the technique, and the case's own where it is another."""
    technique = standing.facts.answers.get("technique")
    value = standing.wording.value("technique", str(technique)) if technique else None
    if value and value["cpt"]:
        wanted = [value["cpt"]]
    elif value:
        wanted = []
    else:
        values = standing.wording.options("technique")
        wanted = [v["cpt"] for v in values if v["cpt"]]
    own = standing.facts.cpt_code
    described = _described()
    return [
        {
            "code": code,
            "description": described.get(code, ""),
            "listed": listed_tag(standing, ListedCode.System.CPT, code),
            "note": "On this case." if code == own else "",
        }
        for code in dict.fromkeys([*wanted, *([own] if own else [])])
    ]


def diagnosis(code: str) -> DiagnosisCode | None:
    """The ICD-10-CM code as typed, with or without its dot, if it exists."""
    compact = re.sub(r"[\s.]", "", code).upper()
    dotted = f"{compact[:3]}.{compact[3:]}" if len(compact) > 3 else compact
    return DiagnosisCode.objects.filter(code=dotted).first()


def _diagnosis(standing: Standing) -> dict[str, Any] | None:
    code = standing.facts.diagnosis_code
    if not code:
        return None
    known = diagnosis(code)
    return {
        "code": code,
        "description": known.description if known else "",
        "tag": listed_tag(standing, ListedCode.System.ICD10CM, code),
        "note": "" if known and known.billable else "Not a billable ICD-10-CM code: choose a more specific one.",
    }


def _shown(standing: Standing) -> list[ListedCode]:
    """The codes on the payer's list that can go with the case: by site, and inpatient procedure codes by setting."""
    if not standing.reading:
        return []
    site, covered = standing.facts.answers.get("site"), standing.reading.wording.covered
    inpatient = standing.facts.setting == AuthorizationRule.Setting.INPATIENT
    return [
        code
        for code in standing.reading.codes
        if (not code.sites or site in covered("site", code.sites))
        and (inpatient or code.system != ListedCode.System.ICD10PCS)
    ]


def _remarks(standing: Standing, kind: str) -> list[Remark]:
    return [remark for remark, _ in standing.reading.remarks if remark.kind == kind] if standing.reading else []


def _indicators(codes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Billing indicators of the codes shown: a coding reference's belong to the code it is named after."""
    shown = {code["code"] for code in codes}
    found = []
    for reading in library.newest(Document.Kind.CODING):
        if reading.edition.document.number in shown:
            items = [{"title": r.title, "text": r.text} for r, _ in reading.remarks if r.kind == Remark.Kind.INDICATOR]
            found.append({"code": reading.edition.document.number, "items_shown": items})
    return found


def codes(standing: Standing) -> dict[str, Any]:
    """CPT by technique, diagnosis and procedure codes against the payer's list, warnings."""
    technique = standing.facts.answers.get("technique")
    cpt, own = _cpt(standing), _diagnosis(standing)
    of = {system: [] for system in ListedCode.System.values}  # type: dict[str, list[dict[str, str]]]
    for code in _shown(standing):
        of[code.system].append({"code": code.code, "description": code.description})
    warnings = [
        f"{code} is not on this payer's list."
        for code, tag in [*((c["code"], c["listed"]) for c in cpt), *([(own["code"], own["tag"])] if own else [])]
        if tag["code"] == "not_listed"
    ]
    rules = _remarks(standing, Remark.Kind.CODE_RULE)
    words = standing.wording.answer("technique", technique)
    delivered = standing.wording.value("technique", str(technique)) or {}
    return {
        "technique": words,
        "cpt": cpt,
        "cpt_note": NO_CODE.format(words) if technique and not delivered.get("cpt") else "",
        "diagnosis": own,
        "procedure": of["icd10pcs"],
        "listed_diagnoses": of["icd10cm"],
        "warnings": warnings,
        "other_services": OTHER_SERVICES,
        "rules": [{"title": r.title, "quote": r.quote, "text": r.text, "locator": r.locator} for r in rules],
        "indicators": _indicators(cpt),
    }


def authorization(standing: Standing) -> dict[str, Any]:
    """Whether authorization is required for the case's product and setting, as far as the document says."""
    if not standing.reading:
        answer = "No policy on file for this date" if standing.facts.document else "Choose the payer"
        return {"answer": answer, "rules": [], "note": ""}
    rules = list(standing.reading.authorization)
    product, setting = standing.facts.product, standing.facts.setting
    lines = [
        {
            "product": rule.product or "All products",
            "setting": rule.get_setting_display(),
            "rule": rule.get_rule_display(),
            "rule_code": rule.rule,
            "quote": rule.quote,
            "locator": rule.locator,
            "applies": rule.setting == setting and rule.product in ("", product),
            "possible": setting in ("", rule.setting) and (not rule.product or product in ("", rule.product)),
        }
        for rule in rules
    ]
    answers = {str(line["rule"]) for line in lines if line["possible"]}
    answer = "Depends on setting and product" if len(answers) > 1 else next(iter(answers), "")
    if not rules:
        answer = "Not stated in this document"
    return {
        "answer": answer or "Not stated for this product and setting",
        "rules": lines,
        "note": not_coverage(standing, [str(line["rule_code"]) for line in lines if line["possible"]])
        if rules
        else NOT_STATED,
    }


def not_coverage(standing: Standing, rules: Iterable[str]) -> str:
    """Return the note that an unneeded authorization is no coverage, where both can be the case; else blank."""
    possible = standing.verdict.possible if standing.verdict else ()
    uncovered = bool({"investigational", "governed_elsewhere"} & set(possible))
    return NOT_COVERAGE if uncovered and AuthorizationRule.Rule.NOT_REQUIRED in rules else ""


def products(standing: Standing) -> list[str]:
    """The products that the payer's edition names."""
    rules = standing.reading.authorization if standing.reading else ()
    return list(dict.fromkeys(rule.product for rule in rules if rule.product))

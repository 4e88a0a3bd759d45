"""What a letter says: only what the frozen answers carry, in words that fit the verdict.

That the criteria are met is said for one verdict alone, and only while no reviewer has given another. What is
listed as a criterion is the policy's, in its own words; our own conditions are clinical information alone. All that is
answered is used; what is not documented is not mentioned, except where it leaves open which passage applies. A
guideline row appears when it names the use as an option, and not otherwise.
"""

from collections.abc import Collection, Iterator
from typing import Any

from coverage_app.models import LetterTemplate
from coverage_app.services.report.policy import ASKED_BY_POLICY
from coverage_app.services.report.words import day, listed

from .criteria import met, policy_criteria, undocumented
from .faults import NoLetter
from .source import DENIED, Source, verdict_label
from .text import RECORDED, cited_as, clean, iso_day, rests_on

NECESSITY, APPEAL = LetterTemplate.Kind.NECESSITY, LetterTemplate.Kind.APPEAL
NEUTRAL = "neutral"  # a reviewer reads the case otherwise: the letter states neither reading
WHY_UNKNOWN = "why_unknown"  # a report of before does not say why
ASKED = "asked_by_policy"  # the policy itself asks for the review
EITHER = "either"  # the criteria are met, and which passage says so rests on what is not documented

FILL_IN = {
    "payer": "[Payer]",
    "policy": "[Policy]",
    "indication": "[Indication]",
    "diagnosis": "[Diagnosis code]",
    "cpt": "[CPT code]",
    "date_of_service": "[Date of service]",
    "setting": "[Inpatient or outpatient]",
    "product": "[Plan]",
    "denial_date": "[Date of the denial]",
    "denial_reason": "[Reason that the payer gave]",
    "denial_reference": "[Payer's reference]",
}
"""What stands where a value is not on file, for people to fill in."""
POSITION = {
    "criteria_met": "On the answers listed below, the criteria of this passage are met.",
    EITHER: "Whichever of these passages applies, the policy's criteria are met. Not documented: {open}.",
    "physician_review": "This text does not settle a case like this one.",
    ASKED: "This text itself asks for review by a physician.",
    WHY_UNKNOWN: "This text asks for review by a physician, or does not settle a case like this one.",
    "investigational": "By its text, the policy considers this use investigational.",
    "not_addressed": "The policy does not speak of this use.",
    "governed_elsewhere": "The policy calls this use investigational, and lists a related policy.",
    NEUTRAL: "The passage is quoted for reference.",
}
REQUEST = {
    "criteria_met": "We ask for coverage of intraoperative radiotherapy for this patient under the policy named above.",
    "physician_review": "We ask that a physician review this request for intraoperative radiotherapy on its merits, and"
    " we are ready to talk it over peer to peer.",
    "investigational": "We ask for individual consideration of intraoperative radiotherapy for this patient.",
    "not_addressed": "We ask for a decision on intraoperative radiotherapy in this individual case.",
    NEUTRAL: "We ask for individual consideration of intraoperative radiotherapy for this patient.",
}
APPEAL_REQUEST = {
    "criteria_met": "We ask that the decision be reversed on the text of the policy itself.",
    "physician_review": "We ask that a physician of the specialty review the decision, and we are ready to talk it over"
    " peer to peer.",
    "investigational": "We ask that the decision be reviewed by a physician of the specialty, on this patient's own"
    " circumstances.",
    "not_addressed": "We ask that the decision be reviewed in this individual case, since the policy does not speak of"
    " it.",
    "governed_elsewhere": "We ask that the decision be reviewed under this policy and, where it applies, under the"
    " related policy that it lists.",
    NEUTRAL: "We ask that the decision be reviewed by a physician of the specialty.",
}
REFUSED = {
    "undetermined": "Facts that decide are not documented: {missing}. Answer them and complete the case again; until"
    " then a letter could only claim what the chart does not show.",
    "no_edition": "No edition of {policy} is on file for the date of service: there is no text that a letter could rest"
    " on.",
    "governed_elsewhere": "{policy} lists a related policy for this use, which is not the one that was assessed. Read"
    " it before anything is requested.",
}


def check_sense(source: Source, kind: str) -> None:
    """Raises NoLetter where a letter of this kind would make no sense."""
    _check_settled(source)
    verdict = reading(source)
    refused = verdict in REFUSED and not (kind == APPEAL and verdict == "governed_elsewhere")
    if refused:
        missing = listed([item["label"] for item in source.report["missing"]], "and") or "see the case summary"
        raise NoLetter(REFUSED[verdict].format(missing=missing, policy=source.policy))
    if kind == APPEAL:
        _check_appealable(source)


def _check_settled(source: Source) -> None:
    """A letter says nothing that a reviewer asks about, that may have been answered otherwise since, or of a text that
    decides no longer.
    """
    number = source.assessment.number
    if source.sent_back:
        raise NoLetter(f"The reviewer sent assessment {number} back: answer and complete the case again first.")
    if source.open_again:
        raise NoLetter(
            f"The case is open again since assessment {number}, and its answers may have changed: complete it again"
            " first."
        )
    if source.lapse:
        raise NoLetter(f"{source.lapse.says} {source.lapse.to_do}")


def _check_appealable(source: Source) -> None:
    """An appeal goes to the payer that denied; what another one decided is nothing to this one."""
    if source.decision is None and source.denial_elsewhere:
        denial, policy = source.denial_elsewhere
        raise NoLetter(
            f"The denial of {day(denial.happened_on)} is by {policy or 'another payer'}, and the case was last"
            f" completed under {source.policy}: an appeal would go to a payer that has denied nothing."
        )
    if source.decision and source.decision.kind not in DENIED:
        raise NoLetter(f"The payer approved on {day(source.decision.happened_on)}: there is nothing to appeal.")


def reading(source: Source) -> str:
    """The verdict that a letter may state; ``neutral`` where a reviewer has given another than the assessment.

    An override says nothing that the answers carry. It can hold a letter back, and never adds a claim to one.
    """
    verdict = source.assessment.verdict
    if verdict in ("undetermined", "no_edition") or source.override is None:
        return verdict
    return source.override.verdict if source.override.verdict in REFUSED else NEUTRAL


def letter_data(source: Source, kind: str) -> dict[str, Any]:
    """The value of every placeholder. Raises NoLetter where the letter makes no sense."""
    check_sense(source, kind)
    verdict = reading(source)
    requests = APPEAL_REQUEST if kind == APPEAL else REQUEST
    criteria = list(policy_criteria(source)) if verdict == "criteria_met" else []
    return {
        **_policy(source),
        **_case(source),
        **_denial(source),
        "position": _position(source, verdict),
        "request": requests[verdict],
        "quotes": [*_opening(source, kind, verdict), *_quotes(source)],
        "criteria": [line for _, line in criteria],
        "findings": list(_findings(source, {fact for fact, _ in criteria})),
        "support": supporting(source),
        "enclosures": _enclosures(source),
        "provenance": source.provenance,
        "reference": source.case.reference,
        "assessment": str(source.assessment.number),
        "assessed_on": source.completed,
        "checksum": source.assessment.checksum,
    }


def supporting(source: Source) -> list[dict[str, str]]:
    """The guideline rows that support the use, with their versions; none where category 3 is all there is."""
    rows = [row for row in source.report["rows"] if row["stance"]["code"] == "supports"]
    if all(row["category"].startswith("3") for row in rows):
        return []
    return [
        {
            "source": cited_as(row),
            "title": row["title"],
            "quote": row["quote"],
            "note": " ".join(filter(None, [row["category_note"], row.get("citation")])),
        }
        for row in rows
    ]


def _policy(source: Source) -> dict[str, str]:
    document = source.report["document"] or {}
    payer = document.get("letters_to") or document.get("publisher", "")
    values = {"payer": payer, "policy": source.policy}
    return {**_filled(values), "policy_title": document.get("title", ""), "edition": source.edition}


def _filled(values: dict[str, str]) -> dict[str, str]:
    """The values, and where one is not on file what people are to fill in."""
    return {name: value or FILL_IN[name] for name, value in values.items()}


def _case(source: Source) -> dict[str, str]:
    case = source.report["case"]
    diagnosis = case["diagnosis"] or {}
    technique = source.questions.get("technique", {}).get("answer", "")
    values = {
        "indication": source.report["title"] if "site" in source.questions else "",
        "diagnosis": " ".join(filter(None, [diagnosis.get("code", ""), diagnosis.get("description", "")])),
        "cpt": _cpt(source),
        "date_of_service": iso_day(case["date_of_service"]),
        "setting": case["setting"],
        "product": case["product"],
    }
    procedure = "Intraoperative radiotherapy (IORT)" + (f": {technique}" if technique else "")
    return {**_filled(values), "procedure": procedure}


def _cpt(source: Source) -> str:
    """The case's own code; else the one that goes with its technique, once that is documented."""
    if own := source.report["case"]["cpt"]:
        return str(own)
    codes = (source.report["codes"] or {}).get("cpt", [])
    return str(codes[0]["code"]) if "technique" in source.questions and len(codes) == 1 else ""


def _denial(source: Source) -> dict[str, str]:
    denial = source.denial
    again = denial is not None and denial.kind == denial.Kind.APPEAL_LOST
    values = {
        "denial_date": day(denial.happened_on) if denial else "",
        "denial_reason": denial.get_reason_display() if denial else "",
        "denial_reference": clean(denial.reference) if denial else "",
    }
    return {**_filled(values), "denial": "your decision on our appeal" if again else "your decision"}


def _position(source: Source, verdict: str) -> str:
    """What the letter says that the passages come to."""
    if left_open := open_facts(source):
        return POSITION[EITHER].format(open=listed(left_open, "and"))
    if verdict != "physician_review":
        return POSITION[verdict]
    block = source.report["verdict"]
    if "why" not in block:
        return POSITION[WHY_UNKNOWN]
    if block["why"] == ASKED_BY_POLICY:
        return POSITION[ASKED]
    return " ".join([POSITION[verdict], *(reason["text"] for reason in block["reasons"] if reason["applies"])])


def open_facts(source: Source) -> list[str]:
    """What is not documented and leaves open which passage's criteria are met; none where one is met for sure."""
    if reading(source) != "criteria_met" or any(met(provision) for provision in source.deciding):
        return []
    labels = {question["fact"]: question["label"] for question in source.report["questions"]}
    facts = [leaf["fact"] for provision in source.deciding for leaf in undocumented(provision["tree"])]
    return [labels.get(fact, fact) for fact in dict.fromkeys(facts)]


def _quotes(source: Source) -> list[dict[str, str]]:
    """The sentences that decide, verbatim, each once; those alone that are met, where one is."""
    deciding = source.deciding
    if reading(source) == "criteria_met":
        deciding = [provision for provision in deciding if met(provision)] or deciding
    found = {provision["quote"]: provision["locator"] for provision in deciding}
    return [{"text": text, "section": section} for text, section in found.items()]


def _opening(source: Source, kind: str, verdict: str) -> list[dict[str, str]]:
    """What the document says at its opening of cases that it does not address: an appeal can cite it.

    It comes before the sentence that decides, which is what the letter speaks of next. An indication that the policy
    itself names is not argued as one that it does not address.
    """
    if kind != APPEAL or verdict == "criteria_met":
        return []
    remarks = [remark for remark in source.report["remarks"] if remark["kind"] == "opening"]
    return [{"text": remark["quote"], "section": remark["locator"]} for remark in remarks if remark["quote"]]


def _findings(source: Source, listed: Collection[str]) -> Iterator[dict[str, str]]:
    """What is documented of the case beside what is ``listed`` as a criterion, also where it does not count."""
    for fact, question in source.questions.items():
        if fact in listed:
            continue
        yield {"label": question["label"], "answer": question["answer"], "rests_on": source.rests_on(fact) or RECORDED}


def _enclosures(source: Source) -> list[str]:
    """The documents that the answers rest on, each once, whatever the page."""
    resting = [question["rests_on"] for question in source.questions.values() if question.get("rests_on")]
    return list(dict.fromkeys(rests_on({"document": one["document"], "dated": one["dated"]}) for one in resting))


def line(source: Source, kind: str) -> str:
    """What the letter says, in a line."""
    verdict = reading(source)
    said = "Asks" if kind == NECESSITY else "Appeals, and asks"
    if open_facts(source):
        return f"{said} for coverage: the policy's criteria are met, whichever of its passages applies."
    words = {
        "criteria_met": f"{said} for coverage: the policy's criteria are met on the case's answers.",
        "physician_review": f"{said} for a physician's review, since the policy's text does not settle the case.",
        "investigational": f"{said} for individual consideration; says that the policy considers this use"
        " investigational.",
        "not_addressed": f"{said} for a decision in this case, which the policy does not speak of.",
        "governed_elsewhere": f"{said} for review under this policy and the related one that it lists.",
        NEUTRAL: f"{said} for individual consideration. It states no verdict: the reviewer's is not the assessment's.",
    }
    return words.get(verdict, verdict_label(verdict))

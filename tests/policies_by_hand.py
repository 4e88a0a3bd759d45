"""The three policies and the guideline rows as plain Python, written from the documents: a second way to a verdict.

It knows no criteria, no diagram and no fixture. One function a payer says which provision decides a complete case;
one a row says its stance. What is still possible and what is missing is found by trying every filling.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import product

Case = Mapping[str, str | int]
Decide = Callable[[Case], tuple[str, str]]

MET, REVIEW, INVESTIGATIONAL = "criteria_met", "physician_review", "investigational"
ELSEWHERE, SILENT = "governed_elsewhere", "not_addressed"
T4 = {"t4", "t4a", "t4b"}
SARCOMAS = {"sarcoma_extremity", "sarcoma_retroperitoneal", "sarcoma_trunk", "sarcoma_other"}
SITES = [
    "rectum",
    "rectosigmoid",
    "colon",
    "anus",
    "stomach",
    "pancreas",
    "kidney",
    "bladder",
    "prostate",
    "cervix",
    "uterus",
    "ovary",
    "breast",
    "head_neck",
    "lung",
    "vulva",
    "vagina",
    "brain_metastasis",
    "high_grade_glioma",
    "sarcoma_extremity",
    "sarcoma_retroperitoneal",
    "sarcoma_trunk",
    "sarcoma_other",
    "fibromatosis",
    "neuroblastoma",
    "other_cancer",
    "non_oncologic",
]
ANSWERS: dict[str, tuple[str | int, ...]] = {
    "site": tuple(SITES),
    "t_stage": ("t0", "tis", "t1", "t2", "t3", "t4", "t4a", "t4b", "not_applicable"),
    "margin": ("negative", "close", "positive", "indeterminate"),
    "recurrence": ("primary", "local", "regional", "distant"),
    "downstaged_from_t4": ("yes", "no"),
    "margin_basis": ("anticipated", "frozen", "final"),
    "technique": ("electron", "xray", "hdr", "ldr"),
    "intent": ("boost", "sole"),
    "prior_rt": ("none", "ebrt", "brachytherapy", "both"),
    "central_recurrence": ("yes", "no"),
    "high_risk": ("documented", "asserted", "no"),
    "age": tuple(range(121)),
    "histology": ("invasive", "in_situ"),
    "nodes": ("clinically_negative", "clinically_positive", "pathologically_positive"),
    "apbi_suitable": ("yes", "no"),
    "preop_ebrt": ("yes", "no"),
    "clinical_trial": ("yes", "no"),
}
"""Every answer, with the facts in the order in which they are asked."""
SHORT = ANSWERS | {"t_stage": ("t0", "tis", "t1", "t3", "t4"), "prior_rt": ("none", "ebrt"), "age": (17, 18, 49, 50)}
"""One answer for all those that no document tells apart."""
OF_A_RECTUM = ("t_stage", "margin", "recurrence", "downstaged_from_t4", "margin_basis", "technique")
OF_A_BOOST = ("intent", "prior_rt", "high_risk")
ASKED: dict[str, dict[str, tuple[str, ...]]] = {
    "fep": {"rectum": OF_A_RECTUM, "rectosigmoid": OF_A_RECTUM},
    "bcbsma": {"rectum": OF_A_RECTUM, "rectosigmoid": OF_A_RECTUM, "breast": ("recurrence",)},
    "nia": {
        "rectum": (*OF_A_RECTUM, *OF_A_BOOST),
        "rectosigmoid": (*OF_A_RECTUM, *OF_A_BOOST),
        "colon": (*OF_A_RECTUM, *OF_A_BOOST),
        "cervix": ("margin", "recurrence", "technique", *OF_A_BOOST, "central_recurrence", "preop_ebrt"),
        "breast": (
            *("t_stage", "margin", "recurrence", "margin_basis", "technique", "intent", "prior_rt", "age"),
            *("histology", "nodes", "apbi_suitable"),
        ),
        **dict.fromkeys(SARCOMAS, ("margin", "recurrence", "margin_basis", "technique", *OF_A_BOOST)),
    },
}
"""By payer and site, the facts that its text speaks of; of any other site it asks nothing."""


def treated(case: Case) -> bool:
    """Whether the region was irradiated in an earlier course."""
    return case["prior_rt"] != "none"


def _rectal(case: Case) -> tuple[bool, bool]:
    """Whether the sentence "positive or close margins, T4 or recurrent" is met for sure, and whether it can be."""
    back_in_place = case["recurrence"] in ("local", "regional")
    t4 = case["t_stage"] in T4
    at_risk = case["margin"] in ("positive", "close")
    seen = case["margin_basis"] != "anticipated"
    for_sure = at_risk and seen and (back_in_place or (t4 and case["recurrence"] == "primary"))
    reached = t4 or case["downstaged_from_t4"] == "yes" or case["recurrence"] != "primary"
    return for_sure, case["margin"] != "negative" and reached


def fep(case: Case) -> tuple[str, str]:
    """The provision of FEP 8.01.08 that decides, and its effect."""
    if case["site"] == "non_oncologic":
        return "F0", SILENT
    if case["site"] in ("rectum", "rectosigmoid"):
        for_sure, can_be = _rectal(case)
        if case["site"] == "rectum" and for_sure and case["technique"] != "ldr":
            return "F1", MET
        if can_be or case["recurrence"] in ("local", "regional"):
            return "F1r", REVIEW
    return "F2", INVESTIGATIONAL


def bcbsma(case: Case) -> tuple[str, str]:
    """The provision of Policy 278 that decides, and its effect."""
    if case["site"] == "non_oncologic":
        return "B0", SILENT
    if case["site"] == "breast":
        return ("B2", INVESTIGATIONAL) if case["recurrence"] == "distant" else ("B6", ELSEWHERE)
    if case["site"] in ("rectum", "rectosigmoid"):
        for_sure, can_be = _rectal(case)
        if case["site"] == "rectum" and for_sure and case["technique"] in ("electron", "xray"):
            return "B1", MET
        if can_be or case["recurrence"] in ("local", "regional"):
            return "B1r", REVIEW
    return "B2", INVESTIGATIONAL


def nia(case: Case) -> tuple[str, str]:
    """The provision of NIA_CG_226 that decides, and its effect."""
    if case["site"] == "pancreas":
        return "N5", REVIEW
    own = _NIA_BY_SITE.get(str(case["site"]), lambda case: None)(case)
    return own or _boost_sentence(case) or ("N9", INVESTIGATIONAL)


Found = tuple[str, str] | None


def _breast(case: Case) -> Found:
    if case["technique"] == "xray":
        return "N2", INVESTIGATIONAL
    if case["technique"] != "electron" or int(case["age"]) < 50 or case["nodes"] == "clinically_positive":
        return None
    if case["margin"] == "positive" or case["t_stage"] not in ("tis", "t1") or case["recurrence"] == "distant":
        return None
    as_written = case["histology"] == "invasive" and case["t_stage"] == "t1" and case["nodes"] == "clinically_negative"
    clear = case["margin"] == "negative" and case["margin_basis"] != "anticipated"
    of_astro = case["apbi_suitable"] == "yes" and case["recurrence"] == "primary"
    alone = case["intent"] == "sole" and not treated(case)
    return ("N1", MET) if as_written and clear and of_astro and alone else ("N1r", REVIEW)


def _cervix(case: Case) -> Found:
    central = case["central_recurrence"] == "yes"
    if case["recurrence"] not in ("local", "regional") or not (treated(case) or case["preop_ebrt"] == "yes"):
        return None
    if central and treated(case) and case["technique"] == "electron":
        return "N3", MET
    return ("N3r", REVIEW) if central or case["recurrence"] == "regional" else None


def _colon(case: Case) -> Found:
    back_in_place = case["recurrence"] in ("local", "regional")
    if case["intent"] == "sole":
        return ("N4r", REVIEW) if treated(case) and back_in_place else None
    if case["site"] == "colon" and back_in_place and case["technique"] == "electron":
        return "N4", MET
    t4_ever = case["t_stage"] in T4 or case["downstaged_from_t4"] == "yes"
    if case["recurrence"] != "primary" or (t4_ever and case["margin"] != "negative"):
        return "N4r", REVIEW
    return None


def _rectum(case: Case) -> Found:
    for_sure, can_be = _rectal(case)
    if case["site"] == "rectum" and for_sure and case["technique"] == "electron":
        return "N6", MET
    return ("N6r", REVIEW) if can_be else None


def _junction(case: Case) -> Found:
    return _colon(case) or _rectum(case)


def _sarcoma(case: Case) -> Found:
    if case["recurrence"] == "distant" or case["technique"] != "electron" or case["intent"] != "boost":
        return None
    left_behind = case["margin"] == "positive" and case["margin_basis"] != "anticipated"
    return ("N7", MET) if left_behind or case["high_risk"] == "documented" else None


_NIA_BY_SITE: dict[str, Callable[[Case], Found]] = {
    "breast": _breast,
    "cervix": _cervix,
    "colon": _colon,
    "rectum": _rectum,
    "rectosigmoid": _junction,
    **dict.fromkeys(SARCOMAS, _sarcoma),
}


def _boost_sentence(case: Case) -> Found:
    """What the sentence on boosts in the sarcoma paragraph leaves to a physician."""
    if case["site"] not in SARCOMAS | {"cervix", "colon", "rectum", "rectosigmoid"}:
        return None
    if case["margin"] not in ("positive", "indeterminate") and case["high_risk"] == "no":
        return None
    again = treated(case) and case["recurrence"] != "distant"
    return ("N7r", REVIEW) if case["intent"] == "boost" or again else None


PAYERS: dict[str, Decide] = {"fep": fep, "bcbsma": bcbsma, "nia": nia}


# The rows, as FEP's two tables summarize them

SUPPORTS, CONDITIONAL, AGAINST, UNMET = "supports", "conditional", "advises_against", "conditions_not_met"
MARGIN, RECURRENCE, PRIOR, INTENT = "margin", "recurrence", "prior_rt", "intent"


def _in_place(case: Case) -> bool:
    return case["recurrence"] in ("local", "regional")


def _gap(case: Case, at_risk: tuple[str, ...] = ("close", "positive")) -> str:
    """The stance by the margin alone."""
    return SUPPORTS if case["margin"] in at_risk else CONDITIONAL if case["margin"] == "indeterminate" else UNMET


def _abs_breast(case: Case) -> str:
    if case["recurrence"] == "distant":
        return UNMET
    return SUPPORTS if case["intent"] == "boost" else CONDITIONAL if case["clinical_trial"] == "yes" else AGAINST


def _abs_colorectal(case: Case) -> str:
    if case["recurrence"] == "distant" or case["margin"] == "negative":
        return UNMET
    advanced = case["t_stage"] in T4 | {"t3"} or _in_place(case)
    return SUPPORTS if advanced and case["margin"] != "indeterminate" else CONDITIONAL


def _abs_gynecologic(case: Case) -> str:
    if _in_place(case):
        return _gap(case)
    locally_advanced = case["t_stage"] in T4 | {"t2", "t3"} and case["preop_ebrt"] == "yes"
    if case["site"] == "cervix" and case["recurrence"] == "primary" and locally_advanced:
        return CONDITIONAL if case["clinical_trial"] == "yes" else AGAINST
    return UNMET


def _abs_pediatric(case: Case) -> str:
    if int(case["age"]) >= 18:
        return SILENT
    if case["recurrence"] == "distant":
        return UNMET
    return SUPPORTS if _in_place(case) else _gap(case)


def _abs_extremity(case: Case) -> str:
    if case["recurrence"] == "distant":
        return UNMET
    return SUPPORTS if _in_place(case) and treated(case) else _gap(case)


def _abs_thorax(case: Case) -> str:
    if case["recurrence"] == "distant":
        return UNMET
    return SUPPORTS if case["margin"] in ("close", "positive") else CONDITIONAL


def _boost_or_again(case: Case, boost: str, again: bool) -> str:
    """The stance of a boost; of IORT alone, an option under conditions where an irradiated region recurred."""
    if case["intent"] == "boost":
        return boost if case["recurrence"] != "distant" else UNMET
    return CONDITIONAL if treated(case) and _in_place(case) and again else UNMET


def _nccn_colon(case: Case) -> str:
    return _boost_or_again(case, SUPPORTS if case["t_stage"] in T4 or _in_place(case) else UNMET, True)


def _nccn_rectal(case: Case) -> str:
    found = case["margin"] == "positive" and case["margin_basis"] != "anticipated"
    boost = SUPPORTS if found else UNMET if case["margin"] == "negative" else CONDITIONAL
    return _boost_or_again(case, boost, case["margin"] in ("positive", "close"))


def _nccn_sarcoma(case: Case) -> str:
    return _boost_or_again(case, _gap(case, ("positive",)), case["margin"] == "positive")


def _always(stance: str) -> Callable[[Case], str]:
    return lambda case: stance


def _not_distant(stance: str, test: Callable[[Case], bool] = lambda case: True) -> Callable[[Case], str]:
    return lambda case: stance if case["recurrence"] != "distant" and test(case) else UNMET


GYNECOLOGIC = ("cervix", "uterus", "ovary", "vulva", "vagina")
ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[Case], str]]] = {
    "abs-breast": (("breast",), (RECURRENCE, INTENT, "clinical_trial"), _abs_breast),
    "abs-brain-metastases": (("brain_metastasis",), (), _always(CONDITIONAL)),
    "abs-high-grade-glioma": (("high_grade_glioma",), (), _always(CONDITIONAL)),
    "abs-colorectal": (("colon", "rectum", "rectosigmoid"), ("t_stage", MARGIN, RECURRENCE), _abs_colorectal),
    "abs-gynecologic": (
        GYNECOLOGIC,
        ("t_stage", MARGIN, RECURRENCE, "preop_ebrt", "clinical_trial"),
        _abs_gynecologic,
    ),
    "abs-head-neck": (("head_neck",), (RECURRENCE,), _not_distant(CONDITIONAL)),
    "abs-pancreas": (("pancreas",), (MARGIN, RECURRENCE), lambda c: UNMET if c["recurrence"] == "distant" else _gap(c)),
    "abs-pediatric": (tuple(sorted(SARCOMAS)), (MARGIN, RECURRENCE, "age"), _abs_pediatric),
    "abs-sarcoma-extremity": (("sarcoma_extremity",), (MARGIN, RECURRENCE, PRIOR), _abs_extremity),
    "abs-sarcoma-retroperitoneal": (
        ("sarcoma_retroperitoneal",),
        (RECURRENCE, "preop_ebrt"),
        _not_distant(SUPPORTS, lambda case: case["preop_ebrt"] == "yes"),
    ),
    "abs-thorax": (("lung",), (MARGIN, RECURRENCE), _abs_thorax),
    "nccn-cns": (("high_grade_glioma",), (), _always(SILENT)),
    "nccn-cervical": (
        ("cervix",),
        (RECURRENCE, PRIOR),
        lambda case: CONDITIONAL if _in_place(case) and treated(case) else UNMET,
    ),
    "nccn-colon": (("colon", "rectosigmoid"), ("t_stage", RECURRENCE, INTENT, PRIOR), _nccn_colon),
    "nccn-gastric": (("stomach",), (), _always(SILENT)),
    "nccn-head-neck": (("head_neck",), (RECURRENCE, PRIOR), _not_distant(CONDITIONAL, treated)),
    "nccn-ovarian": (("ovary",), (), _always(SILENT)),
    "nccn-pancreatic": (("pancreas",), (), _always(CONDITIONAL)),
    "nccn-rectal": (
        ("rectum", "rectosigmoid"),
        (MARGIN, RECURRENCE, "margin_basis", INTENT, PRIOR),
        _nccn_rectal,
    ),
    "nccn-renal": (("kidney",), (), _always(SILENT)),
    "nccn-soft-tissue-sarcoma": (tuple(sorted(SARCOMAS)), (MARGIN, RECURRENCE, INTENT, PRIOR), _nccn_sarcoma),
    "nccn-uterine": (("uterus",), (RECURRENCE,), lambda case: CONDITIONAL if _in_place(case) else UNMET),
}
"""Each row's sites, the facts that it speaks of, and its stance on a complete case."""


# Incomplete cases, by trying every filling


def _fillings(answers: Case, facts: tuple[str, ...]) -> Iterator[dict[str, str | int]]:
    """Every way of filling in what is absent; a fact that plays no part is filled in with its first answer."""
    lists = [(answers[f],) if f in answers else SHORT[f] if f in facts else ANSWERS[f][:1] for f in ANSWERS]
    for filled in product(*lists):
        yield dict(zip(ANSWERS, filled, strict=True))


def payer_verdict(payer: str, answers: Case) -> dict[str, object]:
    """The verdict, what is possible, what is missing and which provisions can decide, each sorted."""
    decided: dict[tuple[tuple[str, str | int], ...], tuple[str, str]] = {}
    sites = (str(answers["site"]),) if "site" in answers else tuple(SITES)
    every = tuple(dict.fromkeys(fact for facts in ASKED[payer].values() for fact in facts)) if len(sites) > 1 else ()
    for site in sites:
        for case in _fillings({**answers, "site": site}, ASKED[payer].get(site, ())):
            decided[tuple(case.items())] = PAYERS[payer](case)
    possible = sorted({effect for _, effect in decided.values()})
    missing = _missing_at_a_site(decided, answers)
    if len(sites) > 1 and _site_matters(payer, answers, every):
        missing.add("site")
    return {
        "verdict": possible[0] if len(possible) == 1 else "undetermined",
        "possible": possible,
        "missing": sorted(missing),
        "provisions": sorted({provision for provision, _ in decided.values()}),
    }


def _missing_at_a_site(decided: Mapping[tuple[tuple[str, str | int], ...], tuple[str, str]], answers: Case) -> set[str]:
    found: set[str] = set()
    for fact in ANSWERS:
        seen: dict[tuple[tuple[str, str | int], ...], str] = {}
        for case, (_, effect) in decided.items():
            if fact in answers or fact in found or fact == "site":
                break
            rest = tuple(pair for pair in case if pair[0] != fact)
            if seen.setdefault(rest, effect) != effect:
                found.add(fact)
    return found


def _site_matters(payer: str, answers: Case, facts: tuple[str, ...]) -> bool:
    """Whether two sites differ in effect with all else alike: tried on fillings one after another until they do."""
    for case in _fillings({**answers, "site": SITES[0]}, facts):
        if len({PAYERS[payer]({**case, "site": site})[1] for site in SITES}) > 1:
            return True
    return False


def stance(row: str, answers: Case) -> str:
    """A row's stance on a case of one of its sites, or ``undetermined``."""
    _, facts, says = ROWS[row]
    found = {says(case) for case in _fillings(answers, facts)}
    return found.pop() if len(found) == 1 else "undetermined"

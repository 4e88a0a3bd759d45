"""The vocabulary and some editions of the real documents, for tests that want real sizes.

Source: the policies FEP 8.01.08, BCBSMA 278 and NIA_CG_226, and the American Brachytherapy Society's consensus.
"""

from decimal import Decimal

from coverage_app.rules.edition import Edition
from coverage_app.rules.vocabulary import Fact, Value, Vocabulary


def _choice(code: str, values: str) -> Fact:
    made = []
    for word in values.split():
        name, _, parent = word.partition("<")
        made.append(Value(name.strip("*"), name.strip("*"), parent or None, name.startswith("*")))
    return Fact(code, "choice", values=tuple(made))


VOCABULARY = Vocabulary(
    (
        _choice(
            "site",
            "rectum rectosigmoid colon anus stomach pancreas kidney bladder prostate cervix uterus ovary breast "
            "head_neck lung vulva vagina brain_metastasis high_grade_glioma *soft_tissue_sarcoma "
            "sarcoma_extremity<soft_tissue_sarcoma sarcoma_retroperitoneal<soft_tissue_sarcoma "
            "sarcoma_trunk<soft_tissue_sarcoma sarcoma_other<soft_tissue_sarcoma fibromatosis neuroblastoma other_cancer non_oncologic",
        ),
        _choice("t_stage", "t0 tis t1 t2 t3 t4 t4a<t4 t4b<t4 not_applicable"),
        _choice("margin", "negative close positive indeterminate"),
        _choice("recurrence", "primary local regional distant"),
        Fact("downstaged_from_t4", "yes_no"),
        _choice("margin_basis", "anticipated frozen final"),
        _choice("technique", "electron xray hdr ldr"),
        _choice("intent", "boost sole"),
        _choice("prior_rt", "none ebrt brachytherapy both"),
        Fact("central_recurrence", "yes_no"),
        _choice("high_risk", "documented asserted no"),
        Fact("age", "number", unit="years", least=Decimal(0), greatest=Decimal(120), step=Decimal(1)),
        _choice("histology", "invasive in_situ"),
        _choice("nodes", "clinically_negative clinically_positive pathologically_positive"),
        Fact("apbi_suitable", "yes_no"),
        Fact("preop_ebrt", "yes_no"),
        Fact("clinical_trial", "yes_no"),
    )
)
CORE = ("site", "t_stage", "margin", "recurrence")

_SHORT = {
    "RECTAL?": "margin in (positive, close, indeterminate) and (t_stage is t4 or "
    "recurrence in (local, regional, distant) or downstaged_from_t4 is yes)",
    "RECTAL": "margin in (positive, close) and margin_basis in (frozen, final) and "
    "((t_stage is t4 and recurrence is not distant) or recurrence in (local, regional))",
    "TREATED": "prior_rt in (ebrt, brachytherapy, both)",
    "LISTED": "technique in (electron, xray)",
}


def _edition(code: str, text: str) -> Edition:
    for short, long in _SHORT.items():
        text = text.replace(short, long)
    rows = [tuple(part.strip() for part in line.split("|")) for line in text.strip().splitlines()]
    return Edition.read(code, VOCABULARY, [(row[0], row[1], row[2]) for row in rows])


FEP = _edition(
    "fep",
    """
    F0 | site is non_oncologic | not_addressed
    F1 | site is rectum and RECTAL and technique in (electron, xray, hdr) | criteria_met
    F1r | site in (rectum, rectosigmoid) and ((RECTAL?) or recurrence in (local, regional)) | physician_review
    F2 | always | investigational
    """,
)
BCBSMA = _edition(
    "bcbsma",
    """
    B0 | site is non_oncologic | not_addressed
    B6 | site is breast and recurrence is not distant | governed_elsewhere
    B1 | site is rectum and RECTAL and LISTED | criteria_met
    B1r | site in (rectum, rectosigmoid) and ((RECTAL?) or recurrence in (local, regional)) | physician_review
    B2 | always | investigational
    """,
)
_N1 = (
    "site is breast and technique is electron and age >= 50 and histology is invasive and t_stage is t1 and "
    "nodes is clinically_negative and margin is negative and margin_basis in (frozen, final) and "
    "recurrence is primary and intent is sole and prior_rt is none and apbi_suitable is yes"
)
_N1R = (
    "site is breast and technique is electron and age >= 50 and t_stage in (tis, t1) and "
    "nodes in (clinically_negative, pathologically_positive) and margin in (negative, close, indeterminate) and "
    "recurrence is not distant"
)
_N3R = (
    "site is cervix and (TREATED or preop_ebrt is yes) and "
    "(recurrence is regional or (recurrence is local and central_recurrence is yes))"
)
_N4R = (
    "site in (colon, rectosigmoid) and ((intent is boost and (recurrence in (local, regional, distant) or "
    "((t_stage is t4 or downstaged_from_t4 is yes) and margin in (positive, close, indeterminate)))) or "
    "(intent is sole and TREATED and recurrence in (local, regional)))"
)
_N7 = (
    "site is soft_tissue_sarcoma and recurrence is not distant and technique is electron and intent is boost and "
    "((margin is positive and margin_basis in (frozen, final)) or high_risk is documented)"
)
_N7R = (
    "site in (soft_tissue_sarcoma, cervix, colon, rectum, rectosigmoid) and "
    "(margin in (positive, indeterminate) or high_risk in (documented, asserted)) and "
    "(intent is boost or (intent is sole and TREATED and recurrence is not distant))"
)
NIA = _edition(
    "nia",
    f"""
    N2 | site is breast and technique is xray | investigational
    N1 | {_N1} | criteria_met
    N1r | {_N1R} | physician_review
    N3 | site is cervix and recurrence in (local, regional) and central_recurrence is yes and TREATED and technique is electron | criteria_met
    N3r | {_N3R} | physician_review
    N4 | site is colon and recurrence in (local, regional) and intent is boost and technique is electron | criteria_met
    N4r | {_N4R} | physician_review
    N5 | site is pancreas | physician_review
    N6 | site is rectum and RECTAL and technique is electron | criteria_met
    N6r | site in (rectum, rectosigmoid) and RECTAL? | physician_review
    N7 | {_N7} | criteria_met
    N7r | {_N7R} | physician_review
    N9 | always | investigational
    """,
)
ABS_COLORECTAL = _edition(
    "abs-colorectal",
    """
    1 | recurrence is not distant and margin in (positive, close) and (t_stage in (t3, t4) or recurrence in (local, regional)) | supports
    2 | recurrence is not distant and margin in (positive, close, indeterminate) | conditional
    - | always | conditions_not_met
    """,
)
NCCN_RECTAL = _edition(
    "nccn-rectal",
    """
    1 | recurrence is not distant and intent is boost and margin is positive and margin_basis in (frozen, final) | supports
    2 | recurrence is not distant and intent is boost and margin in (positive, close, indeterminate) | conditional
    3 | intent is sole and TREATED and recurrence in (local, regional) and margin in (positive, close) | conditional
    - | always | conditions_not_met
    """,
)
NCCN_COLON = _edition(
    "nccn-colon",
    """
    1 | recurrence is not distant and intent is boost and (t_stage is t4 or recurrence in (local, regional)) | supports
    2 | intent is sole and TREATED and recurrence in (local, regional) | conditional
    - | always | conditions_not_met
    """,
)
PAYERS = (FEP, BCBSMA, NIA)
ROWS = (ABS_COLORECTAL, NCCN_RECTAL, NCCN_COLON)

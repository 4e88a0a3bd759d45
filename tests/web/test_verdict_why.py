"""The verdict page's reasons: why a case goes to review, whose each criterion is, and who says otherwise."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.services.making import MET, make_case
from tests.web.asking import questions, shown
from tests.web.test_turning import BREAST

ANTICIPATED = {**MET, "margin_basis": "anticipated"}
MARGIN_EXPECTED = "The text does not say whether an expected margin suffices."
OURS = "Our condition, not stated as a criterion"
POLICY = "The policy's criterion"
NARROWED = "The policy's criterion, read narrower by us"


def page(desk: Client, code: str, given: dict[str, str]) -> str:
    return shown(desk.get(reverse("case", args=[make_case(code, given).reference])))


# Why a case goes to review


AT_LEAST_ONE = "<p>At least one of these applies, depending on what is not documented:</p>"


def banner_of(text: str) -> str:
    """The verdict and why, as they stand first on the page."""
    return text.partition('id="verdict-heading"')[2].partition("</section>")[0]


def why(text: str) -> tuple[str, list[tuple[str, bool]]]:
    """What the banner says of a review, and its reasons, each with whether it is said to apply, not that it may."""
    banner = banner_of(text)
    said = re.search(r"<p><strong>(.*?)</strong></p>", banner)
    reasons = banner.partition('<ul class="reasons">')[2].partition("</ul>")[0]
    found = re.findall(r"<li>(.*?)( <span class=\"fine\">May also apply: not documented.</span>)?</li>", reasons)
    return said[1] if said else "", [(reason, not may) for reason, may in found]


@pytest.mark.parametrize(
    ("code", "changes", "reason"),
    [
        ("fep", {"margin_basis": "anticipated"}, MARGIN_EXPECTED),
        ("fep", {"technique": "ldr"}, "LDR is not among the techniques that the policy describes."),
        ("fep", {"recurrence": "distant"}, "The text does not say whether recurrent disease includes distant disease."),
        ("bcbsma", {"site": "rectosigmoid"}, "The text does not say whether the rectosigmoid junction is rectum."),
    ],
)
def test_a_review_that_the_text_leaves_open_says_so_and_why(
    desk: Client, code: str, changes: dict[str, str], reason: str
) -> None:
    assert why(page(desk, code, {**MET, **changes})) == (
        "The policy's text does not settle this case.",
        [(reason, True)],
    )


def test_a_reason_that_only_may_apply_is_marked_and_stands_last(desk: Client) -> None:
    given = {fact: answer for fact, answer in ANTICIPATED.items() if fact != "technique"}
    text = page(desk, "fep", given)
    _, reasons = why(text)
    assert AT_LEAST_ONE not in banner_of(text)
    assert reasons == [
        (MARGIN_EXPECTED, True),
        ("LDR is not among the techniques that the policy describes.", False),
    ]


def test_where_no_reason_is_certain_the_page_says_that_one_of_them_applies(desk: Client) -> None:
    given = {**ANTICIPATED, "t_stage": "t3", "recurrence": "regional"}
    del given["margin"]
    banner = banner_of(page(desk, "bcbsma", given))
    assert f"{AT_LEAST_ONE} <ul" in banner
    assert re.findall("<li>(.*?)</li>", banner) == [
        MARGIN_EXPECTED,
        "An indeterminate margin is neither the positive or close margin that the text asks for, nor a negative one.",
        "The sentence can be read either way: margins asked of T4 lesions alone, or of recurrent disease too.",
    ]
    assert "May also apply" not in banner


@pytest.mark.parametrize(("margin", "place"), [("positive", 0), ("close", 0), ("indeterminate", 1), ("negative", 2)])
def test_each_margin_leaves_one_of_them_and_it_is_told_as_certain(desk: Client, margin: str, place: int) -> None:
    given = {**ANTICIPATED, "t_stage": "t3", "recurrence": "regional"}
    open_text = page(desk, "bcbsma", {fact: answer for fact, answer in given.items() if fact != "margin"})
    left = re.findall("<li>(.*?)</li>", banner_of(open_text))[place]
    text = page(desk, "bcbsma", {**given, "margin": margin})
    assert why(text)[1] == [(left, True)]
    assert AT_LEAST_ONE not in text


def test_every_reason_that_applies_is_named(desk: Client) -> None:
    _, reasons = why(page(desk, "fep", {**ANTICIPATED, "technique": "ldr", "site": "rectosigmoid"}))
    assert len(reasons) == 3
    assert all(applies for _, applies in reasons)


def test_a_review_that_the_policy_asks_for_says_so_and_needs_no_reason(desk: Client) -> None:
    assert why(page(desk, "nia", {"site": "pancreas"})) == ("The policy asks for it.", [])


@pytest.mark.parametrize("given", [MET, {**MET, "margin": "negative"}, {"site": "rectum"}])
def test_a_verdict_that_is_no_review_gives_no_reason_for_one(desk: Client, given: dict[str, str]) -> None:
    assert why(page(desk, "fep", given)) == ("", [])


def test_the_live_verdict_beside_the_questions_says_why_too(desk: Client) -> None:
    text = shown(desk.get(questions(make_case("fep", ANTICIPATED))))
    assert "The policy's text does not settle this case." in text
    assert f"<li>{MARGIN_EXPECTED}</li>" in text


# Whose criterion


def criteria(text: str, provision: str) -> list[tuple[str, str]]:
    """The conditions of a provision, each with what is said of whose it is."""
    part = text.partition(f'id="provision-{provision}"')[2].partition('class="part"')[0]
    return re.findall(
        r'<span class="text">(.*?)(?:<span class="whose whose-\w+">(.*?)</span>)?</span> <span class="ans', part
    )


def test_each_criterion_says_whose_it_is_in_the_policy_s_words(desk: Client) -> None:
    assert criteria(page(desk, "fep", MET), "F1") == [
        ("Cancer site: Rectum", f"{NARROWED}: “Rectal cancer”"),
        ("Margin: Close or Positive", f"{POLICY}: “positive or close margins”"),
        ("Margin basis: Frozen section or Final pathology", OURS),
        ("T category: T4, T4a or T4b", f"{POLICY}: “T4 lesions”"),
        ("Primary or recurrent: not Distant recurrence", OURS),
        ("Primary or recurrent: Local recurrence or Regional recurrence", f"{NARROWED}: “recurrent disease”"),
        ("Technique: Electrons (IOERT), Low-energy x-ray or HDR brachytherapy", OURS),
    ]


def test_of_the_breast_criteria_the_policy_s_are_told_from_ours(desk: Client) -> None:
    whose = {text.partition(":")[0]: said for text, said in criteria(page(desk, "nia", BREAST), "N1")}
    assert whose.pop("Cancer site") == f"{POLICY}: “Breast Cancer”"
    of_the_policy = {fact for fact, said in whose.items() if said.startswith(f"{POLICY}: “")}
    assert of_the_policy == {"Technique", "Age", "Histology", "Lymph nodes", "Margin"}
    assert {fact for fact, said in whose.items() if said.startswith(NARROWED)} == {"T category", "ASTRO suitable group"}
    assert {fact for fact, said in whose.items() if said == OURS} == {
        "Margin basis", "Primary or recurrent", "Intent", "Prior radiation"
    }  # fmt: skip


def test_a_provision_that_is_a_reading_as_a_whole_says_so_and_names_no_criterion_of_the_policy(desk: Client) -> None:
    text = page(desk, "fep", ANTICIPATED)
    decides = text.partition('id="provision-F1r"')[2].partition('class="part"')[0]
    assert "These conditions are our reading as a whole, not criteria that the policy states." in decides
    assert {said for _, said in criteria(text, "F1r")} == {""}


def test_a_provision_whose_review_the_policy_asks_for_is_no_reading(desk: Client) -> None:
    text = page(desk, "nia", {"site": "pancreas"})
    assert "our reading as a whole" not in text.partition('id="provision-N5"')[2].partition('class="part"')[0]
    assert criteria(text, "N5") == [("Cancer site: Pancreas", POLICY)]


# Who says otherwise

PANCREAS = {"site": "pancreas", "margin": "positive", "recurrence": "primary"}


def contrast(text: str) -> list[str]:
    """The two sides of the payer and the guidelines: what each says."""
    beside = text.partition('<div class="contrast ')[2].partition("</table>")[0].partition("<table")[0]
    return [side for _, side in re.findall(r"<h3>(The policy|The guidelines)</h3>(.*?)</div>", beside)]


def test_under_an_investigational_verdict_payer_and_guideline_stand_side_by_side(desk: Client) -> None:
    text = page(desk, "fep", PANCREAS)
    policy, guidelines = contrast(text)
    assert "“Use of intraoperative radiotherapy is considered investigational for all other oncologic" in policy
    assert "FEP 8.01.08, Policy statement" in policy
    assert "“Consider in cases with concerns for close/positive margins”" in guidelines
    assert "ABS 2019. As summarized in FEP 8.01.08 (2023), Table 1" in guidelines
    assert "no clear established role for IORT" in guidelines
    line = text.partition('<p class="contrast-line">')[2].partition("</p>")[0]
    assert line.endswith("</svg> The policy calls this use investigational.")
    assert re.findall(r"<strong>(.*?)</strong> (\w+ \d+)\. As summarized", guidelines) == [
        ("Option: may be considered.", "ABS 2019"),
        ("Option under conditions.", "NCCN 2023"),
    ]


def test_the_payer_s_sentence_stands_once_beside_all_the_guidelines(desk: Client) -> None:
    policy, guidelines = contrast(page(desk, "fep", PANCREAS))
    assert (policy.count("<p>"), guidelines.count("<p>")) == (1, 2)


def test_a_guideline_that_advises_against_what_meets_the_criteria_is_a_caution(desk: Client) -> None:
    text = page(desk, "nia", {**BREAST, "clinical_trial": "no"})
    policy, guidelines = contrast(text)
    assert "Single Fraction Electron-beam IORT is considered medically necessary" in policy
    assert "Monotherapy should not be offered" in guidelines
    assert "Caution: the policy's criteria are met; ABS 2019 advises against this use." in text


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("fep", MET),
        ("fep", {**PANCREAS, "recurrence": "distant", "margin": "negative", "site": "lung"}),
        ("nia", PANCREAS),
        ("fep", {"site": "kidney"}),
    ],
)
def test_where_they_do_not_point_in_opposite_ways_nothing_is_held_against_the_other(
    desk: Client, code: str, given: dict[str, str]
) -> None:
    text = page(desk, code, given)
    assert "NCCN and ABS for this site" in text
    assert contrast(text) == []
    assert 'class="contrast' not in text


@pytest.mark.parametrize("given", [MET, PANCREAS])
def test_payer_and_guideline_are_never_said_to_agree_or_disagree(desk: Client, given: dict[str, str]) -> None:
    rows = page(desk, "fep", given).partition('id="rows-heading"')[2].partition("</section>")[0]
    assert "Option: may be considered" in rows
    assert "agree" not in rows.lower()


def test_a_row_says_where_it_is_summarized_and_cites_the_society(desk: Client) -> None:
    text = page(desk, "nia", {"site": "pancreas"})
    assert "As summarized in FEP 8.01.08 (2023), Table 1. Tom MC, Joshi N, Vicini F" in text
    assert "As summarized in FEP 8.01.08 (2023), Table 2. National Comprehensive Cancer Network." in text

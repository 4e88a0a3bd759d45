"""A quote stands in a text when the same words and punctuation do, however the lines were broken."""

from time import perf_counter

import pytest

from coverage_app.services.quote_text import find_quote, nearest

TEXT = """\
CLINICAL GUIDELINE¹

IORT is con-
sidered medically
necessary for T4 lesions or re-\r
current disease, case-by-
case, if both are met:

• Xo\ufb01g is not used;
- the margin is close, **OR** positive⁶.
"""


@pytest.mark.parametrize(
    "quote",
    [
        "IORT is considered medically necessary for T4 lesions or recurrent disease",
        "recurrent disease, case-by-case, if both are met:",
        "if both are met: Xofig is not used; the margin is close, OR positive.",
        "if both are met: • Xofig is not used; - the margin is close, **OR** positive⁶.",
        "IORT is [...] necessary [...] both are met:",
        "CLINICAL GUIDELINE",
        "CLINICAL\u00a0GUIDELINE¹",
    ],
)
def test_layout_does_not_count(quote: str) -> None:
    assert find_quote(quote, TEXT)


@pytest.mark.parametrize(
    "quote",
    [
        "IORT is considered medically necessary for T3 lesions",
        "IORT is considered medically necessary, for T4 lesions",
        "for T4 lesion",
        "sidered medically necessary",
        "necessary [...] IORT is",
        "the margin is close, or positive",
        "CLINICAL GUIDELINE²",
        "• [...] –",
        "",
    ],
)
def test_other_words_punctuation_order_or_halves_of_words_do_not_stand_there(quote: str) -> None:
    assert find_quote(quote, TEXT) == []


def test_quotation_marks_stand_as_the_document_has_them() -> None:
    assert find_quote("so-called “boost”", "The so-called “boost” is given.")
    assert find_quote('so-called "boost"', "The so-called “boost” is given.") == []


def test_each_part_of_a_quote_has_its_place() -> None:
    spans = find_quote("IORT is [...] necessary", TEXT)
    assert [TEXT[start:end] for start, end in spans] == ["IORT is", "necessary"]


def test_the_nearest_passage_marks_the_words_that_differ() -> None:
    found = nearest(
        "boost treatment for rectal cancer with close margins",
        "It is a boost treatment for colon cancer with close margins.",
    )
    assert found
    assert found.quote == (
        ("boost treatment for", False),
        ("rectal", True),
        ("cancer with close", False),
        ("margins", True),
    )
    assert found.passage == (
        ("boost treatment for", False),
        ("colon", True),
        ("cancer with close", False),
        ("margins.", True),
    )


def test_nothing_is_near_what_is_about_something_else() -> None:
    assert nearest("Proton therapy of the eye", TEXT) is None


def test_a_long_text_without_the_quote_takes_little_time() -> None:
    text = "the margin is the margin of the margin. " * 20_000
    start = perf_counter()
    assert find_quote("the margin is the margin of a margin", text) == []
    nearest("the margin is the margin of a margin", text)
    assert perf_counter() - start < 5

"""A quote stands in a text when the same words and punctuation do, however the lines were broken."""

import textwrap
from pathlib import Path
from time import perf_counter

import pytest
import yaml
from django.conf import settings

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


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("IORT is in appropriate", "IORT is inappropriate here."),
        ("not able", "It is notable."),
        ("1 5 Gy", "A dose of 15 Gy"),
        ("is\nin appropriate", "IORT is inappropriate"),
        ("in\n• appropriate", "IORT is in inappropriate"),
        ("not able", "It is not\u00adable."),
    ],
)
def test_white_space_of_a_quote_is_never_inside_a_word_of_the_text(quote: str, text: str) -> None:
    assert find_quote(quote, text) == []


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("IORT is appropriate", "IORT is appro priate"),  # a space that a PDF put in
        ("not able", "It is not\nable."),
        ("is con-\nsidered necessary", "It is considered necessary."),
        ("a dose – 10 Gy", "a dose–10 Gy"),
        ("close; positive", "close;positive"),
        ("positive and", "positive⁶and negative"),
        ("**OR** positive", "OR positive"),
    ],
)
def test_what_layout_does_to_white_space_does_not_count(quote: str, text: str) -> None:
    assert find_quote(quote, text)


def quotes_of_fixtures() -> list[str]:
    files = sorted(Path(settings.BASE_DIR, "fixtures").glob("*.yaml"))
    editions = [edition for file in files for edition in yaml.safe_load(file.read_text()).get("editions", [])]
    parts = [part for edition in editions for key in ("provisions", "rows", "remarks") for part in edition.get(key, [])]
    return [part["quote"] for part in parts if part.get("quote")]


@pytest.mark.parametrize("width", [17, 60])
def test_every_quote_on_file_stands_in_a_text_made_of_them_all(width: int) -> None:
    quotes = quotes_of_fixtures()
    text = "\n\n".join(textwrap.fill(quote.replace("[...]", "and so on"), width) for quote in quotes)
    assert len(quotes) > 50
    assert [quote for quote in quotes if not find_quote(quote, text)] == []


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

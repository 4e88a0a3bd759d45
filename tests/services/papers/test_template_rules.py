"""What a template has to show in every letter, and where a tag that takes its paragraph or row has to stand."""

import io
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from coverage_app.models import LetterTemplate
from coverage_app.services.papers import TemplateFault, paper
from coverage_app.services.papers.letter_templates import sample_values, supplied
from coverage_app.services.papers.rendering import check_template, render
from tests.services.making import MET, person
from tests.services.papers.cases import completed, docx_text
from tests.services.papers.templates import STATED, bare_letter_of, letter_of, saved


def said_of(data: bytes) -> str:
    with pytest.raises(TemplateFault) as fault:
        check_template(data)
    return str(fault.value)


# What each letter states


@pytest.mark.parametrize(
    ("paragraphs", "missing"),
    [
        (("Dear reader",), "{{ checksum }} and {{ provenance }}"),
        (("{{ provenance }}",), "{{ checksum }}"),
        (("{{ checksum }}",), "{{ provenance }}"),
        (("{{ checksum }}, {{ edition }}",), "{{ assessed_on }}"),
        (("{{ checksum }}, {{ assessed_on }}",), "{{ edition }}"),
        (("{%p if support %}", STATED, "{%p endif %}"), "{{ checksum }} and {{ provenance }}"),
        (("{% if support %}x{% else %}" + STATED + "{% endif %}",), "{{ checksum }} and {{ provenance }}"),
        (("{%p for q in quotes %}", STATED, "{%p endfor %}"), "{{ checksum }} and {{ provenance }}"),
        (("{% if checksum %}{% endif %}{{ provenance }}",), "{{ checksum }}"),
    ],
)
def test_a_template_that_does_not_always_state_edition_date_and_checksum_is_refused(
    paragraphs: tuple[str, ...], missing: str
) -> None:
    said = said_of(bare_letter_of(*paragraphs))
    assert f"The letter does not always show {missing}: " in said
    assert "edition, date and checksum" in said
    assert "“{{ provenance }} Checksum {{ checksum }}”" in said


@pytest.mark.parametrize(
    "text", [STATED, "{{ edition }} {{ assessed_on }} {{checksum}}", f"{{% if support %}}x{{% endif %}} {STATED}"]
)
def test_a_template_that_states_them_is_taken(text: str) -> None:
    assert check_template(bare_letter_of("Dear reader", text))


@pytest.mark.parametrize("kind", LetterTemplate.Kind.values)
def test_the_supplied_templates_state_them(kind: str) -> None:
    assert check_template(supplied(kind))


@pytest.mark.parametrize("where", ["header", "footer", "first_page_footer"])
def test_a_header_or_a_footer_states_them_for_the_letter(where: str) -> None:
    document = docx.Document(io.BytesIO(bare_letter_of("Dear reader")))
    section = document.sections[0]
    section.different_first_page_header_footer = where.startswith("first")
    getattr(section, where).paragraphs[0].text = STATED
    assert check_template(saved(document))


@pytest.mark.parametrize("where", ["first_page_footer", "even_page_header"])
def test_a_footer_that_no_first_page_shows_does_not_count(where: str) -> None:
    document = docx.Document(io.BytesIO(bare_letter_of("Dear reader")))
    getattr(document.sections[0], where).paragraphs[0].text = STATED
    assert "does not always show" in said_of(saved(document))


@pytest.mark.django_db
def test_a_template_on_file_that_does_not_state_them_is_refused_when_it_is_used() -> None:
    LetterTemplate.objects.create(
        kind="necessity", name="old.docx", content=bare_letter_of("x"), checksum="", by=person("editor")
    )
    with pytest.raises(TemplateFault, match=r"“old\.docx” cannot be used\. The letter does not always show"):
        paper(case=completed("fep", MET), kind="necessity")


# Tags that take their paragraph or their row


@pytest.mark.parametrize(
    "text",
    [
        "{%p for q in quotes %}The policy says: {{ q.text }}",
        "The policy says: {%p for q in quotes %}",
        "{%p for q in quotes %}{%p endfor %}",
        "{{ policy }} {%p for q in quotes %}",
    ],
)
def test_what_stands_beside_a_tag_that_takes_its_paragraph_is_not_lost_without_a_word(text: str) -> None:
    said = said_of(letter_of("Dear reader", text, "{%p endfor %}"))
    assert "The letter, paragraph 2: {%p for q in quotes %} takes its whole paragraph" in said
    assert "put it in a paragraph of its own" in said
    assert "is not a placeholder" not in said  # what follows is read on


@pytest.mark.parametrize("beside", ["drawing", "pict", "footnoteReference", "fldSimple", "sectPr", "br"])
def test_a_picture_or_a_break_beside_such_a_tag_is_not_lost_either(beside: str) -> None:
    document = docx.Document(io.BytesIO(letter_of("{%p if support %}", "x", "{%p endif %}")))
    element: Any = OxmlElement(f"w:{beside}")
    if beside == "br":
        element.set(qn("w:type"), "page")
    if beside == "fldSimple":
        element.set(qn("w:instr"), "PAGE")
    paragraph = document.paragraphs[0]
    (paragraph._p.get_or_add_pPr() if beside == "sectPr" else paragraph.add_run()._r).append(element)
    assert "paragraph 1: {%p if support %} takes its whole paragraph" in said_of(saved(document))


def test_such_a_tag_alone_with_white_space_is_taken() -> None:
    letter = letter_of(" {%p for q in quotes %}\t", "{{ q.text }}", "{%p endfor %}\u00a0")
    assert "A made-up sentence of a policy." in docx_text(render(letter, sample_values()))


def table(*rows: tuple[str, str]) -> bytes:
    document = docx.Document(io.BytesIO(letter_of("Dear reader")))
    made = document.add_table(len(rows), 2)
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return saved(document)


LINE, ENDED = ("{{ f.label }}", "{{ f.answer }}"), ("{%tr endfor %}", "")


def test_what_stands_beside_a_tag_that_takes_its_row_is_not_lost_without_a_word() -> None:
    for begun in (("{%tr for f in findings %}", "Answer"), ("{%tr for f in findings %} Finding", "")):
        said = said_of(table(begun, LINE, ENDED))
        assert "The letter, paragraph 2: {%tr for f in findings %} takes its whole table row" in said
        assert "put it in a row of its own" in said
    assert check_template(table(("{%tr for f in findings %}", " "), LINE, ENDED))


def test_a_tag_that_takes_its_row_stands_in_a_table() -> None:
    said = said_of(letter_of("{%tr for f in findings %}", "{{ f.label }}", "{%tr endfor %}"))
    assert "The letter, paragraph 1: {%tr for f in findings %} stands in no table" in said

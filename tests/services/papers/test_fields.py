"""Fields of a template: each is read by itself, wherever it begins and ends, and only harmless ones are taken."""

import pytest

from coverage_app.services.papers import TemplateFault
from coverage_app.services.papers.rendering import check_template
from tests.services.papers.templates import DOCUMENT, part, with_parts

BEGIN, SEPARATE, END = (f'<w:r><w:fldChar w:fldCharType="{what}"/></w:r>' for what in ("begin", "separate", "end"))
NAMESPACES = 'xmlns:x="http://example.org/x" xmlns:s="http://purl.oclc.org/ooxml/wordprocessingml/main"'


def code(text: str, tag: str = "w:instrText") -> str:
    return f"<w:r><{tag}>{text}</{tag}></w:r>"


def field(text: str) -> str:
    """A field with this code and a result."""
    return f"{BEGIN}{code(text)}{SEPARATE}<w:r><w:t>1</w:t></w:r>{END}"


MERGED, DATED, SWITCHED = field(" NUMPAGES  \\* MERGEFORMAT "), code("DATE \\@ d"), code("PAGE \\* ")


def holding(content: str) -> bytes:
    """The supplied template with this at its beginning."""
    document = part(DOCUMENT).replace("<w:document ", f"<w:document {NAMESPACES} ", 1)
    return with_parts({DOCUMENT: document.replace("<w:body>", f"<w:body>{content}", 1)})


def said_of(content: str) -> str:
    with pytest.raises(TemplateFault) as fault:
        check_template(holding(content))
    return str(fault.value)


@pytest.mark.parametrize(
    "content",
    [
        f"<w:p>{field('PAGE')}{field(' DDEAUTO cmd ')}</w:p>",
        f"<w:p>{BEGIN}{code('PAGE ')}{field('DDEAUTO cmd')}{SEPARATE}{END}</w:p>",
        f"<w:p>{BEGIN}{code('PAGE')}{SEPARATE}{field('DDEAUTO cmd')}{END}</w:p>",
        f"<w:p>{BEGIN}{code('DDE')}</w:p><w:p>{code('AUTO cmd')}{SEPARATE}</w:p><w:p>{END}</w:p>",
        f"<w:p>{BEGIN}</w:p><w:p>{code('DDEAUTO ')}</w:p>",
        f"<w:p>{field('PAGE')}{code('DDEAUTO cmd')}</w:p>",
        f"<w:p>{BEGIN}{code('PAGE')}{SEPARATE}{code('DDEAUTO cmd')}{END}</w:p>",
        f"<w:p>{BEGIN}{code('DDEAUTO cmd', 'w:delInstrText')}{SEPARATE}{END}</w:p>",
        f"<w:p>{BEGIN}{code('DDEAUTO cmd', 'w:t')}{SEPARATE}{END}</w:p>",
        f"<w:p>{BEGIN}{code('dde<!-- -->auto cmd')}{SEPARATE}{END}</w:p>",
        "<w:p><w:fldSimple w:instr='PAGE'/><w:fldSimple w:instr='DDEAUTO cmd'/></w:p>",
    ],
)
def test_a_field_that_runs_something_is_seen_wherever_it_hides(content: str) -> None:
    assert "word/document.xml: the field DDEAUTO is not taken. Put text in its place." in said_of(content)


def test_a_code_made_by_another_field_is_not_taken_for_what_stands_beside_it() -> None:
    nested = field("DATE \\@ \"'INCLUDEPICTURE x'\"")
    for content in (f"{BEGIN}{nested}{code(' PAGE')}", f"{BEGIN}{code('PA')}{nested}{code('GE')}", f"{BEGIN}{nested}"):
        assert "is not taken" in said_of(f"<w:p>{content}{SEPARATE}{END}</w:p>")
    inside = "<w:fldSimple w:instr='DATE'/>"
    assert "is not taken" in said_of(f"<w:p>{BEGIN}{inside}{code(' PAGE')}{SEPARATE}{END}</w:p>")


@pytest.mark.parametrize(
    "hidden",
    [
        "<mc:AlternateContent><mc:Choice Requires='x'>{}</mc:Choice></mc:AlternateContent>",
        "<x:odd>{}</x:odd>",
    ],
)
def test_what_word_passes_over_is_not_read_together_with_what_it_reads(hidden: str) -> None:
    unseen = hidden.format(code("PAGE "))
    assert "the field DDEAUTO" in said_of(f"<w:p>{BEGIN}{unseen}{code('DDEAUTO cmd')}{SEPARATE}{END}</w:p>")


@pytest.mark.parametrize("tag", ["x:instrText", "s:instrText", "s:delInstrText", "x:fldSimple", "s:fldChar"])
def test_a_field_in_a_form_that_word_does_not_write_is_refused(tag: str) -> None:
    assert "a field (" in said_of(f"<w:p>{BEGIN}{code('PAGE', tag)}{SEPARATE}{END}</w:p>")


@pytest.mark.parametrize("change", ["ins", "del", "moveFrom", "moveTo"])
def test_a_field_in_a_tracked_change_is_to_be_settled_first(change: str) -> None:
    tracked = f"<w:{change} w:id='900' w:author='x'>{code('PAGE ')}</w:{change}>"
    said = said_of(f"<w:p>{BEGIN}{tracked}{code('DDEAUTO cmd')}{SEPARATE}{END}</w:p>")
    assert "a field stands in a tracked change: accept or reject the change" in said


@pytest.mark.parametrize(
    "content",
    [
        f"<w:p>{field(' PAGE ')}{MERGED}</w:p>",
        f"<w:p>{BEGIN}{code('PA')}{code('GE')}{SEPARATE}{END}</w:p>",
        f"<w:p>{BEGIN}{DATED}{SEPARATE}</w:p><w:p><w:r><w:t>DDEAUTO in a result</w:t></w:r>{END}</w:p>",
        f"<w:p>{BEGIN}{SWITCHED}{field('SECTION')}{SEPARATE}{END}</w:p>",
        f"<w:p>{SEPARATE}{END}</w:p><w:p><w:r><w:t>DDEAUTO is text</w:t></w:r></w:p>",
        "<w:p><w:fldSimple w:instr=' PAGE '><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>",
        f"<mc:AlternateContent><mc:Choice Requires='x'><w:p>{field('PAGE')}</w:p></mc:Choice></mc:AlternateContent>",
    ],
)
def test_harmless_fields_are_taken_one_beside_or_inside_another(content: str) -> None:
    assert check_template(holding(content))


@pytest.mark.parametrize("name", ["word/footer9.XML", "word/footer9.bin"])
def test_a_part_under_an_odd_name_hides_no_field(name: str) -> None:
    types = part("[Content_Types].xml")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    stated = types.replace("</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>')
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    footer = f'<w:ftr xmlns:w="{w}"><w:p>{field("DDEAUTO cmd")}</w:p></w:ftr>'
    with pytest.raises(TemplateFault, match=r"the field DDEAUTO|footer9\.bin, a part of a document under an odd name"):
        check_template(with_parts({"[Content_Types].xml": stated, name: footer}))

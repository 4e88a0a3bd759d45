"""Templates of letters: an organization's own are used, and whatever could do harm is refused with its place."""

import io
import zipfile

import pytest
from docx import Document

from coverage_app.models import AuditEvent, LetterTemplate
from coverage_app.services.papers import TemplateFault, paper
from coverage_app.services.papers.letter_templates import (
    preview,
    restore_supplied,
    sample_values,
    store_template,
    supplied,
    template_in_use,
)
from coverage_app.services.papers.placeholders import LISTS, PLAIN
from coverage_app.services.papers.rendering import check_template, render
from tests.services.making import MET, person
from tests.services.papers.cases import completed, docx_text
from tests.services.papers.templates import DOCUMENT, RELATIONS, letter_of, part, related, upload, with_parts

pytestmark = pytest.mark.django_db
KINDS = LetterTemplate.Kind.values


def store(data: bytes, kind: str = "necessity") -> LetterTemplate:
    return store_template(kind=kind, upload=upload(data), by=person("editor"))


def refused(data: bytes) -> str:
    """What is said of the file; nothing is stored of it."""
    before = LetterTemplate.objects.count(), AuditEvent.objects.count()
    with pytest.raises(TemplateFault) as fault:
        store(data)
    assert (LetterTemplate.objects.count(), AuditEvent.objects.count()) == before
    return str(fault.value)


# In use


@pytest.mark.parametrize("kind", KINDS)
def test_the_supplied_templates_open_cleanly_and_hold_no_placeholder_back(kind: str) -> None:
    document = Document(io.BytesIO(supplied(kind)))
    assert document.core_properties.language == "en-US"
    assert check_template(supplied(kind)).data
    text = docx_text(preview(kind))
    assert "{" not in text
    assert "A made-up payer" in text


def test_an_own_template_takes_the_place_of_the_supplied_one_until_that_is_put_back() -> None:
    case = completed("fep", MET)
    store(letter_of("Ours for {{ policy }}", "{%p for line in findings %}", "{{ line.label }}", "{%p endfor %}"))
    text = docx_text(paper(case=case, kind="necessity").content)
    assert text.startswith("Ours for FEP 8.01.08\nPrimary or recurrent")
    assert "Appeal:" in docx_text(paper(case=case, kind="appeal").content)
    restore_supplied(kind="necessity", by=person("editor"))
    assert template_in_use("necessity").own is None
    assert "Letter of medical necessity" in docx_text(paper(case=case, kind="necessity").content)
    assert LetterTemplate.objects.filter(kind="necessity").count() == 2


def test_each_change_leaves_an_event_and_the_same_again_changes_nothing() -> None:
    first = store(letter_of("One"))
    assert store(letter_of("One")) == first or LetterTemplate.objects.count() == 2  # a document holds its time
    assert store(bytes(template_in_use("necessity").content)) == template_in_use("necessity").own
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.subject, event.by_name) == ("store", "lettertemplate", "editor")
    restore_supplied(kind="necessity", by=person("editor"))
    events = AuditEvent.objects.count()
    restore_supplied(kind="necessity", by=person("editor"))
    assert AuditEvent.objects.count() == events


def test_every_placeholder_has_a_value_in_the_made_up_case() -> None:
    values = sample_values()
    assert set(values) == {*PLAIN, *LISTS}
    for name, (_, parts) in LISTS.items():
        assert all(set(line) == set(parts) for line in values[name] if parts)


def test_a_template_on_file_that_is_not_allowed_any_more_is_refused_when_it_is_used() -> None:
    content = letter_of("{{ no_more }}")
    LetterTemplate.objects.create(kind="necessity", name="old.docx", content=content, checksum="", by=person("editor"))
    with pytest.raises(TemplateFault, match=r"“old\.docx” cannot be used\. The letter, paragraph 1: .*no_more"):
        paper(case=completed("fep", MET), kind="necessity")


def test_a_template_saved_by_libreoffice_gives_a_letter_with_one_set_of_properties() -> None:
    relations = part("_rels/.rels").replace(
        "package/2006/relationships/metadata", "officedocument/2006/relationships/metadata"
    )
    template = with_parts({"_rels/.rels": relations})
    with zipfile.ZipFile(io.BytesIO(render(template, sample_values()))) as archive:
        assert archive.namelist().count("docProps/core.xml") == 1


# Placeholders


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ patient_name }}", "names “patient_name”, which is not a placeholder"),
        ("{{ policy.__class__ }}", "names “__class__”"),
        ("{{ policy.title }}", "names “title”"),
        ("{{ cycler.__init__.__globals__ }}", "is not one of the placeholders"),
        ("{{ ''.__class__.__mro__ }}", "is not one of the placeholders"),
        ("{{ policy.upper() }}", "nothing can be called"),
        ("{{ range(9) }}", "nothing can be called"),
        ("{{ policy|safe }}", "no filters are taken"),
        ("{{ policy", "“{{” has no counterpart"),
        ("policy }}", "“}}” has no counterpart"),
        ("{{ }}", "is not one of the placeholders"),
        ("{% include 'x' %}", "“include” is not taken"),
        ("{% import 'os' as x %}", "“import” is not taken"),
        ("{% set x = 1 %}", "“set” is not taken"),
        ("{%p for a in policy %}", "repeats “policy”, which is not a list"),
        ("{%p for a in findings %}", "has no end"),
        ("{%p endfor %}", "was not begun"),
        ("{%p else %}", "has no “if” before it"),
        ("{{ findings }}", "is a list"),
        ("{{r policy }}", "is not one of the placeholders"),
        ("{%- if policy %}{% endif %}", "is not one of the placeholders"),
    ],
)
def test_a_placeholder_that_is_not_on_the_list_is_refused_with_its_paragraph(text: str, said: str) -> None:
    found = refused(letter_of("Dear reader", text))
    assert "The letter, paragraph 2: " in found
    assert said in found


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("{%p for a in findings %}", "{%p for b in support %}", "{%p endfor %}", "{%p endfor %}"),
        ("{%p for a in findings %}", "{{ a.secret }}", "{%p endfor %}"),
        ("{%p for a in findings %}", "{{ a }}", "{%p endfor %}"),
        ("{%p for policy in findings %}", "{%p endfor %}"),
        ("{%p if support %}", "{%p endfor %}"),
        ("{{ policy", "}}"),
    ],
)
def test_lists_are_read_in_order(paragraphs: tuple[str, ...]) -> None:
    assert "paragraph" in refused(letter_of(*paragraphs))


def test_all_faults_are_told_at_once() -> None:
    found = refused(letter_of("{{ one }}", "fine", "{{ three }}"))
    assert "paragraph 1: {{ one }}" in found
    assert "paragraph 3: {{ three }}" in found


def test_headers_tables_attributes_and_properties_are_looked_at_too() -> None:
    document, out = Document(io.BytesIO(letter_of("x"))), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "{{ nothing }}"
    document.add_table(1, 1).cell(0, 0).text = "{{ nobody }}"
    document.save(out)
    found = refused(out.getvalue())
    assert "A header, paragraph 1: {{ nothing }}" in found
    assert "{{ nobody }}" in found
    hidden = part(DOCUMENT).replace("<w:body>", "<w:body><w:p><w:pPr><w:pStyle w:val='{{ x() }}'/></w:pPr></w:p>", 1)
    assert "stands outside of the text" in refused(with_parts({DOCUMENT: hidden}))
    document, out = Document(io.BytesIO(letter_of("x"))), io.BytesIO()
    document.core_properties.title = "{{ lipsum.__globals__ }}"
    document.save(out)
    assert "property “title”" in refused(out.getvalue())


def test_a_condition_that_tears_the_document_apart_is_refused() -> None:
    document, out = Document(io.BytesIO(letter_of("{% if support %}"))), io.BytesIO()
    document.add_table(1, 1).cell(0, 0).text = "{% endif %}"
    document.save(out)
    assert "no longer a Word document" in refused(out.getvalue())


def test_words_of_a_template_are_kept_and_values_are_text() -> None:
    values = {**sample_values(), "payer": "</w:t><w:br/>{{ policy }} & <b>"}
    assert "Kept & </w:t><w:br/>{{ policy }} & <b>" in docx_text(render(letter_of("Kept & {{ payer }}"), values))


# Files


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"hello", "not a Word document"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "an old Word document"),
        (b"PK\x03\x04" + b"x" * 99, "damaged"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_what_is_no_word_document_is_told_apart(data: bytes, said: str) -> None:
    assert said in refused(data)


def test_a_bomb_is_not_unpacked() -> None:
    assert "Unpacked, the file has more than 16 MB" in refused(with_parts({"word/media/a.png": b"\0" * 17 * 1024**2}))
    assert "too long for a letter" in refused(with_parts({"word/x.xml": b" " * 3 * 1024**2}))
    many = with_parts({f"word/media/{n}.png": b"" for n in range(201)})
    assert "at most 200 are taken" in refused(many)


def test_macros_objects_and_whatever_leads_out_of_the_file_are_refused_by_name() -> None:
    types = part("[Content_Types].xml")
    macro = types.replace("wordprocessingml.document.main+xml", "x").replace(
        "application/vnd.openxmlformats-officedocument.x", "application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    assert "holds macros" in refused(with_parts({"[Content_Types].xml": macro}))
    template = types.replace("document.main+xml", "template.main+xml")
    assert "save it as .docx" in refused(with_parts({"[Content_Types].xml": template}))
    assert "http://h/x.dotm outside of it (attachedTemplate)" in refused(
        related("attachedTemplate", "http://h/x.dotm", external=True)
    )
    assert "(image)" in refused(related("image", "file:///etc/passwd", external=True))
    assert "“oleObject”" in refused(related("oleObject", "embeddings/a.bin"))
    assert "“aFChunk”" in refused(related("aFChunk", "a.html"))
    assert "“vbaProject”" in refused(related("vbaProject", "vbaProject.bin"))


@pytest.mark.parametrize("code", ["INCLUDETEXT c:\\\\x", "DDEAUTO cmd", "HYPERLINK http://h", "INCLUDEPICTURE x"])
def test_fields_that_fetch_or_run_something_are_refused(code: str) -> None:
    field = f'<w:body><w:p><w:fldSimple w:instr="{code}"/></w:p>'
    found = refused(with_parts({DOCUMENT: part(DOCUMENT).replace("<w:body>", field, 1)}))
    assert f"the field {code.split()[0]} is not taken" in found


def test_hostile_xml_is_refused_before_anything_is_made_of_it() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    document = part(DOCUMENT)
    bomb = document.replace("?>", f"?>{laughs}", 1) if document.startswith("<?xml") else laughs + document
    assert "declares entities" in refused(with_parts({DOCUMENT: bomb}))
    outside = bomb.replace(laughs, '<!DOCTYPE x SYSTEM "file:///etc/passwd">')
    assert "declares entities" in refused(with_parts({DOCUMENT: outside}))
    assert "not well-formed" in refused(with_parts({DOCUMENT: document[:-20]}))
    assert "not well-formed" in refused(with_parts({DOCUMENT: b""}))


def test_odd_archives_are_refused() -> None:
    assert "odd name" in refused(with_parts({"../x.xml": "<a/>"}))
    assert "not a Word document" in refused(with_parts({DOCUMENT: None}))
    out = io.BytesIO(supplied("necessity"))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(DOCUMENT, "<a/>")
    assert "two parts of the same name" in refused(out.getvalue())


def test_a_placeholder_in_a_comment_or_an_endnote_is_told() -> None:
    note = (
        '<w:endnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:endnote><w:p><w:r><w:t>{{ policy }}</w:t></w:r></w:p></w:endnote></w:endnotes>"
    )
    assert "An endnote, paragraph 1" in refused(with_parts({"word/endnotes.xml": note}))


def test_braces_without_end_take_no_time() -> None:
    for braces in ("{{" * 50_000, "{% " * 50_000, "{#{{" * 30_000):
        assert "has no counterpart" in refused(letter_of(braces))
    hidden = part(DOCUMENT).replace(
        "<w:body>", f"<w:body><w:p><w:pPr><w:pStyle w:val='{'{{' * 90_000}'/></w:pPr></w:p>"
    )
    assert "stands outside of the text" in refused(with_parts({DOCUMENT: hidden}))


def test_damaged_and_crooked_files_are_told_and_never_an_error_of_ours() -> None:
    whole = supplied("necessity")
    broken = whole[:3000] + bytes(byte ^ 255 for byte in whole[3000:3060]) + whole[3060:]
    assert "damaged" in refused(broken)
    for kind, target in (("styles", "missing.xml"), ("footer", "../../etc/passwd")):
        assert "do not belong together" in refused(related(kind, target))
    table = part(DOCUMENT).replace("<w:tblGrid>", "<w:x>").replace("</w:tblGrid>", "</w:x>")
    assert refused(with_parts({DOCUMENT: table}))
    assert "do not belong together" in refused(with_parts({"_rels/.rels": None}))


def test_a_comment_among_the_relationships_is_passed_over() -> None:
    noted = part(RELATIONS).replace("<Relationship ", "<!-- c --><Relationship ", 1)
    assert check_template(with_parts({RELATIONS: noted}))

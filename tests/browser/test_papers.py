"""Papers in a browser: a coordinator downloads them, an editor exchanges a letter's template and looks at it."""

import io
from collections.abc import Callable

import docx
import pypdf
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.services.making import MET
from tests.services.papers.cases import completed, docx_text
from tests.services.papers.templates import letter_of

from .sound import assert_sound

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def fetched(page: Page, name: str) -> tuple[str, bytes]:
    """What a click on the link of this name downloads: file name and content."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_papers_are_downloaded_and_the_template_of_a_letter_is_exchanged(
    page: Page, sign_in: Callable[[str], User]
) -> None:
    case = completed("fep", MET, {"margin": "3"})
    sign_in("coordinator")
    page.goto(f"/cases/{case.reference}/papers/")
    assert_sound(page)
    name, summary = fetched(page, "Download Case summary")
    assert name == f"{case.reference}-summary.pdf"
    assert "Criteria met" in pypdf.PdfReader(io.BytesIO(summary)).pages[0].extract_text()
    name, letter = fetched(page, "Download Letter of medical necessity")
    assert name == f"{case.reference}-necessity.docx"
    assert docx.Document(io.BytesIO(letter)).core_properties.title == f"Letter of medical necessity {case.reference}"

    sign_in("editor")
    page.goto("/letters/")
    put_in_use(page, letter_of("Dear reader", "{{ patient }}"))
    expect(page.get_by_role("alert")).to_contain_text("The letter, paragraph 2: {{ patient }} names “patient”")
    assert_sound(page)
    put_in_use(page, letter_of("Ours for {{ policy }}"))
    expect(page.get_by_role("region", name="Appeal letter", exact=True)).to_contain_text("In use: ours.docx")
    assert docx_text(fetched(page, "Letter of a made-up case as Appeal letter")[1]).startswith("Ours for Policy 0")
    page.get_by_role("button", name="Back to the supplied one for Appeal letter").click()
    expect(page.get_by_role("region", name="Appeal letter", exact=True)).to_contain_text("In use: Supplied template")


def put_in_use(page: Page, content: bytes) -> None:
    region = page.get_by_role("region", name="Appeal letter", exact=True)
    region.get_by_label("Another template").set_input_files({"name": "ours.docx", "mimeType": WORD, "buffer": content})
    region.get_by_role("button", name="Put in use as Appeal letter").click()

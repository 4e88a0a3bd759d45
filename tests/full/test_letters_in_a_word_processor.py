"""Every letter opened by LibreOffice and printed: nothing of it is lost, and it fits Letter paper."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest

from coverage_app.services.papers import paper
from coverage_app.services.papers.letter import POSITION
from tests.services.papers.cases import OF_VERDICT, letter_text, of_verdict
from tests.services.papers.test_letters import LETTERS, REFUSED

pytestmark = [pytest.mark.django_db, pytest.mark.full]
WRITTEN = [(verdict, kind) for verdict in OF_VERDICT for kind in LETTERS if (verdict, kind) not in REFUSED]
SECONDS = 120


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice; without it these tests are skipped, and with FULL set they fail."""
    found = shutil.which("soffice")
    if found is None:
        said = "LibreOffice is not installed (Debian: apt-get install libreoffice-writer-nogui)"
        # `make test-full` fails without it; anyone who only selects these tests has them skipped
        (pytest.fail if os.environ.get("FULL") else pytest.skip)(said)
    return found


def printed(soffice: str, document: bytes, folder: Path) -> pypdf.PdfReader:
    """The document as LibreOffice prints it."""
    (folder / "letter.docx").write_bytes(document)
    command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(folder), str(folder / "letter.docx")], check=True, timeout=SECONDS)
    return pypdf.PdfReader(io.BytesIO((folder / "letter.pdf").read_bytes()))


@pytest.mark.parametrize(("verdict", "kind"), WRITTEN)
def test_a_letter_is_printed_whole_on_letter_paper(verdict: str, kind: str, soffice: str, tmp_path: Path) -> None:
    case = of_verdict(verdict)
    pages = printed(soffice, paper(case=case, kind=kind).content, tmp_path).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert 1 <= len(pages) <= 3
    assert all((round(page.mediabox.width), round(page.mediabox.height)) == (612, 792) for page in pages)
    said = " ".join(letter_text(case, kind).split())
    assert POSITION[verdict] in said or "asks for review" in said
    missing = [word for word in said.split() if len(word) > 3 and word not in text]
    assert len(missing) <= len(said.split()) // 50  # words that the printer hyphenates

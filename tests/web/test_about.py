"""About IORT: background from the sources on file, and never more than that."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import strip_tags

from coverage_app.models import GuidelineRow, Remark

pytestmark = pytest.mark.django_db
TELEPHONE = re.compile(r"(\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|\d-\d{3}-\d{3}")

FROM_ABS = {
    "Breast": ("breast", "abs-breast", "breast"),
    "Lung": ("lung", "abs-thorax", "lung"),
    "Head and neck": ("head and neck", "abs-head-neck", "head_neck"),
    "Vulva": ("vulva", "abs-gynecologic", "vulva"),
    "Vagina": ("vagina", "abs-gynecologic", "vagina"),
    "Brain metastases": ("brain metastases", "abs-brain-metastases", "brain_metastasis"),
    "High-grade glioma": ("high-grade glioma", "abs-high-grade-glioma", "high_grade_glioma"),
    "Sarcoma in children": ("childhood sarcoma", "abs-pediatric", "soft_tissue_sarcoma"),
}
"""The sites on the page that stand on neither list: how the page attributes them, and the row that names them."""


@pytest.fixture
def text(client: Client) -> str:
    client.force_login(User.objects.get(username="reviewer"))
    return client.get("/about/").content.decode()


def test_it_says_that_it_is_no_coverage_policy(text: str) -> None:
    assert "Background information only; not a coverage policy." in text
    assert "not that a payer covers it" in text


def test_each_technique_stands_with_its_code(text: str) -> None:
    rows = [" ".join(strip_tags(row).split()) for row in re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)]
    assert next(row for row in rows if row.startswith("Electrons")).endswith("77425")
    assert next(row for row in rows if row.startswith("Low-energy x-ray")).endswith("77424")
    assert next(row for row in rows if row.startswith("LDR")).endswith("None on file")


def test_each_source_stands_with_its_date(text: str) -> None:
    for source, date in (
        ("Mayo Clinic 2015", "14 Apr 2015"),
        ("CPT 77424", "1 Jan 2012"),
        ("FEP 8.01.08", "1 Oct 2023"),
    ):
        assert source in text
        assert date in text


def test_each_site_named_is_one_that_both_lists_name_or_is_said_to_be_from_abs(text: str) -> None:
    named = set(re.findall(r"<li>([A-Z][a-z -]+)</li>", text))
    listed = [_said(title) for title in ("Sites", "Tumors named on the coding page")]
    in_both = {site for site in named if all(site.lower() in said for said in listed)}
    assert len(in_both) == 11
    assert named - in_both == set(FROM_ABS)
    assert "<li>Sarcoma of extremity, retroperitoneum or trunk</li>" in text
    assert all("soft tissue sarcoma" in said for said in listed)


def _said(title: str) -> str:
    return Remark.objects.get(kind="background", title=title).text.lower().replace("endometrium", "uterus")


@pytest.mark.parametrize("site", FROM_ABS)
def test_each_site_that_is_said_to_be_from_abs_has_a_row_there(text: str, site: str) -> None:
    words, row, code = FROM_ABS[site]
    assert words in text[text.index("The sources below name these;") : text.index("statement of 2019")]
    assert code in GuidelineRow.objects.get(edition__document__code="abs", code=row).sites


def test_no_telephone_number_stands_on_it(text: str) -> None:
    assert not TELEPHONE.search(strip_tags(text))


def test_the_drawing_is_described_in_words(text: str) -> None:
    assert 'role="img" aria-labelledby="figure-title figure-text"' in text


def test_it_needs_a_login(client: Client) -> None:
    assert client.get("/about/").status_code == 302


def test_it_is_only_for_reading(client: Client) -> None:
    client.force_login(User.objects.get(username="editor"))
    assert client.post("/about/").status_code == 405

"""About IORT: background from the sources on file, and never more than that."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import strip_tags

from coverage_app.models import Remark

pytestmark = pytest.mark.django_db
TELEPHONE = re.compile(r"(\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|\d-\d{3}-\d{3}")


@pytest.fixture
def text(client: Client) -> str:
    client.force_login(User.objects.get(username="reviewer"))
    return client.get("/about/").content.decode()


def test_it_says_that_it_is_no_evidence_of_coverage(text: str) -> None:
    assert "Never evidence of coverage" in text


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


def test_each_site_named_is_one_that_the_sources_name(text: str) -> None:
    named = re.findall(r"<li>([A-Z][a-z ]+)</li>", text)
    assert len(named) == 12
    for title in ("Sites", "Tumors named on the coding page"):
        said = Remark.objects.get(kind="background", title=title).text.lower().replace("endometrium", "uterus")
        assert [site for site in named if site.lower() not in said] == []


def test_no_telephone_number_stands_on_it(text: str) -> None:
    assert not TELEPHONE.search(strip_tags(text))


def test_the_drawing_is_described_in_words(text: str) -> None:
    assert 'role="img" aria-labelledby="figure-title figure-text"' in text


def test_it_needs_a_login(client: Client) -> None:
    assert client.get("/about/").status_code == 302


def test_it_is_only_for_reading(client: Client) -> None:
    client.force_login(User.objects.get(username="editor"))
    assert client.post("/about/").status_code == 405

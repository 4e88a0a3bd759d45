"""The bar at the top says where one is."""

import pytest
from django.urls import reverse

from tests.services.making import MET, make_case
from tests.services.test_cases import complete
from tests.support.sessions import signed_in
from tests.web.asking import shown

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["case", "questionnaire", "payers", "case_review", "authorization", "papers", "checklist", "case_amend"]
)
def test_every_page_of_a_case_lies_under_cases(name: str) -> None:
    case = make_case("fep", MET)
    complete(case)
    page = shown(signed_in("coordinator").get(reverse(name, args=[case.reference]), follow=True))
    assert '<a href="/" aria-current="page">Cases</a>' in page

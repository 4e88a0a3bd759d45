"""Two who accept the same finding: the second is told of the first, and can still say theirs knowingly."""

import pytest

from coverage_app.models import Edition
from coverage_app.services.acceptances import AcceptanceFault, AcceptedMeanwhile, accept, seen_of, take_back
from tests.services.making import import_small, person

pytestmark = pytest.mark.django_db
CONFLICT = {"kind": "conflict", "key": "k"}


@pytest.fixture
def small() -> Edition:
    return import_small(draft="published")


def test_the_second_is_told_who_accepted_it_and_why_and_replaces_it_knowingly(small: Edition) -> None:
    first = accept(edition=small, reason="First.", by=person("editor"), seen="", **CONFLICT)
    with pytest.raises(AcceptedMeanwhile, match=r"Edda Novak accepted it on .* \(“First.”\), after you opened"):
        accept(edition=small, reason="Second.", by=person("editor2"), seen="", **CONFLICT)
    assert small.acceptances.get() == first
    accept(edition=small, reason="Second.", by=person("editor2"), seen=seen_of(first), **CONFLICT)
    assert (small.acceptances.get().reason, small.acceptances.get().by) == ("Second.", person("editor2"))


def test_the_same_reason_twice_is_the_first_ones(small: Edition) -> None:
    first = accept(edition=small, reason="First.", by=person("editor"), seen="", **CONFLICT)
    assert accept(edition=small, reason="First.", by=person("editor2"), seen="", **CONFLICT) == first


def test_a_reason_that_nobody_saw_is_not_taken_back(small: Edition) -> None:
    first = accept(edition=small, reason="First.", by=person("editor"), **CONFLICT)
    second = accept(edition=small, reason="Second.", by=person("editor2"), **CONFLICT)
    with pytest.raises(AcceptedMeanwhile, match=r"“Second\.”"):
        take_back(edition=small, key="k", by=person("editor"), seen=seen_of(first))
    take_back(edition=small, key="k", by=person("editor"), seen=seen_of(second))
    assert not small.acceptances.exists()


def test_of_an_edition_on_file_the_first_reason_is_shown_and_stays() -> None:
    edition = import_small()
    accept(edition=edition, reason="First.", by=person("editor"), **CONFLICT)
    with pytest.raises(AcceptanceFault, match=r"\(“First.”\); it is accepted already, and only a draft"):
        accept(edition=edition, reason="Second.", by=person("editor2"), **CONFLICT)

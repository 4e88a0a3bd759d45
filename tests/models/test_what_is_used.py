"""A code that a case or an edition uses cannot be removed, by the services' own way or past them."""

import pytest
from django.db.models import ProtectedError

from coverage_app.models import Edition, EditionUse, Fact, FactValue
from coverage_app.services.editions import note_uses
from coverage_app.services.exchange import import_text
from coverage_app.services.golden import set_golden
from coverage_app.services.vocabulary import uses
from tests.services.making import SMALL, import_small, make_case, person, refused, run_sql

NEW_FACT = """\
facts:
- {code: depth, kind: number, label: Depth, question: "How deep?", unit: centimeters, least: 0, greatest: 9, step: 0.1}
- code: side
  kind: choice
  label: Side
  question: Which side?
  values: [{code: left, label: Left}, {code: right, label: Right}]
"""


@pytest.fixture(autouse=True)
def _new_facts(db: None) -> None:
    import_text(text=NEW_FACT, by=person("editor"))


def left() -> FactValue:
    return FactValue.objects.get(fact__code="side", code="left")


def naming(criteria: str, status: str = "draft") -> Edition:
    """An imported edition whose first provision names these criteria."""
    text = SMALL.replace("site is breast and margin in (negative, close)", criteria)
    import_text(text=text.replace("status: published", f"status: {status}"), by=person("editor"))
    return Edition.objects.get(document__code="small")


def test_a_fact_that_nothing_uses_can_be_removed() -> None:
    assert uses(Fact.objects.get(code="depth")) == []
    Fact.objects.get(code="depth").delete()
    assert not Fact.objects.filter(code="depth").exists()


def test_a_value_that_a_case_answers_cannot_be_removed() -> None:
    make_case("fep", {"side": "left"})
    assert uses(left()) == ["1 case answers it"]
    with pytest.raises(ProtectedError):
        left().delete()
    with refused("foreign key|FOREIGN KEY"):
        run_sql(f"DELETE FROM {FactValue._meta.db_table} WHERE id = %s", left().pk)


def test_a_number_that_a_case_answers_cannot_be_removed() -> None:
    make_case("fep", {"depth": "0.7"})
    with pytest.raises(ProtectedError):
        Fact.objects.get(code="depth").delete()
    with refused("foreign key|FOREIGN KEY"):
        run_sql(f"DELETE FROM {Fact._meta.db_table} WHERE code = 'depth'")


@pytest.mark.parametrize("status", ["draft", "published", "withdrawn"])
def test_a_value_that_an_imported_edition_names_cannot_be_removed(status: str) -> None:
    edition = naming("side is left", status)
    assert uses(left()) == [f"{edition} ({status}) names it"]
    with pytest.raises(ProtectedError):
        left().delete()
    with pytest.raises(ProtectedError):
        Fact.objects.get(code="side").delete()
    with refused("foreign key|FOREIGN KEY"):
        run_sql(f"DELETE FROM {FactValue._meta.db_table} WHERE id = %s", left().pk)


def test_a_number_that_a_draft_names_cannot_be_removed() -> None:
    naming("depth < 0.5")
    with pytest.raises(ProtectedError):
        Fact.objects.get(code="depth").delete()


def test_a_draft_that_no_longer_names_a_value_lets_it_go() -> None:
    edition = naming("side is left")
    edition.provisions.filter(code="S1").update(criteria="side is right")
    note_uses(edition=edition)
    left().delete()
    assert EditionUse.objects.filter(edition=edition, value__code="right").exists()


def test_a_draft_that_does_not_read_keeps_what_it_named_before() -> None:
    edition = naming("side is left")
    note_uses(edition=edition)
    edition.provisions.filter(code="S1").update(criteria="side is lefft")
    note_uses(edition=edition)
    with pytest.raises(ProtectedError):
        left().delete()


def test_what_a_golden_case_answers_is_used_and_it_is_said_by_which() -> None:
    edition, by = import_small(), person("editor")
    answers = {"side": "left", "depth": "0.7"}
    for n in range(5):
        set_golden(edition=edition, by=by, name=f"No. {n}", answers=answers, verdict="investigational", why="So.")
    named = "golden cases “No. 0”, “No. 1”, “No. 2” and 2 more answer it"
    assert uses(left()) == uses(Fact.objects.get(code="depth")) == [named]
    assert uses(FactValue.objects.get(fact__code="side", code="right")) == []
    assert uses(Fact.objects.get(code="side")) == [named]


def test_a_value_with_a_narrower_one_below_it_cannot_be_removed() -> None:
    FactValue.objects.create(fact=left().fact, code="far_left", label="Far left", position=9, broader=left())
    assert uses(left()) == ["“Far left” is narrower than it"]
    with pytest.raises(ProtectedError):
        left().delete()


def test_the_sites_of_rows_and_remarks_are_used_too() -> None:
    vulva = FactValue.objects.get(fact__code="site", code="vulva")
    assert any(phrase.startswith("NCCN") or phrase.startswith("ABS") for phrase in uses(vulva))
    with pytest.raises(ProtectedError):
        vulva.delete()


def test_an_edition_says_what_it_uses_once() -> None:
    edition = import_small()
    found = [(use.fact.code, use.value.code if use.value else "") for use in edition.uses.all()]
    expected = [("site", ""), ("site", "breast"), ("margin", ""), ("margin", "close"), ("margin", "negative")]
    assert sorted(found) == sorted(expected)

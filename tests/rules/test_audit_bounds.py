"""The audit of very large editions ends in bounded time, or says that they are too complex."""

from time import perf_counter

import pytest

from coverage_app.rules import audit as audit_module
from coverage_app.rules.audit import audit
from coverage_app.rules.edition import EditionError
from coverage_app.rules.vocabulary import Fact, Vocabulary

from .real import VOCABULARY
from .test_audit import of, read


def many(count: int) -> Vocabulary:
    return Vocabulary(tuple(Fact(f"{letter}{n}", "yes_no") for letter in "ab" for n in range(count)))


def test_ten_thousand_conditions_are_audited_within_seconds() -> None:
    sites = VOCABULARY["site"].domain
    parts = [f"(site is {sites[n % 25]} and age >= {n % 119} and not t_stage is t{n % 3 + 1})" for n in range(3400)]
    start = perf_counter()
    found = audit(read(("A", " or ".join(parts), "x")))
    assert perf_counter() - start < 10
    assert len(found) > 9000
    assert len({finding.key for finding in found}) == len(found)


def test_thousands_of_provisions_are_audited_within_seconds() -> None:
    rows = [(f"P{n}", f"age = {n % 121} and site is colon", f"e{n}") for n in range(3000)]
    start = perf_counter()
    found = of("never_decides", read(*rows))
    assert perf_counter() - start < 10
    assert len(found) == 3000 - 121
    assert found[0].provisions == ("P121", "P0")


def test_a_hundred_levels_are_audited_without_deep_calls() -> None:
    text = "age > 5 or (age < 3 and (" * 50 + "margin is close" + "))" * 50
    assert len(of("idle_leaf", read(("A", text, "x")))) == 99


def test_two_hundred_facts_are_audited_without_deep_calls() -> None:
    text = " and ".join(f"({letter}{n} is yes or b7 is no)" for letter in "ab" for n in range(100))
    edition = read(("A", text, "x"), ("B", "b7 is no", "y"), ("C", "b7 is yes", "z"), vocabulary=many(100))
    assert [(finding.kind, finding.provisions) for finding in audit(edition)] == [
        ("idle_leaf", ("A",)),  # of "b7 is yes or b7 is no" each
        ("idle_leaf", ("A",)),
        ("conflict", ("A", "B")),
        ("conflict", ("A", "C")),
        ("never_decides", ("B", "A")),
        ("idle_leaf", ("C",)),
        ("never_decides", ("Z", "A", "C")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        " or ".join(f"(a{n} is yes and b{n} is yes)" for n in range(101)),
        " or ".join(f"(a{n} is yes and b{n} is yes)" for n in range(40)),
    ],
    ids=["too many facts", "explosive"],
)
def test_what_is_too_complex_is_refused_by_name(text: str) -> None:
    with pytest.raises(EditionError, match="made_up is too complex to be audited exactly"):
        audit(read(("A", text, "x"), vocabulary=many(101)))


def test_more_findings_than_can_be_listed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_module, "FINDINGS_LIMIT", 40)
    rows = [(f"P{n}", f"age >= {100 - n}", f"e{n}") for n in range(10)]
    with pytest.raises(EditionError, match="more than 40 findings"):
        audit(read(*rows))

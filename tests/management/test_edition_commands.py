"""`audit_edition` and `compare_editions` on the command line."""

import json
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from coverage_app.rules.audit import audit as findings
from coverage_app.rules.edition import Edition as Rules
from coverage_app.rules.verdict import assess
from coverage_app.services.exchange import import_text
from coverage_app.services.references import ReadEdition, resolve
from tests.management.test_exchange_commands import LATER, TWO, file, refused, run
from tests.services.making import SMALL

pytestmark = pytest.mark.django_db

FIXTURES = Path(settings.BASE_DIR, "fixtures")
NARROWER = LATER.replace("(negative, close)", "(negative)").replace("site is breast", "site is breast and age >= 50")
SHADOWED = SMALL.replace(
    "  - id: S2",
    """\
  - id: S1x
    criteria: site is breast and margin is close
    effect: criteria_met
    quote: A close margin is covered.
    locator: Policy
  - id: S2""",
)


def audit(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("audit_edition", *arguments, "--json"))
    return found


def compare(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("compare_editions", *arguments, "--json"))
    return found


# The audit


def test_a_provision_that_can_never_decide_is_found_in_a_file_that_is_not_on_file(tmp_path: Path) -> None:
    found = audit(file(tmp_path, SHADOWED))
    assert found == [
        {"kind": "never_decides", "provisions": ["S1x", "S1"], "example": {"site": "breast", "margin": "close"}}
    ]


@pytest.mark.parametrize("code", ["abs", "bcbsma", "fep", "nccn", "nia"])
def test_what_is_on_file_and_its_fixture_have_the_same_findings(code: str) -> None:
    found = audit(code)
    assert found == audit(str(FIXTURES / f"{code}.yaml")) == audit(f"{code}@2025-06-01")
    assert all({"kind", "provisions", "example"} <= finding.keys() for finding in found)
    assert all(("row" in finding) == (code in {"abs", "nccn"}) for finding in found)


def test_numbers_of_an_example_are_numbers() -> None:
    (found,) = [finding for finding in audit("nia") if finding["provisions"] == ["N1", "N1r"]]
    assert (found["kind"], found["example"]["age"], found["winner"]) == ("conflict", 50, "N1")
    assert found["effects"] == ["criteria_met", "physician_review"]


def test_cases_that_fall_to_always_are_found_against_the_edition_before(tmp_path: Path) -> None:
    narrower = NARROWER.replace("2099-01-01", "2026-07-01")
    both = file(tmp_path, SMALL + narrower[narrower.index("- in_force") :])
    found = audit(f"{both}@2026-07-01")
    assert [(finding["kind"], finding["earlier"]) for finding in found] == [("fell_to_always", "S1")]
    assert audit(f"{both}@2025-01-01") == []
    import_text(text=SMALL, by=None)
    assert audit(file(tmp_path, narrower)) == found


def test_what_an_editor_accepted_is_told_with_the_reason(tmp_path: Path) -> None:
    plain = run("audit_edition", file(tmp_path, SHADOWED))
    assert plain == (
        "never_decides: S1x can never decide: S1 takes its cases. Example: site breast, margin close.\n"
        f"{tmp_path}/small.yaml 2025-01-01: 1 finding.\n"
    )
    key = _key(resolve(str(tmp_path / "small.yaml")))
    accepted = f"  accepted:\n  - kind: never_decides\n    key: {key}\n    reason: Kept as the policy has it.\n"
    (found,) = audit(file(tmp_path, SHADOWED + accepted))
    assert found["accepted"] == "Kept as the policy has it."


def _key(read: ReadEdition) -> str:
    return findings(read.rules[""])[0].key


# The difference


def test_nothing_differs_between_what_is_on_file_and_its_fixture() -> None:
    found = compare("nia", str(FIXTURES / "nia.yaml"))
    assert found["changes"] == []
    assert found["total"] > 1_000_000


def test_a_difference_is_counted_by_site_and_pair_of_effects(tmp_path: Path) -> None:
    found = compare(file(tmp_path, SMALL), str(_second(tmp_path)))
    assert list(found) == ["total", "changes"]
    assert [list(change) for change in found["changes"]] == [["site", "from", "to", "cases", "example"]]
    before, after = (resolve(name).rules[""] for name in (str(tmp_path / "small.yaml"), str(_second(tmp_path))))
    (change,) = found["changes"]
    assert (change["site"], change["from"], change["to"]) == ("breast", "criteria_met", "investigational")
    assert (found["total"], change["cases"]) == _by_trying(before, after)
    assert change["example"] == {"site": "breast", "margin": "close"}


def _second(folder: Path) -> Path:
    path = folder / "narrower.yaml"
    path.write_text(NARROWER, encoding="utf-8")
    return path


def _by_trying(before: Rules, after: Rules) -> tuple[int, int]:
    """How many complete cases there are and how many differ, one by one."""
    used = [fact for fact in after.vocabulary if fact.code in {*before.facts, *after.facts}]
    assert [fact.code for fact in used] == ["site", "margin", "age"]
    answers = [list(map(Decimal, range(121))) if fact.kind == "number" else list(fact.domain) for fact in used]
    cases = [dict(zip([fact.code for fact in used], values, strict=True)) for values in product(*answers)]
    return len(cases), sum(assess(before, case).effect != assess(after, case).effect for case in cases)


def test_two_editions_on_file_are_compared_by_their_days() -> None:
    import_text(text=TWO.replace("2099-01-01", "2098-01-01"), by=None)
    import_text(text=NARROWER, by=None)
    assert compare("small", "small@2098-06-01")["changes"] == []
    assert [change["cases"] for change in compare("small", "small@2099-01-01")["changes"]] != []


def test_a_difference_in_words_ends_with_its_sum() -> None:
    lines = run("compare_editions", "fep", "bcbsma").splitlines()
    assert lines[0] == (
        "breast: investigational → governed_elsewhere: 2,592 cases. Example: site breast, recurrence primary."
    )
    assert lines[-1] == "fep 2023-10-01 → bcbsma 2020-09-01: 2,760 of 93,312 complete cases change."


def test_guidelines_are_compared_row_by_row(tmp_path: Path) -> None:
    text = (FIXTURES / "abs.yaml").read_text(encoding="utf-8")
    path = tmp_path / "abs.yaml"
    boost = "criteria: recurrence is not distant and intent is boost"
    changed = text.replace(boost, f"{boost} and clinical_trial is yes", 1)
    path.write_text(changed[: changed.index("  golden:")].replace("id: abs-thorax", "id: abs-lung"), encoding="utf-8")
    found = compare("abs", str(path))
    assert {change["row"] for change in found["changes"]} == {"abs-breast"}
    assert {change["site"] for change in found["changes"]} == {None}
    assert found["rows_of_one"] == ["abs-lung", "abs-thorax"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fep", "abs"), "fep 2023-10-01 and abs 2019-01-01: a guideline and a payer's policy cannot be compared."),
        (("abs", "nccn"), "have no row in common"),
        (("fep", "cpt-77424"), "decides nothing"),
        (("fep@2020-01-01", "fep"), "fep has no edition in force on 2020-01-01"),
        (("fep", "none.yaml"), "none.yaml: not readable"),
    ],
)
def test_what_cannot_be_compared_is_told_in_one_line(arguments: tuple[str, str], said: str) -> None:
    assert said in refused("compare_editions", *arguments, "--json")


def test_what_cannot_be_audited_is_told_in_one_line(tmp_path: Path) -> None:
    assert "holds several editions" in refused("audit_edition", file(tmp_path, TWO))
    assert "did you mean close?" in refused("audit_edition", file(tmp_path, SMALL.replace("close)", "clse)")), "--json")

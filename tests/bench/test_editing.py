"""The editions that the benchmark compares differ as it says."""

from coverage_app.rules.difference import compare

from .editing import changed
from .material import Policies


def test_the_changed_edition_differs_at_several_sites_and_still_decides_most_cases_alike() -> None:
    nia = Policies.read().payers["nia"]
    found = compare(nia, changed(nia))
    assert {"breast", "lung", "sarcoma_trunk"} < {change.site for change in found.changes}
    assert 0 < found.changed < found.total / 2

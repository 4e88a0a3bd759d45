"""What changed from one state to the next, part by part, and word by word."""

import time

from hypothesis import given
from hypothesis import strategies as st

from coverage_app.services.state_changes import changes
from coverage_app.services.text_marks import marked

BEFORE = """\
in_force: 2025-01-01
provisions:
- id: A
  criteria: site is breast
  quote: The margin is close.
- id: B
  criteria: always
"""


def said(after: str) -> list[tuple[str, str, list[str]]]:
    return [(change.place, change.what, [line.field for line in change.lines]) for change in changes(BEFORE, after)]


def test_what_says_the_same_has_no_changes() -> None:
    assert changes(BEFORE, BEFORE) == []


def test_a_changed_field_is_named_with_its_part_and_its_words_are_marked() -> None:
    (change,) = changes(BEFORE, BEFORE.replace("is close", "was close"))
    assert (change.place, change.what) == ("Provision A", "changed")
    (line,) = change.lines
    assert [piece.text for piece in line.before if piece.differs] == ["is"]
    assert [piece.text for piece in line.after if piece.differs] == ["was"]


def test_the_editions_own_day_is_one_of_its_fields() -> None:
    assert said(BEFORE.replace("2025", "2026")) == [("Edition", "changed", ["In force"])]


def test_a_part_is_added_or_removed_whole() -> None:
    assert said(BEFORE + "- id: C\n  criteria: age > 3\n") == [("Provision C", "added", ["Id", "Criteria"])]
    assert said(BEFORE.split("- id: B")[0]) == [("Provision B", "removed", ["Id", "Criteria"])]


def test_an_accepted_finding_is_named_by_its_reason_not_by_its_checksum() -> None:
    accepted = BEFORE + "accepted:\n- kind: conflict\n  key: 5f1e0c\n  reason: The payer reads it so.\n"
    assert said(accepted) == [("Accepted finding: The payer reads it so.", "added", ["Kind", "Reason"])]


def test_another_order_is_a_change() -> None:
    a, b = BEFORE.index("- id: A"), BEFORE.index("- id: B")
    assert said(BEFORE[:a] + BEFORE[b:] + BEFORE[a:b]) == [("Provisions", "moved", ["Order"])]


@given(st.text("ab .,", max_size=60), st.text("ab .,", max_size=60))
def test_the_pieces_put_together_are_the_texts(before: str, after: str) -> None:
    first, second = marked(before, after)
    assert ("".join(p.text for p in first), "".join(p.text for p in second)) == (before, after)
    same = ["".join(p.text for p in pieces if not p.differs) for pieces in (first, second)]
    assert same[0] == same[1]


def test_very_long_texts_are_compared_in_a_bounded_time() -> None:
    one, other = (" or ".join(f"age is {(n * step) % 97}" for n in range(10_000)) for step in (7, 11))
    began = time.perf_counter()
    first, _ = marked(one, other)
    assert time.perf_counter() - began < 1
    assert any(piece.differs for piece in first)

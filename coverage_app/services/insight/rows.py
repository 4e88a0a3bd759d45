"""The rows behind each table of the Insight page, one a case or step, for a spreadsheet."""

from collections.abc import Callable, Iterator

from coverage_app.models import Case, Document, FactValue, PayerStep
from coverage_app.services.payer_outcome import Kind
from coverage_app.services.report.tags import VERDICTS

from .courses import Courses
from .provisions import Deciding
from .tables import Chosen, Found, find

Row = list[str]

COMPARED = {True: "agrees", False: "differs", None: "not compared"}
REASONS = dict(PayerStep.Reason.choices)


class Names:
    """What stands for the numbers of cases, payers and sites. Three queries."""

    def __init__(self) -> None:
        self.case = dict(Case.objects.exclude(outcome="").order_by().values_list("pk", "reference"))
        self.payer: dict[int | None, str] = dict(Document.objects.values_list("pk", "short_name"))
        self.site: dict[int | None, str] = dict(FactValue.objects.filter(fact__code="site").values_list("pk", "label"))


def _decisions(courses: Courses, found: Found, names: Names) -> Iterator[Row]:
    desk = courses.desk
    yield [
        "Case", "Payer", "Site", "Edition in force from", "Provision", "Verdict", "Verdict given by", "Decision",
        "Reason", "Decided on", "Compared",
    ]  # fmt: skip
    deciding = Deciding(desk, {one.step.assessment for one in found.decisions})
    for one in found.decisions:
        step = one.step
        reading = deciding.readings.get(desk.edition[step.assessment] or 0)
        yield [
            names.case[one.case],
            names.payer.get(one.payer, ""),
            names.site.get(one.site, ""),
            reading.edition.in_force.isoformat() if reading else "",
            ", ".join(deciding[step.assessment]),
            VERDICTS[desk.stands_by(step.assessment)]["label"],
            "reviewer" if step.assessment in desk.overridden else "assessment",
            Kind(step.kind).label,
            REASONS.get(step.reason, ""),
            step.on.isoformat(),
            COMPARED[one.agrees],
        ]


def _times(courses: Courses, found: Found, names: Names) -> Iterator[Row]:
    yield ["Case", "Payer", "Submitted on", "Decided on", "Decision", "Days"]
    for wait in found.waits:
        days = [wait.submitted.isoformat(), wait.step.on.isoformat()]
        decision = Kind(wait.step.kind).label
        yield [names.case[wait.case], names.payer.get(wait.payer, ""), *days, decision, str(wait.days)]


def _denials(courses: Courses, found: Found, names: Names) -> Iterator[Row]:
    yield ["Case", "Payer", "Denied on", "Reason", "Ended in an approval"]
    for one in found.denials:
        told = [one.step.on.isoformat(), REASONS[one.step.reason], "yes" if one.turned else "no"]
        yield [names.case[one.case], names.payer.get(one.payer, ""), *told]


def _appeals(courses: Courses, found: Found, names: Names) -> Iterator[Row]:
    yield ["Case", "Payer", "Outcome", "On"]
    for one in found.appeals:
        outcome = "Waiting" if one.step.kind == Kind.APPEALED else Kind(one.step.kind).label
        yield [names.case[one.case], names.payer.get(one.payer, ""), outcome, one.step.on.isoformat()]


TABLES: dict[str, Callable[[Courses, Found, Names], Iterator[Row]]] = {
    "decisions": _decisions,
    "times": _times,
    "denials": _denials,
    "appeals": _appeals,
}


def rows(table: str, chosen: Chosen) -> Iterator[Row]:
    """The header and the rows of one of ``TABLES``, as text. Raises ``KeyError`` for another name."""
    write = TABLES[table]
    courses = Courses()
    return write(courses, find(courses, chosen), Names())

"""Which provisions decided in many frozen assessments, without reading their reports."""

from collections.abc import Iterable
from itertools import groupby

from coverage_app.models import Assessment, Case, Edition
from coverage_app.services import library
from coverage_app.services.bulk import Assessor
from coverage_app.services.library import Reading
from coverage_app.services.vocabulary import current_wording

from .courses import Desk, pieces

Codes = tuple[str, ...]


class Deciding:
    """The deciding provisions of assessments, in their edition's order; ``readings`` are the editions by number."""

    def __init__(self, desk: Desk, assessments: Iterable[int]) -> None:
        wanted = [pk for pk in assessments if desk.edition[pk]]
        numbers = {number for pk in wanted if (number := desk.edition[pk])}
        editions = Edition.objects.filter(pk__in=numbers).select_related("document").order_by("document_id", "pk")
        self.readings = {edition.pk: library.read(edition) for edition in editions}
        self._of: dict[int, Codes] = {}
        self._work_out(desk, [pk for pk in wanted if pk in desk.current])
        self._read(desk, [pk for pk in wanted if pk not in self._of])

    def __getitem__(self, assessment: int) -> Codes:
        """Their codes; none where there was no edition."""
        return self._of.get(assessment, ())

    def _work_out(self, desk: Desk, assessments: list[int]) -> None:
        """As long as a case is completed, its answers are those of its last assessment: they are assessed anew."""
        wording = current_wording()
        readings = [reading for reading in self.readings.values() if reading.rules]
        places: dict[int | None, list[int]] = {}
        for pk in assessments:
            places.setdefault(desk.edition[pk], []).append(pk)
        for document, group in groupby(readings, key=lambda reading: reading.edition.document_id):
            some = list(group)
            assessor = Assessor(wording, *(reading.rules for reading in some))
            keys = assessor.keys(Case.objects.filter(document=document).exclude(outcome=""))
            for place, reading in enumerate(some):
                known: dict[tuple[str, ...], Codes] = {}
                for pk in places.get(reading.edition.pk, ()):
                    codes = assessor.provisions(place, keys.get(desk.case[pk], ()))
                    if codes is None:
                        continue
                    if codes not in known:
                        known[codes] = _in_order(reading, codes)
                    self._of[pk] = known[codes]

    def _read(self, desk: Desk, assessments: list[int]) -> None:
        """The case says something else by now, or it depends on which answers counted: the frozen report tells."""
        for some in pieces(assessments):
            for pk, excerpts in Assessment.objects.filter(pk__in=some).values_list("pk", "report__excerpts"):
                reading = self.readings[desk.edition[pk] or 0]
                self._of[pk] = _in_order(reading, {code for excerpt in excerpts for code in excerpt["provisions"]})


def _in_order(reading: Reading, codes: Iterable[str]) -> Codes:
    wanted = set(codes)
    return tuple(provision.code for provision in reading.provisions if provision.code in wanted)

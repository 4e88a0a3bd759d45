"""Documents and the vocabulary as YAML: one table of keys serves export and import, so that they round-trip."""

from django.core.exceptions import ValidationError
from django.db import transaction

from coverage_app.models import Document, Edition, Fact
from coverage_app.services import yaml_form
from coverage_app.services.audit import By

from .contents import content_of, make_draft
from .documents import Mode, document_data, import_document, with_all_golden
from .facts import FACT, import_facts
from .levels import ImportFault, exported, items_of
from .reading import data_of, with_line

__all__ = ["VOCABULARY", "ImportFault", "Mode", "content_of", "export_document", "import_text", "make_draft"]

VOCABULARY = "vocabulary"


def export_document(code: str, *, edition: Edition | None = None, sources: bool = False) -> str:
    """The YAML of document ``code`` with all its editions or ``edition`` alone, or of the vocabulary (``vocabulary``).

    One alone has all the golden cases that hold for it. With ``sources`` also the source texts. Raises
    ``Document.DoesNotExist``.
    """
    if code == VOCABULARY:
        return yaml_form.dump({"facts": [exported(FACT, fact) for fact in Fact.objects.all()]})
    document = Document.objects.get(code=code)
    editions = [edition] if edition else list(document.editions.order_by("in_force", "pk"))
    data = document_data(document, editions, sources)
    if edition:
        data["editions"] = [with_all_golden(data["editions"][0], edition)]
    return yaml_form.dump(data)


@transaction.atomic
def import_text(*, text: str, by: By, as_draft: bool = False, mode: Mode | None = None, only: str = "") -> list[str]:
    """Take in one YAML file: facts, a document with editions, or both. What is on file already is skipped.

    An edition that is new comes in with its status, or ``as_draft``; one whose day is taken by another text becomes
    a draft. ``mode`` says it more exactly; ``only`` names one edition of the file (``CODE@…``). Returns a line for
    each thing met. Raises ``ImportFault``; a broken file changes nothing.
    """
    data = data_of(text)
    if not isinstance(data, dict):
        raise ImportFault("The file holds no document: it should begin with a key such as code: or facts:.")
    with with_line(text, "document"):
        lines = import_facts(items_of(data, "facts", ""), by) if "facts" in data else []
        rest = {key: value for key, value in data.items() if key != "facts"}
        mode = mode or (Mode.DRAFT if as_draft else Mode.PUBLISH)
        try:
            return lines + (import_document(rest, by, mode, only) if rest else [])
        except ValidationError as error:
            raise ImportFault(" ".join(error.messages)) from error

"""Documents and the vocabulary as YAML: one table of keys serves export and import, so that they round-trip."""

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from coverage_app.models import Document, Fact
from coverage_app.services import yaml_form
from coverage_app.services.audit import By

from .documents import DOCUMENT, import_document
from .facts import FACT, import_facts
from .levels import ImportFault, exported, items_of

__all__ = ["VOCABULARY", "ImportFault", "export_document", "import_text"]

VOCABULARY = "vocabulary"


def export_document(code: str) -> str:
    """The YAML of document ``code`` with all its editions, or of the vocabulary (``vocabulary``).

    Raises ``Document.DoesNotExist``.
    """
    if code == VOCABULARY:
        return yaml_form.dump({"facts": [exported(FACT, fact) for fact in Fact.objects.all()]})
    return yaml_form.dump(exported(DOCUMENT, Document.objects.get(code=code)))


@transaction.atomic
def import_text(*, text: str, by: By) -> list[str]:
    """Take in one YAML file: facts, a document with editions, or both. What is on file already is skipped.

    Returns a line for each thing met. Raises ``ImportFault``; a broken file changes nothing.
    """
    try:
        data = yaml_form.load(text)
    except yaml.YAMLError as error:
        raise ImportFault(f"Not readable as YAML: {error}") from error
    if not isinstance(data, dict):
        raise ImportFault("The file holds no document: it should begin with a key such as code: or facts:.")
    lines = import_facts(items_of(data, "facts", "file"), by) if "facts" in data else []
    rest = {key: value for key, value in data.items() if key != "facts"}
    try:
        return lines + (import_document(rest, by) if rest else [])
    except ValidationError as error:
        raise ImportFault(" ".join(error.messages)) from error

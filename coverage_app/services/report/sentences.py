"""The sentences that decide, each once."""

from typing import Any

from coverage_app.services.standing import Standing

from .policy import deciding


def sentences(standing: Standing) -> list[dict[str, Any]]:
    """What decides, or still can, in the edition's order: ``quote``, ``locator`` and the ``provisions`` of it.

    Empty without a payer or an edition.
    """
    if not (standing.reading and standing.verdict):
        return []
    found: dict[tuple[str, str], list[str]] = {}
    for provision in deciding(standing.reading, standing.verdict):
        found.setdefault((provision.locator, provision.quote), []).append(provision.code)
    return [{"provisions": ids, "locator": locator, "quote": quote} for (locator, quote), ids in found.items()]

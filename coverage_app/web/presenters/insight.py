"""The Insight page: lines with a bar and words for each payer, site and provision, and the tables behind them."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from django.urls import reverse

from coverage_app.models import Edition, PayerStep
from coverage_app.services.insight import SMALL, Agreement, Appeals, Insight, Line, Part, Spread, share
from coverage_app.services.report.tags import VERDICTS
from coverage_app.services.report.words import count, day

K = TypeVar("K", bound=Hashable)

FEW = "too few for a share"
SHOWN = 10  # lines with a bar; the table has all
REASONS = dict(PayerStep.Reason.choices)


def page(found: Insight, editor: bool) -> dict[str, Any]:
    """All that the page shows; ``editor``: whether an edition's page in the admin may be linked."""

    def payer(pk: int | None) -> dict[str, str]:
        document = found.payers.get(pk or 0)
        if document is None:
            return {"label": "Payer not known", "url": ""}
        return {"label": document.short_name, "url": reverse("policy", args=[document.code])}

    def site(pk: int | None) -> dict[str, str]:
        return {"label": found.sites.get(pk or 0, "Site not documented"), "url": ""}

    def part(key: Part | None) -> dict[str, str]:
        if key is None:
            return {"label": "A reviewer’s own verdict", "url": ""}
        edition = found.editions[key[0]]
        return {
            "label": f"{edition.document.short_name}, {' or '.join(key[1])}",
            "url": provision_url(edition, key[1][0]),
            "about": f"edition of {day(edition.in_force)}",
        }

    return {
        "figures": _figures(found),
        "agreement": [
            _group("payer", "By payer", "Payer", found.by_payer, payer),
            _group("site", "By site", "Site", found.by_site, site),
            _group("provision", "By provision", "Provision", found.by_part, part),
        ],
        "times": _times(found, payer),
        "denials": _denials(found),
        "appeals": _appeals(found.appeals, payer),
        "differently": [_differently(line, editor) for line in found.differently],
    }


def provision_url(edition: Edition, code: str) -> str:
    """Where a provision stands on the page of its edition."""
    url = reverse("policy_edition", args=[edition.document.code, edition.in_force.isoformat()])
    withdrawn = f"?withdrawn={edition.pk}" if edition.status == Edition.Status.WITHDRAWN else ""
    return f"{url}{withdrawn}#{code}"


# The figures at the top


def _figures(found: Insight) -> list[dict[str, str]]:
    overall = found.overall
    appeals = Appeals(
        won=sum(one.won for one in found.appeals.values()), lost=sum(one.lost for one in found.appeals.values())
    )
    times = found.overall_times
    return [
        {"head": "Cases decided", "value": f"{found.decided:,}", "note": f"{overall.compared:,} compared"},
        _ratio("Decided as read", overall.agree, overall.compared, "compared"),
        {
            "head": "Days to a decision",
            "value": _number(times.median) if times else "–",
            "note": "median" if times else "none yet",
        },
        _ratio("Appeals won", appeals.won, appeals.decided, "decided"),
    ]


def _ratio(head: str, part: int, whole: int, words: str) -> dict[str, str]:
    """A share with its count; the count alone where it is small."""
    percent = share(part, whole)
    if not whole:
        return {"head": head, "value": "–", "note": "none yet"}
    if percent is None:
        return {"head": head, "value": f"{part} of {whole}", "note": FEW}
    return {"head": head, "value": f"{percent}%", "note": f"{part:,} of {whole:,} {words}"}


# Agreement


def _group(
    code: str, heading: str, head: str, of: Mapping[K, Agreement], name: Callable[[K], dict[str, str]]
) -> dict[str, Any]:
    """The lines of one kind, those with most to compare first."""
    lines = [{**name(key), **_agreement(one)} for key, one in of.items()]
    lines.sort(key=lambda line: (-line["compared"], -line["silent"], line["label"]))
    bars = [line for line in lines if line["compared"]]
    return {
        "code": code,
        "heading": heading,
        "head": head,
        "bars": bars[:SHOWN],
        "more": max(0, len(bars) - SHOWN),
        "lines": lines,
    }


def _agreement(one: Agreement) -> dict[str, Any]:
    percent = share(one.agree, one.compared)
    return {
        "agree": one.agree,
        "differ": one.differ,
        "silent": one.silent,
        "compared": one.compared,
        "percent": percent,
        "words": f"{one.agree:,} of {one.compared:,} as read, {FEW if percent is None else f'{percent}%'}",
        "bar": _bar([("agree", one.agree), ("differ", one.differ)], one.compared),
    }


def _bar(parts: Iterable[tuple[str, int]], whole: int) -> dict[str, Any]:
    """A bar in percent of its width; for few cases a square each, so that a share is not suggested."""
    found: list[dict[str, Any]] = []
    at = 0.0
    small = whole < SMALL
    for kind, number in parts:
        if small:
            found += [{"kind": kind, "x": 16 * (len(found) + n)} for n in range(number)]
        elif number:
            width = 100 * number / whole
            found.append({"kind": kind, "x": round(at, 2), "width": round(width, 2)})
            at += width
    return {"small": small, "parts": found}


# Times


def _times(found: Insight, name: Callable[[int | None], dict[str, str]]) -> dict[str, Any]:
    """A line a payer on one scale of days."""
    end = _round_up(max((one.most for one in found.times.values()), default=0))
    lines = [{**name(payer), **_time(one, end)} for payer, one in found.times.items()]
    lines.sort(key=lambda line: (-line["count"], line["label"]))
    scale = [{"at": 25 * n, "days": _number(end * n / 4)} for n in range(5)] if end else []
    return {"lines": lines, "scale": scale}


def _time(one: Spread, end: int) -> dict[str, Any]:
    def at(days: float) -> float:
        return round(100 * days / end, 2)

    low, middle, high = _number(one.low), _number(one.median), _number(one.high)
    small = one.count < SMALL
    words = f"median {middle}" if small else f"median {middle}, half of them {low} to {high}"
    return {
        "count": one.count,
        "small": small,
        "low": low,
        "median": middle,
        "high": high,
        "least": one.least,
        "most": one.most,
        "words": f"{words}, all {one.least} to {one.most}" if one.count > 1 else f"{middle}, one decision",
        "line": {"x1": at(one.least), "x2": at(one.most)},
        "box": {"x": at(one.low), "width": round(at(one.high) - at(one.low), 2)},
        "middle": at(one.median),
    }


def _round_up(days: int) -> int:
    """The end of the scale: a number of days whose quarters are whole, not far above ``days``."""
    step = next(step for step in (4, 8, 20, 40, 80, 200, 400, 2000, 10**9) if days <= 5 * step)
    return max(step, -(-days // step) * step)


def _number(days: float) -> str:
    return f"{days:.1f}".removesuffix(".0")


# Denials and appeals


def _denials(found: Insight) -> list[dict[str, Any]]:
    most = max((one.count for one in found.denials), default=1)
    total = sum(one.count for one in found.denials)
    return [
        {
            "label": REASONS[one.reason],
            "count": one.count,
            "turned": one.turned,
            "percent": share(one.count, total),
            "words": f"{count(one.count, 'denial')}{f', {one.turned} approved in the end' if one.turned else ''}",
            "bar": {
                "small": False,
                "parts": [
                    {"kind": "lost", "x": 0, "width": round(100 * (one.count - one.turned) / most, 2)},
                    {
                        "kind": "won",
                        "x": round(100 * (one.count - one.turned) / most, 2),
                        "width": round(100 * one.turned / most, 2),
                    },
                ],
            },
        }
        for one in found.denials
    ]


def _appeals(
    appeals: Mapping[int | None, Appeals], name: Callable[[int | None], dict[str, str]]
) -> list[dict[str, Any]]:
    lines = []
    for payer, one in appeals.items():
        percent = share(one.won, one.decided)
        won = f"{one.won} of {one.decided} won, {FEW if percent is None else f'{percent}%'}" if one.decided else ""
        waiting = f"{one.waiting} waiting" if one.waiting else ""
        parts = [("won", one.won), ("lost", one.lost), ("waiting", one.waiting)]
        lines.append(
            {
                **name(payer),
                "won": one.won,
                "lost": one.lost,
                "waiting": one.waiting,
                "percent": percent,
                "words": "; ".join(filter(None, (won, waiting))),
                "bar": _bar(parts, one.decided + one.waiting),
            }
        )
    return sorted(lines, key=lambda line: (-line["won"] - line["lost"] - line["waiting"], line["label"]))


# Read differently


def _differently(line: Line, editor: bool) -> dict[str, Any]:
    edition, one = line.edition, line.agreement
    percent = share(one.differ, one.compared)
    return {
        "edition": edition,
        "effect": VERDICTS[line.provisions[0].effect],
        "provisions": [{"part": part, "url": provision_url(edition, part.code)} for part in line.provisions],
        "differ": one.differ,
        "compared": one.compared,
        "percent": percent,
        "few": percent is None,
        "reasons": [{"label": REASONS[reason], "count": number} for reason, number in line.reasons],
        "approved": line.approved,
        "admin": reverse("admin:coverage_app_edition_change", args=[edition.pk]) if editor else "",
    }

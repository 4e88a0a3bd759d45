"""Large numbers and small shares, as people read them. The exact number always stands beside them."""

from fractions import Fraction

_NAMES = ((12, "trillion"), (9, "billion"), (6, "million"))


def exact(number: int) -> str:
    """``6,262,603,776``."""
    return f"{number:,}"


def about(number: int) -> str:
    """``6.3 billion``; numbers below a million in full, those from a quadrillion on as a power of ten."""
    if number >= 10**15:
        digits = str(number)
        return f"{digits[0]}.{digits[1]} × 10^{len(digits) - 1}"
    for power, name in _NAMES:
        if number >= 10**power:
            return f"{float(Fraction(number, 10**power)):.3g} {name}"
    return exact(number)


def share(number: int, total: int) -> str:
    """``6.0%`` of the total: two digits that count, and never 0% or 100% of what is not none or all."""
    if not number or number == total:
        return "100%" if number else "0%"
    percent = float(Fraction(100 * number, total))
    if percent < 0.0001:
        return "less than 0.0001%"
    if percent > 99.9:
        return "more than 99.9%"
    if percent >= 1:
        return f"{percent:.1f}%"
    return f"{percent:.2g}%" if percent >= 0.01 else f"{percent:.4f}%"

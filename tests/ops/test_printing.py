"""Figures as people read them."""

import pytest

from ops.printing.console import shown
from ops.reporting import Figure


@pytest.mark.parametrize(
    ("code", "numerator", "denominator", "text"),
    [
        ("K6", 1, 32, "3.13%"),  # 3.125: half up; to even it would be 3.12
        ("K6", 1, 3, "33.33%"),
        ("K6", 12_344_999, 100_000_000, "12.34%"),  # rounded once: by way of six places it would be 12.35
        ("K2", 1, 32, "0.0313"),
        ("K2", 0, 0, "—"),
        ("K20-closed", 7, None, "7"),
    ],
)
def test_a_ratio_is_rounded_half_up_and_once(code: str, numerator: int, denominator: int | None, text: str) -> None:
    value = None if not denominator else round(numerator / denominator, 6)
    count = float(numerator) if denominator is None else value
    assert shown(Figure(code, "", "", None, numerator, denominator, count)) == text

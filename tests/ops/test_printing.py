"""Figures as people read them, and what is declared as programs do."""

import json

import pytest

from adapters.declared import Contradiction, DeclaredItem
from adapters.reporting import Figure
from ops.printing.declared import plain_declared
from ops.printing.figures import shown


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


def test_what_is_declared_beside_what_was_needed_is_plain_for_json() -> None:
    found = DeclaredItem(
        log="510114",
        item="FOOD",
        item_version=1,
        name_zh="FOOD",
        declared_visits=0,
        fully_online=False,
        cases=1,
        online=0,
        mean_net=(1, 1),
        mean_gross=(1, 1),
        more=("c1",),
        fewer=(),
        contradiction=Contradiction.TRIPS_THOUGH_NONE,
        against=("c1",),
    )

    assert json.loads(json.dumps(plain_declared(found))) == {
        "log": "510114",
        "item": "FOOD",
        "item_version": 1,
        "name_zh": "FOOD",
        "declared_visits": 0,
        "fully_online": False,
        "cases": 1,
        "online": 0,
        "mean_net": {"numerator": 1, "denominator": 1},
        "mean_gross": {"numerator": 1, "denominator": 1},
        "more": ["c1"],
        "fewer": [],
        "contradiction": "trips_though_none",
        "against": ["c1"],
    }

from __future__ import annotations

import typing
from decimal import Decimal

import pytest

from corridor.standards.shelter import SHELTER_FIGURES, Service, chosen, unit_of
from corridor.units import UNITS


def test_every_service_has_a_usual_figure_with_its_source() -> None:
    assert set(chosen()) == set(typing.get_args(Service))
    for figure in SHELTER_FIGURES.values():
        assert figure.citation.startswith(("Sphere Handbook 2018", "UNHCR"))
        assert figure.unit in UNITS
        assert figure.unit == unit_of(figure.service)


def test_the_figures_are_those_published() -> None:
    values = {name: figure.value for name, figure in SHELTER_FIGURES.items()}
    assert values["water"] == 15
    assert values["covered_floor"] == Decimal("3.5")
    assert (values["toilet"], values["toilet_at_first"], values["tap"]) == (20, 50, 250)


def test_an_operation_takes_another_figure_of_the_table_or_one_of_its_own() -> None:
    figures = chosen("toilet=toilet_at_first; water = 12.5")
    assert figures["toilet"].value == 50
    assert figures["water"].value == Decimal("12.5")
    assert "declared by the operation" in figures["water"].citation
    assert figures["tap"].value == 250


@pytest.mark.parametrize(
    "text", ["toilet=tap", "toilet", "bath=3", "water=0", "water=-1", "toilet_at_first=9"]
)
def test_a_choice_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="figure"):
        chosen(text)

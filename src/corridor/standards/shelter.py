"""What a site should have for the people in it: published minimums, to plan with, each cited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Service = Literal[
    "water",
    "tap",
    "hand_pump",
    "toilet",
    "bathing",
    "laundry",
    "soap",
    "water_container",
    "refuse_container",
    "covered_floor",
    "site_area",
    "water_distance",
    "toilet_distance",
    "water_queue",
]
# What the figure is: so much for a person, so many people to one, so much for a household, so many
# households to one, or no more than.
Form = Literal["per_person", "people_to_one", "per_household", "households_to_one", "at_most"]

_SPHERE = "Sphere Handbook 2018"
_UNHCR = "UNHCR Emergency Handbook"


@dataclass(frozen=True, slots=True)
class ShelterFigure:
    """One published minimum.

    Attributes
    ----------
    name, service
        Its name here, and what it is a minimum of.
    value, unit, form
        The figure, the unit in which the service is counted, and what the figure is per.
    words, citation
        The figure in words, and who publishes it.
    """

    name: str
    service: Service
    value: Decimal
    unit: str
    form: Form
    words: str
    citation: str


def _figure(
    name: str, value: str, unit: str, form: Form, words: tuple[str, str], service: Service
) -> ShelterFigure:
    return ShelterFigure(name, service, Decimal(value), unit, form, *words)


SHELTER_FIGURES: Mapping[str, ShelterFigure] = {
    figure.name: figure
    for figure in (
        _figure(
            "water", "15", "l", "per_person",
            ("15 l per person and day", f"{_SPHERE}, water supply 2.1"), "water",
        ),
        _figure(
            "water_survival", "7.5", "l", "per_person",
            ("7.5 l per person and day, to survive at first", f"{_SPHERE}, water supply 2.1"),
            "water",
        ),
        _figure(
            "water_later", "20", "l", "per_person",
            ("20 l per person and day, after the emergency", f"{_UNHCR}, water"), "water",
        ),
        _figure(
            "tap", "250", "items", "people_to_one",
            ("one tap for 250 people", f"{_SPHERE}, water supply 2.1"), "tap",
        ),
        _figure(
            "tap_later", "100", "items", "people_to_one",
            ("one tap for 100 people, after the emergency", f"{_UNHCR}, water"), "tap",
        ),
        _figure(
            "hand_pump", "500", "items", "people_to_one",
            ("one hand pump for 500 people", f"{_SPHERE}, water supply 2.1"), "hand_pump",
        ),
        _figure(
            "toilet", "20", "items", "people_to_one",
            ("one toilet for 20 people", f"{_SPHERE}, excreta management 3.2"), "toilet",
        ),
        _figure(
            "toilet_at_first", "50", "items", "people_to_one",
            ("one toilet for 50 people, at first", f"{_SPHERE}, excreta management 3.2"), "toilet",
        ),
        _figure(
            "bathing", "50", "items", "people_to_one",
            ("one bathing place for 50 people", f"{_SPHERE}, water supply 2.1"), "bathing",
        ),
        _figure(
            "laundry", "100", "items", "people_to_one",
            ("one laundry place for 100 people", f"{_SPHERE}, water supply 2.1"), "laundry",
        ),
        _figure(
            "soap", "0.45", "kg", "per_person",
            ("250 g to bathe and 200 g for laundry per person and month",
             f"{_SPHERE}, hygiene promotion 1.2"), "soap",
        ),
        _figure(
            "water_container", "2", "items", "per_household",
            ("two containers of 10 to 20 l per household", f"{_SPHERE}, hygiene promotion 1.2"),
            "water_container",
        ),
        _figure(
            "refuse_container", "40", "items", "households_to_one",
            ("one container of 100 l for 40 households", f"{_SPHERE}, solid waste 5.2"),
            "refuse_container",
        ),
        _figure(
            "covered_floor", "3.5", "m2", "per_person",
            ("3.5 m2 of covered floor per person", f"{_SPHERE}, shelter 3"), "covered_floor",
        ),
        _figure(
            "covered_floor_cold", "4.5", "m2", "per_person",
            ("4.5 m2 of covered floor per person where it is cold or a town (4.5 to 5.5)",
             f"{_SPHERE}, shelter 3"), "covered_floor",
        ),
        _figure(
            "site_area", "45", "m2", "per_person",
            ("45 m2 of site per person, plots with it", f"{_SPHERE}, shelter 2"), "site_area",
        ),
        _figure(
            "site_area_services_outside", "30", "m2", "per_person",
            ("30 m2 of site per person where services lie outside", f"{_SPHERE}, shelter 2"),
            "site_area",
        ),
        _figure(
            "water_distance", "500", "m", "at_most",
            ("at most 500 m to the nearest water point", f"{_SPHERE}, water supply 2.1"),
            "water_distance",
        ),
        _figure(
            "toilet_distance", "50", "m", "at_most",
            ("at most 50 m to the nearest toilet", f"{_SPHERE}, excreta management 3.2"),
            "toilet_distance",
        ),
        _figure(
            "water_queue", "30", "min", "at_most",
            ("at most 30 minutes in the queue for water", f"{_SPHERE}, water supply 2.1"),
            "water_queue",
        ),
    )
}  # fmt: skip

Chosen = Mapping[Service, ShelterFigure]

_CHOICE = re.compile(r"([a-z_]+)\s*=\s*([a-z_]+|[0-9]{1,5}(?:\.[0-9]{1,3})?)", re.ASCII)


def chosen(text: str = "") -> Chosen:
    """Return the figure in force for each service.

    Parameters
    ----------
    text
        What the operation uses in their place: another figure of the table, or a number of its own:
        "toilet=toilet_at_first; water=12". Empty changes nothing.

    Raises
    ------
    ValueError
        When a service or a figure is not known, or is of another service.
    """
    figures: dict[Service, ShelterFigure] = {
        figure.service: figure
        for figure in SHELTER_FIGURES.values()
        if figure.name == figure.service
    }
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        found = _CHOICE.fullmatch(piece)
        usual = SHELTER_FIGURES.get(found[1]) if found else None
        if found is None or usual is None or usual.name != usual.service:
            raise ValueError(f"'{piece[:60]}' is not a service and its figure")
        figures[usual.service] = _other(usual, found[2])
    return figures


def unit_of(service: Service) -> str:
    """Return the unit in which a service is counted."""
    return SHELTER_FIGURES[service].unit


def _other(usual: ShelterFigure, told: str) -> ShelterFigure:
    if told in SHELTER_FIGURES and SHELTER_FIGURES[told].service == usual.service:
        return SHELTER_FIGURES[told]
    if not told[0].isdigit() or Decimal(told) <= 0:
        raise ValueError(f"'{told}' is no figure for {usual.service}")
    words = f"{told} in place of the usual: {usual.words}"
    return ShelterFigure(
        f"{usual.service}_here", usual.service, Decimal(told), usual.unit, usual.form, words,
        f"declared by the operation; {usual.citation} otherwise",
    )  # fmt: skip

"""What a site has of each service against what is asked for the people in it: x of y, never pass or fail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from corridor.registers.shelter import Shelter
from corridor.standards.shelter import Chosen, Service, ShelterFigure
from corridor.values import (
    CommodityCode,
    Estimate,
    PlaceCode,
    ReportId,
    named,
    say_number,
)

_WORDS: Mapping[Service, str] = {
    "water": "l of water a day",
    "tap": "taps",
    "hand_pump": "hand pumps",
    "toilet": "toilets",
    "bathing": "bathing places",
    "laundry": "laundry places",
    "soap": "kg of soap a month",
    "water_container": "water containers",
    "refuse_container": "refuse containers",
    "covered_floor": "m2 of covered floor",
    "site_area": "m2 of site",
    "water_distance": "m to water",
    "toilet_distance": "m to a toilet",
    "water_queue": "minutes in the queue for water",
}
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Headed:
    """The people a site has to serve, as planning counts them.

    Attributes
    ----------
    people, households
        How many; None where nobody counted.
    basis
        The reports the numbers rest on.
    """

    people: Decimal | None
    households: Decimal | None = None
    basis: tuple[ReportId, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """One service of one site against its figure.

    Attributes
    ----------
    has
        Range over the claimants' latest figures; unknown where no report was received, which is not
        nothing.
    asked
        What the figure asks for these people; for a way or a queue the figure itself. None where it
        is per person or household and nobody counted them.
    missing
        What is asked less the lowest of what is claimed, at least 0 (for a way or a queue the highest
        less what is asked). None where either is not known.
    short_for
        For how many people there is nothing at that figure; None where it is not counted per person.
    text
        The same in a sentence.
    """

    place: PlaceCode
    service: Service
    figure: ShelterFigure
    has: Estimate
    asked: Decimal | None
    missing: Decimal | None
    short_for: Decimal | None
    text: str
    basis: tuple[ReportId, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """What the supply desk is asked for so that a gap closes: whole units of a commodity, once.

    Attributes
    ----------
    quantity
        How many, in the commodity's own unit, rounded up.
    why
        The sentence of the gap.
    """

    place: PlaceCode
    commodity: CommodityCode
    quantity: Decimal
    service: Service
    why: str
    basis: tuple[ReportId, ...]


def coverage(
    shelter: Shelter, figures: Chosen, people: Mapping[PlaceCode, Headed]
) -> tuple[Coverage, ...]:
    """Set what each described site has against the figures in force.

    1. What it has is what claimants say; floor and area nobody gave as a service come from its usable
       units and from its description.
    2. What is asked comes from the people planning counts there.
    3. The cautious end of what is claimed is set against that.
    """
    return tuple(
        _line(place, figure, _has(shelter, place, service), people.get(place, Headed(None)))
        for place in sorted(shelter.sites)
        for service, figure in sorted(figures.items())
    )


def asks(
    lines: Iterable[Coverage], goods: Iterable[tuple[Service, CommodityCode, Decimal]]
) -> tuple[Ask, ...]:
    """Turn gaps into goods to ask for.

    Parameters
    ----------
    goods
        For each service that goods can mend: the commodity, and how much of the service (in the
        unit of its figure) one unit of it gives.
    """
    by_service = {service: (commodity, gives) for service, commodity, gives in goods}
    return tuple(
        Ask(
            line.place,
            by_service[line.service][0],
            _up(line.missing / by_service[line.service][1]),
            line.service,
            line.text,
            line.basis,
        )
        for line in lines
        if line.missing and line.service in by_service
    )


def _has(shelter: Shelter, place: PlaceCode, service: Service) -> Estimate:
    told = shelter.levels.get((place, service))
    if told is not None:
        return told.range()
    if service == "covered_floor":
        units = [
            report
            for report in shelter.units.values()
            if report.statement.place == place and report.statement.condition == "usable"
        ]
        total = sum((report.statement.floor_m2 for report in units), Decimal(0))
        basis = tuple(sorted(report.id for report in units))
        if units:
            method = f"floors of {len(units)} usable units"
            return Estimate(total, total, total, "m2", method, basis)
    if service == "site_area":
        described = shelter.sites[place]
        areas = [r.statement.area_m2 for r in described if r.statement.area_m2 is not None]
        if areas:
            low, high = min(areas), max(areas)
            basis = tuple(r.id for r in described if r.statement.area_m2 is not None)
            best = low if low == high else None
            return Estimate(low, best, high, "m2", "descriptions of the site", basis)
    return Estimate(None, None, None, "", "no report received")


def _line(place: PlaceCode, figure: ShelterFigure, has: Estimate, headed: Headed) -> Coverage:
    asked = _asked(figure, headed)
    basis = tuple(sorted({*has.basis, *headed.basis}))
    is_way = figure.form == "at_most"
    claimed = _cautious(has, is_way=is_way)
    if asked is None or claimed is None:
        text = _unknown(place, figure, claimed, asked)
        return Coverage(place, figure.service, figure, has, asked, None, None, text, basis)
    missing = max(Decimal(0), claimed - asked if is_way else asked - claimed)
    short = None if is_way else _short_for(figure, missing, claimed, headed)
    text = _sentence(place, figure, (claimed, asked, missing), short, headed.people)
    return Coverage(place, figure.service, figure, has, asked, missing, short, text, basis)


def _asked(figure: ShelterFigure, headed: Headed) -> Decimal | None:
    people, households = headed.people, headed.households
    match figure.form:
        case "at_most":
            return figure.value
        case "per_person":
            return None if people is None else people * figure.value
        case "people_to_one":
            return None if people is None else _up(people / figure.value)
        case "per_household":
            return None if households is None else households * figure.value
        case "households_to_one":
            return None if households is None else _up(households / figure.value)


def _cautious(has: Estimate, *, is_way: bool) -> Decimal | None:
    ends = (has.high, has.best, has.low) if is_way else (has.low, has.best, has.high)
    return next((end for end in ends if end is not None), None)


def _short_for(
    figure: ShelterFigure, missing: Decimal, has: Decimal, headed: Headed
) -> Decimal | None:
    if headed.people is None or figure.form not in ("per_person", "people_to_one"):
        return None
    if not missing:
        return Decimal(0)
    served = has / figure.value if figure.form == "per_person" else has * figure.value
    return _up(max(Decimal(0), headed.people - served))


def _sentence(
    place: PlaceCode,
    figure: ShelterFigure,
    amounts: tuple[Decimal, Decimal, Decimal],
    short_for: Decimal | None,
    people: Decimal | None,
) -> str:
    has, asked, missing = map(_say, amounts)
    words, source = _WORDS[figure.service], f"({figure.words}; {figure.citation})"
    if figure.form == "at_most":
        beyond = f", {missing} more" if amounts[2] else ""
        return f"{named(place)}: {has} {words} where at most {asked} are asked{beyond} {source}."
    of = f"{named(place)}: {has} of {asked} {words}"
    for_whom = f" for {_say(people)} people" if people is not None else ""
    if not amounts[2]:
        return f"{of}{for_whom}; none is missing {source}."
    if short_for is None:
        return f"{of}, so {missing} are missing {source}."
    return f"{of}{for_whom}, so it is short for {_say(short_for)} people {source}."


def _unknown(
    place: PlaceCode, figure: ShelterFigure, has: Decimal | None, asked: Decimal | None
) -> str:
    words = _WORDS[figure.service]
    if has is None:
        wanted = "" if asked is None else f" {_say(asked)} {words} would be asked."
        return f"{named(place)}: no report received of {words}.{wanted}"
    of_whom = "households" if "household" in figure.form else "people"
    return (
        f"{named(place)}: {_say(has)} {words}; how many {of_whom} are there is not known, so what "
        f"is asked is not either ({figure.words}; {figure.citation})."
    )


def _say(value: Decimal) -> str:
    return say_number(value.quantize(Decimal("0.1")) if value % _ONE else value.quantize(_ONE))


def _up(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_CEILING)

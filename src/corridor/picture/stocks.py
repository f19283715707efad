"""Stock, need and days of cover by place and commodity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from corridor.claims import Claim, Series, in_unit, less, over, range_over, series
from corridor.picture.people import cautious_low
from corridor.picture.view import PeopleLine, StockLine, Transit
from corridor.registers.decisions import Decisions
from corridor.registers.general import Settings
from corridor.registers.geography import Geography
from corridor.registers.supply import Commodity, Movement, StockSeries, Supply
from corridor.report import Report
from corridor.units import Unit
from corridor.values import CommodityCode, Estimate, PlaceCode, ReportId

COVER_METHOD = (
    "stock divided by people times need per person and day; the low end takes the lowest stock and "
    "the highest need and counts the days since the count as used, the high end the reverse with "
    "nothing used"
)
# People counted for an area are supplied only when the area names the place that serves it.
_AREAS = ("region", "country")
_NO_CLAIMS = Series((), ())
# Cover of more than a hundred years is shown as a hundred.
_MOST_DAYS = Decimal(36_500)


def stock_lines(
    supply: Supply,
    people: Iterable[PeopleLine],
    geography: Geography,
    decisions: Decisions,
    settings: Settings,
    at: datetime,
) -> tuple[StockLine, ...]:
    """Return a line for every place and commodity that has a count, a movement or a need."""
    lines = []
    by_place = _supplied_from(people, geography)
    for place, code in sorted(_wanted(supply, by_place, decisions)):
        commodity = supply.commodities.get(code)
        if commodity is not None:
            need, rate = _need(by_place.get(place, ()), commodity, supply, decisions)
            lines.append(_line(place, commodity, need, rate, supply, decisions, settings, at))
    return tuple(lines)


def in_transit(supply: Supply) -> tuple[Transit, ...]:
    """Return coded consignments dispatched and not wholly received or lost."""
    moves: dict[tuple[Any, CommodityCode], dict[str, tuple[PlaceCode, Movement]]] = {}
    for (place, commodity), found in supply.stocks.items():
        for movement in found.movements:
            moves.setdefault((movement.consignment, commodity), {})[movement.stage] = (
                place,
                movement,
            )
    destinations = {
        (r.statement.consignment, r.statement.commodity): r.statement.destination
        for r in supply.consignments
        if r.statement.consignment
    }
    lines = []
    for (consignment, commodity), stages in sorted(moves.items()):
        if "dispatched" not in stages:
            continue
        left = range_over(stages["dispatched"][1].claims, "dispatched")
        for stage in ("received", "lost"):
            if stage in stages:
                part = range_over(stages[stage][1].claims, stage)
                left = less(left, part, f"{left.method} less {stage}")
        if left.high is None or left.high > 0:
            destination = destinations[consignment, commodity]
            lines.append(Transit(consignment, commodity, destination, left, left.basis))
    return tuple(lines)


def _supplied_from(
    people: Iterable[PeopleLine], geography: Geography
) -> dict[PlaceCode, tuple[PeopleLine, ...]]:
    found: dict[PlaceCode, tuple[PeopleLine, ...]] = {}
    for line in people:
        place = geography.places.get(line.place)
        if place is not None and place.type in _AREAS and place.served_from is None:
            continue
        depot = place.served_from if place and place.served_from else line.place
        found[depot] = (*found.get(depot, ()), line)
    return found


def _wanted(
    supply: Supply, by_place: Mapping[PlaceCode, tuple[PeopleLine, ...]], decisions: Decisions
) -> set[tuple[PlaceCode, CommodityCode]]:
    wanted = set(supply.stocks)
    for what, place, code in decisions.adopted:
        if what == "stock":
            wanted.add((place, CommodityCode(code)))
        elif what == "need_rate":
            fed = (depot for depot, lines in by_place.items() if place in {x.place for x in lines})
            wanted.update((depot, CommodityCode(code)) for depot in fed)
    for report in supply.need_rates:
        rate = report.statement
        for depot, lines in by_place.items():
            if any(_applies(rate, line) for line in lines):
                wanted.add((depot, rate.commodity))
    return wanted


def _applies(rate: Any, line: PeopleLine) -> bool:
    return rate.place in (None, line.place) and rate.group in ("", line.group)


def _need(
    lines: Iterable[PeopleLine], commodity: Commodity, supply: Supply, decisions: Decisions
) -> tuple[Estimate, Estimate]:
    """Sum people times rate over the groups supplied from one place.

    The adopted rate of a place goes before the claimed rates, and those for the place before those
    for everywhere.
    """
    total: list[Estimate] = []
    rates: list[Estimate] = []
    for line in lines:
        rate = _rate(line, commodity, supply, decisions)
        if rate is None or not line.now.is_known:
            continue
        rates.append(rate)
        total.append(
            Estimate(
                _times(line.now.low, rate.low),
                _times(line.now.best, rate.best),
                _times(line.now.high, rate.high),
                f"{commodity.unit} a day",
                "people times need per person and day",
                tuple(sorted({*line.now.basis, *rate.basis})),
            )
        )
    if not total:
        return (
            Estimate(None, None, None, f"{commodity.unit} a day", "no people or no need rate"),
            Estimate(None, None, None, commodity.unit, "no need rate"),
        )
    return _sum(total), max(rates, key=lambda r: r.high or Decimal(0))


def _rate(
    line: PeopleLine, commodity: Commodity, supply: Supply, decisions: Decisions
) -> Estimate | None:
    adopted = decisions.adopted.get(("need_rate", line.place, commodity.commodity))
    claims = _rate_claims([adopted] if adopted else [], commodity)
    if claims:
        return range_over(claims, "adopted figure")
    applying = [
        report
        for report in supply.need_rates
        if report.statement.commodity == commodity.commodity and _applies(report.statement, line)
    ]
    narrow = [report for report in applying if report.statement.place is not None] or applying
    claims = _rate_claims(narrow, commodity)
    if not claims:
        return None
    return range_over(series(claims).latest, "range over each claimant's latest rate")


def _rate_claims(reports: Iterable[Report[Any]], commodity: Commodity) -> list[Claim]:
    claims = []
    for report in reports:
        quantity = in_unit(
            report.statement.quantity, Unit(commodity.unit), kg_per_unit=commodity.kg_per_unit
        )
        if quantity is not None:
            claims.append(Claim(report, quantity))
    return claims


def _sum(parts: list[Estimate]) -> Estimate:
    def add(values: list[Decimal | None]) -> Decimal | None:
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if len(known) == len(values) else None

    return Estimate(
        add([p.low for p in parts]),
        add([p.best for p in parts]),
        add([p.high for p in parts]),
        parts[0].unit,
        parts[0].method,
        tuple(sorted({name for p in parts for name in p.basis})),
    )


def _times(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a * b


def _line(
    place: PlaceCode,
    commodity: Commodity,
    need: Estimate,
    rate: Estimate,
    supply: Supply,
    decisions: Decisions,
    settings: Settings,
    at: datetime,
) -> StockLine:
    held = supply.stocks.get((place, commodity.commodity), StockSeries(_NO_CLAIMS, ()))
    adopted = decisions.adopted.get(("stock", place, commodity.commodity))
    stock, lows = _stock(held, adopted, commodity)
    counted_at = max((as_of for as_of, _ in lows), default=None)
    number, why = cautious_low(stock, settings.stated_end_factor)
    used_days = _days_used(lows, need, at)
    if number is not None and need.high is not None and used_days > 0:
        number = max(Decimal(0), number - used_days * need.high)
        why += f", less {used_days.quantize(Decimal('0.1'))} days of need since the count"
    return StockLine(
        place,
        commodity.commodity,
        commodity.unit,
        stock,
        need,
        rate,
        _cover(stock, need, used_days),
        number,
        why,
        counted_at,
        held.counts,
        adopted,
    )


def _days_used(
    lows: tuple[tuple[datetime, Decimal | None], ...], need: Estimate, at: datetime
) -> Decimal:
    """Days of need after which the lowest stock is left, counted from the lowest count.

    Counts differ in age; the one that leaves least today decides, its amount and its age together.
    """
    days = [
        (max(Decimal(0), Decimal((at - as_of) // timedelta(minutes=1)) / 1440), low)
        for as_of, low in lows
    ]
    stated = [(used, low) for used, low in days if low is not None]
    if not stated or not need.high:
        return min((used for used, _ in days), default=Decimal(0))
    per_day = need.high
    least = min(low - used * per_day for used, low in stated)
    return max(Decimal(0), (min(low for _, low in stated) - least) / per_day)


def _stock(
    held: StockSeries, adopted: Report[Any] | None, commodity: Commodity
) -> tuple[Estimate, tuple[tuple[datetime, Decimal | None], ...]]:
    counts = tuple(base_of(claim) for claim in held.counts.latest)
    base = _adopted(held, adopted, commodity) if adopted else None
    bases = (base,) if base else counts
    if not bases:
        return _moved_only(held.movements, commodity), ()
    ends = [carried(base, held.movements) for base in bases]
    # A stock below zero is impossible; `consistency` reports it, and the line shows zero.
    low, best, high = over((low, best, high) for low, best, high, _ in ends)
    estimate = Estimate(
        _not_below_zero(low),
        _not_below_zero(best),
        _not_below_zero(high),
        commodity.unit,
        "adopted figure" if base else "range over each claimant's latest count",
        tuple(sorted({name for _, _, _, names in ends for name in names})),
    )
    lows = tuple((one.as_of, low) for one, (low, _, _, _) in zip(bases, ends, strict=True))
    return estimate, lows


class Base(NamedTuple):
    """A count or adopted figure that movements are added to."""

    as_of: datetime
    low: Decimal | None
    best: Decimal | None
    high: Decimal | None
    names: tuple[ReportId, ...]


def base_of(claim: Claim) -> Base:
    """Return a count as the base of what came after it."""
    figure = claim.quantity
    return Base(claim.report.as_of, figure.lowest, figure.best, figure.highest, (claim.report.id,))


def _adopted(held: StockSeries, adopted: Report[Any], commodity: Commodity) -> Base | None:
    """Return the adopted figure at the hour of the claim adopted: what moved since is not lost."""
    said = adopted.statement
    figure = in_unit(said.quantity, Unit(commodity.unit), kg_per_unit=commodity.kg_per_unit)
    if figure is None:
        return None
    claims = (claim.report for claim in held.counts.claims if claim.report.id == said.claim)
    as_of = next((report.as_of for report in claims), adopted.as_of)
    names = (adopted.id, said.claim) if said.claim else (adopted.id,)
    return Base(as_of, figure.lowest, figure.best, figure.highest, names)


def _not_below_zero(value: Decimal | None) -> Decimal | None:
    return None if value is None else max(Decimal(0), value)


def carried(
    base: Base, movements: Iterable[Movement]
) -> tuple[Decimal | None, Decimal | None, Decimal | None, tuple[ReportId, ...]]:
    """Carry a count forward over the coded movements after it: low, best, high and the reports."""
    low, best, high = base.low, base.best, base.high
    names = list(base.names)
    for movement in movements:
        if movement.at <= base.as_of or movement.sign == 0:
            continue
        moved = range_over(movement.claims, "moved")
        # "Up to 5 t" may be nothing; only what has no high end makes an end unknown.
        least = moved.low if moved.low is not None else Decimal(0)
        best = _plus(best, movement.sign, moved.best)
        if movement.sign > 0:
            low, high = _plus(low, 1, least), _plus(high, 1, moved.high)
        else:
            low, high = _plus(low, -1, moved.high), _plus(high, -1, least)
        names.extend(moved.basis)
    return low, best, high, tuple(names)


def _plus(base: Decimal | None, sign: int, by: Decimal | None) -> Decimal | None:
    return None if base is None or by is None else base + sign * by


def _moved_only(movements: Iterable[Movement], commodity: Commodity) -> Estimate:
    """Return what coded consignments alone leave at a place: a lower end, as no count is known."""
    start = Base(datetime.min.replace(tzinfo=UTC), Decimal(0), None, None, ())
    low, _, _, names = carried(start, movements)
    if not names:
        return Estimate(None, None, None, commodity.unit, "no count received")
    return Estimate(
        max(Decimal(0), low or Decimal(0)),
        None,
        None,
        commodity.unit,
        "no count received; at least what coded consignments brought",
        tuple(sorted(set(names))),
    )


def _cover(stock: Estimate, need: Estimate, used_days: Decimal) -> Estimate:
    def days(amount: Decimal | None, per_day: Decimal | None, used: Decimal) -> Decimal | None:
        if amount is None or per_day is None or per_day == 0:
            return None
        lasts = min(amount / per_day - used, _MOST_DAYS)
        return max(Decimal(0), lasts.quantize(Decimal("0.1")))

    return Estimate(
        days(stock.low, need.high, used_days),
        days(stock.best, need.best, used_days),
        days(stock.high, need.low, Decimal(0)),
        "days",
        COVER_METHOD,
        tuple(sorted({*stock.basis, *need.basis})),
    )

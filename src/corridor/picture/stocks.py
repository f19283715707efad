"""Stock, need and days of cover by place and commodity."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from corridor.claims import Claim, Series, by_subject, in_unit, less, over, range_over, series
from corridor.picture.people import cautious_low
from corridor.picture.view import PeopleLine, StockLine, Transit
from corridor.registers.decisions import Decisions
from corridor.registers.general import Settings
from corridor.registers.geography import Geography
from corridor.registers.supply import Commodity, Movement, Stage, StockSeries, Supply
from corridor.report import Report
from corridor.units import Unit
from corridor.values import CommodityCode, ConsignmentCode, Estimate, PlaceCode, ReportId

COVER_METHOD = (
    "stock divided by people times need per person and day; the low end takes the lowest stock and "
    "the highest need and counts the days since the count as used, the high end the reverse with "
    "nothing used"
)
# People counted for an area are supplied only when the area names the place that serves it.
_AREAS = ("region", "country")
NOTHING_HELD = StockSeries(Series((), ()), ())
# Cover of more than a hundred years is shown as a hundred.
_MOST_DAYS = Decimal(36_500)
_MINUTE = timedelta(minutes=1)
_MINUTES_A_DAY = Decimal(1440)
_TENTH = Decimal("0.1")


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
    by_place = supplied_from(people, geography)
    rates = by_subject(supply.need_rates, _rated)
    for place, code in sorted(wanted(supply, by_place, decisions)):
        commodity = supply.commodities.get(code)
        if commodity is not None:
            fed = by_place.get(place, ())
            needed = need_of(
                fed, commodity, rates.get(code, ()), adopted_rates(fed, code, decisions)
            )
            held = supply.stocks.get((place, code), NOTHING_HELD)
            adopted = decisions.adopted.get(("stock", place, code))
            in_store = in_store_of(held, adopted, commodity)
            lines.append(stock_line(place, commodity, needed, in_store, settings, at))
    return tuple(lines)


def in_transit(supply: Supply) -> tuple[Transit, ...]:
    """Return coded consignments dispatched and not wholly received or lost."""
    moves: dict[tuple[Any, CommodityCode], list[Movement]] = {}
    for (_, commodity), found in supply.stocks.items():
        for movement in found.movements:
            moves.setdefault((movement.consignment, commodity), []).append(movement)
    destinations = {
        (r.statement.consignment, r.statement.commodity): r.statement.destination
        for r in supply.consignments
        if r.statement.consignment
    }
    lines = (
        transit_of(waybill, found, destinations[waybill])
        for waybill, found in sorted(moves.items(), key=lambda pair: pair[0])
    )
    return tuple(line for line in lines if line is not None)


def transit_of(
    waybill: tuple[ConsignmentCode, CommodityCode],
    moves: Iterable[Movement],
    destination: PlaceCode,
) -> Transit | None:
    """Return what of a waybill is on its way; None where it was not sent, or has all come or gone.

    Parameters
    ----------
    moves
        Its movements, in order of places; of two at one stage the last counts.
    """
    stages = {move.stage: move for move in moves}
    if "dispatched" not in stages:
        return None
    left = range_over(stages["dispatched"].claims, "dispatched")
    ends: tuple[Stage, ...] = ("received", "lost")
    for stage in ends:
        if stage in stages:
            part = range_over(stages[stage].claims, stage)
            left = less(left, part, f"{left.method} less {stage}")
    if left.high is not None and left.high <= 0:
        return None
    return Transit(*waybill, destination, left, left.basis)


def supplied_from(
    people: Iterable[PeopleLine], geography: Geography
) -> dict[PlaceCode, tuple[PeopleLine, ...]]:
    """Return the lines of the people whom each place feeds."""
    found: dict[PlaceCode, tuple[PeopleLine, ...]] = {}
    for line in people:
        place = geography.places.get(line.place)
        if place is not None and place.type in _AREAS and place.served_from is None:
            continue
        depot = place.served_from if place and place.served_from else line.place
        found[depot] = (*found.get(depot, ()), line)
    return found


def wanted(
    supply: Supply, by_place: Mapping[PlaceCode, tuple[PeopleLine, ...]], decisions: Decisions
) -> set[tuple[PlaceCode, CommodityCode]]:
    """Return the places and goods that have a count, a movement, an adopted figure or a need."""
    wanted = set(supply.stocks)
    for what, place, code in decisions.adopted:
        if what == "stock":
            wanted.add((place, CommodityCode(code)))
        elif what == "need_rate":
            fed = (depot for depot, lines in by_place.items() if place in {x.place for x in lines})
            wanted.update((depot, CommodityCode(code)) for depot in fed)
    rated = {
        (r.statement.place, r.statement.group, r.statement.commodity) for r in supply.need_rates
    }
    for where, group, commodity in rated:
        for depot, lines in by_place.items():
            if any(_applies(where, group, line) for line in lines):
                wanted.add((depot, commodity))
    return wanted


def _rated(report: Report[Any]) -> CommodityCode:
    code: CommodityCode = report.statement.commodity
    return code


def adopted_rates(
    lines: Iterable[PeopleLine], commodity: CommodityCode, decisions: Decisions
) -> dict[PlaceCode, Report[Any]]:
    """Return the rates adopted for one commodity at the places of some lines."""
    if not decisions.adopted:
        return {}
    keys = {line.place: ("need_rate", line.place, commodity) for line in lines}
    return {p: decisions.adopted[key] for p, key in keys.items() if key in decisions.adopted}


def _applies(place: PlaceCode | None, group: str, line: PeopleLine) -> bool:
    return place in (None, line.place) and group in ("", line.group)


def need_of(
    lines: Iterable[PeopleLine],
    commodity: Commodity,
    claimed: Iterable[Report[Any]],
    adopted: Mapping[PlaceCode, Report[Any]],
) -> tuple[Estimate, Estimate]:
    """Sum people times rate over the groups supplied from one place.

    The adopted rate of a place goes before the claimed rates, and those for the place before those
    for everywhere.
    """
    rates_claimed = tuple(claimed)
    total: list[Estimate] = []
    rates: list[Estimate] = []
    for line in lines:
        rate = _rate(line, commodity, rates_claimed, adopted.get(line.place))
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
    line: PeopleLine,
    commodity: Commodity,
    claimed: Iterable[Report[Any]],
    adopted: Report[Any] | None,
) -> Estimate | None:
    claims = _rate_claims([adopted] if adopted else [], commodity)
    if claims:
        return range_over(claims, "adopted figure")
    applying = [
        report
        for report in claimed
        if _applies(report.statement.place, report.statement.group, line)
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


class InStore(NamedTuple):
    """What is in store at a place, whatever the hour: all of a line that does not age."""

    counts: Series
    adopted: Report[Any] | None
    stock: Estimate
    counted_at: datetime | None
    lows: tuple[tuple[datetime, Decimal | None], ...]


def in_store_of(held: StockSeries, adopted: Report[Any] | None, commodity: Commodity) -> InStore:
    """Return what the latest counts, or the adopted figure, and the movements since leave."""
    stock, lows = _stock(held, adopted, commodity)
    newest = max((as_of for as_of, _ in lows), default=None)
    return InStore(held.counts, adopted, stock, newest, _that_can_be_least(lows))


def _that_can_be_least(
    lows: tuple[tuple[datetime, Decimal | None], ...],
) -> tuple[tuple[datetime, Decimal | None], ...]:
    """Leave out each low end beside which an older count is no higher: it never decides."""
    kept: list[tuple[datetime, Decimal | None]] = []
    for as_of, low in sorted((pair for pair in lows if pair[1] is not None), key=_counted_at):
        if not kept or (low is not None and kept[-1][1] is not None and low < kept[-1][1]):
            kept.append((as_of, low))
    return tuple(kept)


def _counted_at(pair: tuple[datetime, Decimal | None]) -> datetime:
    return pair[0]


def stock_line(
    place: PlaceCode,
    commodity: Commodity,
    needed: tuple[Estimate, Estimate],
    in_store: InStore,
    settings: Settings,
    at: datetime,
) -> StockLine:
    """Return the line of one place and commodity at a moment."""
    counts, adopted, stock, counted_at, lows = in_store
    need, rate = needed
    number, why = cautious_low(stock, settings.stated_end_factor)
    used_days = _days_used(counted_at, lows, need, at)
    if number is not None and need.high is not None and used_days > 0:
        number = max(Decimal(0), number - used_days * need.high)
        why += f", less {used_days.quantize(_TENTH)} days of need since the count"
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
        counts,
        adopted,
    )


def _days_used(
    counted_at: datetime | None,
    lows: tuple[tuple[datetime, Decimal | None], ...],
    need: Estimate,
    at: datetime,
) -> Decimal:
    """Days of need after which the lowest stock is left, counted from the lowest count.

    Counts differ in age; the one that leaves least today decides, its amount and its age together.
    """
    stated = [(_days_since(as_of, at), low) for as_of, low in lows if low is not None]
    if not stated or not need.high:
        return Decimal(0) if counted_at is None else _days_since(counted_at, at)
    per_day = need.high
    least = min(low - used * per_day for used, low in stated)
    return max(Decimal(0), (min(low for _, low in stated) - least) / per_day)


def _days_since(as_of: datetime, at: datetime) -> Decimal:
    return Decimal(max(0, (at - as_of) // _MINUTE)) / _MINUTES_A_DAY


def _stock(
    held: StockSeries, adopted: Report[Any] | None, commodity: Commodity
) -> tuple[Estimate, tuple[tuple[datetime, Decimal | None], ...]]:
    counts = tuple(base_of(claim) for claim in held.counts.latest)
    base = _adopted(held, adopted, commodity) if adopted else None
    bases = (base,) if base else counts
    if not bases:
        return _moved_only(held.movements, commodity), ()
    effects = effects_of(held.movements)
    moments = [effect.at for effect in effects]
    ends = [carried(base, effects[bisect_right(moments, base.as_of) :]) for base in bases]
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
    base: Base, effects: Iterable[Effect]
) -> tuple[Decimal | None, Decimal | None, Decimal | None, tuple[ReportId, ...]]:
    """Carry a count forward over the coded movements after it: low, best, high and the reports."""
    low, best, high = base.low, base.best, base.high
    names = list(base.names)
    for moved in effects:
        if moved.at <= base.as_of:
            continue
        best = _plus(best, moved.sign, moved.best)
        if moved.sign > 0:
            low, high = _plus(low, 1, moved.least), _plus(high, 1, moved.most)
        else:
            low, high = _plus(low, -1, moved.most), _plus(high, -1, moved.least)
        names.extend(moved.names)
    return low, best, high, tuple(names)


class Effect(NamedTuple):
    """What one movement adds to a stock (sign +1) or takes from it (-1), at least and at most."""

    at: datetime
    sign: int
    least: Decimal
    best: Decimal | None
    most: Decimal | None
    names: tuple[ReportId, ...]


def effects_of(movements: Iterable[Movement]) -> tuple[Effect, ...]:
    """Return what movements do to a stock, in order of time; losses on the way do nothing."""
    found = [_effect(movement) for movement in movements if movement.sign]
    return tuple(sorted(found, key=lambda effect: effect.at))


def _effect(movement: Movement) -> Effect:
    low, best, high = over(
        (c.quantity.lowest, c.quantity.best, c.quantity.highest) for c in movement.claims
    )
    # "Up to 5 t" may be nothing; only what has no high end makes an end unknown.
    least = low if low is not None else Decimal(0)
    names = tuple(sorted(claim.report.id for claim in movement.claims))
    return Effect(movement.at, movement.sign, least, best, high, names)


def _plus(base: Decimal | None, sign: int, by: Decimal | None) -> Decimal | None:
    return None if base is None or by is None else base + sign * by


def _moved_only(movements: Iterable[Movement], commodity: Commodity) -> Estimate:
    """Return what coded consignments alone leave at a place: a lower end, as no count is known."""
    start = Base(datetime.min.replace(tzinfo=UTC), Decimal(0), None, None, ())
    low, _, _, names = carried(start, effects_of(movements))
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
        return max(Decimal(0), lasts.quantize(_TENTH))

    return Estimate(
        days(stock.low, need.high, used_days),
        days(stock.best, need.best, used_days),
        days(stock.high, need.low, Decimal(0)),
        "days",
        COVER_METHOD,
        tuple(sorted({*stock.basis, *need.basis})),
    )

"""The key figures: one card each, with who gives it and what limits it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from corridor.briefs.brief import KeyFigure, KeyFigures, Value
from corridor.briefs.citing import CORRIDOR, computed, ranged, tally
from corridor.briefs.editions import Edition
from corridor.briefs.highlights_section import for_goods, known_cover, largest
from corridor.briefs.planned import by_plan
from corridor.planning.plan import Plan
from corridor.registers.supply import Consignment


def key_figures(edition: Edition, plan: Plan | None) -> KeyFigures:
    """Return the key figures of this edition."""
    figures: list[KeyFigure] = []
    if edition.is_whole:
        figures.extend(_cover_figures(edition))
        figures.extend(_road_figures(edition))
    figures.extend(_people_figures(edition))
    figures.extend(_delivery_figures(edition))
    if plan is not None:
        figures.extend(_plan_figures(plan))
    figures.append(_claimants(edition))
    return KeyFigures(tuple(figures))


def _cover_figures(edition: Edition) -> Iterator[KeyFigure]:
    for line in known_cover(edition)[:1]:
        label = f"Shortest cover: {edition.picture.name(line.commodity)}"
        yield KeyFigure(
            label,
            computed(line.days_of_cover),
            f"{CORRIDOR} computes",
            (f"at {edition.picture.name(line.place)}",),
        )


def _road_figures(edition: Edition) -> Iterator[KeyFigure]:
    lines = for_goods(edition)
    if not lines:
        return
    open_now = [line for line in lines if line.status == "open"]
    method = (
        "road directions whose most cautious holding claim is open, of all known roads both ways"
    )
    basis = sorted({view.report.id for line in lines for view in line.views})
    value = Value(
        f"{len(open_now)} of {len(lines)}",
        tuple(basis),
        method,
        *(Decimal(len(open_now)),) * 3,
        "directions",
    )
    disputed = sum(line.is_disputed for line in lines)
    remark = f"on {disputed} of them claimants differ" if disputed else "for humanitarian goods"
    remark_value = (
        Value(remark, tuple(basis), "directions on which holding claims say different things")
        if disputed
        else remark
    )
    yield KeyFigure("Road directions claimed open", value, f"{CORRIDOR} counts", (remark_value,))


def _people_figures(edition: Edition) -> Iterator[KeyFigure]:
    for line in largest(edition)[:2]:
        is_adopted = line.adopted is not None
        source = "from the figure adopted" if is_adopted else "range over claims"
        value, *more = ranged(edition, line.now, line.series.latest, unit="")
        assert isinstance(value, Value)
        remark = (f"at {edition.picture.name(line.place)}", *more)
        yield KeyFigure("People to supply", value, f"{CORRIDOR}: {source}", remark)


def _delivery_figures(edition: Edition) -> Iterator[KeyFigure]:
    reports = edition.reports(Consignment)
    if reports and not edition.is_whole:
        basis = [report.id for report in reports]
        value = tally(
            len(reports), "claim", "claims", "claims of deliveries in this edition, counted", basis
        )
        yield KeyFigure(
            "Deliveries claimed",
            value,
            f"{CORRIDOR} counts",
            ("each by itself; amounts are not added",),
        )


def _claimants(edition: Edition) -> KeyFigure:
    held = [report for report in edition.picture.reports.values() if edition.admits(report)]
    value = tally(len(held), "report", "reports", "the reports of this edition that stand, counted")
    by = tally(
        len({r.claimant for r in held}),
        "claimant",
        "claimants",
        "the claimants of these reports, counted",
    )
    return KeyFigure("Behind this brief", value, f"{CORRIDOR} counts", ("by ", by))


def _plan_figures(plan: Plan) -> Iterator[KeyFigure]:
    firm = [convoy for convoy in plan.convoys if not convoy.is_indicative]
    count = by_plan(plan, f"{len(firm)}", Decimal(len(firm)), "convoys")
    waiting = sum(bool(convoy.missing) for convoy in firm)
    remark = by_plan(plan, f"something is missing for {waiting}", Decimal(waiting), "convoys")
    days = min(plan.aims.whole_vehicle_days, len(plan.days))
    yield KeyFigure(f"Convoys planned, {days} days", count, f"{CORRIDOR} plans", (remark,))
    total = max((days for _, days in plan.person_days_without), default=0.0)
    without = by_plan(plan, f"{round(total):,}", Decimal(str(total)), "person-days")
    label = f"Person-days without, {plan.horizon_days} days"
    yield KeyFigure(label, without, f"{CORRIDOR} plans", ("of the goods most lacking",))

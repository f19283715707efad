"""The few sentences that a hurried reader takes away."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from corridor.briefs import words
from corridor.briefs.brief import Sentence, Text, Value
from corridor.briefs.citing import CORRIDOR, claimed, computed, found, ranged, tally
from corridor.briefs.editions import SHOWN_AS_TABLES, Edition
from corridor.briefs.response_section import overlap_groups
from corridor.briefs.telling import users
from corridor.picture import PeopleLine, RoadLine, StockLine
from corridor.registers.access import RoadView
from corridor.registers.supply import Consignment
from corridor.values import ReportId

_FEW_DAYS = Decimal(3)
_MOST_PLACES = 3
_MOST_FINDINGS = 3
_MOST_ROADS = 6


def highlights(edition: Edition) -> tuple[Sentence, ...]:
    """Return what matters most, each sentence with its owner."""
    made: list[Sentence] = []
    if edition.is_whole:
        made.extend(_shortest(edition))
        made.extend(_roads(edition))
    made.extend(_people(edition, line) for line in largest(edition))
    if not edition.is_whole:
        made.extend(_deliveries(edition))
    made.extend(_overlaps(edition))
    act = [
        f
        for f in edition.picture.findings
        if f.severity == "act" and f.code not in SHOWN_AS_TABLES and edition.admits_finding(f)
    ]
    made.extend(found(edition, finding, with_values=False) for finding in act[:_MOST_FINDINGS])
    if len(act) > _MOST_FINDINGS:
        more = tally(
            len(act) - _MOST_FINDINGS,
            "further finding",
            "further findings",
            "findings that need action, less those above",
        )
        made.append(
            Sentence(CORRIDOR, ("asks for action on ", more, ", listed under Situation overview."))
        )
    return tuple(made) or (
        Sentence(CORRIDOR, (f"notes: {words.NO_REPORT} that this edition may show.",)),
    )


def known_cover(edition: Edition) -> list[StockLine]:
    """Return the lines whose cover is known, the shortest first."""
    ends = [(_low(line), line) for line in edition.picture.stocks]
    known = [(low, line) for low, line in ends if low is not None]
    return [
        line
        for _, line in sorted(known, key=lambda pair: (pair[0], pair[1].place, pair[1].commodity))
    ]


def _low(line: StockLine) -> Decimal | None:
    cover = line.days_of_cover
    return next((end for end in (cover.low, cover.best, cover.high) if end is not None), None)


def _shortest(edition: Edition) -> Iterator[Sentence]:
    lines = known_cover(edition)
    if not lines:
        yield Sentence(
            CORRIDOR,
            ("computes no days of cover: stock, people or need rates are missing.",),
            "act",
        )
        return
    line = lines[0]
    low = _low(line)
    others = tally(
        len(lines),
        "stock whose cover is known",
        "stocks whose cover is known",
        "stocks with a count, people and a need rate",
    )
    name, goods = edition.picture.name(line.place), edition.picture.name(line.commodity)
    parts: Text = (
        "computes ",
        computed(line.days_of_cover),
        f" of cover of {goods} at {name}, the shortest of ",
        others,
        ".",
    )
    yield Sentence(CORRIDOR, parts, "act" if low is not None and low < _FEW_DAYS else "")


def _overlaps(edition: Edition) -> Iterator[Sentence]:
    """Say that announcements may speak of one cargo, and where they stand side by side."""
    groups = overlap_groups(edition, many_claimants=True)
    if groups:
        basis = tuple(dict.fromkeys(report.id for group in groups for report in group))
        count = tally(
            len(groups),
            "group",
            "groups",
            "groups of announcements by several claimants that may be one cargo",
            basis,
        )
        parts: Text = (
            "finds ",
            count,
            " of announcements by several claimants that may speak of the same cargo; ",
            "they stand side by side under Supply and are not added.",
        )
        yield Sentence(CORRIDOR, parts, "act")


def for_goods(edition: Edition) -> list[RoadLine]:
    """Return the road lines for humanitarian goods of any kind."""
    return [
        line for line in edition.picture.roads if (line.user, line.cargo) == ("humanitarian", "all")
    ]


def _roads(edition: Edition) -> Iterator[Sentence]:
    lines = for_goods(edition)
    said: dict[ReportId, tuple[RoadView, list[RoadLine]]] = {}
    for line in lines:
        for view in (v for v in line.views if v.is_current and v.status != "unspecified"):
            said.setdefault(view.report.id, (view, []))[1].append(line)
    order = edition.picture.settings.place_in_order
    ranked = sorted(
        said.values(),
        key=lambda pair: (pair[0].road, order(pair[0].claimant)[0], pair[0].report.order),
    )
    for view, about in ranked[:_MOST_ROADS]:
        yield _road(edition, view, about)
    unknown = [line for line in lines if line.status == "unspecified"]
    if unknown:
        count = tally(
            len(unknown),
            "direction",
            "directions",
            "road directions without a claim that still holds",
        )
        total = tally(len(lines), "road direction", "road directions", "roads known, both ways")
        parts: Text = (
            "has no claim that still holds for humanitarian goods on ",
            count,
            " of ",
            total,
            ". Unknown is not open.",
        )
        yield Sentence(CORRIDOR, parts, "act")


def _road(edition: Edition, view: RoadView, about: list[RoadLine]) -> Sentence:
    both = len(about) > 1
    road = words.road_label(edition.picture, view.road, None if both else about[0].towards)
    claim = Value(
        f"{road} is {view.status}{' both ways' if both else ''} for {users(view.user, view.cargo)}",
        (view.report.id,),
    )
    parts: list[str | Value] = [f"{words.verb(view.report)}: ", claim, "."]
    for denial in edition.denials(view.report.id):
        parts += [" ", Value(f"{edition.who(denial.claimant)} denies this.", (denial.id,))]
    return Sentence(edition.who(view.claimant), tuple(parts))


def largest(edition: Edition) -> list[PeopleLine]:
    """Return the places with most people to supply, as far as this edition shows them."""
    shown = [
        line
        for line in edition.picture.people
        if line.place not in edition.small.places and line.now.is_known
    ]
    ranked = sorted(shown, key=lambda line: (-(line.cautious or Decimal(0)), line.place))
    return ranked[:_MOST_PLACES]


def _people(edition: Edition, line: PeopleLine) -> Sentence:
    place = edition.picture.name(line.place)
    if line.adopted is not None and edition.admits(line.adopted):
        adopted: list[str | Value] = ["adopted ", claimed(edition, line.adopted), f" at {place}"]
        if line.departed is not None:
            adopted += ["; less those who left since, ", computed(line.now), " are to be supplied"]
        return Sentence("The operation", (*adopted, "."))
    claimants = len(line.series.latest)
    value, *more = ranged(edition, line.now, line.series.latest)
    if claimants == 1:
        who = edition.who(line.series.latest[0].claimant)
        head = f" to be supplied at {place}, by the latest claim of {who}"
        return Sentence(CORRIDOR, ("takes ", value, head, *more, "."))
    whose = tally(
        claimants,
        "claimant",
        "claimants",
        "claimants with a count there",
        [c.report.id for c in line.series.latest],
    )
    head = f" to be supplied at {place}, the range over the latest claims of "
    return Sentence(CORRIDOR, ("takes ", value, head, whose, *more, "."))


def _deliveries(edition: Edition) -> Iterator[Sentence]:
    reports = edition.reports(Consignment)
    if not reports:
        yield Sentence(
            CORRIDOR, (f"notes: {words.NO_REPORT} of a delivery that this edition may show.",)
        )
        return
    basis = [report.id for report in reports]
    claims = tally(
        len(reports),
        "claim",
        "claims",
        "claims of deliveries in this edition, counted; amounts are not added",
        basis,
    )
    by = tally(
        len({r.claimant for r in reports}),
        "claimant",
        "claimants",
        "their claimants, counted",
        basis,
    )
    yield Sentence(CORRIDOR, ("shows ", claims, " of deliveries by ", by, ", each by itself."))

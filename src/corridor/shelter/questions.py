"""What counts of people leave open: parts above their whole, moves nobody reported, shares that differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

from corridor.claims import Claim, Series, said_when
from corridor.registers.general import Observation
from corridor.registers.people import People, Subject, band_of, parts_of
from corridor.report import Report
from corridor.standards.age_bands import CHILDREN, Part
from corridor.values import Finding, PlaceCode, ReportId, named, say_number

# A count may differ from what the movements leave by this share, and this many, before anyone asks.
_SLACK_SHARE, _SLACK = Decimal("0.05"), Decimal(20)
# A site that loses this share of its people between two counts is asked about, whatever else is known.
_EMPTIED = Decimal("0.5")
# A share of children this many times the highest of the arrivals' is asked about.
_FAR_ABOVE = Decimal("1.5")
_THERE = ("present", "sheltered", "displaced", "remaining")
# Who counted, and of when: a part and its whole have both in common.
_Count = tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class _Share:
    """Children among those counted at once by one claimant."""

    whole: Claim
    children: Decimal
    children_said: str
    basis: tuple[ReportId, ...]

    @property
    def value(self) -> Decimal:
        """Children by all who were counted."""
        return self.children / self.whole.quantity.stated

    def said(self, zone: tzinfo) -> tuple[str, str]:
        """Return who says so and of when, and the share in words."""
        report = self.whole.report
        percent = (self.value * 100).quantize(Decimal(1))
        figures = f"{self.children_said} of {self.whole.quantity}"
        return (
            f"{named(report.claimant)}, {named(report.statement.place)}, {said_when(report, zone)}",
            f"{figures}, {percent} %",
        )


def people_questions(people: People, zone: tzinfo) -> tuple[Finding, ...]:
    """Return what does not fit between parts and wholes, and between counts and movements."""
    return (*_parts_above_whole(people, zone), *_moves(people, zone))


def protection_questions(people: People, zone: tzinfo) -> tuple[Finding, ...]:
    """Return what the protection focal point should ask about. Restricted: never show it below that.

    A share of children at a site far above the highest share claimed among arrivals may mean children
    without their families; it may mean nothing.
    """
    arrived = [share for shares in _shares(people, "arrival").values() for share in shares]
    if not arrived:
        return ()
    highest = max(arrived, key=lambda share: share.value)
    found: list[Finding] = []
    for place, shares in sorted(_shares(people, "headcount").items()):
        latest = {share.whole.claimant: share for share in shares}
        above = [s for s in latest.values() if s.value > highest.value * _FAR_ABOVE]
        if above:
            sides = (*above, highest)
            found.append(
                Finding(
                    "children_share_high",
                    "ask",
                    place,
                    f"The share of children claimed at {named(place)} is far above the highest "
                    "claimed among arrivals. A question for the protection focal point: are there "
                    "children without their families?",
                    tuple(share.said(zone) for share in sides),
                    tuple(sorted({name for share in sides for name in share.basis})),
                )
            )
    return tuple(found)


def retold(reports: Mapping[ReportId, Report[Any]]) -> tuple[Finding, ...]:
    """Return retellings that contradict the report they pass on; neither enters the other's series."""
    found: list[Finding] = []
    for report in reports.values():
        said = report.statement
        origin = (
            reports.get(said.retells) if isinstance(said, Observation) and said.retells else None
        )
        figure = getattr(origin.statement, "quantity", None) if origin else None
        if origin is None or figure is None:
            continue
        has_changed = said.quantity is not None and said.quantity != figure
        if said.retold_as or has_changed:
            what = said.retold_as or "another figure"
            found.append(
                Finding(
                    "retold_otherwise",
                    "ask",
                    str(getattr(origin.statement, "place", origin.id)),
                    f"{named(report.claimant)} passes on a figure of {named(origin.claimant)} as "
                    f"{what}. The relay is graded {report.reliability}; it is no claim of "
                    f"{named(origin.claimant)} and enters no count.",
                    (
                        (f"{named(origin.claimant)}, the origin", _figure(origin)),
                        (
                            f"{named(report.claimant)}, the retelling",
                            f"{said.quantity or ''} {what}",
                        ),
                    ),
                    tuple(sorted((origin.id, report.id))),
                )
            )
    return tuple(found)


def _figure(report: Report[Any]) -> str:
    group = getattr(report.statement, "group", "")
    return f"{report.statement.quantity} {group}".strip()


def _count_of(claim: Claim) -> _Count:
    return (claim.claimant, claim.report.as_of)


def _parts_above_whole(people: People, zone: tzinfo) -> Iterator[Finding]:
    """Find parts of one count, each in a report of its own, that are together more than the whole."""
    wholes: dict[tuple[Any, ...], Claim] = {}
    parts: dict[tuple[Any, ...], list[tuple[Part, Claim]]] = {}
    for subject, series in people.series.items():
        if subject.unit != "people":
            continue
        key = (subject.event, subject.place, subject.group, subject.measure, subject.mode,
               subject.other_end)  # fmt: skip
        for claim in series.claims:
            if subject.is_whole:
                wholes[*key, *_count_of(claim)] = claim
            elif claim.quantity.lowest is not None:
                part = Part(subject.sex, band_of(subject), int(claim.quantity.lowest))
                parts.setdefault((*key, *_count_of(claim)), []).append((part, claim))
    for count, given in parts.items():
        whole = wholes.get(count)
        top = whole.quantity.highest if whole else None
        if whole is None or top is None:
            continue
        given.sort(key=lambda pair: (pair[0].sex, pair[0].band.min_age, pair[1].report.id))
        # Parts that overlap (children, and girls) are never added; each stands against the whole.
        apart = not any(a.meets(b) for (a, _), (b, _) in combinations(given, 2))
        sums = [tuple(given)] if apart else [(pair,) for pair in given]
        for added in sums:
            if sum(part.count for part, _ in added) > top:
                claims = (whole, *(claim for _, claim in added))
                yield Finding(
                    "parts_above_whole",
                    "ask",
                    whole.report.statement.place,
                    f"{named(whole.claimant)} gives parts by sex or age at "
                    f"{named(whole.report.statement.place)} that are together more than the "
                    f"{whole.quantity} given for all, {said_when(whole.report, zone)}.",
                    tuple((_part_words(claim), str(claim.quantity)) for claim in claims),
                    tuple(sorted(claim.report.id for claim in claims)),
                )


def _part_words(claim: Claim) -> str:
    said = claim.report.statement
    sex = {"f": "women and girls", "m": "men and boys"}.get(said.sex, "people")
    if said.min_age is None and said.max_age is None:
        return "all" if said.sex == "any" else sex
    return f"{sex}, {said.min_age or 0} to {'any age' if said.max_age is None else said.max_age}"


def _moves(people: People, zone: tzinfo) -> Iterator[Finding]:
    """Find changes between two counts of one claimant that no claimed movement explains."""
    flows = _Flows(people)
    for subject, series in people.series.items():
        if not _is_stock(subject):
            continue
        for before, after in _successive(series):
            found = _unexplained(subject.place, before, after, flows, zone)
            if found is not None:
                yield found


def _is_stock(subject: Subject) -> bool:
    return (
        subject.event == "headcount"
        and subject.measure == "stock"
        and subject.is_whole
        and subject.unit == "people"
        and subject.group in _THERE
    )


def _successive(series: Series) -> Iterator[tuple[Claim, Claim]]:
    by_claimant: dict[str, list[Claim]] = {}
    for claim in series.claims:
        by_claimant.setdefault(claim.claimant, []).append(claim)
    for claims in by_claimant.values():
        yield from pairwise(claims)


def _unexplained(
    place: PlaceCode, before: Claim, after: Claim, flows: _Flows, zone: tzinfo
) -> Finding | None:
    was, now = before.quantity, after.quantity
    if was.lowest is None or was.highest is None or now.lowest is None or now.highest is None:
        return None
    came, came_basis = flows.most(("came", place), before, after)
    left, left_basis = flows.most(("left", place), before, after)
    slack = max(_SLACK, max(was.highest, now.highest) * _SLACK_SHARE)
    fall, rise = was.lowest - now.highest, now.lowest - was.highest
    values = tuple(
        (f"{named(c.claimant)}, {said_when(c.report, zone)}", str(c.quantity))
        for c in (before, after)
    )
    basis = tuple(sorted({before.report.id, after.report.id, *came_basis, *left_basis}))
    counted = (
        f"{named(after.claimant)} counts {now} at {named(place)} on {said_when(after.report, zone)} "
        f"and {was} before"
    )
    moved = f"claimed movements between the two allow {say_number(left)} to leave"
    if fall >= was.lowest * _EMPTIED and fall - left > slack:
        told = moved if left_basis else "nobody says where the others went"
        text = f"{counted}; {told}. A movement to ask about, not an error."
        return Finding("site_emptied", "ask", place, text, values, basis)
    if (came_basis or left_basis) and (fall - left > slack or rise - came > slack):
        text = f"{counted}; {moved} and {say_number(came)} to come."
        return Finding("headcount_against_flows", "ask", place, text, values, basis)
    return None


class _Flows:
    """Movements by end of the journey; the most that any one claimant's allow between two counts."""

    def __init__(self, people: People) -> None:
        self._claims: dict[tuple[str, PlaceCode], dict[tuple[str, Subject], list[Claim]]] = {}
        for subject, series in people.series.items():
            if subject.event == "headcount" or not subject.is_whole or subject.unit != "people":
                continue
            ends = ("came", "left") if subject.event == "arrival" else ("left", "came")
            for end, place in zip(ends, (subject.place, subject.other_end), strict=True):
                if place is None:
                    continue
                by_claimant = self._claims.setdefault((end, place), {})
                for claim in series.claims:
                    by_claimant.setdefault((claim.claimant, subject), []).append(claim)

    def most(
        self, end: tuple[str, PlaceCode], before: Claim, after: Claim
    ) -> tuple[Decimal, tuple[ReportId, ...]]:
        """Return the largest movement that one claimant gives of the time between, with its reports."""
        start, stop = before.report.begins, after.report.as_of
        best: tuple[Decimal, tuple[ReportId, ...]] = (Decimal(0), ())
        for (_, subject), claims in self._claims.get(end, {}).items():
            within = [c for c in claims if c.report.as_of > start and c.report.begins < stop]
            if not within:
                continue
            if subject.measure == "cumulative":
                # What was there at the start may be in the total: the most is the whole of it.
                within = within[-1:]
            total = sum((claim.quantity.stated for claim in within), Decimal(0))
            if not best[1] or total > best[0]:
                best = (total, tuple(sorted(claim.report.id for claim in within)))
        return best


def _shares(people: People, event: str) -> dict[PlaceCode, list[_Share]]:
    """Return shares of children by place, in order of claims, where a whole and its children are given."""
    wholes: dict[tuple[Any, ...], Claim] = {}
    children: dict[tuple[Any, ...], Claim] = {}
    for subject, series in people.series.items():
        is_asked = event == "arrival" or (
            subject.measure in ("stock", "unclear") and subject.group in _THERE
        )
        if subject.event != event or not is_asked or subject.unit != "people":
            continue
        key = (subject.place, subject.group, subject.measure, subject.other_end, subject.mode)
        is_children = subject.sex == "any" and band_of(subject) == CHILDREN
        for claim in series.claims:
            if subject.is_whole:
                wholes[*key, *_count_of(claim)] = claim
            elif is_children:
                children[*key, *_count_of(claim)] = claim
    found: dict[PlaceCode, list[_Share]] = {}
    for count, whole in sorted(wholes.items(), key=lambda item: item[1].report.order):
        if not whole.quantity.stated:
            continue
        part = children.get(count)
        banded = _children_in(parts_of(whole.report))
        if part is not None:
            share = _Share(
                whole, part.quantity.stated, str(part.quantity), (whole.report.id, part.report.id)
            )
        elif banded is not None:
            share = _Share(whole, banded, say_number(banded), (whole.report.id,))
        else:
            continue
        found.setdefault(count[0], []).append(share)
    return found


def _children_in(parts: Iterable[Part]) -> Decimal | None:
    """Return the children among parts; None where a part counts children and adults together."""
    given = tuple(parts)
    children = [part for part in given if CHILDREN.holds(part.band)]
    mixed = [part for part in given if CHILDREN.meets(part.band) and part not in children]
    return Decimal(sum(p.count for p in children)) if children and not mixed else None

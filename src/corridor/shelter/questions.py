"""What counts of people leave open: parts above their whole, moves nobody reported, retellings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import accumulate, combinations, pairwise
from typing import Any, NamedTuple

from corridor.claims import Claim, Series, said_when
from corridor.registers.general import Observation
from corridor.registers.people import People, Subject, band_of
from corridor.report import Report
from corridor.standards.age_bands import Part
from corridor.values import Finding, PlaceCode, ReportId, named, say_number

# A count may differ from what the movements leave by this share, and this many, before anyone asks.
_SLACK_SHARE, _SLACK = Decimal("0.05"), Decimal(20)
# A site that loses this share of its people between two counts is asked about, whatever else is known.
_EMPTIED = Decimal("0.5")
# Of changes of one kind between one claimant's counts of a place, the last ones are shown.
_SHOWN = 3
_NONE = Decimal(0)
_NOTHING: tuple[Decimal, Sequence[Claim]] = (_NONE, ())
THERE = ("present", "sheltered", "displaced", "remaining")
Told = Mapping[Subject, Series]


def people_questions(people: People, zone: tzinfo) -> tuple[Finding, ...]:
    """Return what does not fit between parts and wholes, and between counts and movements."""
    families: dict[tuple[Any, ...], dict[Subject, Series]] = {}
    for subject, series in people.series.items():
        families.setdefault(whole_of(subject), {})[subject] = series
    return (
        *(found for family in families.values() for found in parts_questions(family, zone)),
        *(
            found
            for place, told in by_place(people.series).items()
            for found in movement_questions(place, told, zone)
        ),
    )


def by_place(told: Told) -> dict[PlaceCode, dict[Subject, Series]]:
    """Return the series that bear on each place, movements at both ends of their journey."""
    found: dict[PlaceCode, dict[Subject, Series]] = {}
    for subject, series in told.items():
        for place in places_of(subject):
            found.setdefault(place, {})[subject] = series
    return found


def places_of(subject: Subject) -> tuple[PlaceCode, ...]:
    """Return the places that a series bears on."""
    other = subject.other_end
    return (subject.place,) if other in (None, subject.place) else (subject.place, other)


def count_of(claim: Claim) -> tuple[str, datetime]:
    """Return what a part and its whole have in common: who counted, and of when."""
    report = claim.report
    return (report.claimant, report.as_of)


def whole_of(subject: Subject) -> tuple[Any, ...]:
    """Return what parts have in common with their whole."""
    return (
        subject.event, subject.place, subject.group, subject.measure, subject.mode, subject.other_end,
    )  # fmt: skip


def parts_questions(told: Told, zone: tzinfo) -> Iterator[Finding]:
    """Find parts of one count, each in a report of its own, that are together more than the whole.

    Parameters
    ----------
    told
        Series of one event, place and group; of several, only parts and wholes of one are compared.
    """
    parts: dict[tuple[Any, ...], list[tuple[Subject, Claim]]] = {}
    wholes: list[tuple[tuple[Any, ...], Series]] = []
    for subject, series in told.items():
        key = whole_of(subject)
        if subject.unit != "people":
            continue
        if subject.is_whole:
            wholes.append((key, series))
            continue
        for claim in series.claims:
            parts.setdefault((key, *count_of(claim)), []).append((subject, claim))
    if not parts:
        return
    for key, series in wholes:
        for whole in series.claims:
            given = parts.get((key, *count_of(whole)))
            top = whole.quantity.highest
            if given is not None and top is not None:
                yield from _above(whole, top, given, zone)


def movement_questions(place: PlaceCode, told: Told, zone: tzinfo) -> Iterator[Finding]:
    """Find changes between two counts of one claimant that no claimed movement explains.

    A claimant is asked once about all of a kind: of the last one, with those before it beside.

    Parameters
    ----------
    told
        The series that bear on the place.
    """
    stocks = [series for subject, series in told.items() if _is_stock(subject, place)]
    if not stocks:
        return
    flows = _Flows(place, told)
    for series in stocks:
        for claims in _by_claimant(series):
            changes: dict[str, list[_Change]] = {}
            for before, after in pairwise(claims):
                change = _unexplained(before, after, flows)
                if change is not None:
                    changes.setdefault(change.code, []).append(change)
            for alike in changes.values():
                yield _asked(place, alike, flows, zone)


def retold(
    retellings: Iterable[Report[Any]], reports: Mapping[ReportId, Report[Any]]
) -> tuple[Finding, ...]:
    """Return retellings that contradict the report they pass on; neither enters the other's series.

    Parameters
    ----------
    retellings
        Observations that name the report they pass on.
    reports
        What stands, by id.
    """
    found: list[Finding] = []
    for report in retellings:
        said: Observation = report.statement
        origin = reports.get(said.retells) if said.retells else None
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


def _above(
    whole: Claim, top: Decimal, parts: Iterable[tuple[Subject, Claim]], zone: tzinfo
) -> Iterator[Finding]:
    given = [
        (Part(subject.sex, band_of(subject), int(claim.quantity.lowest)), claim)
        for subject, claim in parts
        if claim.quantity.lowest is not None
    ]
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


def _is_stock(subject: Subject, place: PlaceCode) -> bool:
    return (
        subject.event == "headcount"
        and subject.place == place
        and subject.measure == "stock"
        and subject.is_whole
        and subject.unit == "people"
        and subject.group in THERE
    )


def _by_claimant(series: Series) -> Iterable[list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in series.claims:
        found.setdefault(claim.report.claimant, []).append(claim)
    return found.values()


class _Change(NamedTuple):
    """A change between two counts that wants a question."""

    code: str
    before: Claim
    after: Claim


def _unexplained(before: Claim, after: Claim, flows: _Flows) -> _Change | None:
    was, now = before.quantity, after.quantity
    if was.lowest is None or was.highest is None or now.lowest is None or now.highest is None:
        return None
    fall, rise = was.lowest - now.highest, now.lowest - was.highest
    slack = max(_SLACK, max(was.highest, now.highest) * _SLACK_SHARE)
    if fall > slack:
        moved, by = flows.most("left", before, after)
        beyond, other = fall - moved, "came"
    elif rise > slack:
        moved, by = flows.most("came", before, after)
        beyond, other = rise - moved, "left"
    else:
        return None
    if beyond <= slack:
        return None
    if fall >= was.lowest * _EMPTIED:
        return _Change("site_emptied", before, after)
    if by or flows.most(other, before, after)[1]:
        return _Change("headcount_against_flows", before, after)
    return None


def _asked(place: PlaceCode, changes: Sequence[_Change], flows: _Flows, zone: tzinfo) -> Finding:
    """Ask about changes of one kind between the counts of one claimant."""
    last, shown = changes[-1], changes[-_SHOWN:]
    who, when = named(last.after.claimant), said_when(last.after.report, zone)
    text = (
        f"{who} counts {last.after.quantity} at {named(place)} on {when} and "
        f"{last.before.quantity} before"
    )
    left, left_by = flows.most("left", last.before, last.after)
    came, _ = flows.most("came", last.before, last.after)
    moved = f"claimed movements between the two allow {say_number(left)} to leave"
    if last.code == "site_emptied":
        told = moved if left_by else "nobody says where the others went"
        text = f"{text}; {told}. A movement to ask about, not an error."
    else:
        text = f"{text}; {moved} and {say_number(came)} to come."
    earlier = len(changes) - 1
    if earlier:
        times = "once" if earlier == 1 else f"{earlier:,} times"
        text = f"{text} It was so {times} before."
    counts = {c.report.id: c for change in shown for c in (change.before, change.after)}
    return Finding(
        last.code,
        "ask",
        place,
        text,
        tuple(
            (f"{who}, {said_when(count.report, zone)}", str(count.quantity))
            for count in counts.values()
        ),
        tuple(sorted({*counts, *_movements(shown, flows)})),
    )


def _movements(changes: Iterable[_Change], flows: _Flows) -> Iterator[ReportId]:
    for change in changes:
        for end in ("left", "came"):
            for claim in flows.most(end, change.before, change.after)[1]:
                yield claim.report.id


class _Flows:
    """Movements at a place; the most that any one claimant's allow between two counts."""

    def __init__(self, place: PlaceCode, told: Told) -> None:
        self._runs: dict[str, list[_Run]] = {"came": [], "left": []}
        for subject, series in told.items():
            if subject.event == "headcount" or not subject.is_whole or subject.unit != "people":
                continue
            ends = ("came", "left") if subject.event == "arrival" else ("left", "came")
            runs = [_Run(claims, subject.measure) for claims in _by_claimant(series)]
            for end, at in zip(ends, (subject.place, subject.other_end), strict=True):
                if at == place:
                    self._runs[end].extend(runs)
        every = {end: [c for run in runs for c in run.claims] for end, runs in self._runs.items()}
        self._begins = {end: sorted(c.report.begins for c in told) for end, told in every.items()}
        self._ends = {end: sorted(c.report.as_of for c in told) for end, told in every.items()}

    def most(self, end: str, before: Claim, after: Claim) -> tuple[Decimal, Sequence[Claim]]:
        """Return the largest movement that one claimant gives of the time between, with its claims."""
        start, stop = before.report.begins, after.report.as_of
        best = _NOTHING
        if bisect_left(self._begins[end], stop) == bisect_right(self._ends[end], start):
            # All that began by then were over before.
            return best
        for run in self._runs[end]:
            found = run.between(start, stop)
            if found is not _NOTHING and found[1] and (not best[1] or found[0] > best[0]):
                best = found
        return best


class _Run:
    """Movements that one claimant gives of one subject, in order, with what they add up to."""

    def __init__(self, claims: list[Claim], measure: str) -> None:
        self.claims = claims
        self._is_total = measure == "cumulative"
        self._begins = [claim.report.begins for claim in claims]
        self._ends = [claim.report.as_of for claim in claims]
        self._sums = [_NONE, *accumulate(claim.quantity.stated for claim in claims)]
        self._is_in_order = all(a <= b for a, b in pairwise(self._begins))

    def between(self, start: datetime, stop: datetime) -> tuple[Decimal, Sequence[Claim]]:
        """Return what moved in a time, where any of it may lie in that time, with its claims."""
        first = bisect_right(self._ends, start)
        if first == len(self._ends) or (self._is_in_order and self._begins[first] >= stop):
            return _NOTHING
        if self._is_in_order:
            last = bisect_left(self._begins, stop, first)
            if not self._is_total:
                return (self._sums[last] - self._sums[first], self.claims[first:last])
            within = self.claims[last - 1 : last]
        else:
            within = [c for c in self.claims[first:] if c.report.begins < stop]
        if self._is_total:
            # What was there at the start may be in the total: the most is the whole of it.
            within = within[-1:]
        return (sum((claim.quantity.stated for claim in within), _NONE), within)

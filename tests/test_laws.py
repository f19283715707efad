"""Laws that hold of every ledger, tried on small ones made up of a few kinds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corridor.picture import Picture, picture
from corridor.picture.incremental import Memory
from corridor.report import HANDLINGS, Entry, Handling, report_id
from stories import END, Story, at, day, entry, two_valleys

CLAIMANTS = ("north", "south", "agency")
PLACES = st.sampled_from(["town", "camp", "hub"])
AMOUNTS = st.sampled_from(["up to 7", "over 3", "5-9", "0", "4", "12.5", "about 8"])
DAYS = st.integers(2, 12)
MOMENTS = st.integers(1, 13).map(day)
CLEARANCES = st.sampled_from(HANDLINGS)

Raw = dict[str, Any]


@st.composite
def raws(draw: st.DrawFn) -> Raw:
    """Return a report to come, as the door reads it; some share an id, some name another report."""
    made: Raw = draw(
        st.one_of(
            _COUNTS,
            _MOVES,
            _HEADS,
            _LEFT,
            _CAME,
            _SITES,
            _TOLD_ON,
            _ROADS,
            _ANSWERS,
            _RULES,
            _STRIKES,
            _MORE,
        )
    )
    number = draw(DAYS)
    made["claimant"] = made["channel"] = draw(st.sampled_from(CLAIMANTS))
    made["key"] = str(draw(st.integers(1, 30)))
    made["learned"] = at(number + draw(st.integers(0, 2)))
    made["observed"] = draw(st.sampled_from([at(number), day(number).date().isoformat()]))
    made["handling"] = draw(CLEARANCES)
    if made.pop("strikes", False):
        target = report_id(made["channel"], str(draw(st.integers(1, 30))))
        made["retracts" if made["kind"] == "retraction" else "corrects"] = target
    elif draw(st.integers(0, 7)) == 0:
        denied = report_id(draw(st.sampled_from(CLAIMANTS)), str(draw(st.integers(1, 30))))
        made |= {"speech_act": "denied", "denies": denied}
    return made


def _made(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


_FOOD = st.sampled_from(["food", "flour"])
_COUNTS = _made(
    "stock_count",
    place=PLACES,
    commodity=_FOOD,
    quantity=AMOUNTS.map(lambda amount: f"{amount} t"),
    strikes=st.booleans(),
)
_MOVES = _made(
    "consignment",
    commodity=_FOOD,
    stage=st.sampled_from(["dispatched", "received", "distributed", "lost", "held"]),
    quantity=AMOUNTS.map(lambda amount: f"{amount} t"),
    origin=st.just("hub"),
    destination=st.sampled_from(["town", "camp"]),
    consignment=st.sampled_from([None, "W-1", "W-2"]),
    speech_act=st.sampled_from(["stated", "announced", "promised"]),
)
_HEADS = _made(
    "headcount",
    place=PLACES,
    quantity=AMOUNTS.map(lambda amount: f"{amount} people"),
    max_age=st.sampled_from([None, 17]),
    strikes=st.booleans(),
)
_LEFT = _made(
    "departure",
    place=PLACES,
    quantity=AMOUNTS.map(lambda amount: f"{amount} people"),
    measure=st.sampled_from(["flow", "cumulative"]),
    since=st.just(at(2)),
)
_CAME = _made(
    "arrival",
    place=PLACES,
    origin=st.sampled_from([None, "camp", "hub"]),
    quantity=AMOUNTS.map(lambda amount: f"{amount} people"),
    max_age=st.sampled_from([None, 17]),
    strikes=st.booleans(),
)
_SITES = st.one_of(
    _made(
        "site",
        place=PLACES,
        type=st.just("camp"),
        inside_base=st.sampled_from(["yes", "no", "unknown"]),
    ),
    _made("shelter_unit", place=PLACES, shelter_unit=st.just("u-1"), type=st.just("tent"),
          floor_m2=st.just("20")),
    _made("occupancy", place=PLACES, shelter_unit=st.sampled_from([None, "u-1"]),
          quantity=AMOUNTS.map(lambda amount: f"{amount} people"), strikes=st.booleans()),
    _made("feedback", place=PLACES, ticket=st.sampled_from(["t-1", "t-2"]),
          category=st.just("water"), stage=st.sampled_from(["received", "answered"])),
)  # fmt: skip
_TOLD_ON = _made(
    "observation",
    indicator=st.just("copied"),
    retells=st.tuples(st.sampled_from(CLAIMANTS), st.integers(1, 30)).map(
        lambda who: report_id(who[0], str(who[1]))
    ),
    quantity=AMOUNTS.map(lambda amount: f"{amount} people"),
    retold_as=st.sampled_from(["", "soldiers"]),
)
_ROADS = _made(
    "road_status",
    road=st.just("road"),
    status=st.sampled_from(["open", "restricted", "closed"]),
    towards=st.sampled_from([None, "town"]),
    user=st.sampled_from(["all", "patients"]),
)
_ANSWERS = _made(
    "passage_answer",
    request=st.just("r-1"),
    answer=st.sampled_from(["granted", "refused", "revoked"]),
)
_RULES = st.sampled_from(
    [
        {"kind": "setting", "name": "order_of_names", "value": "south,north"},
        {"kind": "setting", "name": "time_zone", "value": "Asia/Yerevan"},
        {"kind": "setting", "name": "road_status_expires_h", "value": "24"},
        {"kind": "need_rate", "commodity": "food", "quantity": "0.5 kg"},
        {
            "kind": "place_name",
            "place": "town",
            "name": "Mill",
            "language": "en",
            "used_by": "north",
        },
    ]
).map(dict)
_MORE = st.sampled_from(
    [
        {"kind": "place", "place": "town", "type": "settlement", "within": "camp"},
        {"kind": "commodity", "commodity": "food", "name": "Grain", "unit": "kg"},
        {"kind": "commodity", "commodity": "flour", "name": "Flour", "unit": "boxes"},
        {"kind": "setting", "name": "double_count_days", "value": "0.5"},
        {"kind": "setting", "name": "stated_end_factor", "value": "0.5"},
        {
            "kind": "adopted",
            "subject": "people",
            "place": "town",
            "quantity": "9 people",
            "decided_by": "head of operations",
            "reason": "counted twice",
        },
        {
            "kind": "adopted",
            "subject": "stock",
            "place": "town",
            "commodity": "food",
            "quantity": "9 t",
            "decided_by": "head of operations",
            "reason": "counted twice",
        },
        {
            "kind": "hold",
            "road": "road",
            "decided_by": "head of operations",
            "reason": "bridge",
            "until": at(8),
        },
        {
            "kind": "pipeline",
            "commodity": "food",
            "place": "hub",
            "quantity": "5 t",
            "expected_from": at(3),
            "expected_until": at(6),
        },
        {"kind": "party", "party": "north", "name": "North"},
        {"kind": "setting", "name": "feedback_overdue_days", "value": "2"},
        {"kind": "place", "place": "camp", "type": "camp", "lat": "10", "lon": "20"},
    ]
).map(dict)
_STRIKES = _made("retraction", strikes=st.just(True))


def _land() -> tuple[Entry, ...]:
    story = Story().land()
    story.say(
        "passage_request",
        request="r-1",
        road="road",
        towards="town",
        asked_of="north",
        carrier="agency",
        window_from=at(9),
        window_until=at(9, 12),
    )
    return story.entries


LAND = _land()


def told(made: list[Raw]) -> tuple[Entry, ...]:
    story = Story()
    for raw in made:
        story.say(raw["kind"], **{name: raw[name] for name in raw if name != "kind"})
    return (*LAND, *(entry(report, seq) for seq, report in enumerate(story.reports, start=100)))


LEDGERS = st.lists(raws(), max_size=14).map(told)


def see(entries: tuple[Entry, ...], clearance: Handling = "sealed") -> Picture:
    return picture(entries, at=END, known_at=END, clearance=clearance)


@settings(max_examples=60)
@given(ledger=LEDGERS, data=st.data())
def test_the_order_in_which_reports_arrive_changes_no_byte(
    ledger: tuple[Entry, ...], data: st.DataObject
) -> None:
    shuffled = tuple(data.draw(st.permutations(ledger)))
    assert repr(see(shuffled)) == repr(see(ledger))


@settings(max_examples=30)
@given(ledger=LEDGERS, data=st.data())
def test_recording_twice_is_recording_once(ledger: tuple[Entry, ...], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(ledger), max_size=8))
    twins = tuple(entry(one.report, 900 + n) for n, one in enumerate(again))
    assert repr(see((*ledger, *twins))) == repr(see(ledger))


@settings(max_examples=60)
@given(ledger=LEDGERS, made=raws())
def test_a_withdrawn_report_counts_nowhere_and_stays_readable(
    ledger: tuple[Entry, ...], made: Raw
) -> None:
    assume(made["kind"] != "retraction" and not made.keys() & {"corrects", "denies"})
    story = Story()
    made = made | {"key": "withdrawn"}
    claim = story.say(made.pop("kind"), made.pop("claimant"), **made)
    claimant = story.reports[0].claimant
    withdrawal = story.say("retraction", claimant, retracts=claim, key="withdrawal")
    with_both = see((*ledger, *story.entries))
    without = see(ledger)
    assert (story.reports[0], withdrawal) in with_both.struck
    assert claim not in with_both.reports
    for part in ("stocks", "people", "roads", "transit", "findings", "unknowns", "reports"):
        assert repr(getattr(with_both, part)) == repr(getattr(without, part)), part


@settings(max_examples=60)
@given(ledger=LEDGERS, known_at=MOMENTS, moment=MOMENTS, clearance=CLEARANCES)
def test_what_was_learned_later_shows_nowhere_in_what_was_known_before(
    ledger: tuple[Entry, ...], known_at: Any, moment: Any, clearance: Handling
) -> None:
    before = tuple(one for one in ledger if one.report.learned_at <= known_at)
    when = {"at": moment, "known_at": known_at, "clearance": clearance}
    assert repr(picture(ledger, **when)) == repr(picture(before, **when))


@settings(max_examples=60)
@given(ledger=LEDGERS, more=LEDGERS, clearance=CLEARANCES)
def test_reports_of_higher_handling_change_no_byte_of_a_lower_view(
    ledger: tuple[Entry, ...], more: tuple[Entry, ...], clearance: Handling
) -> None:
    level = HANDLINGS.index(clearance)
    higher = tuple(one for one in more if HANDLINGS.index(one.report.handling) > level)
    below, same = see(ledger, clearance), see((*higher, *ledger), clearance)
    assert below.digest == same.digest
    assert repr(below) == repr(same)


@settings(max_examples=60)
@given(ledger=LEDGERS)
def test_a_picture_holds_what_it_says_it_rests_on(ledger: tuple[Entry, ...]) -> None:
    view = see(ledger)
    seen = {*view.reports, *(report.id for report, _ in view.struck)}
    named = {name for f in (*view.findings, *view.unknowns) for name in f.basis}
    named |= {name for line in view.stocks for name in line.stock.basis}
    named |= {name for line in view.transit for name in line.basis}
    assert named <= {one.report.id for one in ledger}
    assert seen <= {one.report.id for one in ledger}


@settings(max_examples=60)
@given(ledger=LEDGERS)
def test_no_end_of_a_range_lies_beyond_the_other(ledger: tuple[Entry, ...]) -> None:
    view = see(ledger)
    ranges = [one for line in view.stocks for one in (line.stock, line.need_per_day)]
    ranges += [line.days_of_cover for line in view.stocks]
    ranges += [one for line in view.people for one in (line.counted, line.now)]
    ranges += [line.quantity for line in view.transit]
    for one in ranges:
        ends = [end for end in (one.low, one.best, one.high) if end is not None]
        assert ends == sorted(ends), one
        assert all(end >= 0 for end in ends), one


WAYBILLS = st.lists(
    st.tuples(*(st.integers(0, 20) for _ in range(4)), st.sampled_from(["town", "camp"])),
    max_size=6,
)


@settings(max_examples=40)
@given(waybills=WAYBILLS)
def test_goods_that_move_are_neither_made_nor_lost(waybills: list[tuple[Any, ...]]) -> None:
    story = Story().land()
    start = {"hub": 200, "town": 50, "camp": 0}
    for place, amount in start.items():
        story.say(
            "stock_count", place=place, commodity="food", quantity=f"{amount} t", observed=at(2)
        )
    gone = 0
    for number, (sent, missing, lost, out, to) in enumerate(waybills):
        received = max(0, sent - missing)
        lost, out = min(lost, sent - received), min(out, received)
        gone += lost + out
        for hour, (stage, amount) in enumerate(
            (("dispatched", sent), ("received", received), ("lost", lost), ("distributed", out))
        ):
            if amount:
                story.say(
                    "consignment",
                    commodity="food",
                    stage=stage,
                    quantity=f"{amount} t",
                    origin="hub",
                    destination=to,
                    consignment=f"W-{number}",
                    observed=at(3 + number, hour),
                )
    view = story.picture()
    stocks = sum((line.stock.best or Decimal(0) for line in view.stocks), Decimal(0))
    moving = sum((line.quantity.best or Decimal(0) for line in view.transit), Decimal(0))
    assert stocks + moving == sum(start.values()) - gone


def test_the_invented_operation_keeps_the_laws_of_order_and_clearance() -> None:
    entries = two_valleys()
    for clearance in HANDLINGS:
        level = HANDLINGS.index(clearance)
        own = tuple(e for e in entries if HANDLINGS.index(e.report.handling) <= level)
        assert repr(see(entries[::-1], clearance)) == repr(see(own, clearance))


@settings(max_examples=80)
@given(
    ledger=LEDGERS,
    steps=st.lists(st.tuples(st.integers(0, 6), MOMENTS, MOMENTS), max_size=8),
    clearance=CLEARANCES,
    data=st.data(),
)
def test_a_picture_kept_up_report_by_report_is_the_picture_folded_from_the_start(
    ledger: tuple[Entry, ...],
    steps: list[tuple[int, Any, Any]],
    clearance: Handling,
    data: st.DataObject,
) -> None:
    arriving = list(data.draw(st.permutations(ledger)))
    memory, seen = Memory(clearance), []
    latest = day(1)
    for number, moment, known_at in [*steps, (len(arriving), END, END)]:
        fresh, arriving = arriving[:number], arriving[number:]
        memory.add(fresh)
        seen.extend(fresh)
        latest = known_at = max(known_at, latest)
        when = {"at": moment, "known_at": known_at}
        whole = picture(seen, clearance=clearance, **when)
        kept = memory.picture(**when)
        assert kept == whole
        assert repr(kept) == repr(whole)

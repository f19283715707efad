"""How fast a picture is folded, kept up report by report, repeated and opened, beside what bounds it.

The ledger is invented from a seed: two months, 50 places, 12 commodities, 40 roads, 30 claimants;
half counts of people, a fifth counts of stock, the rest movements, road reports and people who left.
One report in fifty corrects, withdraws or denies another.

    python benchmarks/picture_volume.py [REPORTS]
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from generate import begun

from corridor.operation import Operation
from corridor.picture import picture
from corridor.picture.build import by_register
from corridor.picture.incremental import Memory
from corridor.registers import access, decisions, general, geography, people, supply
from corridor.registers.access import RoadStatus
from corridor.registers.general import Setting
from corridor.registers.geography import Place, Road
from corridor.registers.people import Departure, Headcount
from corridor.registers.supply import Commodity, Consignment, NeedRate, StockCount
from corridor.report import Entry, Report, Retraction, digest_of, report_id, standing, visible
from corridor.values import Quantity
from corridor.wire import body_digest, decode, encode

START = datetime(2030, 5, 1, tzinfo=UTC)
SPAN = timedelta(days=60)
END = START + SPAN + timedelta(days=1)
PLACES = [f"place-{n}" for n in range(50)]
GOODS = [f"good-{n}" for n in range(12)]
ROADS = [f"road-{n}" for n in range(40)]
CLAIMANTS = [f"claimant-{n}" for n in range(30)]


def land(pick: random.Random) -> Iterator[Any]:
    yield Setting("time_zone", "Asia/Yerevan")
    for n, place in enumerate(PLACES):
        yield Place(place, "hub" if n < 5 else "settlement")
    for n, road in enumerate(ROADS):
        yield Road(road, PLACES[n % 5], PLACES[5 + n % 45], Decimal(40), Decimal(2))
    for good in GOODS:
        yield Commodity(good, good, "t", kg_per_unit=Decimal(1000))
        yield NeedRate(good, Quantity(Decimal(pick.randint(1, 9)) / 10, "kg"))


def event(pick: random.Random, number: int) -> Any:
    chance = pick.random()
    place, good = pick.choice(PLACES), pick.choice(GOODS)
    if chance < 0.5:
        people_there = Quantity(Decimal(5000 + pick.randint(-300, 300)), "people")
        group = pick.choice(["present", "sheltered", "patients"])
        return Headcount(place, people_there, group)
    if chance < 0.7:
        return StockCount(place, good, Quantity(Decimal(pick.randint(80, 120)), "t"))
    if chance < 0.85:
        amount = Quantity(Decimal(pick.randint(5, 25)), "t")
        stage, waybill = pick.choice(["dispatched", "received"]), f"W-{number // 3}"
        code = None if pick.random() < 0.2 else waybill
        return Consignment(good, stage, amount, place, code, PLACES[number % 5])
    if chance < 0.95:
        status = pick.choice(["open", "restricted", "closed"])
        return RoadStatus(pick.choice(ROADS), status, user=pick.choice(["all", "patients"]))
    return Departure(place, Quantity(Decimal(pick.randint(1, 90)), "people"))


def reports(size: int, seed: int = 1) -> Iterator[Report[Any]]:
    """Yield reports in the order in which they are learned."""
    pick = random.Random(seed)
    lasting = list(land(pick))
    made: list[Report[Any]] = []
    for number in range(size):
        is_land = number < len(lasting)
        when = START + SPAN * (number / size)
        claimant = "operation" if is_land else pick.choice(CLAIMANTS)
        said = lasting[number] if is_land else event(pick, number)
        more: dict[str, Any] = {}
        if not is_land and made and pick.random() < 0.02:
            other = pick.choice(made)
            claimant = other.claimant
            how = pick.choice(["corrects", "retracts", "denies"])
            more = {how: other.id, "speech_act": "denied" if how == "denies" else "stated"}
            said = Retraction() if how == "retracts" else other.statement
        report = Report(
            id=report_id(claimant, str(number)),
            statement=said,
            channel=claimant,
            key=str(number),
            claimant=claimant,
            learned_at=when + timedelta(minutes=pick.randint(0, 600)),
            observed_from=None if is_land else when - timedelta(hours=6),
            observed_until=None if is_land else when,
            precision="range",
            handling="partners" if pick.random() < 0.5 else "restricted",
            **more,
        )
        if not is_land and not more:
            made.append(report)
            if len(made) > 2000:
                made = made[1000:]
        yield report


def entry(report: Report[Any], number: int) -> Entry:
    return Entry(number, END, "teller", body_digest(encode(report)), "", report)


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor time of this process, so that other work on the machine counts less."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def folded(stood: tuple[Report[Any], ...]) -> tuple[Any, ...]:
    told = by_register(stood)
    return (
        general.fold(told["any"]),
        geography.fold(told["geography"]),
        access.fold(told["access"], at=END, expires_h=Decimal(48)),
        supply.fold(told["supply"]),
        people.fold(told["people"]),
        decisions.fold(told.get("decisions", ()), at=END),
    )


def tell(what: str, spent: float, count: int = 0, note: str = "") -> None:
    rate = f"{count / spent:>12,.0f} a second" if count else ""
    print(f"{what:58} {spent * 1000:10.1f} ms{rate}  {note}", flush=True)


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    extra = 60
    print(f"{size:,} reports")
    entries = [entry(report, n) for n, report in enumerate(reports(size + extra), start=1)]
    bodies = [encode(one.report) for one in entries[:size]]
    whole, more = entries[:size], entries[size:]
    gc.freeze()
    when = {"at": END, "known_at": END}
    tell("bare loop over the reports, reading two fields", seconds(
        lambda: [r for e in whole if (r := e.report).learned_at <= END]), size)  # fmt: skip
    tell("limit: orjson decoding of the same bodies", seconds(
        lambda: [orjson.loads(body) for body in bodies]), size)  # fmt: skip
    tell("decoding to reports", seconds(lambda: [decode(body) for body in bodies]), size)
    seen = visible(whole, known_at=END, clearance="restricted")
    stood = standing(seen).reports
    tell("  visible", seconds(
        lambda: visible(whole, known_at=END, clearance="restricted")), size)  # fmt: skip
    tell("  standing", seconds(lambda: standing(seen)), size)
    tell("  digest", seconds(lambda: digest_of(seen)), size)
    tell("  fold: the six registers", seconds(lambda: folded(stood)), size)
    tell("pure picture", seconds(lambda: picture(whole, clearance="restricted", **when)), size)
    memory = Memory("restricted")
    memory.add(whole)
    tell("first picture of the memory", seconds(lambda: memory.picture(**when)), size)
    spent = []
    for one in more:
        memory.add([one])
        spent.append(seconds(lambda: memory.picture(**when)))
    tell(
        "one new report: its picture, median",
        statistics.median(spent),
        0,
        f"slowest {max(spent) * 1000:.1f} ms",
    )
    spent = []
    for n in range(20):
        last = dict.fromkeys(("at", "known_at"), END + timedelta(seconds=n + 1))
        spent.append(seconds(partial(memory.picture, **last)))
    tell("no new report, a second later, median", statistics.median(spent))
    same = memory.picture(**last) == picture(entries, clearance="restricted", **last)
    print(f"equal to the pure picture: {same}")
    through_the_operation(size, extra)


def through_the_operation(size: int, extra: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "relief"
        operation = begun(place, "Relief", clock=lambda: END)
        told = list(reports(size + extra))
        operation.ledgers.record(told[:size], "teller", END)
        opened = Operation(place, clock=lambda: END)
        tell(
            "cold start: open, read, fold",
            seconds(lambda: opened.picture(at=END, known_at=END)),
            size,
        )
        tell("repeated picture", statistics.median(
            seconds(lambda: opened.picture(at=END, known_at=END)) for _ in range(20)))  # fmt: skip
        spent = []
        for one in told[size:]:
            opened.ledgers.record([one], "teller", END)
            spent.append(seconds(lambda: opened.picture(at=END, known_at=END)))
        tell("one new report in the ledger: its picture, median", statistics.median(spent[1:]), 0,
             f"first {spent[0] * 1000:.1f} ms, slowest after {max(spent[1:]) * 1000:.1f} ms")  # fmt: skip


if __name__ == "__main__":
    main()

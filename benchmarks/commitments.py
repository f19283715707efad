"""How long the matrix of 600 commitments against 5,000 consignments takes; the limit is 0.2 s for each step.

.venv/bin/python benchmarks/commitments.py
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from corridor.briefs import render
from corridor.briefs.talks import matrix
from corridor.picture import picture
from corridor.picture.dialogue import dialogue_of
from corridor.registers.dialogue import Commitment, Deliverable, Performance
from corridor.registers.geography import Organisation, Party, Place
from corridor.registers.supply import Commodity, Consignment
from corridor.report import Entry, Report, report_id
from corridor.units import Unit
from corridor.values import (
    CommitmentCode,
    CommodityCode,
    ConsignmentCode,
    DeliverableCode,
    PartyCode,
    PlaceCode,
    Quantity,
)
from corridor.wire import body_digest, encode

COMMITMENTS = 600
CONSIGNMENTS = 5_000
PLACES = 40
GOODS = 12
LIMIT_S = 0.2
RUNS = 5
START = datetime(2030, 1, 1, tzinfo=UTC)
NORTH, SOUTH, AGENCY = PartyCode("north"), PartyCode("south"), PartyCode("agency")


def entries(seed: int) -> list[Entry]:
    """Return a ledger of promises of goods to 40 places, and of consignments told by three claimants."""
    draw = random.Random(seed)
    made: list[Entry] = []

    def say(statement: Any, claimant: PartyCode, hour: int) -> None:
        moment = START + timedelta(hours=hour)
        key = str(len(made))
        report: Report[Any] = Report(
            id=report_id("bench", key),
            statement=statement,
            channel="bench",
            key=key,
            claimant=claimant,
            learned_at=moment,
            published_at=moment,
            observed_from=moment,
            observed_until=moment,
        )
        digest = body_digest(encode(report))
        made.append(Entry(len(made) + 1, moment, "bench", digest, "", report))

    def tonnes() -> Quantity:
        return Quantity(Decimal(draw.randrange(5, 60)), Unit("t"))

    for party in (NORTH, SOUTH):
        say(Party(party, party.title()), PartyCode("operation"), 0)
    say(Organisation(AGENCY, "Agency", "humanitarian"), PartyCode("operation"), 0)
    for number in range(PLACES):
        say(Place(PlaceCode(f"place-{number}"), "settlement"), PartyCode("operation"), 0)
    for number in range(GOODS):
        goods = CommodityCode(f"goods-{number}")
        say(Commodity(goods, f"Goods {number}", "t"), PartyCode("operation"), 0)
    for number in range(COMMITMENTS):
        hour, code = draw.randrange(1, 900), DeliverableCode(f"d-{number}")
        goods, place = draw.randrange(GOODS), draw.randrange(PLACES)
        due = START + timedelta(hours=hour + draw.randrange(24, 240))
        deliverable = Deliverable(
            code,
            CommodityCode(f"goods-{goods}"),
            tonnes(),
            PlaceCode(f"place-{place}"),
            due=due,
        )
        say(deliverable, PartyCode("operation"), hour)
        promise = CommitmentCode(f"promise-{number}")
        owner, other = (NORTH, SOUTH) if draw.random() < 0.5 else (SOUTH, NORTH)
        more = {"deadline": due, "made_as": "agreed", "verifier": AGENCY, "deliverables": (code,)}
        said = Commitment(promise, owner, "deliver", f"goods {goods}", other, **more)  # type: ignore[arg-type]
        say(said, other, hour)
        if draw.random() < 0.5:
            say(Performance("done", promise), draw.choice((owner, other, AGENCY)), hour + 20)
    for number in range(CONSIGNMENTS):
        stage = draw.choice(("dispatched", "received", "received", "held"))
        said = Consignment(
            CommodityCode(f"goods-{draw.randrange(GOODS)}"),
            stage,
            tonnes(),
            PlaceCode(f"place-{draw.randrange(PLACES)}"),
            ConsignmentCode(f"WB-{number // 2}") if draw.random() < 0.7 else None,
        )
        say(said, draw.choice((NORTH, SOUTH, AGENCY)), draw.randrange(1, 1000))
    return made


def least(step: Callable[[], Any]) -> tuple[float, Any]:
    """Return the least processor time of some runs, and what the last returned."""
    best, result = float("inf"), None
    for _ in range(RUNS):
        gc.collect()
        start = time.process_time()
        result = step()
        best = min(best, time.process_time() - start)
    return best, result


def main() -> None:
    at = START + timedelta(hours=1000)
    shown = picture(entries(1), at=at, known_at=at, clearance="restricted")
    took, view = least(lambda: dialogue_of(shown))
    could = sum(len(held.goods) for held in view.held.values())
    print(f"{COMMITMENTS} commitments, {CONSIGNMENTS:,} consignments, {could:,} that could count")
    steps = [("fold and look up", took)]
    took, made = least(lambda: matrix(view, edition="restricted"))
    steps.append(("matrix", took))
    steps += [
        (f"as {form}", least(lambda form=form: render(made, form))[0])
        for form in ("json", "html", "text")
    ]  # type: ignore[misc]
    for what, took in steps:
        print(f"{what:<18}{took:6.3f} s")
    total = steps[0][1] + steps[1][1]
    print(
        f"{'matrix from picture':<18} {total:6.3f} s, limit {LIMIT_S} s: {'met' if total < LIMIT_S else 'not met'}"
    )


if __name__ == "__main__":
    main()

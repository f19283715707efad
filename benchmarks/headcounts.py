"""How long it takes to fold 100,000 headcounts, and to ask what they leave open; the limit is 2 s for the fold.

.venv/bin/python benchmarks/headcounts.py
"""

from __future__ import annotations

import gc
import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from corridor.registers import people
from corridor.registers.people import Arrival, Departure, Headcount
from corridor.report import Report, report_id
from corridor.shelter import by_place, people_questions, protection_questions, shares_of
from corridor.standards.age_bands import in_bands
from corridor.units import Unit
from corridor.values import PartyCode, PlaceCode, Quantity

COUNTS = 100_000
LIMIT_S = 2.0
START = datetime(2030, 1, 1, tzinfo=UTC)


def counts(seed: int) -> list[Report]:
    """Return headcounts, whole and in parts, at 200 places by 8 claimants, with movements among them."""
    draw = random.Random(seed)
    made = []
    for number in range(COUNTS):
        place = PlaceCode(f"site-{draw.randrange(200)}")
        amount = draw.randrange(50, 3000)
        figure = Quantity(Decimal(amount), Unit("people"))
        kind = draw.random()
        bands = f"f 0-17 {amount // 5}; m 0-17 {amount // 5}; 18+ {amount // 2}"
        if kind < 0.7:
            said = Headcount(place, figure, "sheltered", bands=bands if kind < 0.2 else "")
        elif kind < 0.9:
            said = Headcount(place, figure, "sheltered", max_age=17)
        elif kind < 0.95:
            said = Arrival(place, figure)
        else:
            said = Departure(place, figure)
        moment = START + timedelta(minutes=5 * number)
        made.append(
            Report(
                id=report_id("bench", str(number)),
                statement=said,
                channel="bench",
                key=str(number),
                claimant=PartyCode(f"claimant-{draw.randrange(8)}"),
                learned_at=moment,
                observed_from=moment,
                observed_until=moment,
            )
        )
    return made


def timed(what: str, work) -> tuple[float, object]:
    gc.collect()
    start, busy = time.perf_counter(), time.process_time()
    found = work()
    took, worked = time.perf_counter() - start, time.process_time() - busy
    print(f"{what:<44} {took:6.2f} s, {worked:6.2f} s of processor")
    return worked, found


def main() -> None:
    given = counts(1)
    print(f"{COUNTS:,} reports of people")
    folded, register = timed("fold", lambda: people.fold(given))
    timed("parts above wholes, moves nobody reported", lambda: people_questions(register, UTC))
    timed(
        "shares of children",
        lambda: protection_questions(
            {
                place: shares_of(place, told, UTC)
                for place, told in by_place(register.series).items()
            }
        ),
    )
    timed(
        "bands by sex and age, derived",
        lambda: [in_bands(people.parts_of(report)) for report in given],
    )
    assert folded <= LIMIT_S, f"the fold took {folded:.2f} s, {LIMIT_S} s is the limit"


if __name__ == "__main__":
    main()

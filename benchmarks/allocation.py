"""How long it takes to place 200 families into 60 shelter units, roomy and tight; the limit is 2 s.

.venv/bin/python benchmarks/allocation.py
"""

from __future__ import annotations

import random
import time

from corridor.planning.allocation import Family, Rules, Unit, allocate
from corridor.planning.check_allocation import breaches

LIMIT_S = 2.0
SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9)
WEIGHTS = (8, 14, 18, 20, 16, 11, 7, 4, 2)


def camp(seed: int, floor_share: float) -> tuple[list[Family], list[Unit], Rules]:
    """Return 200 families and 60 units whose floor is so much of what the families need."""
    draw = random.Random(seed)
    rules = Rules(floor_each_m2=3.5)
    people = draw.choices(SIZES, WEIGHTS, k=200)
    needed = sum(people) * rules.floor_each_m2 * floor_share
    shares = [draw.uniform(0.3, 2.5) for _ in range(60)]
    units = [
        Unit(
            f"unit-{n:02}",
            round(needed * share / sum(shares), 1),
            is_step_free=n % 5 == 0,
            most_families=draw.choice((None, 2, 3, 6)),
        )
        for n, share in enumerate(shares)
    ]
    room = {unit.unit: unit.floor_m2 for unit in units}
    families = []
    for n, count in enumerate(people):
        home = ""
        if n < 70:
            fits = [name for name, floor in room.items() if floor >= count * 3.5]
            home = draw.choice(fits) if fits else ""
            if home:
                room[home] -= count * 3.5
        families.append(Family(f"f-{n:03}", count, draw.random() < 0.12, n in (40, 150), home))
    return families, units, rules


def main() -> None:
    slowest = 0.0
    print("floor  seed  seconds  processor s  gap        placed  moved  without  can still take")
    for share in (1.3, 1.0, 0.8):
        for seed in range(4):
            families, units, rules = camp(seed, share)
            start, work = time.perf_counter(), time.process_time()
            made = allocate(families, units, rules)
            took, worked = time.perf_counter() - start, time.process_time() - work
            assert not breaches(made, families, units, rules)
            # On a machine at other work the clock runs on while this waits for a processor.
            slowest = max(slowest, worked)
            print(
                f"{share:5.0%}  {seed:4}  {took:7.3f}  {worked:11.3f}  {made.gap:.2e}  {len(made.homes):6}"
                f"  {len(made.moved):5}  {len(made.without):7}  {made.can_take:5}"
            )
    print(f"slowest: {slowest:.3f} s of processor; limit {LIMIT_S} s")
    assert slowest <= LIMIT_S


if __name__ == "__main__":
    main()

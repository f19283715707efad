"""How long it takes to decide which counts of a release may be shown, against releases before it.

.venv/bin/python benchmarks/disclosure.py
"""

from __future__ import annotations

import random
import time

from corridor.disclosure import PUBLIC, Figure, Rules, Shown, release

BANDS = ("0-4", "5-11", "12-17", "18-59", "60+")


def table(draw: random.Random, sites: int, day: int) -> list[Figure]:
    """Return counts of sites by sex and age with all their margins."""
    cells = [(f"site-{s}", sex, band) for s in range(sites) for sex in "fm" for band in BANDS]
    counts = {cell: draw.choice((draw.randrange(12), draw.randrange(20, 200))) for cell in cells}
    groups: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    for cell in cells:
        site, sex, band = cell
        for name in (
            cell, (site, sex), (site, band), (site,), (sex, band), (sex,), (band,), ("all",),
        ):  # fmt: skip
            groups.setdefault(name, []).append(cell)
    return [
        Figure(
            f"{day} {' '.join(name)}", frozenset(map(" ".join, held)), sum(counts[c] for c in held)
        )
        for name, held in groups.items()
    ]


def main() -> None:
    print("rules    sites  figures  before  kept back  seconds  processor s")
    for rules, name in ((Rules(), "exact"), (PUBLIC, "public")):
        for sites in (1, 3, 6):
            before: tuple[Shown, ...] = ()
            figures = table(random.Random(sites), sites, 1)
            for part in (figures[::2], figures):
                start, work = time.perf_counter(), time.process_time()
                made = release(part, before, rules)
                took, worked = time.perf_counter() - start, time.process_time() - work
                kept = sum(not shown.is_shown for shown in made.figures)
                print(
                    f"{name:<8} {sites:5}  {len(part):7}  {len(before):6}  {kept:9}"
                    f"  {took:7.2f}  {worked:11.2f}"
                )
                before = made.figures


if __name__ == "__main__":
    main()

"""Forecasts on lethal events in the Central African Republic (UCDP GED), each from the days before it.

Counts: country, 2013 to 2022, the sum of the next 28 days, a forecast every 7th day from day 120.
Any event: 17 provinces, data from 2012, forecasts daily for 2014 to 2022, refitted weekly. Base
rate: 1 - exp(-h r), r all incidents so far over all province-days.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from corridor.watch import scores
from corridor.watch.closing import Units, base_rate, happened, recent_rate, rolling
from corridor.watch.discount import forecasts, log_chance, quantile
from watch.known import country_counts, provinces

FIRST = 731  # 1 January 2014


def counts() -> None:
    daily = country_counts()
    origins = np.arange(120, len(daily) - 28 + 1, 7)
    came = np.array([daily[day : day + 28].sum() for day in origins])
    issued = forecasts(daily, np.ones_like(daily), origins, 28)
    low, high = issued.interval(0.90)
    # The peer: the last 90 days as a plain Poisson rate with Jeffreys' prior.
    shape = np.array([daily[day - 90 : day].sum() for day in origins]) + 0.5
    plain = (shape, np.full(len(origins), 90.0), np.full(len(origins), 28.0))
    ends = (quantile(0.05, *plain), quantile(0.95, *plain))
    print(f"28-day counts, {len(origins)} forecasts; targets: 87-93 % covered, log score -3.18")
    print(
        f"  drifting rate      {((low <= came) & (came <= high)).mean():6.1%} covered, "
        f"log score {issued.log_scores(came).mean():.3f}"
    )
    print(
        f"  fixed 90 days      {((ends[0] <= came) & (came <= ends[1])).mean():6.1%} covered, "
        f"log score {log_chance(came, *plain).mean():.3f}"
    )


def any_event() -> None:
    units = provinces()
    print("any event by province; target at 7 days: skill 0.22 (aim 0.25), error 0.01")
    print("days  forecasts  skill  90-day rate  over it  calibration error  (90-day)  computing")
    for horizon in (1, 3, 7, 14):
        origins = np.arange(FIRST, len(units.counts) - horizon + 1)
        start = time.process_time()
        chance = rolling(units, origins, horizon=horizon)
        spent = time.process_time() - start
        came = happened(units, origins, horizon=horizon)
        base = base_rate(units, origins, horizon=horizon)
        recent = recent_rate(units, origins, horizon=horizon)
        compared = scores.compare(chance, recent, came)
        print(
            f"{horizon:4}  {chance.size:9,}  {scores.skill(chance, base, came):5.3f}"
            f"  {scores.skill(recent, base, came):11.3f}  {scores.skill(chance, recent, came):7.3f}"
            f"  {scores.calibration_error(chance, came):17.4f}"
            f"  {scores.calibration_error(recent, came):8.4f}  {spent:7.1f} s  {compared.words}"
        )
        if horizon == 7:
            table = scores.reliability(chance, came)
            any_day = Units(units.counts.clip(max=1), units.effort, units.neighbours)
            stricter = base_rate(any_day, origins, horizon=horizon)
            over_days = scores.skill(chance, stricter, came)
    print(f"at 7 days, over a base rate of days with any event: skill {over_days:.3f}")
    print("reliability at 7 days: said / came / forecasts")
    for row in table:
        print(
            f"  {row.low:4.2f}-{row.high:4.2f}  {row.said:.3f}  {row.came:.3f}  {row.forecasts:,}"
        )


if __name__ == "__main__":
    counts()
    any_event()

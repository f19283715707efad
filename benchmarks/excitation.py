"""Self-excitation: how often the 90 % intervals hold the truth, on 400 simulated series each.

.venv/bin/python benchmarks/excitation.py [series]
"""

from __future__ import annotations

import sys
import time

import numpy as np

from corridor.watch.excitation import excitation, simulated

# Branching ratio, half-life in days, background a day, days.
CASES = ((0.5, 2.0, 0.5, 400.0), (0.3, 2.0, 0.5, 400.0), (0.7, 1.0, 0.3, 400.0))


def main() -> None:
    series = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    print(f"{series} series each; target: 85-95 % of intervals hold the truth")
    for branching, half_life, background, until in CASES:
        held, fitted, incidents = np.zeros(3), [], []
        start = time.process_time()
        for seed in range(1000, 1000 + series):
            times = simulated(
                branching=branching,
                half_life=half_life,
                background=background,
                until=until,
                seed=seed,
            )
            found = excitation(times, until)
            truth = zip(
                (branching, half_life, background),
                (found.branching, found.half_life, found.background),
                strict=True,
            )
            held += [
                float(e.low) <= value <= (np.inf if e.high is None else float(e.high))
                for value, e in truth
            ]
            fitted.append(float(found.branching.best))
            incidents.append(len(times))
        spent = (time.process_time() - start) / series
        print(
            f"n {branching}, half-life {half_life} d, {np.mean(incidents):.0f} incidents: branching"
            f" {held[0] / series:.0%}, half-life {held[1] / series:.0%}, background"
            f" {held[2] / series:.0%}; median n {np.median(fitted):.2f}; {spent:.2f} s a fit"
        )


if __name__ == "__main__":
    main()

"""When training ends, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from corridor.errors import PlanningError
from corridor.planning.multistage.estimate import Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """Where training stands after an iteration.

    Attributes
    ----------
    iteration
        Iterations done.
    bound
        What no policy can beat: below every cost when minimising, above every gain when
        maximising.
    programs
        Stage programs solved.
    cuts
        Cuts found.
    is_risk_neutral
        Whether the mean is what is minimised, so that a simulated mean compares with the bound.
    simulate
        Simulates the policy as it stands: (scenarios, seed) -> `Estimate`.
    """

    iteration: int
    bound: float
    programs: int
    cuts: int
    is_risk_neutral: bool
    simulate: Callable[[int, int], Estimate]


class StoppingRule(Protocol):
    """Says whether training is over."""

    def reason(self, progress: Progress) -> str | None:
        """Return why training ends here, in words, or None to go on."""
        ...


@dataclass(frozen=True, slots=True)
class Iterations:
    """Stop after a number of iterations."""

    limit: int

    def reason(self, progress: Progress) -> str | None:
        """Return the reason once the count is reached."""
        if progress.iteration < self.limit:
            return None
        return f"after {progress.iteration} iterations, as asked; the gap was not tested"


@dataclass(frozen=True, slots=True)
class Gap:
    """Stop when the simulated mean plus two standard errors is close to the bound.

    Simulations are fresh each time, by the graph's own chances. It is a test on a sample: asked
    often enough it passes by luck now and then, so it asks seldom, and its words say what it saw.

    Attributes
    ----------
    relative
        Distance allowed, as a share of the bound.
    every
        Iterations between two tests.
    scenarios
        Futures in a test.
    seed
        Of the first test; each takes the next.
    """

    relative: float
    every: int = 50
    scenarios: int = 200
    seed: int = 0

    def reason(self, progress: Progress) -> str | None:
        """Return the reason once a test passes.

        Raises
        ------
        PlanningError
            When risk is not the mean: a simulated mean is then no upper bound.
        """
        if not progress.is_risk_neutral:
            raise PlanningError(
                "stopping: with a risk measure other than the mean a simulated mean is no bound; "
                "stop by iterations or time"
            )
        if progress.iteration % self.every:
            return None
        found = progress.simulate(self.scenarios, self.seed + progress.iteration)
        reach = abs(found.mean - progress.bound) + 2.0 * found.standard_error
        if reach > self.relative * abs(progress.bound):
            return None
        return (
            f"after {progress.iteration} iterations, mean of {self.scenarios} simulated futures "
            f"{found.mean:.6g} +- {found.standard_error:.2g} (standard error) within "
            f"{self.relative:.3%} of the bound {progress.bound:.6g}"
        )


@dataclass(frozen=True, slots=True)
class Time:
    """Stop when a clock says so. The result then depends on the machine: keep it as a file.

    Attributes
    ----------
    clock
        Seconds from some fixed moment, as `time.monotonic` returns them.
    until
        The clock's reading at which training ends.
    """

    clock: Callable[[], float]
    until: float

    def reason(self, progress: Progress) -> str | None:
        """Return the reason once the time is up."""
        if self.clock() < self.until:
            return None
        return (
            f"by time after {progress.iteration} iterations; the gap was not tested, and another "
            "run may end elsewhere"
        )

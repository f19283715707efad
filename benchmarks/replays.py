"""Replays of an invented operation in which incidents do raise the chance of closing: whose plans leave less unmet?

    .venv/bin/python benchmarks/replays.py [--replays 200] [--days 21]

Two towns, each behind a road of its own, are fed from one hub by trucks that they share. Incidents beside a road
come in spells; for three evenings after one the road closes nine times as readily. Each replay has its own
400 days of reports, then is planned anew every morning by what is known by then, with the same rolling
program and four beliefs about the roads: that they will be open, the rates of the last 90 days, the rates of
all days so far, and these moved by what `corridor.watch.closures` finds incidents do. Differences are
paired: the same roads, the same stocks.
"""

from __future__ import annotations

import os

# Programs this small gain nothing from threads, and lose where cores are busy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from corridor.planning.relief.merging import merged
from corridor.planning.relief.model import Arcs, Chain, Ending, Limits, ReliefModel
from corridor.planning.relief.outcome import Outcome
from corridor.planning.relief.outlooks import Fan
from corridor.planning.relief.policies import Moves, Situation
from corridor.planning.relief.rolling import Rolling
from corridor.planning.relief.simulation import simulate
from corridor.watch.closing import Units
from corridor.watch.closures import CLOSED, USABLE, effect

HISTORY, ROADS, AHEAD, SEED = 400, 2, 8, 1
CALM, RAISED, REOPENS = 0.015, 9.0, 0.15
BEGINS, ENDS, TENSE, QUIET = 0.04, 0.12, 0.7, 0.03
NEED, TRUCKS, ROOM, START = 10.0, 27.0, 70.0, 20.0
# Joint states: both open, the second shut, the first shut, both shut.
STATUS = np.array([[0, 0], [0, 2], [2, 0], [2, 2]])

Believes = Callable[[np.ndarray, np.ndarray, int], np.ndarray]


def told(days: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return incidents, (T, 2), and statuses, (T, 2), of one replay."""
    rng = np.random.default_rng([SEED, seed])
    counts, status = np.zeros((days, ROADS)), np.zeros((days, ROADS), dtype=np.int64)
    tense = rng.random(ROADS) < BEGINS / (BEGINS + ENDS)
    for day in range(days):
        tense = np.where(tense, rng.random(ROADS) >= ENDS, rng.random(ROADS) < BEGINS)
        counts[day] = rng.poisson(np.where(tense, TENSE, QUIET))
        if day:
            lately = counts[max(day - 3, 0) : day].sum(axis=0) > 0
            closes = 1 - (1 - CALM) ** np.where(lately, RAISED, 1.0)
            shut = status[day - 1] == CLOSED
            stays = np.where(shut, rng.random(ROADS) >= REOPENS, rng.random(ROADS) < closes)
            status[day] = np.where(stays, CLOSED, USABLE)
    return counts, status


def all_open(_: np.ndarray, status: np.ndarray, known: int) -> np.ndarray:
    """Every road will be open."""
    del status, known
    return np.broadcast_to(np.array([0.0, 1.0]), (AHEAD, ROADS, 2))


def rates(status: np.ndarray, first: int, known: int) -> np.ndarray:
    """Chances of closing and reopening each road by how often it did, (2 roads, 2)."""
    before, after = status[first : known - 1], status[first + 1 : known]
    closed = (before == USABLE) & (after == CLOSED)
    opened = (before == CLOSED) & (after == USABLE)
    return np.stack(
        [
            (closed.sum(axis=0) + 0.5) / ((before == USABLE).sum(axis=0) + 1),
            (opened.sum(axis=0) + 0.5) / ((before == CLOSED).sum(axis=0) + 1),
        ],
        axis=1,
    )


def last_90_days(_: np.ndarray, status: np.ndarray, known: int) -> np.ndarray:
    """The rates of the last 90 days hold on."""
    return np.broadcast_to(rates(status, known - 90, known), (AHEAD, ROADS, 2))


def all_days(_: np.ndarray, status: np.ndarray, known: int) -> np.ndarray:
    """The rates of all days so far hold on."""
    return np.broadcast_to(rates(status, 0, known), (AHEAD, ROADS, 2))


def moved_by_incidents(counts: np.ndarray, status: np.ndarray, known: int) -> np.ndarray:
    """The rates of all days so far, the chance of closing moved by incidents as fitted to what is known."""
    found = all_days(counts, status, known).copy()
    units = Units(counts[:known], np.ones((known, ROADS)), np.array([[0.0, 1.0], [1.0, 0.0]]))
    fitted = effect(units, status[:known], ahead=AHEAD, count=64, seed=SEED)
    if fitted is not None:
        # Evening by evening; the mean over what is not known of the effect.
        closing = -np.expm1(fitted.factor * np.log1p(-found[..., 0]))
        found[..., 0] = closing.mean(axis=0)
    return found


def joint(chances: np.ndarray) -> np.ndarray:
    """Return the matrices of the joint states, (AHEAD, 4, 4), of two roads that move apart."""
    made = []
    for closing, opening in ((c[:, 0], c[:, 1]) for c in chances):
        one, two = (
            np.array([[1 - closing[r], closing[r]], [opening[r], 1 - opening[r]]]) for r in (0, 1)
        )
        made.append(np.kron(one, two))
    return np.stack(made)


class Believing:
    """A rolling plan for each replay, by what is believed of its roads that morning."""

    def __init__(self, name: str, model: ReliefModel, beliefs: np.ndarray) -> None:
        self.name, self._model, self._beliefs = name, model, beliefs

    def decide(self, situation: Situation) -> Moves:
        """Plan each replay anew; beliefs are (B, T, AHEAD, 4, 4)."""
        made = [self._one(situation, number) for number in range(len(situation.state))]
        return Moves(
            *(
                np.concatenate([getattr(moves, name) for moves in made])
                for name in ("flows", "loads", "served", "spilled", "bought")
            )
        )

    def _one(self, situation: Situation, number: int) -> Moves:
        transition = np.broadcast_to(np.eye(4), (len(self._model.demand) - 1, 4, 4)).copy()
        ahead = transition[situation.day :][:AHEAD]
        ahead[:] = self._beliefs[number, situation.day][: len(ahead)]
        model = replace(self._model, chain=Chain(STATUS, self._model.chain.first, transition))
        small = merged(model, np.arange(3))
        one = Rolling(model, small, Fan(12, SEED), days=AHEAD, name=self.name)
        only = slice(number, number + 1)
        return one.decide(
            Situation(
                situation.day,
                *(
                    getattr(situation, name)[only]
                    for name in ("state", "stock", "backlog", "moving", "loaded")
                ),
            )
        )


def model(days: int) -> ReliefModel:
    """One good; node 0 is the hub, where there is always enough; unmet need is lost, and costs alike anywhere."""
    demand = np.array([[0.0], [NEED], [NEED]])
    nothing = np.zeros(0, dtype=np.int64)
    roads = np.where(STATUS.T == 0, TRUCKS, 0.0)
    return ReliefModel(
        t_per_unit=np.ones(1),
        stock=np.array([[0.0], [START], [START]]),
        backlog=np.zeros((3, 1)),
        supply=np.broadcast_to([[2 * TRUCKS], [0.0], [0.0]], (days, 3, 1)),
        demand=np.broadcast_to(demand, (days, 3, 1)),
        need=demand,
        backlog_keep=0.0,
        deprivation_breaks=np.zeros(0),
        deprivation_cost=(demand * 1000.0)[..., None],
        fairness_cost=0.0,
        fairness_share=np.zeros((3, 1)),
        arcs=Arcs(
            start=np.array([0, 0]),
            end=np.array([1, 2]),
            carries=np.ones((2, 1), dtype=np.bool_),
            cost=np.full((2, 1), 5.0),
            fuel=np.zeros((2, 1)),
            lead_days=np.zeros(2, dtype=np.int64),
            is_loaded_ahead=np.zeros(2, dtype=np.bool_),
        ),
        moves=Limits(
            row=np.array([0, 0, 1, 2]),
            at=np.array([0, 1, 0, 1]),
            commodity=np.zeros(4, dtype=np.int64),
            weight=np.ones(4),
            most=np.stack([np.full(4, TRUCKS), *roads])[None],
        ),
        stores=Limits(
            row=np.array([0, 1]),
            at=np.array([1, 2]),
            commodity=np.zeros(2, dtype=np.int64),
            weight=np.ones(2),
            most=np.full((1, 2, 1), ROOM),
        ),
        leaves_from_morning=np.zeros(3, dtype=np.bool_),
        hold_cost=np.array([[0.0], [1.0], [1.0]]),
        spill_cost=np.array([[0.0], [np.inf], [np.inf]]),
        fuel=-1,
        emergency_fuel_cost=np.full(3, np.inf),
        ending=Ending(
            nothing, nothing, nothing, np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0)
        ),
        chain=Chain(STATUS, np.eye(4)[0], np.broadcast_to(np.eye(4), (days - 1, 4, 4))),
    )


def unmet(outcome: Outcome) -> np.ndarray:
    """Tonnes of need not met on their day, (B,)."""
    return np.asarray(NEED * outcome.days_without[:, 1:, 0].sum(axis=1))


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--replays", type=int, default=200)
    asked.add_argument("--days", type=int, default=21)
    given = asked.parse_args()
    begun = time.process_time()
    replays = [told(HISTORY + given.days, seed) for seed in range(given.replays)]
    paths = np.stack(
        [
            2 * (status[HISTORY:, 0] == CLOSED) + (status[HISTORY:, 1] == CLOSED)
            for _, status in replays
        ]
    )
    relief = model(given.days)
    people = np.array([0.0, 1000.0, 1000.0])
    believes: dict[str, Believes] = {
        "all open": all_open,
        "rates of 90 days": last_90_days,
        "rates of all days": all_days,
        "moved by incidents": moved_by_incidents,
    }
    found = {}
    for name, belief in believes.items():
        beliefs = np.stack(
            [
                [joint(belief(counts, status, HISTORY + day + 1)) for day in range(given.days)]
                for counts, status in replays
            ]
        )
        policy = Believing(name, relief, beliefs)
        found[name] = unmet(simulate(policy, relief, paths, people=people, quantiles=()))
        print(f"  {name}: {time.process_time() - begun:.0f} s", flush=True)
    best = found["moved by incidents"]
    root = np.sqrt(given.replays)
    print(
        f"{given.replays} replays of {given.days} days; roads shut on {(paths > 0).mean():.0%} of days; unmet "
        f"need in t of {2 * NEED * given.days:.0f}"
    )
    for name, tonnes in found.items():
        apart = tonnes - best
        print(
            f"  {name:20s} {tonnes.mean():7.2f} +- {tonnes.std(ddof=1) / root:.2f}   more than moved by incidents: "
            f"{apart.mean():6.2f} +- {apart.std(ddof=1) / root:.2f}"
        )


if __name__ == "__main__":
    main()

"""One place behind one road, with flour and fuel: the smallest operation there is."""

from __future__ import annotations

import numpy as np

from corridor.planning.relief.model import Arcs, Chain, Ending, Limits, ReliefModel

NEED = np.array([54.0, 20.0])  # tonnes a day, as in case K of the two corridors
GOODS = NEED.size


def model(*, closes: float, opens: float, days: int, cover_days: int) -> ReliefModel:
    """A store that holds some days of cover, full on the first morning, when the road is open.

    Node 0 is outside, where there is always enough; node 1 is the place. What is not handed out
    on its day is lost.

    Parameters
    ----------
    closes, opens
        Chance that the road is closed on the day after an open one, and open after a closed one.
    days
        Days after the first.
    """
    demand = np.stack([np.zeros(GOODS), NEED])
    supply = np.stack([(cover_days + 2) * NEED, np.zeros(GOODS)])
    goods = np.arange(GOODS)
    nothing = np.zeros(0, dtype=np.int64)
    transition = np.array([[1.0 - closes, closes], [opens, 1.0 - opens]])
    return ReliefModel(
        t_per_unit=np.ones(GOODS),
        stock=np.stack([np.zeros(GOODS), cover_days * NEED]),
        backlog=np.zeros((2, GOODS)),
        supply=np.broadcast_to(supply, (days + 1, 2, GOODS)),
        demand=np.broadcast_to(demand, (days + 1, 2, GOODS)),
        need=demand,
        backlog_keep=0.0,
        deprivation_breaks=np.zeros(0),
        deprivation_cost=np.stack([np.zeros(GOODS), NEED * [2000.0, 1000.0]])[..., None],
        fairness_cost=0.0,
        fairness_share=np.zeros((2, GOODS)),
        arcs=Arcs(
            start=np.array([0]),
            end=np.array([1]),
            carries=np.ones((1, GOODS), dtype=np.bool_),
            cost=np.full((1, GOODS), 90.0),
            fuel=np.zeros((1, GOODS)),
            lead_days=np.zeros(1, dtype=np.int64),
            is_loaded_ahead=np.zeros(1, dtype=np.bool_),
        ),
        moves=Limits(
            row=np.zeros(GOODS, dtype=np.int64),
            at=np.zeros(GOODS, dtype=np.int64),
            commodity=goods,
            weight=np.ones(GOODS),
            most=np.array([[[(cover_days + 2) * NEED.sum(), 0.0]]]),
        ),
        stores=Limits(
            row=goods,
            at=np.ones(GOODS, dtype=np.int64),
            commodity=goods,
            weight=np.ones(GOODS),
            most=(cover_days * NEED)[None, :, None],
        ),
        leaves_from_morning=np.zeros(2, dtype=np.bool_),
        hold_cost=np.stack([np.zeros(GOODS), np.ones(GOODS)]),
        spill_cost=np.stack([np.zeros(GOODS), np.full(GOODS, np.inf)]),
        fuel=-1,
        emergency_fuel_cost=np.full(2, np.inf),
        ending=Ending(
            row=nothing,
            node=nothing,
            commodity=nothing,
            weight=np.zeros(0),
            sought=np.zeros(0),
            width=np.zeros(0),
            cost=np.zeros(0),
        ),
        chain=Chain(
            status=np.array([[0], [2]]),
            first=np.array([1.0, 0.0]),
            transition=np.broadcast_to(transition, (days, 2, 2)),
        ),
    )

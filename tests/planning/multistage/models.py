"""Small programs whose optimum is known from elsewhere; each says where it comes from."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from corridor.planning.multistage import (
    PolicyGraph,
    RiskMeasure,
    StageProgram,
    linear_graph,
    markov_graph,
)
from planning.multistage.stages import INF, Stage

HALF = np.full((2, 2), 0.5)


def asset_management() -> PolicyGraph:
    """Birge & Louveaux, Introduction to Stochastic Programming, 1.2, with Markov returns."""

    def stage(number: int, returns: tuple[float, float]) -> StageProgram:
        made = Stage()
        made.state("stocks")
        made.state("bonds")
        worth = {"stocks<": returns[0], "bonds<": returns[1]}
        if number == 1:
            made.row({"stocks": 1, "bonds": 1}, equal=55)
        elif number < 4:
            made.row({**worth, "stocks": -1, "bonds": -1}, equal=0)
        else:
            made.column("over", cost=-1)
            made.column("short", cost=4)
            made.row({**worth, "over": -1, "short": 1}, equal=80)
        return made.build()

    returns = ((1.25, 1.14), (1.06, 1.12))
    return markov_graph(
        [[stage(1, (1, 1))], *([stage(n, r) for r in returns] for n in (2, 3, 4))],
        [np.ones((1, 1)), HALF[:1], HALF, HALF],
        initial=np.zeros(2),
        limit=-1000,
    )


def asset_management_stagewise(risk: Sequence[RiskMeasure]) -> PolicyGraph:
    """SDDP.jl, docs/src/examples/asset_management_stagewise.jl; risk by stage."""

    def stage(number: int, returns: tuple[float, float]) -> StageProgram:
        made = Stage()
        made.state("stocks")
        made.state("bonds")
        worth = {"stocks<": returns[0], "bonds<": returns[1]}
        if number == 1:
            made.row({"stocks": 1, "bonds": 1}, equal=55)
            return made.build()
        if number < 4:
            made.row({**worth, "stocks": -1, "bonds": -1}, equal=0, name="worth")
            return made.build(
                (0.6, 0.4), rows={"worth": [1.0, -5.0]}, costs={"stocks": [0.02, 0.0]}
            )
        made.column("short", cost=-4)
        made.column("over", cost=1)
        made.row({**worth, "over": -1, "short": 1}, equal=80)
        return made.build()

    returns = ((1.25, 1.14), (1.06, 1.12))
    graph = markov_graph(
        [[stage(1, (1, 1))], *([stage(n, r) for r in returns] for n in (2, 3, 4))],
        [np.ones((1, 1)), HALF[:1], HALF, HALF],
        initial=np.zeros(2),
        limit=1000,
        sense="maximise",
    )
    by_node = (risk[0], risk[1], risk[1], risk[2], risk[2], risk[3], risk[3])
    return PolicyGraph(
        programs=graph.programs,
        transition=graph.transition,
        root=graph.root,
        initial=graph.initial,
        limit=graph.limit,
        sense="maximise",
        risk=by_node,
    )


def air_conditioners(high: float) -> PolicyGraph:
    """Air conditioners in three stages; `high` is the chance of the high demand."""

    def stage(first: bool) -> StageProgram:
        made = Stage()
        made.state("stock", 0, 100, cost=50)
        made.column("made", 0, 200, cost=100)
        made.column("overtime", cost=300)
        made.row({"stock": 1, "stock<": -1, "made": -1, "overtime": -1}, equal=-100, name="balance")
        return (
            made.build()
            if first
            else made.build((1 - high, high), rows={"balance": [-100.0, -300.0]})
        )

    return linear_graph([stage(True), stage(False), stage(False)], initial=np.zeros(1), limit=0)


def decision_hazard(form: str) -> PolicyGraph:
    """Thermal power chosen after the inflow ("see"), a stage before ("before"), or also before stage 1 ("extra")."""

    def operate(number: int) -> StageProgram:
        made = Stage()
        made.state("storage", 0, 8)
        made.state("ordered", 0, 9, cost=0 if form == "see" or number == 4 else 20)
        made.column("hydro")
        made.column("spill")
        made.column("unmet", cost=500)
        made.column("thermal", cost=20 if form == "see" else 0)
        made.row({"storage": 1, "storage<": -1, "hydro": 1, "spill": 1}, equal=2, name="water")
        made.row({"hydro": 1, "thermal": 1, "unmet": 1}, equal=9)
        if form != "see":
            made.row({"thermal": 1, "ordered<": -1}, equal=0)
        return made.build((0.5, 0.5), rows={"water": [2.0, 3.0]})

    def choose() -> StageProgram:
        made = Stage()
        made.state("storage", 0, 8)
        made.state("ordered", 0, 9, cost=20)
        made.row({"storage": 1, "storage<": -1}, equal=0)
        return made.build()

    programs = [operate(number) for number in range(1, 5)]
    if form == "extra":
        programs = [choose(), *programs]
    return linear_graph(programs, initial=np.array([6.0, 0.0]), limit=0)


def production_planning() -> PolicyGraph:
    plants, markets = ("S", "D"), ("N", "C", "T")
    ship = {"S": (2.6, 1.7, 1.8), "D": (2.5, 1.8, 1.4)}
    cap = {"S": 350.0, "D": 600.0}
    demands = ((300, 300, 300), (350, 320, 310), (320, 390, 350), (250, 220, 330), (290, 200, 290))

    def stage(first: bool) -> StageProgram:
        made = Stage()
        for p in plants:
            made.state(p, 0, INF, cost=0.01)
            made.column("make " + p, 0, cap[p], cost=1)
            for m, cost in zip(markets, ship[p], strict=True):
                made.column(p + m, cost=cost)
            out = {p + m: 1.0 for m in markets}
            made.row({p: 1, p + "<": -1, "make " + p: -1, **out}, equal=0)
            made.row({**out, p + "<": -1}, upper=0)
        for m in markets:
            made.column("unmet " + m, cost=10)
            made.row({"S" + m: 1, "D" + m: 1, "unmet " + m: 1}, equal=0, name=m)
        if first:
            return made.build()
        rows = {m: [float(d[k]) for d in demands] for k, m in enumerate(markets)}
        return made.build((0.2,) * 5, rows=rows)

    return linear_graph([stage(n == 0) for n in range(5)], initial=np.zeros(2), limit=0)


def one_corridor(days: int, *, discount: float = 1.0) -> PolicyGraph:
    """Snyder & Shen, Fundamentals of Supply Chain Theory, example 9.3, with `days` days."""

    def stage(is_open: bool) -> StageProgram:
        made = Stage()
        made.state("stock", -INF, INF)
        made.column("ordered", 0, INF if is_open else 0.0)
        made.column("held", cost=0.25)
        made.column("owed", cost=3)
        made.row({"stock": 1, "stock<": -1, "ordered": -1}, equal=-2000)
        made.row({"held": 1, "stock": -1}, lower=0)
        made.row({"owed": 1, "stock": 1}, lower=0)
        return made.build()

    step = np.array([[0.96, 0.04], [0.25, 0.75]])
    states = [stage(True), stage(False)]
    return markov_graph(
        [states] * days,
        [np.array([[1.0, 0.0]]), *[step] * (days - 1)],
        initial=np.array([6000.0]),
        limit=0,
        discount=discount,
    )


def two_corridors(lead: bool, days: int = 5) -> PolicyGraph:
    """Two corridors with flour and fuel (case K); `lead` loads a day before delivery."""
    goods = ("flour", "fuel")
    need, cap, short = (54.0, 20.0), (400.0, 120.0), (2000.0, 1000.0)
    room, price = {"L": 60.0, "A": 80.0}, {"L": 90.0, "A": 60.0}

    def stage(is_open: dict[str, bool]) -> StageProgram:
        made = Stage()
        for g, limit in zip(goods, cap, strict=True):
            made.state(g, 0, limit, cost=1)
        for road in room:
            for g in goods:
                made.column(road + g, 0, INF if is_open[road] else 0.0, cost=price[road])
            if lead:
                for g in goods:
                    made.state("load " + road + g)
                    made.row({road + g: 1, "load " + road + g + "<": -1}, upper=0)
                made.row({"load " + road + g: 1 for g in goods}, upper=room[road])
            else:
                made.row({road + g: 1 for g in goods}, upper=room[road])
        for g, daily, penalty in zip(goods, need, short, strict=True):
            made.column("short " + g, cost=penalty)
            made.row({g: 1, g + "<": -1, "L" + g: -1, "A" + g: -1, "short " + g: -1}, equal=-daily)
        return made.build()

    step = np.kron(np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([[0.8, 0.2], [0.3, 0.7]]))
    states = [
        stage({"L": left, "A": right}) for left, right in itertools.product((True, False), repeat=2)
    ]
    return markov_graph(
        [states] * days,
        [np.eye(4)[:1], *[step] * (days - 1)],
        initial=np.concatenate(([108.0, 40.0], np.zeros(4 if lead else 0))),
        limit=0,
    )


def farmer() -> PolicyGraph:
    """Birge & Louveaux, 1.1: yields 20 % above, at or below the mean, as three Markov states."""
    crops = ("wheat", "corn", "beets")

    def plant() -> StageProgram:
        made = Stage()
        for crop, cost in zip(crops, (150, 230, 260), strict=True):
            made.state(crop, cost=-cost)
        made.row(dict.fromkeys(crops, 1.0), upper=500)
        return made.build()

    def harvest(factor: float) -> StageProgram:
        made = Stage()
        for crop, tonnes, need, sell, buy in zip(
            crops, (2.5, 3, 20), (200, 240, 0), (170, 150, 36), (238, 210, 1000), strict=True
        ):
            made.state(crop)
            made.column("sold " + crop, 0, 6000 if crop == "beets" else INF, cost=sell)
            made.column("cheap " + crop, 0, INF, cost=10 if crop == "beets" else 0)
            made.column("bought " + crop, cost=-buy)
            made.row(
                {
                    crop + "<": tonnes * factor,
                    "bought " + crop: 1,
                    "sold " + crop: -1,
                    "cheap " + crop: -1,
                },
                lower=need,
            )
            made.row({crop: 1}, equal=0)
        return made.build()

    return markov_graph(
        [[plant()], [harvest(factor) for factor in (1.2, 1.0, 0.8)]],
        [np.ones((1, 1)), np.full((1, 3), 1 / 3)],
        initial=np.zeros(3),
        limit=500_000,
        sense="maximise",
    )
